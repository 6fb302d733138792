// Work that one node does for all: whoever holds a lease in the database, for as long as it renews it.
import { randomUUID } from 'node:crypto'
import { patience, pause } from '../pause.ts'
import type { Database } from './engine.ts'
import { Prisma } from './generated/client/client.ts'

interface LeaseTimes {
  /** A node that has not renewed its lease for so long has lost it. Another takes over within this and one `renewMs`. */
  readonly leaseMs: number
  readonly renewMs: number
}

const usualTimes: LeaseTimes = { leaseMs: 10_000, renewMs: 4_000 }

export interface Leadership {
  /** Ends the work, waits for its end, and gives the lease back, so that another node goes on at once. */
  stop(): Promise<void>
}

/**
 * Runs `work` on one node at a time. Its signal aborts when the lease is lost or the node stops; it must then end soon.
 * Work that ends or throws by itself is begun anew after a while, by whichever node then has the lease.
 */
export function lead(
  database: Database,
  name: string,
  work: (signal: AbortSignal) => Promise<void>,
  failed: (error: unknown) => void,
  { leaseMs, renewMs }: LeaseTimes = usualTimes
): Leadership {
  const holderId = randomUUID()
  const stopping = new AbortController()

  /** The clock is the database's, so that nodes need not agree about the time. */
  async function hold(): Promise<boolean> {
    const rows = await database.query(Prisma.sql`
      INSERT INTO lease AS l (name, holder_id, expires_at) VALUES (${name}, ${holderId}::uuid, now() + ${leaseMs} * interval '1 millisecond')
      ON CONFLICT (name) DO UPDATE SET holder_id = excluded.holder_id, expires_at = excluded.expires_at
      WHERE l.holder_id = excluded.holder_id OR l.expires_at < now() RETURNING l.name`)
    return rows.length > 0
  }

  async function workWhileHeld(): Promise<void> {
    const lost = new AbortController()
    const done = work(AbortSignal.any([stopping.signal, lost.signal])).catch(failed)
    let working = true
    const ended = done.then(() => {
      working = false
    })
    let held = performance.now()
    while (working) {
      await patience(ended, renewMs, stopping.signal)
      if (stopping.signal.aborted || !working) break
      const asked = performance.now()
      // A database that does not answer may have given the lease to another by the time it does.
      const sureUntil = held + leaseMs - renewMs
      const holding = hold().catch(() => performance.now() < sureUntil && 'unsure')
      const still = await patience(holding, Math.max(sureUntil - asked, 0), stopping.signal)
      if (!still) lost.abort()
      if (still === true) held = asked
    }
    await ended
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      if (await hold().catch(() => false)) await workWhileHeld()
      await pause(renewMs, stopping.signal)
    }
    await database.query(Prisma.sql`DELETE FROM lease WHERE name = ${name} AND holder_id = ${holderId}::uuid`).catch(() => {})
  }

  const running = run()
  return {
    async stop() {
      stopping.abort()
      await running
    }
  }
}
