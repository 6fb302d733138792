// What this node knows, without asking, of how far each workspace has come. Its own commits say so before they are
// answered, those of other nodes by notification; while it may not be hearing those, it knows nothing. Whatever is kept
// in memory of a workspace (answers, viewers) is good only as long as this says that nothing has moved since.
import type { Moved } from './moved.ts'

interface Head {
  /** The newest change. */
  sequence: number
  /** The newest change after which somebody's rights may be other than before. */
  rights: number
  /** The newest change after which more may be other than before than what was said. */
  state: number
  /** The newest change after which more than single incidents may be. */
  whole: number
  /** The newest change of each incident that has moved since. */
  readonly incidents: Map<string, number>
}

/** A part of what a workspace holds. */
export interface Part {
  /** One incident, with whatever belongs to none; all when null. */
  readonly incidentId: string | null
  /** With what was said. (Of one incident, that always counts.) */
  readonly talk: boolean
}

/** Of how many incidents of a workspace it is known when they last moved. */
const mostIncidents = 1_000

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
  advance({ workspaceId, first, last, rights, talk, incidentIds }: Moved): void {
    const head = this.#heads.get(workspaceId)
    if (!head) this.#heads.set(workspaceId, { sequence: last, rights: last, state: last, whole: last, incidents: new Map() })
    else if (last > head.sequence) {
      // What lies between was not told of, and may have been about anything.
      const gap = first > head.sequence + 1
      if (rights || gap) head.rights = last
      if (!talk || gap) head.state = last
      if (gap) moveWhole(head, last)
      else moveIncidents(head, last, incidentIds)
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
    return this.#headOf(workspaceId)?.sequence
  }

  /** Whether rights are certainly the same as they were at a place. */
  sameRightsSince(workspaceId: string, sequence: number): boolean {
    const head = this.#headOf(workspaceId)
    return head !== undefined && head.rights <= sequence
  }

  /** Whether a part of a workspace is certainly the same as it was at a place. */
  sameSince(workspaceId: string, sequence: number, { incidentId, talk }: Part): boolean {
    const head = this.#headOf(workspaceId)
    if (head === undefined) return false
    if (incidentId !== null) return head.whole <= sequence && (head.incidents.get(incidentId) ?? 0) <= sequence
    return (talk ? head.sequence : head.state) <= sequence
  }

  /** The workspaces that were asked for since the last call: those about which a lost notification would matter. */
  takeUsed(): string[] {
    const used = [...this.#used]
    this.#used.clear()
    return used
  }

  #headOf(workspaceId: string): Head | undefined {
    if (!this.#hearing) return undefined
    this.#used.add(workspaceId)
    return this.#heads.get(workspaceId)
  }

  #forget(): void {
    this.#heads.clear()
    this.#term++
  }
}

function moveIncidents(head: Head, sequence: number, incidentIds: readonly string[] | null): void {
  for (const id of incidentIds ?? []) head.incidents.set(id, sequence)
  if (incidentIds === null || head.incidents.size > mostIncidents) moveWhole(head, sequence)
}

function moveWhole(head: Head, sequence: number): void {
  head.whole = sequence
  head.incidents.clear()
}
