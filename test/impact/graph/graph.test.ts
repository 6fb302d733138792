import { describe, expect, it } from 'vitest'
import { Confidence, DependencyKind, type ResourceKind } from '../../../src/database/generated/client/client.ts'
import { Graph } from '../../../src/impact/graph/graph.ts'
import type { Upstream } from '../../../src/impact/graph/spread.ts'

/** A graph of arrows such as `pool > deployment`, each `upstream > downstream`; `~>` is LIKELY, `?>` POSSIBLE. */
function graphOf(...arrows: string[]): Graph {
  const graph = new Graph()
  const upstream = new Map<string, Upstream[]>()
  const confidences = { '>': Confidence.CERTAIN, '~>': Confidence.LIKELY, '?>': Confidence.POSSIBLE } as const
  for (const arrow of arrows) {
    const [above = '', sign = '>', below = ''] = arrow.split(' ')
    for (const id of [above, below]) put(graph, id)
    const each = { upstreamId: above, kind: DependencyKind.DEPENDS_ON, source: 'USER' as const, confidence: confidences[sign as '>'] }
    upstream.set(below, [...(upstream.get(below) ?? []), each])
  }
  for (const [id, each] of upstream) graph.putUpstream(id, each)
  return graph
}

function put(graph: Graph, id: string, kind: ResourceKind = 'DEPLOYMENT', gone = false): void {
  graph.put({ id, externalId: `x.${id}`, kind, gone })
}

const reached = (graph: Graph, ...origins: string[]) => [...graph.spread(origins).nodes()].map(({ id }) => id)
const path = (graph: Graph, origins: string[], to: string) =>
  graph
    .spread(origins)
    .pathTo(to)
    ?.map(({ upstreamId, downstreamId }) => `${upstreamId} ${downstreamId}`)

