// Two connections may lead to one server, by two of its names. A thing is kept up to date by one of them, the first, for as
// long as that one lasts: else each would undo the other's word with every reading, and fill the record.
import { Prisma } from '../database/generated/client/client.ts'
import type { Mapped } from './catalogue.ts'
import type { Following } from './following.ts'

/** Without what another connection keeps up to date, and what that hangs on. What went from there may be taken over. */
export async function withoutKeptElsewhere({ core, workspaceId, connectionId }: Following, { resources, dependencies }: Mapped): Promise<Mapped> {
  const rows = await core.database.query<{ externalId: string }>(Prisma.sql`
    SELECT r.external_id AS "externalId" FROM prefect_server keeper JOIN resource r ON r.workspace_id = keeper.workspace_id AND r.connection_id = keeper.id
    WHERE keeper.workspace_id = ${workspaceId}::uuid AND keeper.id <> ${connectionId}::uuid AND keeper.disabled_at IS NULL
      AND r.gone_at IS NULL AND r.external_id = ANY(${resources.map(({ externalId }) => externalId)}::text[])`)
  if (rows.length === 0) return { resources, dependencies }
  const elsewhere = new Set(rows.map(({ externalId }) => externalId))
  return {
    resources: resources.filter(({ externalId }) => !elsewhere.has(externalId)),
    dependencies: dependencies.filter(({ downstream }) => !elsewhere.has(downstream))
  }
}
