// The newest changes that this node has made itself: whoever watches here has them without reading them again.
import type { ChangeRow } from './change.ts'

/** Of one workspace. Whoever is further behind reads. */
const most = 100

export class Fresh {
  /** By workspace, without a gap. */
  readonly #changes = new Map<string, readonly ChangeRow[]>()

  /** Takes changes of one commit, in order. */
  keep(workspaceId: string, changes: readonly ChangeRow[]): void {
    const known = this.#changes.get(workspaceId) ?? []
    const isNext = known.at(-1)?.sequence === (changes[0]?.sequence ?? 0) - 1
    this.#changes.set(workspaceId, [...(isNext ? known : []), ...changes].slice(-most))
  }

  /** All after one place and up to another at the least; undefined when they are not all here. */
  after(workspaceId: string, from: number, to: number): readonly ChangeRow[] | undefined {
    const known = this.#changes.get(workspaceId) ?? []
    const first = known[0]?.sequence ?? Number.POSITIVE_INFINITY
    if (from + 1 < first || first + known.length - 1 < to) return undefined
    return known.slice(from + 1 - first)
  }

  drop(workspaceId: string): void {
    this.#changes.delete(workspaceId)
  }
}
