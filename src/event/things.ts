// Brings the resources and dependencies up to what events tell. Of things that a catalogue knows, events say less than it
// does: they only add what is missing, and the newest state.
import { isDeepStrictEqual } from 'node:util'
import type { Core } from '../core.ts'
import { arrayOf } from '../database/array.ts'
import { Prisma, type Resource } from '../database/generated/client/client.ts'
import { type GivenDependency, type GivenResource, takeCatalogue } from '../resource/catalogue.ts'
import { descriptionOf } from './description.ts'
import type { Facts } from './projection.ts'
import { stateEvents } from './state.ts'
import { newestEvents } from './store.ts'
import { ToldLately } from './told-lately.ts'

/** How often what was told is looked up again, while other nodes take in newer events of the same things. */
const mostLooks = 5

const memories = new WeakMap<Core, ToldLately>()

function memoryOf(core: Core): ToldLately {
  const memory = memories.get(core) ?? new ToldLately()
  memories.set(core, memory)
  return memory
}

type Known = Pick<Resource, 'externalId' | 'kind' | 'name' | 'state' | 'url' | 'owners'>

/** Takes in the things and dependencies that these facts tell of, unless all of it was told of late. */
export async function bringUpThings(core: Core, workspaceId: string, { things, dependencies, described }: Facts, connectionId: string | null): Promise<void> {
  const now = core.clock()
  const memory = memoryOf(core)
  const factOf = ({ downstream, kind, upstream }: GivenDependency) => `${workspaceId} ${downstream} ${kind} ${upstream}`
  const newDependencies = [...dependencies.values()].flat().filter((dependency) => !memory.knows(factOf(dependency), now))
  const ends = new Set(newDependencies.flatMap(({ downstream, upstream }) => [downstream, upstream]))
  const wanted = [...things.values()].filter(({ externalId }) => ends.has(externalId) || described.has(externalId))
  if (wanted.length === 0) return
  await take(core, workspaceId, wanted, newDependencies, connectionId)
  await bringUpDescriptions(core, workspaceId, described, connectionId)
  memory.remember(newDependencies.map(factOf), now)
}

/** Adds those of the things that nobody knows. */
export async function addThings(core: Core, workspaceId: string, things: readonly GivenResource[], connectionId: string | null): Promise<void> {
  await take(core, workspaceId, things, [], connectionId)
}

async function take(
  core: Core,
  workspaceId: string,
  things: readonly GivenResource[],
  dependencies: readonly GivenDependency[],
  connectionId: string | null
): Promise<void> {
  const known = await knownThings(core, workspaceId, things)
  // One that nobody has named yet goes by its id.
  const resources = things.filter(({ externalId, name }) => {
    const there = known.get(externalId)
    return !there || (there.name === externalId && name !== externalId)
  })
  if (resources.length + dependencies.length > 0) await takeCatalogue(core, workspaceId, { connectionId, source: 'EVENT', resources, dependencies })
}

/** Events come in any order, on any node: what counts is the newest that is kept, and it is looked up until it stays the same. */
async function bringUpDescriptions(core: Core, workspaceId: string, described: ReadonlySet<string>, connectionId: string | null): Promise<void> {
  const ids = [...described]
  for (let look = 0; look < mostLooks && ids.length > 0; look++) {
    const newest = await newestEvents(core.database, workspaceId, ids, stateEvents)
    const known = await knownThings(
      core,
      workspaceId,
      ids.map((externalId) => ({ externalId }))
    )
    const resources = newest.flatMap((told) => {
      const there = known.get(told.externalId)
      const description = there && { ...descriptionOf(told, there) }
      return there && description && isNews(description, there) ? { kind: there.kind, externalId: there.externalId, name: there.name, ...description } : []
    })
    if (resources.length === 0) return
    await takeCatalogue(core, workspaceId, { connectionId, source: 'EVENT', resources, dependencies: [] })
  }
}

function isNews(description: Partial<GivenResource>, known: Known): boolean {
  return Object.entries(description).some(([field, value]) => value !== undefined && !isDeepStrictEqual(value, known[field as keyof Known]))
}

async function knownThings(core: Core, workspaceId: string, things: readonly { externalId: string }[]): Promise<Map<string, Known>> {
  const ids = things.map(({ externalId }) => externalId)
  const rows = await core.database.query<Known>(
    Prisma.sql`
      SELECT r.external_id AS "externalId", r.kind, r.name, r.state, r.url, r.owners FROM resource r
      WHERE r.workspace_id = ${workspaceId}::uuid AND r.external_id = ANY(${arrayOf('text', ids)})`,
    { prepared: true }
  )
  return new Map(rows.map((row) => [row.externalId, row]))
}
