// What becomes of the dependencies that are known when a source tells of some. Pure. Of the sources a user knows best,
// then the catalogue, then events: what one has told is not changed by a lesser one, and is taken away by itself only.
import { Confidence, type Dependency, type DependencyKind, DependencySource } from '../../database/generated/client/client.ts'

/** A dependency that a source tells of, by the ids of rows. */
export interface ToldDependency {
  readonly downstreamId: string
  readonly upstreamId: string
  readonly kind: DependencyKind
  readonly confidence: Confidence
}

export interface DependencyPlan {
  readonly added: readonly ToldDependency[]
  /** Known ones of which the source or the confidence becomes another. */
  readonly updated: readonly ToldDependency[]
  readonly removed: readonly ToldDependency[]
  /** Those of which it has to be noted that their source has told of them again. */
  readonly seen: readonly ToldDependency[]
}

/** How often it is noted that a source has told of a dependency again. */
const seenEveryMs = 3_600_000

const sources = Object.values(DependencySource)
const confidences = Object.values(Confidence)

/** `isStale` says of a known dependency that was not told whether it goes. */
export function planDependencies<Known extends Dependency>(
  known: readonly Known[],
  told: readonly ToldDependency[],
  source: DependencySource,
  now: Date,
  isStale: (known: Known) => boolean
): DependencyPlan {
  const before = new Map(known.map((dependency) => [keyOf(dependency), dependency]))
  const given = new Map<string, ToldDependency>()
  for (const dependency of told) {
    const twin = given.get(keyOf(dependency))
    if (dependency.upstreamId !== dependency.downstreamId && (!twin || isSurer(dependency, twin))) given.set(keyOf(dependency), dependency)
  }
  const plan = { added: [] as ToldDependency[], updated: [] as ToldDependency[], removed: [] as ToldDependency[], seen: [] as ToldDependency[] }
  for (const [key, dependency] of given) {
    const same = before.get(key)
    if (!same) plan.added.push(dependency)
    else if (replaces(dependency, source, same)) plan.updated.push(dependency)
    else if (same.source === source && now.getTime() - same.lastSeenAt.getTime() >= seenEveryMs) plan.seen.push(dependency)
  }
  plan.removed.push(...known.filter((dependency) => !given.has(keyOf(dependency)) && isStale(dependency)))
  return plan
}

function replaces(told: ToldDependency, source: DependencySource, known: Dependency): boolean {
  if (source === known.source) return source === 'CATALOG' ? told.confidence !== known.confidence : isSurer(told, known)
  // A user who adds what the catalogue is certain of adds nothing.
  return sources.indexOf(source) < sources.indexOf(known.source) && !(known.source === 'CATALOG' && !isSurer(told, known)) && !isSurer(known, told)
}

function isSurer(one: { confidence: Confidence }, other: { confidence: Confidence }): boolean {
  return confidences.indexOf(one.confidence) < confidences.indexOf(other.confidence)
}

function keyOf({ downstreamId, upstreamId, kind }: Pick<Dependency, 'downstreamId' | 'upstreamId' | 'kind'>): string {
  return `${downstreamId} ${upstreamId} ${kind}`
}