describe('a spread', () => {
  it('reaches what lies downstream, and nothing upstream or beside', () => {
    expect(reached(graphOf('flow > a', 'pool > a', 'pool > b', 'a > table', 'table > c'), 'a')).toEqual(['a', 'table', 'c'])
  })

  it('ends in circles and self-loops, and reaches each once', () => {
    expect(reached(graphOf('a > b', 'b > c', 'c > a', 'b > b'), 'a')).toEqual(['a', 'b', 'c'])
  })

  it('goes to the end of a very deep chain', () => {
    const arrows = Array.from({ length: 100_000 }, (_, index) => `n${index} > n${index + 1}`)
    const spread = graphOf(...arrows).spread(['n0'])
    expect(spread.size).toBe(100_001)
    expect(spread.pathTo('n100000')).toHaveLength(100_000)
    expect(spread.originOf('n100000')).toBe('n0')
  })

  it('takes the shortest path', () => {
    expect(path(graphOf('a > b', 'b > d', 'a > c', 'c > e', 'e > d'), ['a'], 'd')).toEqual(['a b', 'b d'])
  })

  it('prefers a surer path to a shorter one, and says how sure it is', () => {
    const graph = graphOf('a ?> d', 'a > b', 'b ~> c', 'c > d', 'd > e')
    expect(path(graph, ['a'], 'e')).toEqual(['a b', 'b c', 'c d', 'd e'])
    const spread = graph.spread(['a'])
    expect(['a', 'b', 'c', 'd', 'e'].map((id) => spread.confidenceOf(id))).toEqual(['CERTAIN', 'CERTAIN', 'LIKELY', 'LIKELY', 'LIKELY'])
  })

  it('takes the shortest of equally unsure paths, wherever on the way the doubt lies', () => {
    const graph = graphOf('a ~> b', 'b > c', 'c > x', 'a > d', 'd > e', 'e ~> f', 'f > x', 'x > y')
    expect(path(graph, ['a'], 'y')).toEqual(['a b', 'b c', 'c x', 'x y'])
    const spread = graph.spread(['a'])
    expect(['a', 'b', 'f', 'x', 'y'].map((id) => spread.distanceOf(id))).toEqual([0, 1, 3, 3, 4])
    const farther = graphOf('a ~> b', 'b > c', 'c > x', 'a > d', 'd ~> x', 'x > y')
    expect(path(farther, ['a'], 'y')).toEqual(['a d', 'd x', 'x y'])
    // What waits at a level may have been reached in another way by then.
    expect(reached(graphOf('a ~> b', 'a > b', 'b ~> c', 'a ?> d', 'c > d', 'd ?> e'), 'a')).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('goes the other way as well, with paths the way the harm goes', () => {
    const graph = graphOf('pool > queue', 'queue > a', 'flow > a', 'a > table', 'other > b')
    const spread = graph.upstreamOf(['table'])
    expect([...spread.nodes()].map(({ id }) => id)).toEqual(['table', 'a', 'queue', 'flow', 'pool'])
    expect(spread.pathTo('pool')?.map(({ upstreamId, downstreamId }) => `${upstreamId} ${downstreamId}`)).toEqual(['pool queue', 'queue a', 'a table'])
    expect(spread.distanceOf('pool')).toBe(3)
    // From a run, as incidents are declared from it, and to one, but not through it; nor through what is gone.
    put(graph, 'queue', 'WORK_QUEUE', true)
    put(graph, 'flow', 'FLOW_RUN')
    put(graph, 'table', 'FLOW_RUN')
    expect([...graph.upstreamOf(['table']).nodes()].map(({ id }) => id)).toEqual(['table', 'a', 'queue', 'flow'])
  })

  it('goes from a run on through the runs that it is a part of', () => {
    const graph = graphOf('a > run', 'run > task', 'run > table', 'other > lost', 'lost > task')
    for (const run of ['run', 'task']) put(graph, run, 'TASK_RUN')
    put(graph, 'lost', 'FLOW_RUN', true)
    const upstream = (id: string) => [...graph.upstreamOf([id]).nodes()].map((node) => node.id)
    expect(upstream('task')).toEqual(['task', 'run', 'lost', 'a'])
    expect(upstream('table')).toEqual(['table', 'run'])
  })

  it('tells which origin the harm comes from; the first one wins a tie', () => {
    const graph = graphOf('a > c', 'b > c', 'b > d')
    const spread = graph.spread(['a', 'b'])
    expect(['c', 'd', 'a'].map((id) => spread.originOf(id))).toEqual(['a', 'b', 'a'])
    expect(spread.pathTo('a')).toEqual([])
  })

  it('knows nothing of what it does not reach', () => {
    const spread = graphOf('a > b', 'c > d').spread(['a', 'nobody'])
    expect([spread.reaches('d'), spread.pathTo('d'), spread.originOf('d'), spread.confidenceOf('nobody')]).toEqual([false, undefined, undefined, undefined])
    expect(spread.size).toBe(2)
  })

  it('does not reach runs, nor what is gone, nor what lies behind it', () => {
    const graph = graphOf('pool > a', 'a > b', 'pool > run')
    put(graph, 'run', 'FLOW_RUN')
    put(graph, 'a', 'DEPLOYMENT', true)
    expect(reached(graph, 'pool')).toEqual(['pool'])
    expect(reached(graph, 'run')).toEqual(['run'])
  })

  it('says of each step what it is and where it is from', () => {
    const graph = new Graph()
    for (const id of ['a', 'b']) put(graph, id)
    for (const kind of Object.values(DependencyKind)) {
      for (const source of ['USER', 'CATALOG', 'EVENT'] as const) {
        for (const confidence of Object.values(Confidence)) {
          graph.putUpstream('b', [{ upstreamId: 'a', kind, source, confidence }])
          expect(graph.spread(['a']).pathTo('b')).toEqual([{ upstreamId: 'a', downstreamId: 'b', kind, source, confidence }])
        }
      }
    }
  })
})

describe('a graph', () => {
  it('replaces the dependencies of a resource, and leaves those of others', () => {
    const graph = graphOf('a > b', 'a > c', 'x > b')
    graph.putUpstream('b', [{ upstreamId: 'c', kind: 'DEPENDS_ON', source: 'USER', confidence: 'CERTAIN' }])
    expect(reached(graph, 'x')).toEqual(['x'])
    expect(path(graph, ['a'], 'b')).toEqual(['a c', 'c b'])
  })

  it('waits for a resource that a dependency names before it is known', () => {
    const graph = new Graph()
    put(graph, 'a')
    graph.putUpstream('b', [{ upstreamId: 'a', kind: 'DEPENDS_ON', source: 'USER', confidence: 'CERTAIN' }])
    expect(reached(graph, 'a')).toEqual(['a'])
    put(graph, 'b')
    expect(reached(graph, 'a')).toEqual(['a', 'b'])
    expect([graph.size, graph.idOf('x.b'), graph.node('b')?.kind]).toEqual([2, 'b', 'DEPLOYMENT'])
  })
})
