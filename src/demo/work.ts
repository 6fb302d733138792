// The orchestrator's work while the demo plays: deployments run at their times, so that there is always something to harm.
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Catalogue } from './catalogue.ts'

/** A run as `upsertRuns` takes it. */
export interface DemoRun {
  externalId: string
  name: string
  resource: string
  state: 'SCHEDULED' | 'RUNNING' | 'COMPLETED'
  stateAt: string
  expectedStartAt: string
}

const minute = 60_000
const horizon = 24 * 60 * minute

/** How often the recorded deployments run, and how long; more often than in the recording, since nobody watches a demo for a night. */
const timetable = [
  { deployment: 'ingest-orders/hourly', every: 10, lasts: 4 },
  { deployment: 'customer-360-sync/crm', every: 30, lasts: 7 },
  { deployment: 'dbt-nightly/prod', every: 60, lasts: 20 },
  { deployment: 'ml-feature-refresh/churn', every: 120, lasts: 25 },
  { deployment: 'billing-export/bank', every: 240, lasts: 12 },
  { deployment: 'warehouse-backup/nightly', every: 360, lasts: 45 }
]

interface Planned extends Omit<DemoRun, 'stateAt' | 'expectedStartAt'> {
  readonly start: number
  readonly end: number
}

export class Work {
  readonly #catalogue: Catalogue
  readonly #next: Map<string, number>
  #runs: Planned[] = []

  constructor(catalogue: Catalogue, now: Date) {
    this.#catalogue = catalogue
    // One run of each is under way when the demo begins.
    this.#next = new Map(timetable.map(({ deployment, lasts }, index) => [deployment, now.getTime() - (lasts * minute * (index + 1)) / (timetable.length + 1)]))
  }

  /** What there is to tell of runs: those that came into the horizon, began or ended since the last call. */
  news(now: Date): DemoRun[] {
    const planned = this.#plan(now.getTime() + horizon)
    const told = [...this.#runs.filter((run) => stateOf(run, now) !== run.state), ...planned]
    for (const run of told) run.state = stateOf(run, now)
    this.#runs = [...this.#runs, ...planned].filter(({ state }) => state !== 'COMPLETED')
    return told.map(({ start, end, ...run }) => {
      const stateAt = { SCHEDULED: now.getTime(), RUNNING: start, COMPLETED: end }[run.state]
      return { ...run, stateAt: new Date(stateAt).toISOString(), expectedStartAt: new Date(start).toISOString() }
    })
  }

  #plan(until: number): Planned[] {
    return timetable.flatMap(({ deployment, every, lasts }) => {
      const runs: Planned[] = []
      let start = this.#next.get(deployment) ?? until
      for (; start < until; start += every * minute) {
        runs.push({
          externalId: `prefect.flow-run.${randomUUID()}`,
          name: this.#catalogue.makeUpName(),
          resource: this.#catalogue.find('DEPLOYMENT', deployment).externalId,
          state: 'SCHEDULED',
          start,
          end: start + lasts * minute
        })
      }
      this.#next.set(deployment, start)
      return runs
    })
  }
}

function stateOf({ start, end }: Planned, now: Date): DemoRun['state'] {
  if (now.getTime() < start) return 'SCHEDULED'
  return now.getTime() < end ? 'RUNNING' : 'COMPLETED'
}

const place = new URL('../../test/prefect/recording/events.jsonl', import.meta.url)

/** The recorded events that tell which assets are made from which others and by whom, as if they had just come. */
export function assetEvents(now: Date): object[] {
  const lines = readFileSync(place, 'utf8').trim().split('\n')
  return lines.map((line) => JSON.parse(line)).flatMap((event) => (event.event.startsWith('prefect.asset.') ? [{ ...event, occurred: now.toISOString() }] : []))
}
