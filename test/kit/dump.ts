// All that the database holds, for tests that say what must, or must not, have come into it.
import type { Database } from '../../src/database/engine.ts'
import { Prisma } from '../../src/database/generated/client/client.ts'

const byItself = ['last_used_at']
const health = ['state', 'error', 'last_event_at', 'last_sync_at', 'lag_ms', 'events_until']

/** Every row of every table as text, by table; but when a credential was last used, which every request may move, and the leases, which nodes renew, and how a connection stands, which whoever follows it writes. */
export async function dumpDatabase({ query }: Database): Promise<Record<string, string[]>> {
  const tables = await query<{ name: string }>(
    Prisma.sql`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_name NOT IN ('_prisma_migrations', 'lease') ORDER BY 1`
  )
  const dump: Record<string, string[]> = {}
  for (const { name } of tables) {
    const rows = await query<{ row: string }>(
      Prisma.sql`SELECT (to_jsonb(t) - ${name === 'prefect_server' ? [...byItself, ...health] : byItself}::text[])::text AS row FROM ${Prisma.raw(`"${name}"`)} t ORDER BY 1`
    )
    dump[name] = rows.map(({ row }) => row)
  }
  return dump
}
