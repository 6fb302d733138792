// The list of a workspace's resources.
import { z } from 'zod'
import type { Session } from '../core.ts'
import { Prisma, type Resource, type ResourceKind } from '../database/generated/client/client.ts'
import { parseInput } from '../input.ts'
import { keyset, type PageArgs, page, type Slice } from '../page.ts'
import { byName, resourceTable } from './loader.ts'

const filterInput = z.object({
  kind: z.array(z.string()).nullish(),
  externalId: z.array(z.string()).max(100, 'must have at most 100 entries').nullish(),
  name: z.string().trim().max(300, 'must have at most 300 characters').nullish()
})

export async function listResources(
  session: Session,
  given: { kind?: ResourceKind[] | null; externalId?: string[] | null; name?: string | null },
  args: PageArgs
) {
  const { core, viewer } = session
  const { kind, externalId, name } = parseInput(filterInput, given, 'filter')
  const matching = Prisma.join(
    [
      Prisma.sql`r.workspace_id = ${viewer.workspaceId}::uuid`,
      ...(kind ? [Prisma.sql`r.kind = ANY(${kind}::text[]::resource_kind[])`] : []),
      ...(externalId ? [Prisma.sql`r.external_id = ANY(${externalId}::text[])`] : []),
      ...(name ? [Prisma.sql`strpos(lower(r.name), lower(${name})) > 0`] : [])
    ],
    ' AND '
  )
  const connection = await resourcePage(args, (slice) => {
    const { where, orderBy, limit } = keyset(byName, false, slice)
    return resourceTable.read(
      session,
      (columns) => Prisma.sql`SELECT ${columns} FROM resource r WHERE ${matching} AND ${where} ORDER BY ${orderBy} LIMIT ${limit}`
    )
  })
  const totalCount = async () => {
    const [row] = await core.database.query<{ count: number }>(Prisma.sql`SELECT count(*) AS count FROM resource r WHERE ${matching}`)
    return row?.count ?? 0
  }
  return { ...connection, totalCount }
}

/** A page of resources by name, from wherever the rows come. */
export function resourcePage(args: PageArgs, load: (slice: Slice) => Promise<readonly Resource[]>) {
  return page(args, ({ name, id }: Resource) => [name, id], load)
}
