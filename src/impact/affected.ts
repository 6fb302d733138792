// The resources that an impact reaches, in pages and by kind. They are in memory, with the paths that lead to them.
import type { Confidence, ResourceKind } from '../database/generated/client/client.ts'
import { InvalidInput } from '../errors.ts'
import { type PageArgs, page, type Slice } from '../page.ts'
import type { Step } from './graph/spread.ts'
import type { Impact } from './impact.ts'

/** Of a longer path, so many steps are told: the last ones. */
const longestPath = 100

export class AffectedResource {
  readonly id: string
  readonly #impact: Impact

  constructor(impact: Impact, id: string) {
    this.#impact = impact
    this.id = id
  }

  get distance(): number {
    return this.#impact.spread.distanceOf(this.id) ?? 0
  }

  get confidence(): Confidence {
    return this.#impact.spread.confidenceOf(this.id) ?? 'CERTAIN'
  }

  get path(): Step[] {
    return this.#impact.spread.pathTo(this.id, longestPath) ?? []
  }
}

/** In the order in which the harm reaches them: the origins, then the surer and the nearer before the others. */
export async function affectedResources(impact: Impact, kinds: readonly ResourceKind[] | null, args: PageArgs) {
  const nodes = [...impact.spread.nodes()].filter(({ kind }) => kinds?.includes(kind) ?? true)
  const places = new Map(nodes.map(({ id }, index) => [id, index]))
  const connection = await page(
    args,
    ({ id }: AffectedResource) => [places.get(id) ?? 0, id],
    async (slice) => {
      const [from, until] = [placeOf(slice.after, places, 'after') ?? -1, placeOf(slice.before, places, 'before') ?? nodes.length]
      const within = nodes.slice(from + 1, Math.max(from + 1, until))
      const cut = slice.inverted ? within.reverse().slice(0, slice.limit) : within.slice(0, slice.limit)
      return cut.map(({ id }) => new AffectedResource(impact, id))
    }
  )
  return { ...connection, totalCount: () => nodes.length }
}

/** Where a cursor lies by now: at its resource, or where that was when it is not reached any more. */
function placeOf(key: Slice['after'], places: ReadonlyMap<string, number>, field: string): number | undefined {
  if (key === null) return undefined
  const [place, id] = key
  if (key.length !== 2 || !/^\d{1,9}$/.test(place ?? '')) throw new InvalidInput([{ field, rule: 'must be a cursor that this list has given' }])
  return places.get(id ?? '') ?? Number(place)
}

/** How many resources of each kind are reached, the most first. */
export function affectedByKind({ spread }: Impact): { kind: ResourceKind; count: number }[] {
  const counts = new Map<ResourceKind, number>()
  for (const { kind } of spread.nodes()) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count || a.kind.localeCompare(b.kind))
}
