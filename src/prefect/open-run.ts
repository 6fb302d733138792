import { Prisma, type RunState } from '../database/generated/client/client.ts'
import type { Following } from './following.ts'

/** A run of a server that Mayday holds as not over. */
export interface OpenRun {
  /** Prefect's id of it. */
  readonly id: string
  readonly externalId: string
  /** The external id of what it is a run of. */
  readonly resource: string
  readonly state: RunState
  readonly startedAt: Date | null
}

/** All that are under way, or expected to start before a moment. Events do not tell when a run is expected: what is known by one alone may be due at any time. */
export function openRuns({ core, workspaceId, connectionId }: Following, until: Date): Promise<OpenRun[]> {
  return core.database.query<OpenRun>(Prisma.sql`
    SELECT substr(r.external_id, length('prefect.flow-run.') + 1) AS id, r.external_id AS "externalId", of.external_id AS resource, r.state, r.started_at AS "startedAt"
    FROM run r JOIN resource of ON of.id = r.resource_id
    WHERE r.workspace_id = ${workspaceId}::uuid AND r.connection_id = ${connectionId}::uuid AND r.external_id ~ '^prefect\\.flow-run\\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
      AND r.state IN ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED', 'CANCELLING') AND (r.state <> 'SCHEDULED' OR r.expected_start_at IS NULL OR r.expected_start_at < ${until}::timestamptz)`)
}
