// The headline figures of an impact: how much work is hit, and when the next of it is. One statement counts for any
// number of impacts.
import type { Core } from '../core.ts'
import type { Database } from '../database/engine.ts'
import { Prisma } from '../database/generated/client/client.ts'
import { failed, harmedSince, isLateSql, ongoing, skipped, upcoming } from '../run/conditions.ts'

/** What is counted on the runs of the resources that an impact reaches. */
export interface RunFigures {
  /** Runs under way. */
  readonly running: number
  /** Runs that are to begin before the horizon's end, late ones too. */
  readonly upcoming: number
  /** Runs that failed or crashed in the time of the impact. */
  readonly failed: number
  /** Runs that should have begun in that time and have not. */
  readonly late: number
  /** Runs that were cancelled or skipped in that time. */
  readonly skipped: number
  /** When the next upcoming run that is not late is expected: there the next harm lands. */
  readonly nextHarmAt: Date | null
  /** When one of the runs counted last moved, as Mayday heard of it. */
  readonly movedAt: Date | null
}

export interface ImpactFigures extends RunFigures {
  /** The resources that the harm reaches, those where it starts included. */
  readonly affected: number
}

/** The time that an impact is looked at in. */
export interface ImpactTime {
  readonly now: Date
  /** When the harm began. */
  readonly since: Date
  /** When the harm was over; null while it lasts. What is over harms no work that is running or to come. */
  readonly endedAt: Date | null
  /** Work that is to begin before this moment counts as upcoming. */
  readonly horizonEnd: Date
}

/** Some resources in a time, whose runs are to be counted. */
export interface Reach {
  readonly resourceIds: readonly string[]
  readonly time: ImpactTime
}

/** What one statement counts at the most. */
const mostReaches = 50
const mostResources = 100_000
/** A few resources are counted faster than a statement is planned; for many the plan matters more. */
const fewResources = 200

/** The runs that can still do something, as the partial indexes have them. */
export const open = Prisma.sql`r.state IN ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED', 'CANCELLING')`

/** Counts the runs of some resources. Their ids must be of one workspace, which the asker may see. */
export async function figuresOf(core: Pick<Core, 'database'>, reach: Reach): Promise<RunFigures> {
  const [figures] = await figuresOfMany(core, [reach])
  return figures as RunFigures
}

/** The same for several, in their order: by one statement, unless they are so large that it would take long. */
export async function figuresOfMany({ database }: Pick<Core, 'database'>, reaches: readonly Reach[]): Promise<RunFigures[]> {
  const all: RunFigures[] = []
  for (let from = 0; from < reaches.length; ) {
    let [until, resources] = [from, 0]
    do resources += reaches[until++]?.resourceIds.length ?? 0
    while (until < reaches.length && until - from < mostReaches && resources + (reaches[until]?.resourceIds.length ?? 0) <= mostResources)
    all.push(...(await count(database, reaches.slice(from, until))))
    from = until
  }
  return all
}

async function count(database: Database, reaches: readonly Reach[]): Promise<RunFigures[]> {
  const prepared = reaches.length === 1 && (reaches[0]?.resourceIds.length ?? 0) <= fewResources
  const rows = await database.query<RunFigures>(Prisma.sql`${Prisma.join(reaches.map(counted), ' UNION ALL ')} ORDER BY place`, { prepared })
  return rows.map(({ running, upcoming, failed, late, skipped, nextHarmAt, movedAt }) => ({ running, upcoming, failed, late, skipped, nextHarmAt, movedAt }))
}

/** Open runs and those that are over are found by an index each; what is open and what ended long ago is never looked through for the other. */
function counted({ resourceIds, time }: Reach, place: number): Prisma.Sql {
  const { now, since, endedAt, horizonEnd } = time
  const late = isLateSql(now)
  const ended = endedAt ? Prisma.sql`r.state_at < ${endedAt}::timestamptz` : Prisma.sql`TRUE`
  return Prisma.sql`
    SELECT ${place}::int AS place, o.running, o.upcoming, o.late, o."nextHarmAt", h.failed, h.skipped, greatest(o."movedAt", h."movedAt") AS "movedAt"
    FROM (
      SELECT count(*) FILTER (WHERE ${ongoing}) AS running,
        count(*) FILTER (WHERE ${upcoming(horizonEnd)}) AS upcoming,
        count(*) FILTER (WHERE ${late} AND ${harmedSince(since, now)}) AS late,
        min(r.expected_start_at) FILTER (WHERE ${upcoming(horizonEnd)} AND NOT ${late}) AS "nextHarmAt",
        max(r.updated_at) FILTER (WHERE ${ongoing} OR ${upcoming(horizonEnd)}) AS "movedAt"
      FROM run r WHERE ${isOf(resourceIds)} AND ${open} AND ${endedAt === null}::boolean
    ) o, (
      SELECT count(*) FILTER (WHERE ${failed}) AS failed, count(*) FILTER (WHERE ${skipped} AND NOT ${failed}) AS skipped, max(r.updated_at) AS "movedAt"
      FROM run r WHERE ${isOf(resourceIds)} AND (${failed} OR ${skipped}) AND r.state_at >= ${since}::timestamptz AND ${ended}
    ) h`
}

/** The condition that `run r` is of one of these resources. */
export function isOf(resourceIds: readonly string[]): Prisma.Sql {
  return Prisma.sql`r.resource_id = ANY(${`{${resourceIds.join(',')}}`}::uuid[])`
}
