// The list of a workspace's events, newest first.
import { z } from 'zod'
import type { Session } from '../core.ts'
import { type Event, Prisma } from '../database/generated/client/client.ts'
import { moment, parseInput } from '../input.ts'
import { keyset, type PageArgs, page, type Slice } from '../page.ts'
import { byOccurrence, eventTable } from './loader.ts'

const filterInput = z.object({
  resource: z.array(z.string()).max(100, 'must have at most 100 entries').nullish(),
  namePrefix: z.string().max(300, 'must have at most 300 characters').nullish(),
  occurredAt: z.object({ from: moment.nullish(), until: moment.nullish() }).nullish()
})

export async function listEvents(session: Session, given: unknown, args: PageArgs) {
  const { core, viewer } = session
  const { resource, namePrefix, occurredAt } = parseInput(filterInput, given ?? {}, 'filter')
  const matching = Prisma.join(
    [
      Prisma.sql`e.workspace_id = ${viewer.workspaceId}::uuid`,
      ...(resource ? [isAbout(resource)] : []),
      ...(namePrefix ? [Prisma.sql`starts_with(e.name, ${namePrefix})`] : []),
      ...(occurredAt?.from ? [Prisma.sql`e.occurred_at >= ${occurredAt.from}::timestamptz`] : []),
      ...(occurredAt?.until ? [Prisma.sql`e.occurred_at < ${occurredAt.until}::timestamptz`] : [])
    ],
    ' AND '
  )
  const connection = await eventPage(args, (slice) => {
    const { where, orderBy, limit } = keyset(byOccurrence, true, slice)
    return eventTable.read(session, (columns) => Prisma.sql`SELECT ${columns} FROM event e WHERE ${matching} AND ${where} ORDER BY ${orderBy} LIMIT ${limit}`)
  })
  const totalCount = async () => {
    const [row] = await core.database.query<{ count: number }>(Prisma.sql`SELECT count(*) AS count FROM event e WHERE ${matching}`)
    return row?.count ?? 0
  }
  return { ...connection, totalCount }
}

/** One is the usual case, which the index has in order. */
function isAbout(externalIds: string[]): Prisma.Sql {
  return externalIds.length === 1 ? Prisma.sql`e.resource_external_id = ${externalIds[0]}` : Prisma.sql`e.resource_external_id = ANY(${externalIds}::text[])`
}

/** A page of events, from wherever the rows come. */
export function eventPage(args: PageArgs, load: (slice: Slice) => Promise<readonly Event[]>) {
  return page(args, ({ occurredAt, id }: Event) => [occurredAt, id], load)
}
