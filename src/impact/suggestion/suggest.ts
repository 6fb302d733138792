// Pure: which active incident explains what is wrong with some resources, because its harm comes to them from upstream.
import { Confidence } from '../../database/generated/client/client.ts'
import { severities } from '../../incident/label.ts'
import type { ActiveIncident, Lineage } from '../graph/lineage.ts'
import type { Spread, Step } from '../graph/spread.ts'

export interface Suggestion {
  readonly incident: ActiveIncident
  /** How sure it is that the harm comes from there. */
  readonly confidence: Confidence
  /** From what the incident affects to the resource. */
  readonly path: readonly Step[]
}

/** Of a longer path, so many steps are told: the last ones. */
const longestPath = 100
const confidences = Object.values(Confidence)

/** How an incident explains one resource: from which of what it affects, and how far and sure that is. */
interface Explanation {
  readonly incident: ActiveIncident
  readonly confidence: number
  readonly distance: number
  readonly path: () => readonly Step[]
}

/**
 * The active incident whose harm comes to all of these resources: the surest, then the nearest, then the most severe,
 * then the oldest. A resource that an incident affects itself needs no explanation by it, and none by itself gets one:
 * what all of them are linked to already is never suggested.
 * Those that nobody knows the dependencies of are left out.
 */
export function suggestIncident(lineage: Lineage, resourceIds: readonly string[]): Suggestion | null {
  const known = resourceIds.filter((id) => lineage.graph.node(id))
  const [first, ...others] = known.map((id) => explanationsOf(lineage, id))
  if (!first) return null
  const common = [...first.values()].flatMap((explanation) => {
    const each = [explanation, ...others.flatMap((other) => other.get(explanation.incident.id) ?? [])]
    return each.length === known.length ? worst(each) : []
  })
  const [best] = common.filter(({ distance }) => distance > 0).sort(byWeight)
  return best ? { incident: best.incident, confidence: confidences[best.confidence] as Confidence, path: best.path() } : null
}

/** By incident: the best of the ways on which its harm comes to a resource, or no way at all to one that it affects itself. */
function explanationsOf({ graph, incidents }: Lineage, id: string): Map<string, Explanation> {
  const upstream = graph.upstreamOf([id])
  const found = new Map<string, Explanation>()
  for (const incident of incidents.values()) {
    for (const originId of incident.originIds) {
      const explanation = explanationBy(incident, originId, upstream)
      const before = found.get(incident.id)
      if (explanation && (!before || byWeight(explanation, before) < 0)) found.set(incident.id, explanation)
    }
  }
  return found
}

function explanationBy(incident: ActiveIncident, originId: string, upstream: Spread): Explanation | undefined {
  const confidence = upstream.confidenceOf(originId)
  if (confidence === undefined) return undefined
  const path = () => upstream.pathTo(originId)?.slice(-longestPath) ?? []
  return { incident, confidence: confidences.indexOf(confidence), distance: upstream.distanceOf(originId) ?? 0, path }
}

function worst(explanations: readonly Explanation[]): Explanation {
  return explanations.reduce((one, other) => (byWeight(one, other) >= 0 ? one : other))
}

function byWeight(a: Explanation, b: Explanation): number {
  return (
    a.confidence - b.confidence ||
    a.distance - b.distance ||
    severities.indexOf(a.incident.severity) - severities.indexOf(b.incident.severity) ||
    a.incident.number - b.incident.number
  )
}
