// The active incidents of one workspace as the recorder follows them: what each reaches, and whether something of that
// has moved since it was counted.
import type { Core } from '../../core.ts'
import { figuresOfMany, type Reach } from '../figures.ts'
import type { ActiveIncident, Lineage } from '../graph/lineage.ts'
import type { Spread } from '../graph/spread.ts'
import { defaultHorizonMs, idsOf, timeOf } from '../impact.ts'
import { endedSubjects } from './active.ts'
import { recordFigures } from './record-figures.ts'

interface Known {
  readonly incident: ActiveIncident
  readonly spread: Spread
  readonly resourceIds: readonly string[]
}

interface Due extends Reach {
  readonly incidentId: string
  readonly origins: number
}

export class FollowedWorkspace {
  readonly #core: Core
  readonly #workspaceId: string
  readonly #known = new Map<string, Known>()
  readonly #ended = new Set<string>()
  readonly #due = new Set<string>()
  readonly #unfollow: () => void
  #all = true
  #moved = true
  #version = -1

  constructor(core: Core, workspaceId: string, news: () => void) {
    this.#core = core
    this.#workspaceId = workspaceId
    this.#unfollow = core.graphs.follow(workspaceId, () => {
      this.#moved = true
      news()
    })
  }

  /** Whether there is nothing to count, now or when something moves. */
  get isIdle(): boolean {
    return this.#known.size + this.#ended.size === 0 && !this.#moved && !this.#all
  }

  stop(): void {
    this.#unfollow()
  }

  /** Runs of these resources have moved, or of any; tells whether that concerns an incident. */
  runsMoved(resourceIds: readonly string[] | null): boolean {
    for (const [id, { spread }] of this.#known) if (resourceIds?.some((each) => spread.reaches(each)) ?? true) this.#due.add(id)
    return this.#due.size > 0
  }

  ended(incidentId: string): void {
    this.#ended.add(incidentId)
  }

  lookAtAll(): void {
    this.#all = true
  }

  /** Counts anew for the incidents of which something has moved, and writes what is other than before. */
  async count(): Promise<void> {
    const [all, moved] = [this.#all, this.#moved]
    if (!all && !moved && this.#due.size + this.#ended.size === 0) return
    this.#all = this.#moved = false
    if (all || moved) this.#takeIn(await this.#core.graphs.of(this.#workspaceId))
    if (all) for (const id of this.#known.keys()) this.#due.add(id)
    const due = [...this.#due].flatMap((id) => this.#known.get(id) ?? [])
    const endedIds = [...this.#ended]
    this.#due.clear()
    this.#ended.clear()
    try {
      await this.#record([...this.#ongoing(due), ...(await this.#over(endedIds))])
    } catch (error) {
      for (const id of endedIds) this.#ended.add(id)
      throw error
    }
  }

  /** Finds what each incident reaches by now; one that reaches the same, since the same time, has not moved. */
  #takeIn(lineage: Lineage): void {
    if (lineage.version === this.#version) return
    this.#version = lineage.version
    for (const id of this.#known.keys()) {
      if (lineage.incidents.has(id)) continue
      this.#known.delete(id)
      this.#ended.add(id)
    }
    for (const [id, incident] of lineage.incidents) {
      const spread = lineage.graph.spread(incident.originIds)
      const resourceIds = idsOf(spread)
      const before = this.#known.get(id)
      if (!before || !isSame(before.resourceIds, resourceIds) || before.incident.startedAt.getTime() !== incident.startedAt.getTime()) this.#due.add(id)
      this.#known.set(id, { incident, spread, resourceIds })
    }
  }

  #ongoing(due: readonly Known[]): Due[] {
    const now = this.#core.clock()
    const horizonEnd = new Date(now.getTime() + defaultHorizonMs)
    return due.map(({ incident: { id, originIds, startedAt }, resourceIds }) => ({
      incidentId: id,
      origins: originIds.length,
      resourceIds,
      time: { now, since: startedAt, endedAt: null, horizonEnd }
    }))
  }

  /** The last figures of what is over. */
  async #over(ids: readonly string[]): Promise<Due[]> {
    if (ids.length === 0) return []
    const { graph } = await this.#core.graphs.of(this.#workspaceId)
    const now = this.#core.clock()
    return (await endedSubjects(this.#core.database, ids)).map((subject) => ({
      incidentId: subject.id,
      origins: subject.originIds.length,
      resourceIds: idsOf(graph.spread(subject.originIds)),
      time: timeOf(subject, now, defaultHorizonMs)
    }))
  }

  async #record(due: readonly Due[]): Promise<void> {
    if (due.length === 0) return
    const figures = await figuresOfMany(this.#core, due)
    const counted = due.flatMap(({ incidentId, origins, resourceIds }, index) => {
      const found = figures[index]
      return found ? [{ incidentId, origins, figures: { ...found, affected: resourceIds.length } }] : []
    })
    await recordFigures(this.#core, this.#workspaceId, counted)
  }
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((id, index) => id === others[index])
}
