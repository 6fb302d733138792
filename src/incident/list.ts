// The list of incidents: filtered, ordered, paged, counted, and the durations that teams report.
import type { Session } from '../core.ts'
import { find } from '../database/engine.ts'
import { type Incident, Prisma } from '../database/generated/client/client.ts'
import { keyset, type PageArgs, page, type SortColumn } from '../page.ts'
import { countedTag } from './counted.ts'
import { type IncidentFilter, isSpelledOut, matching, parseFilter, visible } from './filter.ts'
import { incidentTable } from './loader.ts'

export type IncidentOrderField = 'DECLARED_AT' | 'STARTED_AT' | 'UPDATED_AT' | 'SEVERITY' | 'NUMBER'

export interface IncidentOrder {
  field: IncidentOrderField
  direction: 'ASC' | 'DESC'
}

const columnOf: Record<IncidentOrderField, SortColumn & { key: keyof Incident }> = {
  DECLARED_AT: { expression: Prisma.sql`i.declared_at`, type: 'timestamptz', key: 'declaredAt' },
  STARTED_AT: { expression: Prisma.sql`i.started_at`, type: 'timestamptz', key: 'startedAt' },
  UPDATED_AT: { expression: Prisma.sql`i.updated_at`, type: 'timestamptz', key: 'updatedAt' },
  SEVERITY: { expression: Prisma.sql`i.severity`, type: 'severity', key: 'severity' },
  NUMBER: { expression: Prisma.sql`i.number`, type: 'int', key: 'number' }
}
const byId: SortColumn = { expression: Prisma.sql`i.id`, type: 'uuid' }

export async function listIncidents(session: Session, givenFilter: unknown, order: IncidentOrder, args: PageArgs) {
  const filter = parseFilter(givenFilter)
  const condition = matching(session.viewer, filter)
  const column = columnOf[order.field]
  const prepared = isSpelledOut(filter)
  const connection = await page(
    args,
    (incident: Incident) => [incident[column.key] as Date | number | string, incident.id],
    (slice) => {
      const { where, orderBy, limit } = keyset([column, byId], order.direction === 'DESC', slice, session.selected)
      return incidentTable.read(
        session,
        (columns) => Prisma.sql`SELECT ${columns} FROM incident i WHERE ${condition} AND ${where} ORDER BY ${orderBy} LIMIT ${limit}`,
        { prepared, brief: prepared && filter.active === true }
      )
    }
  )
  const totalCount = () => countIncidents(session, filter)
  return { ...connection, totalCount }
}

/** The columns that conditions on status, severity and workspace look at are called the same in both tables. */
async function countIncidents({ core, viewer }: Session, filter: IncidentFilter): Promise<number> {
  const tag = countedTag(filter)
  const [row] = await (tag === undefined
    ? core.database.query<{ count: number }>(Prisma.sql`SELECT count(*) AS count FROM incident i WHERE ${matching(viewer, filter)}`)
    : core.database.query<{ count: number }>(
        Prisma.sql`SELECT coalesce(sum(i.count), 0) AS count FROM incident_count i WHERE ${matching(viewer, { ...filter, tags: null })} AND i.tag = ${tag}`,
        find
      ))
  return row?.count ?? 0
}

export async function incidentByNumber(session: Session, number: number): Promise<Incident | null> {
  const [incident] = await incidentTable.read(
    session,
    (columns) => Prisma.sql`SELECT ${columns} FROM incident i WHERE ${visible(session.viewer)} AND i.number = ${number}`
  )
  return incident ?? null
}

/** Milliseconds; null where no incident has come so far. */
export interface DurationFigures {
  count: number
  mean: number | null
  median: number | null
  p90: number | null
}

export interface IncidentMetrics {
  count: number
  timeToAcknowledge: DurationFigures
  timeToMitigate: DurationFigures
  timeToResolve: DurationFigures
}

/** The durations over all incidents of a filter, by one statement. Canceled and merged incidents have none. */
export async function incidentMetrics({ core, viewer }: Session, givenFilter: unknown): Promise<IncidentMetrics> {
  const condition = matching(viewer, parseFilter(givenFilter))
  const durations = {
    acknowledge: Prisma.sql`greatest(0, extract(epoch FROM i.acknowledged_at - i.declared_at) * 1000)`,
    mitigate: Prisma.sql`greatest(0, extract(epoch FROM i.mitigated_at - i.started_at) * 1000)`,
    resolve: Prisma.sql`greatest(0, extract(epoch FROM i.resolved_at - i.started_at) * 1000)`
  }
  const measured = { acknowledge: Prisma.sql`i.acknowledged_at`, mitigate: Prisma.sql`i.mitigated_at`, resolve: Prisma.sql`i.resolved_at` }
  const figures = (['acknowledge', 'mitigate', 'resolve'] as const).map((name) => {
    const only = Prisma.sql`FILTER (WHERE ${measured[name]} IS NOT NULL AND i.status NOT IN ('MERGED', 'CANCELED'))`
    return Prisma.sql`json_build_object(
      'count', count(*) ${only},
      'mean', avg(${durations[name]}) ${only},
      'median', percentile_cont(0.5) WITHIN GROUP (ORDER BY ${durations[name]}) ${only},
      'p90', percentile_cont(0.9) WITHIN GROUP (ORDER BY ${durations[name]}) ${only}) AS ${Prisma.raw(name)}`
  })
  const [row] = await core.database.query<{ count: number; acknowledge: DurationFigures; mitigate: DurationFigures; resolve: DurationFigures }>(
    Prisma.sql`SELECT count(*) AS count, ${Prisma.join(figures)} FROM incident i WHERE ${condition}`
  )
  if (!row) throw new Error('An aggregate without GROUP BY gives one row')
  return { count: row.count, timeToAcknowledge: row.acknowledge, timeToMitigate: row.mitigate, timeToResolve: row.resolve }
}
