// Which rows the external ids of a workspace's resources stand for.
import type { Sql } from '../database/engine.ts'
import { Prisma } from '../database/generated/client/client.ts'

/** Whatever can carry out a SELECT: the database, or a transaction. */
export interface Reader {
  query<Row>(statement: Sql): Promise<Row[]>
}

/** The ids of those that there are, by external id. */
export async function idsByExternalId(reader: Reader, workspaceId: string, externalIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await reader.query<{ id: string; externalId: string }>(Prisma.sql`
    SELECT r.id, r.external_id AS "externalId" FROM resource r
    WHERE r.workspace_id = ${workspaceId}::uuid AND r.external_id = ANY(${[...new Set(externalIds)]}::text[])`)
  return new Map(rows.map(({ id, externalId }) => [externalId, id]))
}
