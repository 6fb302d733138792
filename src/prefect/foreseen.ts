// Runs that Prefect has not made yet. Its scheduler makes only the next few of each schedule, so what lies behind those is
// foreseen from the schedules, as runs like others that are called `Foreseen`, until Prefect makes them or they are off.
import { setImmediate } from 'node:timers/promises'
import type { GivenResource } from '../resource/catalogue.ts'
import { type GivenRun, removeRuns, writeRuns } from '../run/write.ts'
import { externalId } from './external-id.ts'
import type { Following } from './following.ts'
import { foreseenRuns, overtakenRuns, realTimes } from './foreseen-rows.ts'
import type { Reach } from './reach.ts'
import type { DeploymentRow } from './rows.ts'
import { type Times, timesOf } from './schedule.ts'

/** A foreseen run that is so near to one that Prefect has is the same run. */
const sameMs = 1_000
/** Whoever else has work to do is let in so often. */
const busyMs = 10

interface Plan {
  /** What it was made of. */
  readonly source: string
  readonly deployment: GivenResource
  readonly schedules: readonly { readonly id: string; readonly times: Times }[]
}

export class Foreseen {
  readonly #following: Following
  /** By the external ids of deployments; nothing is known before the first catalogue. */
  #plans: ReadonlyMap<string, Plan> | undefined

  constructor(following: Following) {
    this.#following = following
  }

  /** Learns the schedules. Of a list that is not whole, the deployments that it lacks keep theirs. Tells whether something is other than before. */
  know(rows: readonly DeploymentRow[], resources: readonly GivenResource[], isWhole: boolean): boolean {
    const known = this.#plans ?? new Map<string, Plan>()
    const plans = new Map(isWhole ? [] : known)
    const things = new Map(resources.map((resource) => [resource.externalId, resource]))
    let moved = this.#plans === undefined
    for (const row of rows) {
      const deployment = things.get(externalId('deployment', row.id))
      if (!deployment) continue
      const source = JSON.stringify([row.paused, row.schedules, deployment])
      const before = known.get(deployment.externalId)
      const plan = before?.source === source ? before : { source, deployment, schedules: row.paused ? [] : schedulesOf(row) }
      moved ||= plan !== before
      plans.set(deployment.externalId, plan)
    }
    this.#plans = plans
    return moved || plans.size !== known.size
  }

  /** Takes away what Prefect has made by now, and what it has not made although its time has come. */
  async settle(): Promise<void> {
    const { core, workspaceId, api } = this.#following
    const overtaken = await overtakenRuns(this.#following, new Date(api.serverTime()), sameMs)
    if (overtaken.length > 0) await removeRuns(core, workspaceId, overtaken)
  }

  /** Makes the foreseen runs what the schedules say, behind those that Prefect has made. */
  async renew(reach: Reach, until: number): Promise<void> {
    if (!this.#plans) return
    const { core, workspaceId, connectionId } = this.#following
    const wanted = await this.#wanted(this.#plans, reach, until)
    const gone: string[] = []
    for (const held of await foreseenRuns(this.#following)) {
      const run = wanted.get(held.externalId)
      if (!run) gone.push(held.externalId)
      else if (run.name === held.name && run.url === held.url && JSON.stringify(run.tags) === JSON.stringify(held.tags)) wanted.delete(held.externalId)
    }
    if (gone.length > 0) await removeRuns(core, workspaceId, gone)
    if (wanted.size > 0) await writeRuns(core, workspaceId, [...wanted.values()], connectionId)
  }

  async #wanted(plans: ReadonlyMap<string, Plan>, reach: Reach, until: number): Promise<Map<string, GivenRun>> {
    const now = this.#following.api.serverTime()
    const real = await realTimes(this.#following, new Date(now - sameMs), new Date(until + sameMs))
    const runs = new Map<string, GivenRun>()
    let began = performance.now()
    for (const [id, { deployment, schedules }] of plans) {
      const taken = real.get(id) ?? []
      for (const { id: scheduleId, times } of schedules) {
        for (const at of times(Math.max(now, reach.of(id, scheduleId)), until)) {
          if (taken.some((time) => Math.abs(time - at) <= sameMs)) continue
          const run = foreseenRun(deployment, new Date(at), new Date(now))
          runs.set(run.externalId, run)
        }
        if (performance.now() - began < busyMs) continue
        await setImmediate()
        began = performance.now()
      }
    }
    return runs
  }
}

function schedulesOf(row: DeploymentRow): Plan['schedules'] {
  return row.schedules.flatMap(({ id, active, schedule }) => {
    const times = active === false ? undefined : timesOf(schedule)
    return times ? [{ id: id ?? '', times }] : []
  })
}

function foreseenRun({ externalId: resource, name, tags, url }: GivenResource, at: Date, now: Date): GivenRun {
  return {
    externalId: `${resource}@${at.toISOString()}`,
    name: `${name} ${at.toISOString().slice(0, 16).replace('T', ' ')}Z`,
    resource,
    state: 'SCHEDULED',
    stateName: 'Foreseen',
    stateAt: now,
    expectedStartAt: at,
    // Prefect's scheduler gives its runs this tag.
    tags: ['auto-scheduled', ...(tags ?? [])],
    url: url ?? null
  }
}
