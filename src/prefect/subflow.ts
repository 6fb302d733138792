// Which run called which as a subflow. Prefect ties a subflow's run to a task run of its caller, so that has to be asked for.
import { takeCatalogue } from '../resource/catalogue.ts'
import type { Following } from './following.ts'
import { pagesOf } from './pages.ts'
import { type RunRow, runRow, taskRunRow } from './rows.ts'
import { runsOf } from './run.ts'

/** Remembered are no more than so many of each. */
const mostKnown = 20_000
const idsAtOnce = 200

export class Subflows {
  readonly #following: Following
  /** The caller's run by the task run that stands for the subflow; null where there is none. */
  readonly #callers = new Map<string, string | null>()
  /** What a run is a run of. */
  readonly #resources = new Map<string, string>()
  readonly #told = new Set<string>()

  constructor(following: Following) {
    this.#following = following
  }

  /** The callers of these runs by the runs' ids; what calls what is taken in as lineage. */
  async callersOf(rows: readonly RunRow[]): Promise<Map<string, string>> {
    for (const row of rows) remember(this.#resources, row.id, runsOf(row))
    const subflows = rows.filter(({ parent_task_run_id }) => parent_task_run_id)
    await this.#learnCallers(subflows)
    const callers = new Map<string, string>()
    for (const { id, parent_task_run_id } of subflows) {
      const caller = this.#callers.get(parent_task_run_id ?? '')
      if (caller) callers.set(id, caller)
    }
    await this.#learnResources([...callers.values()])
    await this.#tell(subflows, callers)
    return callers
  }

  async #learnCallers(subflows: readonly RunRow[]): Promise<void> {
    const asked = [...new Set(subflows.map(({ parent_task_run_id }) => parent_task_run_id ?? ''))].filter((id) => !this.#callers.has(id))
    for (const ids of chunks(asked)) {
      for await (const { rows } of pagesOf(this.#following.api, '/task_runs/filter', { task_runs: { id: { any_: ids } } }, taskRunRow))
        for (const row of rows) remember(this.#callers, row.id, row.flow_run_id ?? null)
      for (const id of ids) if (!this.#callers.has(id)) remember(this.#callers, id, null)
    }
  }

  async #learnResources(runIds: readonly string[]): Promise<void> {
    for (const ids of chunks(runIds.filter((id) => !this.#resources.has(id)))) {
      for await (const { rows } of pagesOf(this.#following.api, '/flow_runs/filter', { flow_runs: { id: { any_: ids } } }, runRow))
        for (const row of rows) remember(this.#resources, row.id, runsOf(row))
    }
  }

  async #tell(subflows: readonly RunRow[], callers: ReadonlyMap<string, string>): Promise<void> {
    const calls = new Map<string, { downstream: string; upstream: string }>()
    for (const row of subflows) {
      const downstream = this.#resources.get(callers.get(row.id) ?? '')
      const upstream = runsOf(row)
      if (downstream && downstream !== upstream) calls.set(`${downstream} ${upstream}`, { downstream, upstream })
    }
    const news = [...calls].filter(([key]) => !this.#told.has(key))
    if (news.length === 0) return
    const { core, workspaceId, connectionId } = this.#following
    const dependencies = news.map(([, call]) => ({ ...call, kind: 'CALLS' as const, confidence: 'LIKELY' as const }))
    await takeCatalogue(core, workspaceId, { connectionId, source: 'EVENT', resources: [], dependencies })
    if (this.#told.size > mostKnown) this.#told.clear()
    for (const [key] of news) this.#told.add(key)
  }
}

function remember<Value>(known: Map<string, Value>, key: string, value: Value): void {
  known.set(key, value)
  if (known.size <= mostKnown) return
  const [oldest] = known.keys()
  if (oldest !== undefined) known.delete(oldest)
}

function chunks(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / idsAtOnce) }, (_, index) => ids.slice(index * idsAtOnce, (index + 1) * idsAtOnce))
}
