// What a workspace holds of runs, things and dependencies, in the words of the orchestrator: equal for two workspaces that
// were told the same.
import type { Database } from '../../src/database/engine.ts'
import { Prisma } from '../../src/database/generated/client/client.ts'

export async function stateOf({ query }: Database, workspaceId: string) {
  const rows = async (statement: Prisma.Sql) => (await query<{ row: unknown }>(statement)).map(({ row }) => row)
  return {
    events: await rows(Prisma.sql`
      SELECT to_jsonb(e) - 'workspace_id' - 'received_at' AS row FROM event e WHERE workspace_id = ${workspaceId}::uuid ORDER BY id`),
    runs: await rows(Prisma.sql`
      SELECT to_jsonb(r) - 'id' - 'workspace_id' - 'resource_id' - 'created_at' - 'updated_at' || jsonb_build_object('of', t.external_id) AS row
      FROM run r JOIN resource t ON t.id = r.resource_id WHERE r.workspace_id = ${workspaceId}::uuid ORDER BY r.external_id COLLATE "C"`),
    resources: await rows(Prisma.sql`
      SELECT to_jsonb(r) - 'id' - 'workspace_id' - 'created_at' - 'updated_at' AS row FROM resource r
      WHERE workspace_id = ${workspaceId}::uuid ORDER BY external_id COLLATE "C"`),
    dependencies: await rows(Prisma.sql`
      SELECT jsonb_build_array(a.external_id, d.kind, b.external_id, d.source, d.confidence) AS row
      FROM dependency d JOIN resource a ON a.id = d.downstream_id JOIN resource b ON b.id = d.upstream_id
      WHERE d.workspace_id = ${workspaceId}::uuid ORDER BY a.external_id COLLATE "C", d.kind, b.external_id COLLATE "C"`)
  }
}
