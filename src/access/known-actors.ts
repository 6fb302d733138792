// Actors that were read a moment ago: their names stand on nearly every row of every answer. One is good while nobody's
// rights in its workspace have moved; whatever is known of an actor, but for its last use, changes with those only.
import type { Heads } from '../change/heads.ts'
import type { Actor } from '../database/generated/client/client.ts'

const mostKnown = 10_000

export class KnownActors {
  readonly #known = new Map<string, { actor: Actor; asOf: number }>()
  readonly #heads: Heads

  constructor(heads: Heads) {
    this.#heads = heads
  }

  get(workspaceId: string, id: string): Actor | undefined {
    const known = this.#known.get(id)
    if (known?.actor.workspaceId !== workspaceId) return undefined
    if (this.#heads.sameRightsSince(workspaceId, known.asOf)) return known.actor
    this.#known.delete(id)
    return undefined
  }

  /** Keeps an actor as it was at a place in its workspace's changes. */
  set(actor: Actor, asOf: number): void {
    this.#known.set(actor.id, { actor, asOf })
    const [oldest] = this.#known.keys()
    if (this.#known.size > mostKnown && oldest !== undefined) this.#known.delete(oldest)
  }
}
