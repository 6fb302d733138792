// Conditions on `run r`. States are spelled out, not bound: only so can the planner take the partial indexes.
import { Prisma } from '../database/generated/client/client.ts'
import { lateAfterMs, ongoingStates } from './state.ts'

/** Work is under way. */
export const ongoing = Prisma.raw(`r.state IN (${ongoingStates.map((state) => `'${state}'`).join(', ')})`)

export const failed = Prisma.raw(`r.state IN ('FAILED', 'CRASHED')`)

/** It will not do its work, and nobody said that it failed. */
export const skipped = Prisma.raw(`(r.state = 'CANCELLED' OR r.state_name = 'Skipped')`)

/** It is to begin before this moment, or should have begun already. One whose time nobody told may begin at any moment. */
export function upcoming(until: Date): Prisma.Sql {
  return Prisma.sql`r.state = 'SCHEDULED' AND (r.expected_start_at < ${until}::timestamptz OR r.expected_start_at IS NULL)`
}

/** It should have begun by now and has not. */
export function isLateSql(now: Date): Prisma.Sql {
  return Prisma.sql`(r.state = 'SCHEDULED' AND (r.state_name = 'Late' OR r.expected_start_at < ${new Date(now.getTime() - lateAfterMs)}::timestamptz))`
}

/** It failed, was skipped or became late at this moment or later. */
export function harmedSince(at: Date, now: Date): Prisma.Sql {
  const late = Prisma.sql`${isLateSql(now)} AND coalesce(r.expected_start_at, r.state_at) >= ${new Date(at.getTime() - lateAfterMs)}::timestamptz`
  return Prisma.sql`((${failed} OR ${skipped}) AND r.state_at >= ${at}::timestamptz OR ${late})`
}
