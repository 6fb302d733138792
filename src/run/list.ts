// The list of a workspace's runs: filtered, sorted, paged, counted.
import { z } from 'zod'
import type { Session } from '../core.ts'
import { Prisma, type Run, RunState } from '../database/generated/client/client.ts'
import { moment, parseInput } from '../input.ts'
import { keyset, type PageArgs, page, type Slice } from '../page.ts'
import { isLateSql } from './conditions.ts'
import { byState, isIn, runTable } from './loader.ts'

const few = <Item extends z.ZodType>(item: Item) => z.array(item).max(100, 'must have at most 100 entries').nullish()
const range = z.object({ from: moment.nullish(), until: moment.nullish() }).nullish()

const filterInput = z.object({
  state: few(z.enum(RunState)),
  late: z.boolean().nullish(),
  resourceIds: few(z.string()),
  externalId: few(z.string()),
  name: z.string().trim().max(300, 'must have at most 300 characters').nullish(),
  stateAt: range,
  expectedStartAt: range
})

/** A checked filter; ids in it are those of rows. */
type RunFilter = z.output<typeof filterInput>

export const runSorts = ['STATE_AT_DESC', 'EXPECTED_START_AT_ASC', 'EXPECTED_START_AT_DESC'] as const
export type RunSort = (typeof runSorts)[number]

const byExpectedStart = [
  { expression: Prisma.sql`r.expected_start_at`, type: 'timestamptz' as const },
  { expression: Prisma.sql`r.id`, type: 'uuid' as const }
]

export async function listRuns(session: Session, given: unknown, sort: RunSort, args: PageArgs) {
  const { core } = session
  const filter = parseInput(filterInput, given ?? {}, 'filter')
  const conditions = matching(session, filter)
  if (sort !== 'STATE_AT_DESC') conditions.push(Prisma.sql`r.expected_start_at IS NOT NULL`)
  const condition = Prisma.join(conditions, ' AND ')
  const load = (slice: Slice) => {
    const { where, orderBy, limit } = keyset(sort === 'STATE_AT_DESC' ? byState : byExpectedStart, sort !== 'EXPECTED_START_AT_ASC', slice)
    return runTable.read(session, (columns) => Prisma.sql`SELECT ${columns} FROM run r WHERE ${condition} AND ${where} ORDER BY ${orderBy} LIMIT ${limit}`)
  }
  const connection = await (sort === 'STATE_AT_DESC' ? runPage(args, load) : page(args, ({ expectedStartAt, id }: Run) => [expectedStartAt ?? '', id], load))
  const totalCount = async () => {
    const [row] = await core.database.query<{ count: number }>(Prisma.sql`SELECT count(*) AS count FROM run r WHERE ${condition}`)
    return row?.count ?? 0
  }
  return { ...connection, totalCount }
}

/** A page of runs by the time of their state, from wherever the rows come. */
export function runPage(args: PageArgs, load: (slice: Slice) => Promise<readonly Run[]>) {
  return page(args, ({ stateAt, id }: Run) => [stateAt, id], load)
}

function matching({ core, viewer }: Session, { state, late, resourceIds, externalId, name, stateAt, expectedStartAt }: RunFilter): Prisma.Sql[] {
  return [
    Prisma.sql`r.workspace_id = ${viewer.workspaceId}::uuid`,
    isIn(state ?? null),
    ...(resourceIds ? [Prisma.sql`r.resource_id = ANY(${resourceIds}::uuid[])`] : []),
    ...(externalId ? [Prisma.sql`r.external_id = ANY(${externalId}::text[])`] : []),
    ...(name ? [Prisma.sql`strpos(lower(r.name), lower(${name})) > 0`] : []),
    ...(typeof late === 'boolean' ? [Prisma.sql`coalesce(${isLateSql(core.clock())}, FALSE) = ${late}::boolean`] : []),
    ...within('state_at', stateAt),
    ...within('expected_start_at', expectedStartAt)
  ]
}

function within(column: string, bounds: RunFilter['stateAt']): Prisma.Sql[] {
  return [
    ...(bounds?.from ? [Prisma.sql`${Prisma.raw(`r.${column}`)} >= ${bounds.from}::timestamptz`] : []),
    ...(bounds?.until ? [Prisma.sql`${Prisma.raw(`r.${column}`)} < ${bounds.until}::timestamptz`] : [])
  ]
}
