// All that the database holds, for tests that say what must, or must not, have come into it.
import type { Database } from '../../src/database/engine.ts'
import { Prisma } from '../../src/database/generated/client/client.ts'

/** Every row of every table as text, by table; but when a credential was last used, which every request may move. */
export async function dumpDatabase({ query }: Database): Promise<Record<string, string[]>> {
  const tables = await query<{ name: string }>(
    Prisma.sql`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_name <> '_prisma_migrations' ORDER BY 1`
  )
  const dump: Record<string, string[]> = {}
  for (const { name } of tables) {
    const rows = await query<{ row: string }>(Prisma.sql`SELECT (to_jsonb(t) - 'last_used_at')::text AS row FROM ${Prisma.raw(`"${name}"`)} t ORDER BY 1`)
    dump[name] = rows.map(({ row }) => row)
  }
  return dump
}
