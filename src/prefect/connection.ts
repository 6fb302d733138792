// The rows of the servers that Mayday is connected to.
import { columns } from '../database/columns.ts'
import type { Database } from '../database/engine.ts'
import { type PrefectServer, Prisma } from '../database/generated/client/client.ts'

const all = columns(Prisma.PrefectServerScalarFieldEnum, 's')

/** Those that were disconnected come last, and of them no more than fit. */
export function connectionsOf(database: Database, workspaceId: string): Promise<PrefectServer[]> {
  return database.query(Prisma.sql`
    SELECT ${all} FROM prefect_server s WHERE s.workspace_id = ${workspaceId}::uuid ORDER BY s.disabled_at DESC NULLS FIRST, s.name COLLATE "C", s.id LIMIT 200`)
}

export function connectionsById(database: Database, workspaceId: string, ids: string[]): Promise<PrefectServer[]> {
  return database.query(Prisma.sql`SELECT ${all} FROM prefect_server s WHERE s.id = ANY(${ids}::uuid[]) AND s.workspace_id = ${workspaceId}::uuid`)
}

/** Which servers of all workspaces are to be followed, and in which version. */
export function followedConnections(database: Database): Promise<{ id: string; version: number }[]> {
  return database.query(Prisma.sql`SELECT id, version FROM prefect_server WHERE disabled_at IS NULL`)
}

/** A server as it is to be followed; undefined when it is not any more. */
export async function followedConnection(database: Database, id: string): Promise<PrefectServer | undefined> {
  const [row] = await database.query<PrefectServer>(Prisma.sql`SELECT ${all} FROM prefect_server s WHERE s.id = ${id}::uuid AND s.disabled_at IS NULL`)
  return row
}

/** All events that occurred before are known; null when nothing is said yet. */
export async function eventsUntil(database: Database, id: string): Promise<Date | null> {
  const [row] = await database.query<{ eventsUntil: Date | null }>(Prisma.sql`SELECT events_until AS "eventsUntil" FROM prefect_server WHERE id = ${id}::uuid`)
  return row?.eventsUntil ?? null
}

/** In another version it may be another server, whose events are not known. */
export async function noteEventsUntil(database: Database, { id, version }: { id: string; version: number }, until: Date): Promise<void> {
  await database.query(Prisma.sql`
    UPDATE prefect_server SET events_until = greatest(events_until, ${until}::timestamptz) WHERE id = ${id}::uuid AND version = ${version} RETURNING id`)
}
