// What a node knows of one workspace: its graph, and the active incidents with the resources where their harm starts.
import type { IncidentStatus, Severity } from '../../database/generated/client/client.ts'
import { Graph } from './graph.ts'
import type { Node, Upstream } from './spread.ts'

/** An active incident, as far as impact goes. */
export interface ActiveIncident {
  readonly id: string
  readonly number: number
  readonly title: string
  readonly severity: Severity
  readonly status: IncidentStatus
  readonly startedAt: Date
  /** The resources where its harm starts: those linked as AFFECTED, the first linked first. */
  readonly originIds: readonly string[]
}

/** A dependency as it is read: "`downstreamId` KIND `upstreamId`". */
export interface Arrow extends Upstream {
  readonly downstreamId: string
}

/** Rows that were read anew, and the ids for which they were: of one without rows nothing is left. */
export interface News {
  readonly nodes: readonly Node[]
  readonly downstreamIds: readonly string[]
  readonly arrows: readonly Arrow[]
  readonly incidentIds: readonly string[]
  readonly incidents: readonly ActiveIncident[]
}

/** What is other than before. */
export interface Difference {
  readonly graph: boolean
  /** The incidents that began or ceased to be active, or of which something is other. */
  readonly incidentIds: readonly string[]
}

export class Lineage {
  readonly graph = new Graph()
  readonly #incidents = new Map<string, ActiveIncident>()
  #version = 0

  get incidents(): ReadonlyMap<string, ActiveIncident> {
    return this.#incidents
  }

  /** Goes up whenever anything here is other than before: what was found out from it is good as long as this stays. */
  get version(): number {
    return this.#version
  }

  /** Takes in all of it at once: whoever looks sees the state before, or the one after. */
  take({ nodes, downstreamIds, arrows, incidentIds, incidents }: News): Difference {
    let graph = false
    for (const node of nodes) graph = this.graph.put(node) || graph
    const upstream = Map.groupBy(arrows, ({ downstreamId }) => downstreamId)
    for (const id of downstreamIds) graph = this.graph.putUpstream(id, upstream.get(id) ?? []) || graph
    const found = new Map(incidents.map((incident) => [incident.id, incident]))
    const differing = incidentIds.filter((id) => this.#putIncident(id, found.get(id)))
    if (graph || differing.length > 0) this.#version++
    return { graph, incidentIds: differing }
  }

  #putIncident(id: string, incident: ActiveIncident | undefined): boolean {
    const before = this.#incidents.get(id)
    if (!incident) return this.#incidents.delete(id)
    if (before && JSON.stringify(before) === JSON.stringify(incident)) return false
    this.#incidents.set(id, incident)
    return true
  }
}
