// Deletes events and runs when they are old: one node does it for all, a little at a time, while all goes on.
import type { Core } from '../core.ts'
import { Prisma } from '../database/generated/client/client.ts'
import { type Leadership, lead } from '../database/lease.ts'
import { pause } from '../pause.ts'

/** How long things are kept, in days; 0 is for ever. */
export interface Retention {
  /** Since an event came in. */
  readonly eventDays: number
  /** Since a run was over. One that is not is kept. */
  readonly runDays: number
}

const dayMs = 86_400_000
const mostAtOnce = 1_000
/** Others have the database to themselves for so long after each batch. */
const pauseMs = 100
const roundMs = 600_000
/** What is a few minutes too old harms nobody. */
const leaseTimes = { leaseMs: 300_000, renewMs: 60_000 }

const old = {
  event: (before: Date) => Prisma.sql`event WHERE (workspace_id, id) IN (SELECT workspace_id, id FROM event WHERE received_at < ${before}::timestamptz`,
  run: (before: Date) =>
    Prisma.sql`run WHERE id IN (SELECT id FROM run WHERE state_at < ${before}::timestamptz AND state IN ('COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED')`
}

/** Deletes what is too old now, in batches; ends early when the signal says so. Returns how many rows went. */
export async function deleteOld({ database, clock }: Pick<Core, 'database' | 'clock'>, retention: Retention, signal: AbortSignal): Promise<number> {
  let deleted = 0
  for (const [what, days] of [['event', retention.eventDays] as const, ['run', retention.runDays] as const]) {
    if (days === 0) continue
    const target = old[what](new Date(clock().getTime() - days * dayMs))
    for (let more = true; more && !signal.aborted; ) {
      const [row] = await database.query<{ count: number }>(Prisma.sql`
        WITH gone AS (DELETE FROM ${target} LIMIT ${mostAtOnce} FOR UPDATE SKIP LOCKED) RETURNING 1) SELECT count(*) AS count FROM gone`)
      deleted += row?.count ?? 0
      more = row?.count === mostAtOnce
      if (more) await pause(pauseMs, signal)
    }
  }
  return deleted
}

/** Does so from now on, on one node at a time. */
export function startRetention(core: Core, retention: Retention): Leadership {
  const failed = (error: unknown) => core.log.error({ err: error }, 'Old events and runs could not be deleted')
  return lead(
    core.database,
    'retention',
    async (signal) => {
      while (!signal.aborted) {
        const deleted = await deleteOld(core, retention, signal)
        if (deleted > 0) core.log.info({ deleted }, 'Deleted old events and runs')
        await pause(roundMs, signal)
      }
    },
    failed,
    leaseTimes
  )
}
