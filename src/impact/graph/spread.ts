// What lies downstream (or upstream) of some resources, and the path to each; made by a Graph.
import { Confidence, type DependencyKind, type DependencySource, type ResourceKind } from '../../database/generated/client/client.ts'

/** "the downstream resource KIND the upstream one", as it stands at the downstream resource. */
export interface Upstream {
  readonly upstreamId: string
  readonly kind: DependencyKind
  readonly source: DependencySource
  readonly confidence: Confidence
}

/** A step of a path: `downstreamId` KIND `upstreamId`. */
export interface Step extends Upstream {
  readonly downstreamId: string
}

/** A resource in the graph. */
export interface Node {
  readonly id: string
  readonly externalId: string
  readonly kind: ResourceKind
  /** Whether its orchestrator has it no more: nothing reaches it, and nothing goes on from it. */
  readonly gone: boolean
}

/** How the graph reads its own numbers. */
export interface Places {
  nodeAt(place: number): Node
  placeOf(id: string): number | undefined
  step(upstreamPlace: number, downstreamPlace: number, arrow: number): Step
}

/** The resources in the order in which they were reached; for each, the position of the one before it (-1 for an origin), and how it was reached. */
export interface Reached {
  readonly places: readonly number[]
  readonly from: readonly number[]
  readonly arrows: readonly number[]
  readonly confidences: readonly number[]
  /** How many steps lead there. */
  readonly distances: readonly number[]
}

const confidences = Object.values(Confidence)

export class Spread {
  readonly #graph: Places
  readonly #reached: Reached
  readonly #direction: 'downstream' | 'upstream'
  #positions: Map<number, number> | undefined

  constructor(graph: Places, reached: Reached, direction: 'downstream' | 'upstream') {
    this.#graph = graph
    this.#reached = reached
    this.#direction = direction
  }

  /** How many resources it reaches, the origins included. */
  get size(): number {
    return this.#reached.places.length
  }

  /** The resources that it reaches: the origins first, then the surer and the nearer before the others. */
  *nodes(): Generator<Node> {
    for (const place of this.#reached.places) yield this.#graph.nodeAt(place)
  }

  reaches(id: string): boolean {
    return this.#positionOf(id) !== undefined
  }

  /** The steps between an origin and a resource, the way the harm goes; none for an origin. Of a longer path those that are nearest to the resource, `most` of them. Undefined for one that is not reached. */
  pathTo(id: string, most = Number.POSITIVE_INFINITY): Step[] | undefined {
    let position = this.#positionOf(id)
    if (position === undefined) return undefined
    const { places, from, arrows } = this.#reached
    const steps: Step[] = []
    for (let before = from[position] as number; before >= 0 && steps.length < most; before = from[position] as number) {
      const [one, other, arrow] = [places[before] as number, places[position] as number, arrows[position] as number]
      steps.push(this.#direction === 'downstream' ? this.#graph.step(one, other, arrow) : this.#graph.step(other, one, arrow))
      position = before
    }
    return this.#direction === 'downstream' ? steps.reverse() : steps
  }

  /** How many steps lead to a resource; undefined for one that is not reached. */
  distanceOf(id: string): number | undefined {
    const position = this.#positionOf(id)
    return position === undefined ? undefined : this.#reached.distances[position]
  }

  /** The origin whose harm reaches a resource. */
  originOf(id: string): string | undefined {
    let position = this.#positionOf(id)
    if (position === undefined) return undefined
    const { places, from } = this.#reached
    while ((from[position] as number) >= 0) position = from[position] as number
    return this.#graph.nodeAt(places[position] as number).id
  }

  /** How sure it is that the harm reaches a resource: as sure as the least sure step of its path. */
  confidenceOf(id: string): Confidence | undefined {
    const position = this.#positionOf(id)
    return position === undefined ? undefined : confidences[this.#reached.confidences[position] as number]
  }

  #positionOf(id: string): number | undefined {
    this.#positions ??= new Map(this.#reached.places.map((place, position) => [place, position]))
    const place = this.#graph.placeOf(id)
    return place === undefined ? undefined : this.#positions.get(place)
  }
}
