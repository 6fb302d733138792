// Reading a server's runs: what runs, what ended lately, what is due. Schedules make runs without an event, and take
// them away without one, so they are compared with what Mayday holds.
import { removeRuns, writeRuns } from '../run/write.ts'
import type { Following } from './following.ts'
import type { Foreseen } from './foreseen.ts'
import { type OpenRun, openRuns } from './open-run.ts'
import { pagesOf } from './pages.ts'
import { Reach } from './reach.ts'
import { type RunRow, runRow } from './rows.ts'
import { runOf } from './run.ts'
import { Subflows } from './subflow.ts'

const hour = 3_600_000
/** Ended runs are read again from so long before the last time: clocks differ, and the server writes them down late. */
const marginMs = 600_000
/** At the very start, and after a long absence, ended runs of no more than this are read. */
const firstPastMs = 24 * hour
const mostPastMs = 168 * hour
const idsAtOnce = 200

export class RunSync {
  readonly #following: Following
  readonly #foreseen: Foreseen
  readonly #subflows: Subflows
  #endedSince: number

  constructor(following: Following, foreseen: Foreseen, lastSyncAt: Date | null) {
    this.#following = following
    this.#foreseen = foreseen
    this.#subflows = new Subflows(following)
    const now = following.api.serverTime()
    this.#endedSince = lastSyncAt ? Math.max(lastSyncAt.getTime() - marginMs, now - mostPastMs) : now - firstPastMs
  }

  /** Reads runs, the upcoming ones as far as the horizon or, for little, an hour ahead. Tells whether some were of a resource that is not known, and how many were not understood. */
  async read(extent: 'all' | 'soon'): Promise<{ lacksResources: boolean; unfit: number }> {
    try {
      return await this.#read(extent)
    } finally {
      // Also when the server does not answer: its time goes on.
      await this.#foreseen.settle()
    }
  }

  async #read(extent: 'all' | 'soon'): Promise<{ lacksResources: boolean; unfit: number }> {
    const { api, horizonMs } = this.#following
    const began = api.serverTime()
    const until = began + (extent === 'all' ? horizonMs : Math.min(horizonMs, hour))
    const seen = new Set<string>()
    const reach = new Reach()
    let lacks = false
    let unfit = 0
    const lists = [
      { state: { type: { any_: ['PENDING', 'RUNNING', 'PAUSED', 'CANCELLING'] } } },
      { state: { type: { any_: ['SCHEDULED'] } }, expected_start_time: { before_: new Date(until).toISOString() } },
      { state: { type: { any_: ['COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED'] } }, end_time: { after_: new Date(this.#endedSince).toISOString() } }
    ]
    for (const list of lists) {
      for await (const { rows, unfit: more } of pagesOf(api, '/flow_runs/filter', { flow_runs: list, sort: 'EXPECTED_START_TIME_ASC' }, runRow)) {
        unfit += more
        for (const { id } of rows) seen.add(id)
        reach.saw(rows)
        lacks = (await this.#write(rows)) || lacks
      }
    }
    // Those of the lists, when they were known before, are among those that are asked for.
    unfit = Math.max(unfit, await this.#settleUnseen(seen, new Date(until)))
    if (extent === 'all') await this.#foreseen.renew(reach, until)
    this.#endedSince = began - marginMs
    return { lacksResources: lacks, unfit }
  }

  async #write(rows: readonly RunRow[]): Promise<boolean> {
    if (rows.length === 0) return false
    const { core, workspaceId, connectionId, pages } = this.#following
    const callers = await this.#subflows.callersOf(rows)
    const runs = rows.map((row) => runOf(row, pages, callers.get(row.id)))
    const { unknownResources } = await writeRuns(core, workspaceId, runs, connectionId)
    return unknownResources.length > 0
  }

  /** Asks for each run that should have been in the lists, by its id: it moved on meanwhile, or the server has it no more. Tells how many were not understood. */
  async #settleUnseen(seen: ReadonlySet<string>, until: Date): Promise<number> {
    let allUnfit = 0
    const unseen = (await openRuns(this.#following, until)).filter(({ id }) => !seen.has(id))
    for (let from = 0; from < unseen.length; from += idsAtOnce) {
      const asked = new Map(unseen.slice(from, from + idsAtOnce).map((run) => [run.id, run]))
      let unfit = 0
      for await (const page of pagesOf(this.#following.api, '/flow_runs/filter', { flow_runs: { id: { any_: [...asked.keys()] } } }, runRow)) {
        unfit += page.unfit
        for (const { id } of page.rows) asked.delete(id)
        await this.#write(page.rows)
      }
      allUnfit += unfit
      // One of those that could not be read may be among them.
      if (unfit === 0) await this.#takeAway([...asked.values()])
    }
    return allUnfit
  }

  /** What never began is taken away. What was running when its record was deleted is over, however it ended. */
  async #takeAway(runs: readonly OpenRun[]): Promise<void> {
    if (runs.length === 0) return
    const { core, workspaceId, connectionId, api } = this.#following
    const waiting = runs.filter(({ state, startedAt }) => state === 'SCHEDULED' && !startedAt)
    await removeRuns(
      core,
      workspaceId,
      waiting.map(({ externalId }) => externalId)
    )
    const begun = runs.filter((run) => !waiting.includes(run))
    const stateAt = new Date(api.serverTime())
    const ended = begun.map(({ externalId, resource }) => ({
      externalId,
      resource,
      state: 'CANCELLED' as const,
      stateName: 'Deleted',
      stateAt,
      endedAt: stateAt
    }))
    if (ended.length > 0) await writeRuns(core, workspaceId, ended, connectionId)
  }
}
