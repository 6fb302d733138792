// The record as people read it: a workspace's audit log.
import { z } from 'zod'
import type { Session } from '../core.ts'
import { find } from '../database/engine.ts'
import { Prisma } from '../database/generated/client/client.ts'
import { moment, parseInput } from '../input.ts'
import { keyset, type PageArgs, page } from '../page.ts'
import { bySequence, type ChangeRow, changeTable } from './change.ts'
import { visibleChanges } from './policy.ts'

const few = z.array(z.string()).max(100, 'must have at most 100 entries').nullish()
const filterInput = z.object({
  kind: few,
  incidentIds: few,
  actorIds: few,
  at: z.object({ from: moment.nullish(), until: moment.nullish() }).nullish()
})

export type ChangeFilter = z.output<typeof filterInput>

export function parseChangeFilter(given: unknown): ChangeFilter {
  return parseInput(filterInput, given ?? {}, 'filter')
}

/** The same condition as `matchesChange`, for a SELECT. */
function matchingChanges(filter: ChangeFilter): Prisma.Sql[] {
  const { kind, incidentIds, actorIds, at } = filter
  return [
    ...(kind ? [Prisma.sql`c.kind = ANY(${kind}::text[])`] : []),
    ...(incidentIds ? [isAnyOf(incidentIds)] : []),
    ...(actorIds ? [Prisma.sql`c.actor_id = ANY(${actorIds}::uuid[])`] : []),
    ...(at?.from ? [Prisma.sql`c.at >= ${at.from}::timestamptz`] : []),
    ...(at?.until ? [Prisma.sql`c.at < ${at.until}::timestamptz`] : [])
  ]
}

/** One is the usual case, which the index has in order. */
function isAnyOf(incidentIds: string[]): Prisma.Sql {
  return incidentIds.length === 1 ? Prisma.sql`c.incident_id = ${incidentIds[0]}::uuid` : Prisma.sql`c.incident_id = ANY(${incidentIds}::uuid[])`
}

/** The same condition as `matchingChanges`, for a change at hand. */
export function matchesChange({ kind, incidentIds, actorIds, at }: ChangeFilter, change: ChangeRow): boolean {
  if (kind && !kind.includes(change.kind)) return false
  if (incidentIds && !incidentIds.includes(change.incidentId ?? '')) return false
  if (actorIds && !actorIds.includes(change.actorId ?? '')) return false
  if (at?.from && change.at < at.from) return false
  return !(at?.until && change.at >= at.until)
}

/** All that happened to one incident: whichever it is, the index has that in order. */
function isOfOneIncident({ incidentIds, kind, actorIds, at }: ChangeFilter): boolean {
  return incidentIds?.length === 1 && !kind && !actorIds && !at
}

/** Oldest first by default, as things happened; `newestFirst` for looking back. */
export async function listChanges(session: Session, filter: ChangeFilter, newestFirst: boolean, args: PageArgs) {
  const { core, viewer } = session
  const condition = Prisma.join([visibleChanges(viewer), ...matchingChanges(filter)], ' AND ')
  const connection = await page(
    args,
    ({ sequence }: ChangeRow) => [sequence],
    (slice) => {
      const { where, orderBy, limit } = keyset(bySequence, newestFirst, slice, session.selected)
      return changeTable.read(
        session,
        (columns) => Prisma.sql`SELECT ${columns} FROM change c WHERE ${condition} AND ${where} ORDER BY ${orderBy} LIMIT ${limit}`,
        isOfOneIncident(filter) ? find : {}
      )
    }
  )
  const totalCount = async () => {
    const [row] = await core.database.query<{ count: number }>(Prisma.sql`SELECT count(*) AS count FROM change c WHERE ${condition}`)
    return row?.count ?? 0
  }
  return { ...connection, totalCount }
}
