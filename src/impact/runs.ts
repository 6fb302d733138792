// The runs that an impact hits, in pages, and who has to do with them.
import type { Session } from '../core.ts'
import { Prisma, type Run } from '../database/generated/client/client.ts'
import { keyset, type PageArgs, page, type SortColumn } from '../page.ts'
import { harmedSince, isLateSql, ongoing, upcoming } from '../run/conditions.ts'
import { byState, runTable } from '../run/loader.ts'
import { isOf, open } from './figures.ts'
import type { Impact } from './impact.ts'

/** One that nobody told a time of may begin at any moment: it stands where it was scheduled. */
const byStart: SortColumn[] = [
  { expression: Prisma.sql`coalesce(r.expected_start_at, r.state_at)`, type: 'timestamptz' },
  { expression: Prisma.sql`r.id`, type: 'uuid' }
]

/** Runs under way, the newest state first. */
export function ongoingRuns(session: Session, impact: Impact, args: PageArgs) {
  const condition = Prisma.sql`${lasting(impact)} AND ${open} AND ${ongoing}`
  return runsWhere(session, impact, condition, byState, true, ({ stateAt }) => stateAt, args)
}

/** Runs to come, the next first. */
export function upcomingRuns(session: Session, impact: Impact, args: PageArgs) {
  const condition = Prisma.sql`${lasting(impact)} AND ${open} AND ${upcoming(impact.time.horizonEnd)}`
  return runsWhere(session, impact, condition, byStart, false, ({ expectedStartAt, stateAt }) => expectedStartAt ?? stateAt, args)
}

/** Runs that failed, are late or were skipped in the time of the harm, the newest state first. */
export function harmedRuns(session: Session, impact: Impact, args: PageArgs) {
  const { since, endedAt, now } = impact.time
  const ended = endedAt ? Prisma.sql`AND r.state <> 'SCHEDULED' AND r.state_at < ${endedAt}::timestamptz` : Prisma.empty
  return runsWhere(session, impact, Prisma.sql`${harmedSince(since, now)} ${ended}`, byState, true, ({ stateAt }) => stateAt, args)
}

/** The next run that is not late already: where the next harm lands. */
export async function nextHarm(session: Session, impact: Impact): Promise<Run | null> {
  const { horizonEnd, now } = impact.time
  const [run] = await runTable.read(
    session,
    (columns) => Prisma.sql`
      SELECT ${columns} FROM run r
      WHERE ${isOf(impact.resourceIds)} AND ${lasting(impact)} AND ${open} AND ${upcoming(horizonEnd)} AND r.expected_start_at IS NOT NULL AND NOT ${isLateSql(now)}
      ORDER BY r.expected_start_at, r.id LIMIT 1`
  )
  return run ?? null
}

/** An owner or a tag, with how many of the resources have it, and how many runs under way or to come are theirs. */
export interface Share {
  readonly name: string
  readonly resources: number
  readonly runs: number
}

/** The owners or tags of what is reached: those with the most runs, then the most resources, first; at most 50. */
export function sharesOf({ core }: Session, { resourceIds, ...impact }: Impact, column: 'owners' | 'tags'): Promise<Share[]> {
  return core.database.query(Prisma.sql`
    SELECT name, count(*) AS resources, coalesce(sum(work.runs), 0)::bigint AS runs FROM (
      SELECT DISTINCT resource.id, given.name FROM resource CROSS JOIN LATERAL unnest(resource.${Prisma.raw(column)}) AS given (name)
      WHERE resource.id = ANY(${`{${resourceIds.join(',')}}`}::uuid[])
    ) named LEFT JOIN (
      SELECT r.resource_id AS id, count(*) AS runs FROM run r
      WHERE ${isOf(resourceIds)} AND ${lasting(impact)} AND ${open} AND (${ongoing} OR ${upcoming(impact.time.horizonEnd)}) GROUP BY r.resource_id
    ) work USING (id)
    GROUP BY name ORDER BY runs DESC, resources DESC, name COLLATE "C" LIMIT 50`)
}

/** What is over harms nothing that is under way or to come. */
function lasting({ time }: Pick<Impact, 'time'>): Prisma.Sql {
  return Prisma.sql`${time.endedAt === null}::boolean`
}

function runsWhere(
  session: Session,
  { resourceIds }: Impact,
  condition: Prisma.Sql,
  order: SortColumn[],
  descending: boolean,
  timeOf: (run: Run) => Date,
  args: PageArgs
) {
  return page(
    args,
    (run: Run) => [timeOf(run), run.id],
    (slice) => {
      const { where, orderBy, limit } = keyset(order, descending, slice)
      return runTable.read(
        session,
        (columns) => Prisma.sql`SELECT ${columns} FROM run r WHERE ${isOf(resourceIds)} AND ${condition} AND ${where} ORDER BY ${orderBy} LIMIT ${limit}`
      )
    }
  )
}
