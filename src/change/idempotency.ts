import { createHash } from 'node:crypto'
import type { Session } from '../core.ts'
import { InvalidInput } from '../errors.ts'
import type { Transaction, UnitOfWork } from './record.ts'

/** The key of a request, as it is kept. */
export interface KeyOfRequest {
  readonly operation: string
  readonly key: string
  /** Tells another input from the same one. */
  readonly fingerprint: Uint8Array
}

/** The key of a request that came with one. */
export function keyOfRequest(operation: string, key: string | null | undefined, input: unknown): KeyOfRequest | undefined {
  return key ? { operation, key, fingerprint: fingerprint(input) } : undefined
}

/**
 * Finds what the first request with this key made; undefined for a key that is new (or not given).
 * Keys are each caller's and each operation's own, and are kept. One that comes with another input is refused.
 */
export async function answeredBefore(
  tx: Transaction,
  session: Session,
  operation: string,
  key: string | null | undefined,
  input: unknown
): Promise<string | undefined> {
  if (!key) return undefined
  const found = await tx.idempotencyKey.findUnique({ where: { workspaceId_actorId_operation_key: place(session, operation, key) } })
  if (!found) return undefined
  if (found.fingerprint.length > 0 && !fingerprint(input).equals(found.fingerprint)) {
    throw new InvalidInput([{ field: 'input.idempotencyKey', rule: 'was used before with another input; take a new key for a new request' }])
  }
  return found.subjectId
}

/** Keeps what the request made for the next one with this key. */
export async function keepAnswer(
  { tx, now }: UnitOfWork,
  session: Session,
  operation: string,
  key: string | null | undefined,
  input: unknown,
  subjectId: string
): Promise<void> {
  if (!key) return
  await tx.idempotencyKey.create({
    data: { ...place(session, operation, key), fingerprint: new Uint8Array(fingerprint(input)), subjectId, createdAt: now }
  })
}

/** Forgets the inputs that made a subject: a short text can be found again from a fingerprint. A repetition still gets its answer. */
export async function forgetInputs(tx: Transaction, workspaceId: string, subjectId: string): Promise<void> {
  await tx.idempotencyKey.updateMany({ where: { workspaceId, subjectId }, data: { fingerprint: new Uint8Array() } })
}

function place({ viewer }: Session, operation: string, key: string) {
  return { workspaceId: viewer.workspaceId, actorId: viewer.actorId, operation, key }
}

function fingerprint(input: unknown): Buffer {
  return createHash('sha256').update(JSON.stringify(input)).digest()
}
