import { type IncidentStatus, Prisma } from '../database/generated/client/client.ts'

/** An incident, as far as its impact goes. */
export interface Subject {
  readonly id: string
  readonly status: IncidentStatus
  readonly startedAt: Date
  readonly resolvedAt: Date | null
  readonly closedAt: Date | null
  /** The resources where its harm starts, the first linked first. */
  readonly originIds: readonly string[]
}

/** The columns of a subject, for a SELECT from `incident i`. */
export const subjectColumns = Prisma.sql`
  i.id, i.status, i.started_at AS "startedAt", i.resolved_at AS "resolvedAt", i.closed_at AS "closedAt", ARRAY(
    SELECT link.resource_id::text FROM incident_resource link
    WHERE link.incident_id = i.id AND link.role = 'AFFECTED' ORDER BY link.linked_at, link.resource_id
  ) AS "originIds"`
