import { arrayOf } from '../database/array.ts'
import { Table } from '../database/columns.ts'
import { find } from '../database/engine.ts'
import { type LinkRole, Prisma, type Resource } from '../database/generated/client/client.ts'
import { loadAheadByParent, loadById, loadByParent } from '../loader.ts'
import { keyset, type Slice } from '../page.ts'

export const resourceTable = new Table<Resource>({
  fields: Prisma.ResourceScalarFieldEnum,
  alias: 'r',
  types: ['Resource', 'Node'],
  reads: {
    belongsTo: ['id'],
    contains: ['id'],
    upstream: ['id'],
    downstream: ['id'],
    runs: ['id'],
    events: ['id'],
    incidents: ['id'],
    suggestedIncident: ['id'],
    connection: ['connectionId']
  },
  order: ['id', 'name']
})

/** By name, as people look for them; the id tells equal names apart. */
export const byName = [
  { expression: Prisma.sql`r.name COLLATE "C"`, type: 'text' as const },
  { expression: Prisma.sql`r.id`, type: 'uuid' as const }
]

export const resourcesById = loadById<Resource>((session, ids) =>
  resourceTable.find(
    session,
    (columns) =>
      Prisma.sql`SELECT ${columns} FROM resource r WHERE r.id = ANY(${arrayOf('uuid', ids)}) AND r.workspace_id = ${session.viewer.workspaceId}::uuid`,
    { needs: ['id'] }
  )
)

/** A slice of an incident's resources; with a role, of those that are linked so. */
type LinkSlice = Slice & { readonly role?: LinkRole }

export const resourcesOfIncident = loadAheadByParent<LinkSlice, readonly Resource[]>(async (session, incidentIds, slice) => {
  const { where, orderBy, limit } = keyset(byName, false, slice, session.selected)
  const linkedSo = slice.role ? Prisma.sql`link.role = ${slice.role}::link_role` : Prisma.sql`TRUE`
  const rows = await resourceTable.find<{ parentId: string }>(
    session,
    (columns) => Prisma.sql`
      SELECT incident.id AS "parentId", r.* FROM unnest(${arrayOf('uuid', incidentIds)}) AS incident (id) CROSS JOIN LATERAL (
        SELECT ${columns} FROM incident_resource link JOIN resource r ON r.id = link.resource_id
        WHERE link.incident_id = incident.id AND ${linkedSo} AND r.workspace_id = ${session.viewer.workspaceId}::uuid AND ${where}
        ORDER BY ${orderBy} LIMIT ${limit}
      ) r`
  )
  return Map.groupBy(rows, ({ parentId }) => parentId)
}, [])

export const resourceCountOfIncident = linkCount(Prisma.sql`incident_resource`, 'incident_id')
export const resourceCountByRole = {
  AFFECTED: linkCount(Prisma.sql`(SELECT * FROM incident_resource WHERE role = 'AFFECTED') link`, 'incident_id'),
  CONTEXT: linkCount(Prisma.sql`(SELECT * FROM incident_resource WHERE role = 'CONTEXT') link`, 'incident_id')
}

/** What resources belong to, and what belongs to them. */
export const parentsOfResource = relatives('downstream_id', 'upstream_id')
export const childrenOfResource = relatives('upstream_id', 'downstream_id')

const belonging = Prisma.sql`(SELECT * FROM dependency WHERE kind = 'BELONGS_TO') link`
export const parentCountOfResource = linkCount(belonging, 'downstream_id')
export const childCountOfResource = linkCount(belonging, 'upstream_id')

function relatives(from: string, to: string) {
  return loadByParent<Slice, readonly Resource[]>(async (session, ids, slice) => {
    const { where, orderBy, limit } = keyset(byName, false, slice)
    const rows = await resourceTable.find<{ relativeOf: string }>(
      session,
      (columns) => Prisma.sql`
        SELECT origin.id AS "relativeOf", r.* FROM unnest(${arrayOf('uuid', ids)}) AS origin (id) CROSS JOIN LATERAL (
          SELECT ${columns} FROM dependency link JOIN resource r ON r.id = link.${Prisma.raw(to)}
          WHERE link.${Prisma.raw(from)} = origin.id AND link.kind = 'BELONGS_TO' AND r.workspace_id = ${session.viewer.workspaceId}::uuid AND ${where}
          ORDER BY ${orderBy} LIMIT ${limit}
        ) r`
    )
    return Map.groupBy(rows, ({ relativeOf }) => relativeOf)
  }, [])
}

/** How many links hang on each id. Asked with ids of rows that the viewer sees; links never leave a workspace. */
function linkCount(links: Prisma.Sql, column: 'incident_id' | 'downstream_id' | 'upstream_id') {
  const key = Prisma.raw(column)
  return loadByParent<null, number>(async ({ core }, ids) => {
    const rows = await core.database.query<{ id: string; count: number }>(
      Prisma.sql`SELECT ${key} AS id, count(*) AS count FROM ${links} WHERE ${key} = ANY(${arrayOf('uuid', ids)}) GROUP BY ${key}`,
      find
    )
    return new Map(rows.map(({ id, count }) => [id, count]))
  }, 0)
}
