import type { Context } from '../context.ts'
import type { ChangeRow } from './change.ts'
import { batchLimit } from './feed.ts'
import type { Range } from './frame.ts'
import { type ChangeFilter, listChanges, matchesChange } from './list.ts'
import type { LiveFrame } from './live.ts'
import { seesChange } from './policy.ts'

export interface ChangesFrame extends LiveFrame {
  changes: readonly ChangeRow[]
}

/** The changes of a stretch that the filter means and the viewer may see. */
export async function changesFrame({ session }: Context, filter: ChangeFilter, range: Range): Promise<ChangesFrame | null> {
  if (range.from === null) {
    const { edges } = await listChanges(session, filter, false, { last: 100 })
    return { to: range.to, reset: true, changes: edges.map(({ node }) => node).filter(({ sequence }) => sequence <= range.to) }
  }
  const all = await range.changes(batchLimit)
  const to = all.length === batchLimit ? (all.at(-1)?.sequence ?? range.to) : range.to
  const changes = all.filter((change) => seesChange(session.viewer.role, change.kind) && matchesChange(filter, change))
  // An empty frame still tells how far a long way back has come.
  return changes.length === 0 && to === range.to && !range.first ? null : { to, reset: false, changes }
}
