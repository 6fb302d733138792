// How what is told of a run becomes one run, in whatever order and however often it is told:
// - The newest state wins. Of two at the same moment the one further on does, in the order of the enum, then of the names.
// - What goes with the state (its message, the end) is the winner's. A run that leaves its end again, to be retried, has none.
// - It began at the earliest time that anyone tells of, and never ends before it began.
// - Its name, page, parent, tags, resource and expected start are those told with the newest state; what that leaves out
//   stays as it is known, and what an older state tells fills only what is not known. Tags are filled by none.
// - It stays with the connection that told of it first, and keeps the page over there, until that one has ended.
// Twice, since a batch may tell of a run twice and the table knows it already: `mergeTold` for the one, `merged` for the other.
import { Prisma, RunState } from '../database/generated/client/client.ts'

/** What one message tells of a run, checked and cut. Null is what it does not tell. */
export interface ToldRun {
  readonly externalId: string
  /** The external id of what it is a run of. */
  readonly resource: string
  readonly name: string | null
  readonly parent: string | null
  readonly state: RunState
  readonly stateName: string
  readonly stateMessage: string | null
  readonly stateAt: Date
  /** The state's time could not be: it is new if it says something else than what is known. */
  readonly isTimeMadeUp: boolean
  readonly expectedStartAt: Date | null
  readonly startedAt: Date | null
  /** Of a run that is over the time of its state, when it does not tell another. */
  readonly endedAt: Date | null
  readonly tags: readonly string[] | null
  readonly url: string | null
}

const order = new Map(Object.values(RunState).map((state, place) => [state, place]))

/** Positive when the first is newer than the second, 0 when they are the same state. */
function compare(one: ToldRun, other: ToldRun): number {
  const byState = (order.get(one.state) ?? 0) - (order.get(other.state) ?? 0)
  if (byState === 0 && one.stateName === other.stateName && one.isTimeMadeUp) return 0
  return one.stateAt.getTime() - other.stateAt.getTime() || byState || (one.stateName === other.stateName ? 0 : one.stateName > other.stateName ? 1 : -1)
}

/** Each run once, with all that the messages tell of it. */
export function foldTold(messages: Iterable<ToldRun>): ToldRun[] {
  const runs = new Map<string, ToldRun>()
  for (const told of messages) {
    const known = runs.get(told.externalId)
    runs.set(told.externalId, known ? mergeTold(known, told) : told)
  }
  return [...runs.values()]
}

function mergeTold(known: ToldRun, told: ToldRun): ToldRun {
  const newer = compare(told, known)
  const [winner, loser] = newer >= 0 ? [told, known] : [known, told]
  const startedAt = earliest(known.startedAt, told.startedAt)
  const endedAt = newer === 0 ? endOf(known, told) : winner.endedAt
  return {
    ...(newer === 0 ? known : winner),
    stateMessage: winner.stateMessage ?? (newer === 0 ? known.stateMessage : null),
    startedAt,
    endedAt: endedAt && startedAt && endedAt < startedAt ? startedAt : endedAt,
    expectedStartAt: winner.expectedStartAt ?? loser.expectedStartAt,
    resource: winner.resource,
    name: winner.name ?? loser.name,
    parent: winner.parent ?? loser.parent,
    url: winner.url ?? loser.url,
    tags: winner.tags ?? (newer >= 0 ? known.tags : null)
  }
}

/** An end that was told replaces one that was taken from the time of the state, and no other. */
function endOf(known: ToldRun, told: ToldRun): Date | null {
  const isTaken = (run: ToldRun) => run.endedAt?.getTime() === run.stateAt.getTime()
  return isTaken(known) && !isTaken(told) ? told.endedAt : known.endedAt
}

function earliest(one: Date | null, other: Date | null): Date | null {
  if (!one || !other) return one ?? other
  return one < other ? one : other
}

/**
 * The columns of a `run r` that is known and told of again as `excluded`, by the same rules. A column that must have a
 * value cannot say that it was not told: an untold name is the external id, and whose tags were not told stands in a list.
 */
export function merged(told: readonly ToldRun[]): Record<string, Prisma.Sql> {
  const isOneOf = (runs: readonly ToldRun[]) => Prisma.sql`excluded.external_id = ANY(${runs.map(({ externalId }) => externalId)}::text[])`
  const untagged = told.filter(({ tags }) => tags === null)
  const madeUp = told.filter(({ isTimeMadeUp }) => isTimeMadeUp)
  const states = Prisma.sql`(excluded.state_at, excluded.state, excluded.state_name COLLATE "C")`
  const known = Prisma.sql`(r.state_at, r.state, r.state_name COLLATE "C")`
  const sameName = Prisma.sql`(excluded.state, excluded.state_name) = (r.state, r.state_name)`
  const same = madeUp.length > 0 ? Prisma.sql`(${states} = ${known} OR ${sameName} AND ${isOneOf(madeUp)})` : Prisma.sql`${states} = ${known}`
  const newer = madeUp.length > 0 ? Prisma.sql`(${states} > ${known} AND NOT (${sameName} AND ${isOneOf(madeUp)}))` : Prisma.sql`${states} > ${known}`
  const winners = (column: string) => Prisma.raw(`THEN excluded.${column} ELSE r.${column} END`)
  const filled = (column: string) =>
    Prisma.sql`CASE WHEN ${newer} OR ${same} THEN ${Prisma.raw(`coalesce(excluded.${column}, r.${column}) ELSE coalesce(r.${column}, excluded.${column})`)} END`
  // The server has several names, and several connections: each would have the run for itself.
  const isAnothers = Prisma.sql`(excluded.connection_id <> r.connection_id AND EXISTS (SELECT FROM prefect_server keeper WHERE keeper.id = r.connection_id AND keeper.disabled_at IS NULL))`
  return {
    state: Prisma.sql`CASE WHEN ${newer} ${winners('state')}`,
    state_name: Prisma.sql`CASE WHEN ${newer} ${winners('state_name')}`,
    state_at: Prisma.sql`CASE WHEN ${newer} ${winners('state_at')}`,
    state_message: Prisma.sql`CASE WHEN ${newer} THEN excluded.state_message WHEN ${same} THEN coalesce(excluded.state_message, r.state_message) ELSE r.state_message END`,
    expected_start_at: filled('expected_start_at'),
    started_at: Prisma.sql`least(r.started_at, excluded.started_at)`,
    ended_at: Prisma.sql`
      CASE WHEN CASE WHEN ${newer} THEN excluded.ended_at ELSE r.ended_at END IS NOT NULL THEN greatest(least(r.started_at, excluded.started_at),
        CASE WHEN ${newer} OR ${same} AND r.ended_at = r.state_at AND excluded.ended_at <> excluded.state_at ${winners('ended_at')}) END`,
    resource_id: Prisma.sql`CASE WHEN ${newer} OR ${same} ${winners('resource_id')}`,
    connection_id: Prisma.sql`CASE WHEN ${isAnothers} THEN r.connection_id ELSE coalesce(excluded.connection_id, r.connection_id) END`,
    name: Prisma.sql`CASE WHEN excluded.name <> excluded.external_id AND (${newer} OR ${same} OR r.name = r.external_id) ${winners('name')}`,
    parent_external_id: filled('parent_external_id'),
    url: Prisma.sql`CASE WHEN ${isAnothers} THEN coalesce(r.url, excluded.url) ELSE ${filled('url')} END`,
    tags: Prisma.sql`CASE WHEN (${newer} OR ${same}) AND NOT ${isOneOf(untagged)} ${winners('tags')}`
  }
}
