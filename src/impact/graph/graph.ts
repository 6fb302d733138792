// A workspace's resources and what depends on what, as a node holds them in memory. Pure: graphs.ts fills it.
import { Confidence, DependencyKind, DependencySource } from '../../database/generated/client/client.ts'
import { isRun } from '../../resource/kind.ts'
import { type Node, type Places, type Reached, Spread, type Step, type Upstream } from './spread.ts'

const kinds = Object.values(DependencyKind)
const sources = Object.values(DependencySource)
const confidences = Object.values(Confidence)

/** An arrow as one small number: the place of the resource at its other end, and what is said of it. */
const endOf = (arrow: number) => Math.floor(arrow / 128)
const confidenceOf = (arrow: number) => arrow & 3

function packed(place: number, { kind, source, confidence }: Upstream): number {
  return place * 128 + kinds.indexOf(kind) * 16 + sources.indexOf(source) * 4 + confidences.indexOf(confidence)
}

/**
 * No harm comes to or through what is gone, nor to runs: of those, only such are resources as somebody has spoken of, as in
 * an incident; what is told of all of them stands in their own table.
 */
const isClosed = (node: Node) => node.gone || isRun(node.kind)

/** A resource to which a less sure dependency leads. */
interface Waiting {
  readonly place: number
  readonly position: number
  readonly arrow: number
  readonly distance: number
}

export class Graph implements Places {
  readonly #places = new Map<string, number>()
  readonly #byExternalId = new Map<string, string>()
  readonly #ids: string[] = []
  /** Undefined for one that was named by a dependency, and is not known itself yet. */
  readonly #nodes: (Node | undefined)[] = []
  readonly #downstream: number[][] = []
  readonly #upstream: number[][] = []
  /** The number of the spread that last came by. */
  #marks = new Uint32Array(1_024)
  #spreads = 0

  get size(): number {
    return this.#byExternalId.size
  }

  node(id: string): Node | undefined {
    return this.#nodes[this.#places.get(id) ?? -1]
  }

  idOf(externalId: string): string | undefined {
    return this.#byExternalId.get(externalId)
  }

  /** Takes a resource in, or what is new of it; says whether that makes a difference. */
  put(node: Node): boolean {
    const place = this.#take(node.id)
    const before = this.#nodes[place]
    if (before?.externalId === node.externalId && before.kind === node.kind && before.gone === node.gone) return false
    this.#nodes[place] = node
    this.#byExternalId.set(node.externalId, node.id)
    return true
  }

