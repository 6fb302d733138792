// What the table of runs holds of runs that were foreseen: their ids are those of deployments, with a time.
import { Prisma } from '../database/generated/client/client.ts'
import type { Following } from './following.ts'

const foreseen = Prisma.sql`r.external_id LIKE 'prefect.deployment.%@%' AND r.state = 'SCHEDULED'`

export interface ForeseenRow {
  readonly externalId: string
  readonly name: string
  readonly url: string | null
  readonly tags: readonly string[]
}

export function foreseenRuns({ core, workspaceId, connectionId }: Following): Promise<ForeseenRow[]> {
  return core.database.query(Prisma.sql`
    SELECT r.external_id AS "externalId", r.name, r.url, r.tags FROM run r
    WHERE r.workspace_id = ${workspaceId}::uuid AND r.connection_id = ${connectionId}::uuid AND ${foreseen}`)
}

/** The external ids of those whose time has come, or that stand beside a run that Prefect has. */
export async function overtakenRuns({ core, workspaceId, connectionId }: Following, now: Date, sameMs: number): Promise<string[]> {
  const rows = await core.database.query<{ externalId: string }>(Prisma.sql`
    SELECT r.external_id AS "externalId" FROM run r
    WHERE r.workspace_id = ${workspaceId}::uuid AND r.connection_id = ${connectionId}::uuid AND ${foreseen} AND (r.expected_start_at <= ${now}::timestamptz OR EXISTS (
      SELECT FROM run made WHERE made.resource_id = r.resource_id AND made.external_id LIKE 'prefect.flow-run.%'
        AND made.state IN ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED', 'CANCELLING')
        AND made.expected_start_at BETWEEN r.expected_start_at - make_interval(secs => ${sameMs / 1_000}::float8) AND r.expected_start_at + make_interval(secs => ${sameMs / 1_000}::float8)))`)
  return rows.map(({ externalId }) => externalId)
}

/** When Prefect's own runs are due, by the external ids of deployments: also those that were cancelled, which it makes no second time. */
export async function realTimes({ core, workspaceId, connectionId }: Following, since: Date, until: Date): Promise<Map<string, number[]>> {
  const rows = await core.database.query<{ deployment: string; at: Date }>(Prisma.sql`
    SELECT of.external_id AS deployment, r.expected_start_at AS at FROM run r JOIN resource of ON of.id = r.resource_id
    WHERE r.workspace_id = ${workspaceId}::uuid AND r.connection_id = ${connectionId}::uuid AND r.state IN ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED', 'CANCELLING')
      AND r.expected_start_at BETWEEN ${since}::timestamptz AND ${until}::timestamptz AND r.external_id LIKE 'prefect.flow-run.%'
    UNION ALL
    SELECT of.external_id, r.expected_start_at FROM resource of JOIN run r ON r.resource_id = of.id AND r.state = 'CANCELLED'
    WHERE of.workspace_id = ${workspaceId}::uuid AND of.connection_id = ${connectionId}::uuid AND of.kind = 'DEPLOYMENT'
      AND r.expected_start_at BETWEEN ${since}::timestamptz AND ${until}::timestamptz`)
  const times = new Map<string, number[]>()
  for (const { deployment, at } of rows) {
    const known = times.get(deployment)
    if (known) known.push(at.getTime())
    else times.set(deployment, [at.getTime()])
  }
  return times
}
