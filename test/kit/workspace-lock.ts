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
    /** Breaks the connection of the command that stands before the lock, when one does, and waits until it is gone. */
    async breakWaiter() {
      const before = `FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
      let pid: number | undefined
      while (pid === undefined) pid = (await watcher.query<{ pid: number }>(`SELECT pid ${before}`)).rows[0]?.pid
      await watcher.query('SELECT pg_terminate_backend($1)', [pid])
      while ((await watcher.query('SELECT FROM pg_stat_activity WHERE pid = $1', [pid])).rows.length > 0);
    },
    release: () => holder.query('COMMIT'),
    async [Symbol.asyncDispose]() {
      await Promise.all([holder.end(), watcher.end()])
    }
  }
}