  /** Makes these, and no others, the dependencies of a resource on what lies upstream; says whether that makes a difference. */
  putUpstream(id: string, upstream: readonly Upstream[]): boolean {
    const place = this.#take(id)
    const before = this.#upstream[place] ?? []
    const arrows = upstream.map((each) => ({ above: this.#take(each.upstreamId), each }))
    const after = arrows.map(({ above, each }) => packed(above, each))
    // Most often it is what it was, and a resource that much hangs on has a long list to go through.
    if (after.length === before.length && after.every((arrow) => before.includes(arrow))) return false
    for (const above of new Set(before.map(endOf))) {
      this.#downstream[above] = (this.#downstream[above] ?? []).filter((arrow) => endOf(arrow) !== place)
    }
    this.#upstream[place] = after
    for (const { above, each } of arrows) this.#downstream[above]?.push(packed(place, each))
    return true
  }

  /**
   * Everything that lies downstream of these resources, themselves included, each with the path that leads there: the
   * surest one, and of equally sure ones the shortest. Of several origins the first in the list wins a tie. Each
   * resource and each dependency is looked at once, so cycles end, and depth costs nothing.
   */
  spread(origins: readonly string[]): Spread {
    const enters = (node: Node) => !isClosed(node)
    return new Spread(
      this,
      this.#walk(origins, this.#downstream, enters, () => true),
      'downstream'
    )
  }

  /** The same the other way: everything from which harm would come to these resources. It comes to a run as well, also by the run that it is a part of. */
  upstreamOf(ends: readonly string[]): Spread {
    // Harm may begin in what lets none through.
    const starts = this.#withRunsAbove(ends)
    return new Spread(
      this,
      this.#walk(
        ends,
        this.#upstream,
        () => true,
        (node) => !isClosed(node) || starts.has(node.id)
      ),
      'upstream'
    )
  }

  /** Goes along arrows from what it `enters` to what follows on those that it goes `through`. */
  #walk(starts: readonly string[], arrowsFrom: readonly number[][], enters: (node: Node) => boolean, through: (node: Node) => boolean): Reached {
    const mark = this.#nextMark()
    const places: number[] = []
    const from: number[] = []
    const arrows: number[] = []
    const sureness: number[] = []
    const distances: number[] = []
    const reach = (place: number, position: number, arrow: number, distance: number, confidence: number) => {
      if (this.#marks[place] === mark) return
      this.#marks[place] = mark
      places.push(place)
      from.push(position)
      arrows.push(arrow)
      distances.push(distance)
      sureness.push(confidence)
    }
    for (const id of starts) {
      const place = this.#places.get(id)
      if (place !== undefined && this.#nodes[place]) reach(place, -1, 0, 0, 0)
    }
    // What less sure dependencies lead to waits until the surer ones lead no further.
    const waiting: Waiting[][] = confidences.map(() => [])
    let next = 0
    for (const level of confidences.keys()) {
      const arriving = (waiting[level] ?? []).sort((a, b) => a.distance - b.distance)
      let arrived = 0
      while (next < places.length || arrived < arriving.length) {
        // They come in between what this level has reached by itself, by their distance; some were reached in a surer way since.
        const distance = distances[next] ?? (arriving[arrived] as Waiting).distance
        for (let each = arriving[arrived]; each && each.distance <= distance; each = arriving[++arrived]) {
          reach(each.place, each.position, each.arrow, each.distance, level)
        }
        const here = places[next]
        if (here === undefined) continue
        const position = next++
        if (!through(this.#nodes[here] as Node)) continue
        for (const arrow of arrowsFrom[here] ?? []) {
          const place = endOf(arrow)
          const node = this.#nodes[place]
          if (!node || this.#marks[place] === mark || !enters(node)) continue
          const confidence = confidenceOf(arrow)
          if (confidence <= level) reach(place, position, arrow, distance + 1, level)
          else waiting[confidence]?.push({ place, position, arrow, distance: distance + 1 })
        }
      }
    }
    return { places, from, arrows, confidences: sureness, distances }
  }

  nodeAt(place: number): Node {
    return this.#nodes[place] as Node
  }

  placeOf(id: string): number | undefined {
    return this.#places.get(id)
  }

  step(upstreamPlace: number, downstreamPlace: number, arrow: number): Step {
    return {
      upstreamId: this.#ids[upstreamPlace] as string,
      downstreamId: this.#ids[downstreamPlace] as string,
      kind: kinds[(arrow >> 4) & 7] as DependencyKind,
      source: sources[(arrow >> 2) & 3] as DependencySource,
      confidence: confidences[arrow & 3] as Confidence
    }
  }

  /** These, and the runs that the runs among them are a part of. */
  #withRunsAbove(ids: readonly string[]): Set<string> {
    const all = new Set(ids)
    for (const id of all) {
      const place = this.#places.get(id) ?? -1
      const node = this.#nodes[place]
      if (!node || !isRun(node.kind)) continue
      for (const arrow of this.#upstream[place] ?? []) {
        const above = this.#nodes[endOf(arrow)]
        if (above && isRun(above.kind) && !above.gone) all.add(above.id)
      }
    }
    return all
  }

  #take(id: string): number {
    const known = this.#places.get(id)
    if (known !== undefined) return known
    const place = this.#ids.length
    this.#places.set(id, place)
    this.#ids.push(id)
    this.#nodes.push(undefined)
    this.#downstream.push([])
    this.#upstream.push([])
    return place
  }

  #nextMark(): number {
    if (this.#marks.length < this.#ids.length) this.#marks = new Uint32Array(this.#ids.length * 2)
    this.#spreads = (this.#spreads % 0xffff_ffff) + 1
    return this.#spreads
  }
}
