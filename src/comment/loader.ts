import { arrayOf } from '../database/array.ts'
import { columns, Table } from '../database/columns.ts'
import { find } from '../database/engine.ts'
import { type Comment, type CommentRevision, Prisma } from '../database/generated/client/client.ts'
import { loadAheadByParent, loadById, loadByParent } from '../loader.ts'
import { keyset, type Slice } from '../page.ts'

const comments = new Table<Comment>({
  fields: Prisma.CommentScalarFieldEnum,
  alias: 'c',
  types: ['Comment', 'Node'],
  reads: { author: ['authorId'], redactedBy: ['redactedById'], revisions: ['id'], incident: ['incidentId'], originalIncident: ['originalIncidentId'] },
  order: ['id', 'createdAt']
})
const revisionColumns = columns(Prisma.CommentRevisionScalarFieldEnum, 'r')
const oldestFirst = [
  { expression: Prisma.sql`c.created_at`, type: 'timestamptz' as const },
  { expression: Prisma.sql`c.id`, type: 'uuid' as const }
]

export const commentsById = loadById<Comment>((session, ids) =>
  comments.find(
    session,
    (columns) =>
      Prisma.sql`SELECT ${columns} FROM comment c WHERE c.id = ANY(${arrayOf('uuid', ids)}) AND c.workspace_id = ${session.viewer.workspaceId}::uuid`,
    { needs: ['id'] }
  )
)

/** A slice of each incident's comments, read by the index up to its limit and no further. */
export const commentsOfIncident = loadAheadByParent<Slice, readonly Comment[]>(async (session, incidentIds, slice) => {
  const { where, orderBy, limit } = keyset(oldestFirst, false, slice, session.selected)
  const rows = await comments.find<{ parentId: string }>(
    session,
    (columns) => Prisma.sql`
      SELECT incident.id AS "parentId", c.* FROM unnest(${arrayOf('uuid', incidentIds)}) AS incident (id) CROSS JOIN LATERAL (
        SELECT ${columns} FROM comment c
        WHERE c.incident_id = incident.id AND c.workspace_id = ${session.viewer.workspaceId}::uuid AND ${where}
        ORDER BY ${orderBy} LIMIT ${limit}
      ) c`
  )
  return Map.groupBy(rows, ({ parentId }) => parentId)
}, [])

export const commentCountOfIncident = loadByParent<null, number>(async ({ core, viewer }, incidentIds) => {
  const rows = await core.database.query<{ id: string; count: number }>(
    Prisma.sql`
      SELECT incident_id AS id, count(*) AS count FROM comment
      WHERE incident_id = ANY(${arrayOf('uuid', incidentIds)}) AND workspace_id = ${viewer.workspaceId}::uuid GROUP BY incident_id`,
    find
  )
  return new Map(rows.map(({ id, count }) => [id, count]))
}, 0)

/** What comments said before, oldest first. Asked with ids of comments that the viewer sees. */
export const revisionsOfComment = loadByParent<null, readonly CommentRevision[]>(async ({ core }, commentIds) => {
  const revisions = await core.database.query<CommentRevision>(
    Prisma.sql`SELECT ${revisionColumns} FROM comment_revision r WHERE r.comment_id = ANY(${arrayOf('uuid', commentIds)}) ORDER BY r.comment_id, r.version`,
    find
  )
  return Map.groupBy(revisions, ({ commentId }) => commentId)
}, [])
