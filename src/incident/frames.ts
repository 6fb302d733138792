// How a stretch of changes becomes a frame of a wall, of one incident, or of its comments.
import { accessEvents } from '../access/events.ts'
import type { ChangeRow } from '../change/change.ts'
import type { Range } from '../change/frame.ts'
import type { LiveFrame } from '../change/live.ts'
import { commentsById, commentsOfIncident } from '../comment/loader.ts'
import type { Context } from '../context.ts'
import { type Comment, type Incident, Prisma } from '../database/generated/client/client.ts'
import { NotFound } from '../errors.ts'
import { incidentEvents } from './events.ts'
import { type IncidentFilter, matching } from './filter.ts'
import { incidentColumns, incidentsById } from './loader.ts'
import { sortedByFilter, touchedIncidents } from './touched.ts'

export interface IncidentsFrame extends LiveFrame {
  incidents: readonly Incident[]
  leftIds: readonly string[]
  truncated: boolean
}

export interface IncidentFrame extends LiveFrame {
  incident: Incident
  changes: readonly ChangeRow[]
}

export interface CommentsFrame extends LiveFrame {
  comments: readonly Comment[]
  truncated: boolean
}

/** The most incidents in a snapshot of a wall, the most severe and newest of all. */
const wallLimit = 500
/** The most comments in a snapshot, the latest of all. */
const commentLimit = 100
const everyChange = Number.MAX_SAFE_INTEGER

/** What entered, changed or left the incidents of a filter. */
export async function incidentsFrame(context: Context, filter: IncidentFilter, range: Range): Promise<IncidentsFrame | null> {
  const { core, viewer } = context.session
  const changes = range.from === null ? [] : await range.changes(everyChange)
  if (range.from === null || changes.some(renamesSomebody)) {
    const incidents = await core.database.query<Incident>(Prisma.sql`
      SELECT ${incidentColumns} FROM incident i WHERE ${matching(viewer, filter)} ORDER BY i.severity, i.declared_at DESC, i.id LIMIT ${wallLimit + 1}`)
    return { to: range.to, reset: true, incidents: incidents.slice(0, wallLimit), leftIds: [], truncated: incidents.length > wallLimit }
  }
  const ids = await context.loader(touchedIncidents).load(changes)
  if (ids.length === 0 && !range.first) return null
  context.session.ahead?.begin(ids)
  const { matches, others } = await context.loader(sortedByFilter).load({ filter, ids })
  return { to: range.to, reset: false, incidents: matches, leftIds: others.map(({ id }) => id), truncated: false }
}

/** One incident as it is now, and what happened to it. */
export async function incidentFrame(context: Context, id: string, range: Range): Promise<IncidentFrame | null> {
  const changes = range.from === null ? [] : await range.changes(everyChange)
  const touches = changes.some(renamesSomebody) || (await context.loader(touchedIncidents).load(changes)).includes(id)
  if (range.from !== null && !touches && !range.first) return null
  context.session.ahead?.begin([id])
  const incident = await context.loader(incidentsById).load(id)
  if (!incident) throw new NotFound('There is no incident with this id.')
  return { to: range.to, reset: range.from === null, incident, changes: changes.filter(({ incidentId }) => incidentId === id) }
}

/** What was said, edited or redacted on one incident. */
export async function commentsFrame(context: Context, incidentId: string, range: Range): Promise<CommentsFrame | null> {
  if (range.first && !(await context.loader(incidentsById).load(incidentId))) throw new NotFound('There is no incident with this id.')
  const changes = range.from === null ? [] : (await range.changes(everyChange)).filter((change) => change.incidentId === incidentId || renamesSomebody(change))
  const replaced = changes.some((change) => renamesSomebody(change) || movesComments(change))
  if (range.from === null || replaced) {
    const latest = await context
      .loader(commentsOfIncident)
      .load({ parentId: incidentId, args: { after: null, before: null, limit: commentLimit + 1, inverted: true } })
    return { to: range.to, reset: true, comments: latest.slice(0, commentLimit).reverse(), truncated: latest.length > commentLimit }
  }
  const ids = [...new Set(changes.filter(({ kind }) => kind.startsWith('comment.')).map(({ subjectId }) => subjectId ?? ''))]
  if (ids.length === 0 && !range.first) return null
  const comments = (await context.loader(commentsById).loadMany(ids)).flatMap((comment) => (comment && !(comment instanceof Error) ? comment : []))
  return { to: range.to, reset: false, comments, truncated: false }
}

/** A person's or key's name stands on incidents and comments without number. */
function renamesSomebody({ kind, data }: ChangeRow): boolean {
  return kind === accessEvents.memberUpdated.name && data.renamed === true
}

function movesComments({ kind }: ChangeRow): boolean {
  return kind === incidentEvents.absorbed.name || kind === incidentEvents.merged.name
}
