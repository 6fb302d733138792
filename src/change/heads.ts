// What this node knows, without asking, of how far each workspace has come. Its own commits say so before they are
// answered, those of other nodes by notification; while it may not be hearing those, it knows nothing. Whatever is kept
// in memory of a workspace (answers, viewers) is good only as long as this says that nothing has moved since.

/** News of a commit: the changes that it appended, and whether somebody's rights may be other than before. */
export interface Moved {
  readonly workspaceId: string
  readonly first: number
  readonly last: number
  readonly rights: boolean
}

/** What a look at a workspace's sequence tells: how far it has come, but not by what. */
export function seenAt(workspaceId: string, sequence: number): Moved {
  return { workspaceId, first: sequence, last: sequence, rights: true }
}

interface Head {
  /** The newest change. */
  sequence: number
  /** The newest change after which somebody's rights may be other than before. */
  rights: number
}

export class Heads {
  readonly #heads = new Map<string, Head>()
  readonly #used = new Set<string>()
  #hearing = false
  /** Goes up whenever what is known is dropped, so that a look begun before is not taken for news. */
  #term = 0

  /** From now on notifications of other nodes' commits come in. */
  hear(): void {
    this.#forget()
    this.#hearing = true
  }

  /** Notifications may be lost from now on. */
  deafen(): void {
    this.#forget()
    this.#hearing = false
  }

  /** Takes in a notification; what is known already, and news out of order, does no harm. */
  advance({ workspaceId, first, last, rights }: Moved): void {
    const head = this.#heads.get(workspaceId)
    if (!head) this.#heads.set(workspaceId, { sequence: last, rights: last })
    else if (last > head.sequence) {
      // What lies between was not told of, and may have been about rights.
      if (rights || first > head.sequence + 1) head.rights = last
      head.sequence = last
    }
  }

  /** Call it before asking the database for news, in a commit or by a look; give the returned function what came of it. */
  observe(): (moved: Moved) => void {
    const term = this.#term
    return (moved) => {
      if (term === this.#term) this.advance(moved)
    }
  }

  /** Somebody's rights have moved at a place. It is heeded even where `observe` would not believe the news. */
  rightsMoved(workspaceId: string, sequence: number): void {
    const head = this.#heads.get(workspaceId)
    if (head) head.rights = Math.max(head.rights, sequence)
  }

  /** The sequence number of the newest change, as far as this node has heard; undefined when it cannot know. */
  newest(workspaceId: string): number | undefined {
    if (!this.#hearing) return undefined
    this.#used.add(workspaceId)
    return this.#heads.get(workspaceId)?.sequence
  }

  /** Whether rights are certainly the same as they were at a place. */
  sameRightsSince(workspaceId: string, sequence: number): boolean {
    if (!this.#hearing) return false
    this.#used.add(workspaceId)
    const head = this.#heads.get(workspaceId)
    return head !== undefined && head.rights <= sequence
  }

  /** The workspaces that were asked for since the last call: those about which a lost notification would matter. */
  takeUsed(): string[] {
    const used = [...this.#used]
    this.#used.clear()
    return used
  }

  #forget(): void {
    this.#heads.clear()
    this.#term++
  }
}
