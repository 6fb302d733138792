/** What can be wrong with a Prefect server, as seen from here. */
export type ProblemKind = 'unreachable' | 'slow' | 'busy' | 'refused' | 'withheld' | 'not-prefect' | 'too-large' | 'unreadable-key'

/** A Prefect server did not do what is expected of one. The message is for people, and holds nothing that the server said. */
export class PrefectProblem extends Error {
  readonly kind: ProblemKind
  /** How long the server asks to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined

  constructor(kind: ProblemKind, message: string, retryAfterMs?: number) {
    super(message)
    this.kind = kind
    this.retryAfterMs = retryAfterMs
  }

  /** Whether the same call may well succeed a moment later. */
  get passing(): boolean {
    return this.kind === 'unreachable' || this.kind === 'slow' || this.kind === 'busy'
  }
}

/** A call that found no way to the server, in words. */
export function unreachable(error: unknown): PrefectProblem {
  const code = codeOf(error)
  return new PrefectProblem('unreachable', `The server cannot be reached${code ? ` (${code})` : ''}.`)
}

/** The system's name for what went wrong on the way, such as ECONNREFUSED; never the text, which may quote what was sent. */
function codeOf(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(at.code)) return at.code
  }
  return undefined
}

/** What an HTTP status other than success says about the server. */
export function problemOfStatus(status: number, retryAfter: string | null): PrefectProblem {
  if (status >= 300 && status < 400)
    return new PrefectProblem('not-prefect', 'The server answers with a redirect, which is not followed. Give the address that it leads to.')
  if (status === 401) return new PrefectProblem('refused', 'The server refuses the API key (401).')
  if (status === 403 || status === 404 || status === 405)
    return new PrefectProblem('withheld', `The server does not give what was asked for (${status}). Does the address end in /api, and may the key read this?`)
  if (status === 429 || status >= 500) {
    const seconds = Number(retryAfter ?? '')
    return new PrefectProblem('busy', `The server is in trouble or overloaded (${status}).`, seconds > 0 ? Math.min(seconds, 60) * 1_000 : undefined)
  }
  return new PrefectProblem('not-prefect', `The server does not take what Prefect takes (${status}).`)
}
