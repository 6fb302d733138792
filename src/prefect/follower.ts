// Follows one Prefect server for as long as this node leads: its catalogue, its events and its runs, each by itself, so
// that trouble with one leaves the others be.
import type { Core } from '../core.ts'
import { takeCatalogue } from '../resource/catalogue.ts'
import { removalOfEnded } from '../run/write.ts'
import { pagesUrl, type ServerAddress } from './address.ts'
import { PrefectApi } from './api.ts'
import { catalogueOf } from './catalogue.ts'
import { followedConnection } from './connection.ts'
import { type EventSync, followEvents } from './event-sync.ts'
import type { Following } from './following.ts'
import { Foreseen } from './foreseen.ts'
import { Health, type Part } from './health.ts'
import { withoutKeptElsewhere } from './kept-elsewhere.ts'
import { keyOf } from './key.ts'
import { readListing } from './listing.ts'
import { type Pace, usualPace } from './pace.ts'
import { PrefectProblem } from './problem.ts'
import { Repeated, restAfter } from './repeat.ts'
import { RunSync } from './run-sync.ts'

export interface FollowOptions {
  /** The API key of the server that the environment names. */
  readonly environmentKey: string | undefined
  readonly horizonMs: number
  readonly pace?: Pace
}

/** Events after which the catalogue, and what is scheduled, may be other than before. */
const movesCatalogue =
  /^prefect(?:-cloud)?\.(?:flow|deployment|work-pool|work-queue|block-document)\.|^prefect\.automation\.(?:created|updated|deleted|enabled|disabled)/

/** Follows a server until the signal aborts. What goes wrong is seen in its health; nothing is thrown. */
export async function follow(
  core: Core,
  connectionId: string,
  { environmentKey, horizonMs, pace = usualPace }: FollowOptions,
  signal: AbortSignal
): Promise<void> {
  const connection = await followedConnection(core.database, connectionId)
  if (!connection) return
  const health = new Health(core, connection)
  let address: ServerAddress
  try {
    address = { apiUrl: connection.apiUrl, key: keyOf(core, connection, environmentKey) }
  } catch (error) {
    health.bad('events', error)
    await health.end()
    // It is begun anew when the connection or the environment is another.
    await new Promise<void>((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })))
    return
  }

  const api = new PrefectApi(address, signal)
  const following: Following = {
    core,
    workspaceId: connection.workspaceId,
    connectionId,
    version: connection.version,
    api,
    pages: pagesUrl(address.apiUrl),
    horizonMs
  }
  const catalogue = new Repeated()
  const runs = new Repeated()
  const foreseen = new Foreseen(following)
  const runSync = new RunSync(following, foreseen, connection.lastSyncAt)
  const known = Promise.withResolvers<void>()
  let wantsAllRuns = true
  let allRunsAgainAt = Number.NEGATIVE_INFINITY

  async function watched(part: Part, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!signal.aborted) health.bad(part, error)
      throw error
    }
  }

  async function readCatalogue(): Promise<void> {
    const { listed, complete, incomplete, lacking } = await readListing(api)
    const { resources, dependencies } = await withoutKeptElsewhere(following, catalogueOf(listed, following.pages))
    const outcome = await takeCatalogue(core, following.workspaceId, { connectionId, source: 'CATALOG', resources, dependencies, complete, incomplete })
    if (lacking) health.bad('catalogue', new PrefectProblem('withheld', lacking))
    else health.good('catalogue')
    const isOther = foreseen.know(listed.deployments, resources, complete.includes('DEPLOYMENT'))
    if (isOther || outcome.created + outcome.updated + outcome.gone > 0) readAllRuns()
  }

  /** Schedules may have moved, or runs have waited for their deployment to be known. */
  function readAllRuns(): void {
    wantsAllRuns = true
    runs.ask()
  }

  async function readRuns(): Promise<void> {
    const began = performance.now()
    const all = wantsAllRuns || began >= allRunsAgainAt
    // Whoever asks from now on asks for another reading; as does one that fails.
    wantsAllRuns = false
    const { lacksResources, unfit } = await runSync.read(all ? 'all' : 'soon').catch((error: unknown) => {
      wantsAllRuns ||= all
      throw error
    })
    // Not more often than is good for a server that has many.
    if (all) allRunsAgainAt = performance.now() + restAfter(performance.now() - began, { everyMs: 0, mostMs: pace.mostAllRunsMs })
    if (lacksResources) catalogue.ask()
    health.tookRuns(core.clock())
    if (unfit > 0) health.bad('runs', new PrefectProblem('not-prefect', `The runs are not whole: ${unfit} of flow_runs are not as Prefect has them.`))
    else health.good('runs')
  }

  const events: EventSync = {
    following,
    address,
    health,
    pace,
    noticed: (names) => {
      if (!names.some((name) => movesCatalogue.test(name))) return
      catalogue.ask()
      readAllRuns()
    },
    begun: () => runs.ask()
  }
  const rhythm = { restMs: pace.settleMs, retryMs: pace.retryMs, mostRetryMs: pace.mostRetryMs }
  await Promise.all([
    followEvents(events, signal),
    catalogue
      .run(() => watched('catalogue', readCatalogue).finally(known.resolve), { everyMs: pace.catalogueMs, mostMs: pace.mostCatalogueMs, ...rhythm }, signal)
      .finally(known.resolve),
    // Runs of what is not known yet could not be taken in.
    known.promise.then(() => runs.run(() => watched('runs', readRuns), { everyMs: pace.runsMs, mostMs: pace.runsMs, ...rhythm }, signal))
  ])
  await health.end()
  // What was written while it was being ended.
  await core.database.query(removalOfEnded(following.workspaceId, connectionId))
}
