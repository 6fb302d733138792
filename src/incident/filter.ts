// Which incidents a filter means, as one SQL condition: the list, its count, the metrics and the wall all use it.
import { z } from 'zod'
import type { Viewer } from '../access/viewer.ts'
import { IncidentStatus, Prisma, Severity } from '../database/generated/client/client.ts'
import { moment, parseInput } from '../input.ts'
import { activeStatuses } from './lifecycle.ts'

const few = <Item extends z.ZodType>(item: Item) => z.array(item).max(100, 'must have at most 100 entries').nullish()
const range = z.object({ from: moment.nullish(), until: moment.nullish() }).nullish()

const filterInput = z.object({
  status: few(z.enum(IncidentStatus)),
  active: z.boolean().nullish(),
  severity: few(z.enum(Severity)),
  tags: z.object({ all: few(z.string()), any: few(z.string()) }).nullish(),
  resourceIds: few(z.string()),
  leadIds: few(z.string()),
  hasLead: z.boolean().nullish(),
  declaredByIds: few(z.string()),
  declaredAt: range,
  startedAt: range,
  resolvedAt: range,
  search: z.string().trim().max(500, 'must have at most 500 characters').nullish()
})

/** A checked filter; ids in it are those of rows. */
export type IncidentFilter = z.output<typeof filterInput>

export function parseFilter(given: unknown): IncidentFilter {
  return parseInput(filterInput, given ?? {}, 'filter')
}

/** The condition on `incident i` for a filter, within what the viewer may see. */
export function matching(viewer: Viewer, filter: IncidentFilter): Prisma.Sql {
  const { status, active, severity, tags, resourceIds, leadIds, hasLead, declaredByIds, search } = filter
  const conditions = [visible(viewer)]
  if (status) conditions.push(isOneOf('status', status))
  if (active === true) conditions.push(activeIncident)
  if (active === false) conditions.push(Prisma.sql`NOT ${activeIncident}`)
  if (severity) conditions.push(isOneOf('severity', severity))
  if (tags?.all) conditions.push(Prisma.sql`i.tags @> ${tags.all}::text[]`)
  if (tags?.any) conditions.push(Prisma.sql`i.tags && ${tags.any}::text[]`)
  if (resourceIds) {
    conditions.push(Prisma.sql`EXISTS (SELECT FROM incident_resource link WHERE link.incident_id = i.id AND link.resource_id = ANY(${resourceIds}::uuid[]))`)
  }
  if (leadIds) conditions.push(Prisma.sql`i.lead_id = ANY(${leadIds}::uuid[])`)
  if (typeof hasLead === 'boolean') conditions.push(hasLead ? Prisma.sql`i.lead_id IS NOT NULL` : Prisma.sql`i.lead_id IS NULL`)
  if (declaredByIds) conditions.push(Prisma.sql`i.declared_by_id = ANY(${declaredByIds}::uuid[])`)
  for (const [column, bounds] of [
    ['declared_at', filter.declaredAt],
    ['started_at', filter.startedAt],
    ['resolved_at', filter.resolvedAt]
  ] as const) {
    const expression = Prisma.raw(`i.${column}`)
    if (bounds?.from) conditions.push(Prisma.sql`${expression} >= ${bounds.from}::timestamptz`)
    if (bounds?.until) conditions.push(Prisma.sql`${expression} < ${bounds.until}::timestamptz`)
  }
  if (search) conditions.push(foundBy(viewer, search))
  return Prisma.join(conditions, ' AND ')
}

/** Whether the best plan to find a filter's incidents is the same whatever it says: what it names is spelled out, not bound. */
export function isSpelledOut({ status, active, severity, ...bound }: IncidentFilter): boolean {
  return Object.values(bound).every((value) => value === undefined || value === null)
}

/** Every `incident i` that is active. */
export const activeIncident = isOneOf('status', activeStatuses)

/** Every incident that the viewer may see. */
export function visible(viewer: Viewer): Prisma.Sql {
  return Prisma.sql`i.workspace_id = ${viewer.workspaceId}::uuid`
}

/**
 * Spelled out, not bound: only so can the planner take the index of active incidents, and are they not cast anew for each
 * row. The values have been checked to be names of their enum, which are plain words.
 */
function isOneOf(column: 'status' | 'severity', values: readonly (IncidentStatus | Severity)[]): Prisma.Sql {
  return values.length === 0
    ? Prisma.sql`FALSE`
    : Prisma.raw(
        `i.${column} IN (${[...values]
          .sort()
          .map((value) => `'${value}'`)
          .join(', ')})`
      )
}

/** The ids come from two index scans; an OR of the two conditions would read every row. */
function foundBy(viewer: Viewer, words: string): Prisma.Sql {
  const query = Prisma.sql`websearch_to_tsquery('english', ${words})`
  return Prisma.sql`i.id IN (
    SELECT id FROM incident WHERE workspace_id = ${viewer.workspaceId}::uuid AND to_tsvector('english', title || ' ' || summary) @@ ${query}
    UNION
    SELECT incident_id FROM comment WHERE workspace_id = ${viewer.workspaceId}::uuid AND to_tsvector('english', body) @@ ${query})`
}
