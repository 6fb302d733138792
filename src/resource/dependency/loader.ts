import { arrayOf } from '../../database/array.ts'
import { Table } from '../../database/columns.ts'
import { type Dependency, type DependencyKind, Prisma } from '../../database/generated/client/client.ts'
import { loadByParent } from '../../loader.ts'
import { keyset, type Slice } from '../../page.ts'

/** A dependency with the name of the resource at its other end, by which lists of them are ordered. */
export type NamedDependency = Dependency & { otherId: string; otherName: string }

const dependencyTable = new Table<Dependency>({
  fields: Prisma.DependencyScalarFieldEnum,
  alias: 'd',
  types: ['Dependency'],
  reads: { upstream: ['upstreamId'], downstream: ['downstreamId'] },
  order: ['kind']
})

/** By the name of the resource at the other end, as people look for them; the rest tells equal names apart. */
const byName = [
  { expression: Prisma.sql`other.name COLLATE "C"`, type: 'text' as const },
  { expression: Prisma.sql`other.id`, type: 'uuid' as const },
  { expression: Prisma.sql`d.kind::text COLLATE "C"`, type: 'text' as const }
]

/** Which of a resource's dependencies; null stands for any kind. */
interface Asked {
  readonly slice: Slice
  readonly kinds: readonly DependencyKind[] | null
}

/** What resources depend on, and what depends on them. */
export const upstreamOfResource = slices('downstream_id', 'upstream_id')
export const downstreamOfResource = slices('upstream_id', 'downstream_id')
export const upstreamCountOfResource = counts('downstream_id')
export const downstreamCountOfResource = counts('upstream_id')

type End = 'downstream_id' | 'upstream_id'

function slices(from: End, to: End) {
  return loadByParent<Asked, readonly NamedDependency[]>(async (session, resourceIds, { slice, kinds }) => {
    const { where, orderBy, limit } = keyset(byName, false, slice)
    const rows = await dependencyTable.find<NamedDependency & { parentId: string }>(
      session,
      (columns) => Prisma.sql`
        SELECT origin.id AS "parentId", d.* FROM unnest(${arrayOf('uuid', resourceIds)}) AS origin (id) CROSS JOIN LATERAL (
          SELECT ${columns}, other.id AS "otherId", other.name AS "otherName" FROM dependency d JOIN resource other ON other.id = d.${Prisma.raw(to)}
          WHERE d.${Prisma.raw(from)} = origin.id AND d.workspace_id = ${session.viewer.workspaceId}::uuid AND ${isOf(kinds)} AND ${where}
          ORDER BY ${orderBy} LIMIT ${limit}
        ) d`
    )
    return Map.groupBy(rows, ({ parentId }) => parentId)
  }, [])
}

function counts(from: End) {
  const key = Prisma.raw(from)
  return loadByParent<{ kinds: readonly DependencyKind[] | null }, number>(async ({ core, viewer }, resourceIds, { kinds }) => {
    const rows = await core.database.query<{ id: string; count: number }>(Prisma.sql`
      SELECT d.${key} AS id, count(*) AS count FROM dependency d
      WHERE d.${key} = ANY(${resourceIds}::uuid[]) AND d.workspace_id = ${viewer.workspaceId}::uuid AND ${isOf(kinds)} GROUP BY d.${key}`)
    return new Map(rows.map(({ id, count }) => [id, count]))
  }, 0)
}

function isOf(kinds: readonly DependencyKind[] | null): Prisma.Sql {
  return kinds ? Prisma.sql`d.kind = ANY(${[...kinds]}::text[]::dependency_kind[])` : Prisma.sql`TRUE`
}
