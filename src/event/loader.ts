import { arrayOf } from '../database/array.ts'
import { Table } from '../database/columns.ts'
import { type Event, Prisma, type Resource } from '../database/generated/client/client.ts'
import { loadByParent } from '../loader.ts'
import { keyset, type Slice } from '../page.ts'
import { resourceTable } from '../resource/loader.ts'

export const eventTable = new Table<Event>({
  fields: Prisma.EventScalarFieldEnum,
  alias: 'e',
  types: ['Event'],
  reads: { resource: ['resourceExternalId'], labels: ['resource'] },
  order: ['id', 'occurredAt']
})

/** By when they happened; the id tells those of one moment apart. */
export const byOccurrence = [
  { expression: Prisma.sql`e.occurred_at`, type: 'timestamptz' as const },
  { expression: Prisma.sql`e.id`, type: 'uuid' as const }
]

/** What the workspace has under the external ids that events name. */
export const resourceOfEvent = loadByParent<null, Resource | null>(async (session, externalIds) => {
  const rows = await resourceTable.find<{ parentId: string }>(
    session,
    (columns) => Prisma.sql`
      SELECT r.external_id AS "parentId", ${columns} FROM resource r
      WHERE r.workspace_id = ${session.viewer.workspaceId}::uuid AND r.external_id = ANY(${arrayOf('text', externalIds)})`
  )
  return new Map(rows.map((row) => [row.parentId, row]))
}, null)

export const eventsOfResource = loadByParent<Slice, readonly Event[]>(async (session, resourceIds, slice) => {
  const { where, orderBy, limit } = keyset(byOccurrence, true, slice)
  const rows = await eventTable.find<{ parentId: string }>(
    session,
    (columns) => Prisma.sql`
      SELECT about.id AS "parentId", e.* FROM resource about CROSS JOIN LATERAL (
        SELECT ${columns} FROM event e WHERE e.workspace_id = about.workspace_id AND e.resource_external_id = about.external_id AND ${where}
        ORDER BY ${orderBy} LIMIT ${limit}
      ) e WHERE about.id = ANY(${arrayOf('uuid', resourceIds)}) AND about.workspace_id = ${session.viewer.workspaceId}::uuid`
  )
  return Map.groupBy(rows, ({ parentId }) => parentId)
}, [])

export const eventCountOfResource = loadByParent<null, number>(async ({ core, viewer }, ids) => {
  const rows = await core.database.query<{ id: string; count: number }>(
    Prisma.sql`
      SELECT r.id, count(*) AS count FROM resource r JOIN event e ON e.workspace_id = r.workspace_id AND e.resource_external_id = r.external_id
      WHERE r.id = ANY(${arrayOf('uuid', ids)}) AND r.workspace_id = ${viewer.workspaceId}::uuid GROUP BY r.id`,
    { prepared: true }
  )
  return new Map(rows.map(({ id, count }) => [id, count]))
}, 0)
