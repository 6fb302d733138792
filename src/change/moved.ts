// What changes move. What a node keeps in memory of a workspace is good as long as nothing that it was made from has moved.
import { accessChangeNames } from '../access/events.ts'
import { commentEvents } from '../comment/events.ts'
import type { ChangeRow } from './change.ts'

/** News of a commit: the changes that it appended, and what may be other than before. */
export interface Moved {
  readonly workspaceId: string
  readonly first: number
  readonly last: number
  /** Whether somebody's rights may be. */
  readonly rights: boolean
  /** Whether nothing is but what was said: comments, and the record of them. */
  readonly talk: boolean
  /** The incidents, when nothing else is; null when that is not so, or not known. */
  readonly incidentIds: readonly string[] | null
}

const talkNames: ReadonlySet<string> = new Set(Object.values(commentEvents).map(({ name }) => name))

/** News that names more than these would not fit into a notification. */
const mostIncidents = 100

/** The news of changes that follow each other. */
export function movedBy(workspaceId: string, first: number, changes: readonly Pick<ChangeRow, 'kind' | 'incidentId'>[]): Moved {
  return { workspaceId, first, last: first + changes.length - 1, ...whatMoves(changes) }
}

/** What of a workspace some changes move. */
export type What = Pick<Moved, 'rights' | 'talk' | 'incidentIds'>

/** Of changes whose places are not known yet. */
export function whatMoves(changes: readonly Pick<ChangeRow, 'kind' | 'incidentId'>[]): What {
  const incidentIds = new Set(changes.map(({ kind, incidentId }) => (reachesFurther(kind) ? null : incidentId)))
  const known = !incidentIds.has(null) && incidentIds.size <= mostIncidents
  return {
    rights: changes.some(({ kind }) => accessChangeNames.has(kind)),
    talk: changes.every(({ kind }) => talkNames.has(kind)),
    incidentIds: known ? ([...incidentIds] as string[]) : null
  }
}

/** A redacted comment loses its text in every timeline, also in that of the incident from which a merge has moved it. */
function reachesFurther(kind: string): boolean {
  return kind === commentEvents.redacted.name
}

/** What a look at a workspace's sequence tells: how far it has come, but not by what. */
export function seenAt(workspaceId: string, sequence: number): Moved {
  return { workspaceId, first: sequence, last: sequence, rights: true, talk: false, incidentIds: null }
}
