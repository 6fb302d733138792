// Viewers of credentials that were checked a moment ago, so that a busy client is not looked up with every request. One
// is good while nobody's rights in its workspace have moved, for a minute at the most: then the key's use is noted again,
// and a token is held to the identity provider's keys of that time.
import type { Heads } from '../change/heads.ts'
import type { Credential, Viewer } from './viewer.ts'

const goodForMs = 60_000
const mostKnown = 10_000

export class KnownViewers {
  readonly #known = new Map<string, { viewer: Viewer; until: number }>()
  readonly #heads: Heads
  readonly #clock: () => Date

  constructor(heads: Heads, clock: () => Date) {
    this.#heads = heads
    this.#clock = clock
  }

  get(credential: Credential): Viewer | undefined {
    const key = keyOf(credential)
    const known = this.#known.get(key)
    if (known && this.#clock().getTime() < known.until && this.stands(known.viewer)) return known.viewer
    this.#known.delete(key)
    return undefined
  }

  /** Whether a viewer is certainly as it was when it was looked up. */
  stands({ workspaceId, asOf, expiresAt }: Viewer): boolean {
    return this.#heads.sameRightsSince(workspaceId, asOf) && !(expiresAt && expiresAt <= this.#clock())
  }

  set(credential: Credential, viewer: Viewer): void {
    this.#known.set(keyOf(credential), { viewer, until: this.#clock().getTime() + goodForMs })
    const [oldest] = this.#known.keys()
    if (this.#known.size > mostKnown && oldest !== undefined) this.#known.delete(oldest)
  }
}

function keyOf({ authorization, workspaceId }: Credential): string {
  return workspaceId === null ? `${authorization}` : `${workspaceId}\n${authorization}`
}
