// Following a server's events: the stream for what happens now, and the filter for the stretch since the moment up to
// which everything is known to have been taken in.
import { takeEvents } from '../event/intake.ts'
import { patience, pause } from '../pause.ts'
import type { ServerAddress } from './address.ts'
import { readEvents } from './backfill.ts'
import { backoffMs } from './backoff.ts'
import { eventsUntil, noteEventsUntil } from './connection.ts'
import type { Following } from './following.ts'
import type { Health } from './health.ts'
import { Intake } from './intake.ts'
import type { Pace } from './pace.ts'
import { Repeated } from './repeat.ts'
import { openStream, type Stream, streamLifeMs } from './stream.ts'

const hour = 3_600_000
/** Events are written down by the server, and sent to it, some time after they occurred. */
const overlapMs = 120_000
const firstPastMs = 24 * hour
/** Prefect keeps events for a week unless it is told otherwise. */
const mostPastMs = 168 * hour
/** The server's clock is known no better; what occurred later than that was dated by one that is off. */
const clockMs = 3_000

export interface EventSync {
  readonly following: Following
  readonly address: ServerAddress
  readonly health: Health
  readonly pace: Pace
  /** Names of events that were taken in. */
  noticed(names: readonly string[]): void
  /** The stream has begun, also again: what happened before was not heard. */
  begun(): void
}

/** Follows the events until the signal aborts; whatever fails is begun anew. */
export async function followEvents(sync: EventSync, signal: AbortSignal): Promise<void> {
  const reconciliation = new Repeated()
  const begun = () => {
    reconciliation.ask()
    sync.begun()
  }
  const broken = () => reconciliation.ask()
  await Promise.all([followStream(sync, { begun, broken }, signal), reconcileAgain(sync, reconciliation, signal)])
}

async function followStream(sync: EventSync, { begun, broken }: { begun: () => void; broken: () => void }, signal: AbortSignal): Promise<void> {
  const { following, address, health, pace } = sync
  let stream: Stream | undefined
  let failures = 0
  const intake = new Intake(
    {
      take: (events) => takeLive(sync, events),
      pauseSource: () => stream?.pause(),
      resumeSource: () => stream?.resume(),
      failed: (error) => {
        health.bad('intake', error)
        broken()
      }
    },
    signal
  )
  while (!signal.aborted) {
    try {
      stream = await openStream(address, { now: following.api.serverTime(), silenceMs: pace.silenceMs, signal }, (event, bytes) => intake.add(event, bytes))
      if (intake.isPaused) stream.pause()
      health.good('stream')
      begun()
      const opened = Date.now()
      if ((await patience(stream.over, pace.settleMs, signal)) === undefined) begun()
      const reason = await patience(stream.over, streamLifeMs, signal)
      stream.end()
      if (reason && !signal.aborted) health.bad('stream', reason)
      // One that ends as soon as it begins is a failure like any other.
      if (Date.now() - opened > pace.mostRetryMs) failures = 0
    } catch (error) {
      if (!signal.aborted) health.bad('stream', error)
    }
    failures++
    // Without the stream, the filter is asked instead; and if that is away too, the server is.
    broken()
    await pause(backoffMs(failures, pace.retryMs, pace.mostRetryMs), signal)
  }
  await intake.settled()
}

async function reconcileAgain(sync: EventSync, reconciliation: Repeated, signal: AbortSignal): Promise<void> {
  const { reconcileMs, settleMs: restMs, retryMs, mostRetryMs } = sync.pace
  await reconciliation.run(
    async () => {
      try {
        await reconcile(sync)
        sync.health.good('events')
      } catch (error) {
        if (!signal.aborted) sync.health.bad('events', error)
        throw error
      }
    },
    { everyMs: reconcileMs, mostMs: reconcileMs, restMs, retryMs, mostRetryMs },
    signal
  )
}

/** Takes in what occurred since the moment up to which all is known; what is known already changes nothing. */
async function reconcile(sync: EventSync): Promise<void> {
  const { api, core, connectionId, version } = sync.following
  // A call tells what time it is there, by which events are dated.
  const probe = { since: new Date(api.serverTime() - 1).toISOString(), until: new Date(api.serverTime()).toISOString() }
  await api.post('/events/filter', { filter: { occurred: probe }, limit: 1 })
  // Which it tells to the second only: an event of just now must not lie beyond the end.
  const now = api.serverTime() + 1_000
  const known = await eventsUntil(core.database, connectionId)
  const since = known ? Math.max(known.getTime(), now - mostPastMs) : now - firstPastMs
  let refused = 0
  await readEvents(
    api,
    { since, until: now },
    async (events) => {
      const taken = await take(sync, events, refused)
      refused += events.length - taken.length
      noteTaken(sync, taken, false)
    },
    (moment) => noteEventsUntil(core.database, { id: connectionId, version }, new Date(Math.min(moment, now - overlapMs)))
  )
  // Those that the stream brought since the last time were among these.
  if (refused === 0) sync.health.good('refused')
}

async function takeLive(sync: EventSync, events: readonly unknown[]): Promise<void> {
  const taken = await take(sync, events, 0)
  sync.health.good('intake')
  noteTaken(sync, taken, true)
}

/** Gives the events that were not refused; so many were refused before. */
async function take({ following, health, noticed }: EventSync, events: readonly unknown[], refused: number): Promise<unknown[]> {
  const { core, workspaceId, connectionId } = following
  const { rejected } = await takeEvents(core, workspaceId, events, connectionId)
  const [first] = rejected
  if (first) health.refused(refused + rejected.length, first.reason)
  noticed(namesOf(events))
  const places = new Set(rejected.map(({ index }) => index))
  return events.filter((_, index) => !places.has(index))
}

/** The lag is that of events that came as they happened; those that were looked for later tell of none. */
function noteTaken({ following, health }: EventSync, events: readonly unknown[], live: boolean): void {
  const now = following.api.serverTime()
  const occurred = timesOf(events).map((at) => Math.min(at, now + clockMs))
  if (occurred.length === 0) return
  health.tookEvents(new Date(Math.max(...occurred)), live ? occurred.reduce((sum, at) => sum + now - at, 0) / occurred.length : null)
}

function namesOf(events: readonly unknown[]): string[] {
  return events.map((event) => (event as { event?: unknown } | null)?.event).filter((name) => typeof name === 'string')
}

function timesOf(events: readonly unknown[]): number[] {
  return events.map((event) => Date.parse(String((event as { occurred?: unknown } | null)?.occurred))).filter((at) => !Number.isNaN(at))
}
