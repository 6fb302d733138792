// The errors that a caller may see. Everything else is unexpected: masked for the client, logged whole.

/** One rule that an input broke: where (a path such as `input.title`) and what it asks for. */
export interface InputProblem {
  field: string
  rule: string
}

/** An error that ends the request and is shown at the top level of the answer, with its code in `extensions.code`. */
export abstract class RequestError extends Error {
  abstract readonly code: string
  readonly details: Record<string, unknown> = {}
}

/** The input breaks a rule; nothing was changed. */
export class InvalidInput extends RequestError {
  readonly code = 'BAD_USER_INPUT'
  override readonly details: { problems: InputProblem[] }

  constructor(problems: InputProblem[]) {
    super(problems.map(({ field, rule }) => `${field}: ${rule}`).join('; '))
    this.details = { problems }
  }
}

/** Why a credential does not open the door, or no longer keeps it open. */
export type CredentialRefusal =
  | 'CREDENTIAL_MISSING'
  | 'CREDENTIAL_INVALID'
  | 'CREDENTIAL_EXPIRED'
  | 'CREDENTIAL_REVOKED'
  | 'NOT_A_MEMBER'
  | 'WORKSPACE_REQUIRED'

/** There is no viewer: no credential, a bad one, or one that has ended. */
export class Unauthenticated extends RequestError {
  readonly code = 'UNAUTHENTICATED'
  override readonly details: { reason: CredentialRefusal }

  constructor(reason: CredentialRefusal, message: string) {
    super(message)
    this.details = { reason }
  }
}

/** The viewer's role does not allow this. */
export class Forbidden extends RequestError {
  readonly code = 'FORBIDDEN'
  override readonly details: { requiredRole?: string; reason?: 'ROLE_CHANGED' }

  constructor(message: string, details: { requiredRole?: string; reason?: 'ROLE_CHANGED' } = {}) {
    super(message)
    this.details = details
  }
}

/** There is nothing of this id to follow in the viewer's workspace. A mutation answers with NotFoundError instead. */
export class NotFound extends RequestError {
  readonly code = 'NOT_FOUND'
}

/** The server cannot do this now; the same request may succeed later. */
export class Unavailable extends RequestError {
  readonly code = 'SERVICE_UNAVAILABLE'
}

/** A rule of the business said no: a member of the mutation's result union, never a top-level error. */
export abstract class DomainError extends Error {}

/** No such thing in the viewer's workspace. */
export class NotFoundError extends DomainError {
  readonly id: string

  constructor(what: string, id: string) {
    super(`There is no ${what} with this id.`)
    this.id = id
  }
}

/** The thing was changed since the version that the edit was made on. */
export class VersionConflictError extends DomainError {
  readonly current: { typename: string; id: string; version: number }

  constructor(typename: string, id: string, version: number, expected: number) {
    super(`The ${typename.toLowerCase()} is at version ${version}; this edit was made on version ${expected}. Look at the current state and try again.`)
    this.current = { typename, id, version }
  }
}

/** The viewer may do this in general, but not to this thing now. */
export class NotAllowedError extends DomainError {}

/** A reason not to start, told in one line; the process ends with the exit code. */
export class StartupError extends Error {
  readonly exitCode: number

  constructor(message: string, exitCode: number) {
    super(message)
    this.exitCode = exitCode
  }
}

/** Exit codes of sysexits.h: what a supervisor can tell apart. */
export const exitCode = { unavailable: 69, cannotCreate: 73, temporary: 75, config: 78 } as const
