import { arrayOf } from '../database/array.ts'
import { Table } from '../database/columns.ts'
import { Prisma, type Run, type RunState } from '../database/generated/client/client.ts'
import { loadByParent } from '../loader.ts'
import { keyset, type Slice } from '../page.ts'

export const runTable = new Table<Run>({
  fields: Prisma.RunScalarFieldEnum,
  alias: 'r',
  types: ['Run', 'Node'],
  reads: {
    resource: ['resourceId'],
    parent: ['parentExternalId'],
    duration: ['startedAt', 'endedAt'],
    late: ['state', 'stateName', 'expectedStartAt']
  },
  order: ['id', 'stateAt', 'expectedStartAt']
})

/** By the time of their state; the id tells equal times apart. */
export const byState = [
  { expression: Prisma.sql`r.state_at`, type: 'timestamptz' as const },
  { expression: Prisma.sql`r.id`, type: 'uuid' as const }
]

/** The runs of these external ids, asked for one by one. */
export const runsByExternalId = loadByParent<null, Run | null>(async (session, externalIds) => {
  const rows = await runTable.find<{ key: string }>(
    session,
    (columns) => Prisma.sql`
      SELECT ${columns}, r.external_id AS key FROM run r WHERE r.workspace_id = ${session.viewer.workspaceId}::uuid AND r.external_id = ANY(${arrayOf('text', externalIds)})`
  )
  return new Map(rows.map((row) => [row.key, row]))
}, null)

interface RunsAsked {
  readonly slice: Slice
  readonly states: readonly RunState[] | null
}

/** A slice of each resource's runs, newest state first. */
export const runsOfResource = loadByParent<RunsAsked, readonly Run[]>(async (session, resourceIds, { slice, states }) => {
  const { where, orderBy, limit } = keyset(byState, true, slice)
  const rows = await runTable.find<{ parentId: string }>(
    session,
    (columns) => Prisma.sql`
      SELECT resource.id AS "parentId", r.* FROM unnest(${arrayOf('uuid', resourceIds)}) AS resource (id) CROSS JOIN LATERAL (
        SELECT ${columns} FROM run r
        WHERE r.resource_id = resource.id AND r.workspace_id = ${session.viewer.workspaceId}::uuid AND ${isIn(states)} AND ${where}
        ORDER BY ${orderBy} LIMIT ${limit}
      ) r`
  )
  return Map.groupBy(rows, ({ parentId }) => parentId)
}, [])

export const runCountOfResource = loadByParent<{ states: readonly RunState[] | null }, number>(async ({ core, viewer }, resourceIds, { states }) => {
  const rows = await core.database.query<{ id: string; count: number }>(Prisma.sql`
    SELECT r.resource_id AS id, count(*) AS count FROM run r
    WHERE r.resource_id = ANY(${resourceIds}::uuid[]) AND r.workspace_id = ${viewer.workspaceId}::uuid AND ${isIn(states)} GROUP BY r.resource_id`)
  return new Map(rows.map(({ id, count }) => [id, count]))
}, 0)

/** The condition that `run r` is in one of these states, which are names of their enum; null stands for any. Spelled out for the partial indexes. */
export function isIn(states: readonly RunState[] | null): Prisma.Sql {
  if (!states) return Prisma.sql`TRUE`
  return states.length > 0
    ? Prisma.raw(
        `r.state IN (${[...states]
          .sort()
          .map((state) => `'${state}'`)
          .join(', ')})`
      )
    : Prisma.sql`FALSE`
}
