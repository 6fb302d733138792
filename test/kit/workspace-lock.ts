// The lock that every command of a workspace takes, held from outside: what waits for it comes in a known order.
import pg from 'pg'
import type { TestApp } from './app.ts'

/** Takes the lock of the first workspace, on PostgreSQL, until it is released. */
export async function holdWorkspace({ databaseUrl, workspace }: TestApp) {
  const holder = new pg.Client({ connectionString: databaseUrl })
  const watcher = new pg.Client({ connectionString: databaseUrl })
  await Promise.all([holder.connect(), watcher.connect()])
  await holder.query('BEGIN')
  await holder.query('SELECT FROM workspace WHERE id = $1 FOR UPDATE', [workspace.workspaceId])
  return {
    /** Waits until so many commands stand before the lock. */
    async waiters(count: number) {
      for (;;) {
        const { rows } = await watcher.query(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
        if (rows.length >= count) return
      }
    },
    release: () => holder.query('COMMIT'),
    async [Symbol.asyncDispose]() {
      await Promise.all([holder.end(), watcher.end()])
    }
  }
}
