// How far workspaces have come, read from the database; what is read is news for this node as well.
import type { Database } from '../database/engine.ts'
import { Prisma } from '../database/generated/client/client.ts'
import { InvalidInput } from '../errors.ts'
import { decodeCursor } from './change.ts'
import type { Heads } from './heads.ts'
import { seenAt } from './moved.ts'

interface Parts {
  readonly database: Database
  readonly heads: Heads
}

/** The sequence numbers of the newest committed changes, by workspace. */
export async function readSequences({ database, heads }: Parts, workspaceIds: string[]): Promise<Map<string, number>> {
  const news = heads.observe()
  const rows = await database.query<{ id: string; sequence: number }>(Prisma.sql`SELECT id, sequence FROM workspace WHERE id = ANY(${workspaceIds}::uuid[])`)
  for (const { id, sequence } of rows) news(seenAt(id, sequence))
  return new Map(rows.map(({ id, sequence }) => [id, sequence]))
}

/**
 * Makes sure that what is read from now on, also from memory, holds the change at a cursor that any node has given.
 * All nodes share one database, so there is nothing to wait for: at the most this node has not heard of it yet.
 */
export async function reach(core: Parts, workspaceId: string, cursor: string, field: string): Promise<void> {
  const place = decodeCursor(workspaceId, cursor, field)
  if ((core.heads.newest(workspaceId) ?? -1) >= place) return
  const sequences = await readSequences(core, [workspaceId])
  if (place > (sequences.get(workspaceId) ?? 0)) throw new InvalidInput([{ field, rule: 'must be a cursor that this workspace has given' }])
}
