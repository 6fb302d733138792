// Takes in what an orchestrator says of its things. Nobody is there to be told of what is wrong with it, so what is too
// long is cut, and what cannot be is left out. What is as it was is only read, outside the lock that commands wait for.
import { commitAsSystem } from '../change/record.ts'
import type { Core } from '../core.ts'
import { type Confidence, type Dependency, type DependencyKind, Prisma, type Resource, type ResourceKind } from '../database/generated/client/client.ts'
import { cutText, cutTexts, pageUrl } from '../input.ts'
import { planDependencies, type ToldDependency } from './dependency/plan.ts'
import { recordDependencies, selectDependencies, writeDependencies } from './dependency/write.ts'
import { recordResource } from './events.ts'
import { markGone } from './gone.ts'
import { idsByExternalId } from './ids.ts'
import { differences, selectKnown, type ToldResource, writeResources } from './write.ts'

/** What an orchestrator says of one of its things; what it leaves out stays as it is known. */
export interface GivenResource {
  readonly kind: ResourceKind
  readonly externalId: string
  readonly name: string
  readonly labels?: Readonly<Record<string, string>> | undefined
  readonly state?: string | null | undefined
  readonly stateMessage?: string | null | undefined
  readonly url?: string | null | undefined
  readonly tags?: readonly string[] | undefined
  readonly owners?: readonly string[] | undefined
}

/** "downstream KIND upstream", by external ids. */
export interface GivenDependency {
  readonly downstream: string
  readonly upstream: string
  readonly kind: DependencyKind
  readonly confidence: Confidence
}

export interface Catalogue {
  readonly connectionId: string | null
  /** CATALOG: the dependencies given are all that this source knows of the resources given, so that others of it are taken away, but for those on an `incomplete` kind. EVENT: they are added to what is known. */
  readonly source: 'CATALOG' | 'EVENT'
  readonly resources: readonly GivenResource[]
  /** One that names a resource which nobody knows is left out. */
  readonly dependencies: readonly GivenDependency[]
  /** The kinds of which every resource of the connection is given: what is missing is marked as gone, what is back is unmarked. */
  readonly complete?: readonly ResourceKind[]
  /** The kinds of which some may not be given, though they are there: what hangs on one of these is never taken away. */
  readonly incomplete?: readonly ResourceKind[]
}

export interface CatalogueOutcome {
  readonly created: number
  readonly updated: number
  readonly gone: number
}

type Known = Dependency & { readonly upstreamKind: ResourceKind }

const batchSize = 200
const longestId = 300

/** Takes in what an orchestrator says of its things, as Mayday's own doing, in batches; only what is other than before makes a change. */
export async function takeCatalogue(core: Core, workspaceId: string, catalogue: Catalogue): Promise<CatalogueOutcome> {
  const told = [...new Map(catalogue.resources.flatMap((resource) => toldBy(resource, catalogue)).map((resource) => [resource.externalId, resource])).values()]
  let created = 0
  let updated = 0
  for (const batch of batchesOf(told)) {
    const written = await takeResources(core, workspaceId, batch)
    for (const { isNew, fields } of written) {
      if (isNew) created++
      else if (fields.length > 0) updated++
    }
  }
  await takeDependencies(core, workspaceId, catalogue, new Set(told.map(({ externalId }) => externalId)))
  const { connectionId, complete = [] } = catalogue
  const present = told.filter(({ kind }) => complete.includes(kind)).map(({ externalId }) => externalId)
  const gone = connectionId && complete.length > 0 ? await markGone(core, workspaceId, { connectionId, kinds: complete, present }) : 0
  return { created, updated, gone }
}

async function takeResources(core: Core, workspaceId: string, batch: readonly ToldResource[]) {
  const externalIds = batch.map(({ externalId }) => externalId)
  const rows = await core.database.query<Resource>(selectKnown(workspaceId, externalIds))
  const known = new Map(rows.map((row) => [row.externalId, row]))
  const moved = batch.filter((resource) => {
    const before = known.get(resource.externalId)
    return !before || differences(resource, before).length > 0
  })
  if (moved.length === 0) return []
  const { result } = await commitAsSystem(core, workspaceId, async (unit) => {
    const written = await writeResources(unit, workspaceId, moved)
    return moved.flatMap((resource) => {
      const what = written.get(resource.externalId)
      if (what) recordResource(unit, resource, what, [])
      return what ?? []
    })
  })
  return result
}

async function takeDependencies(
  core: Core,
  workspaceId: string,
  { source, dependencies, incomplete = [] }: Catalogue,
  given: ReadonlySet<string>
): Promise<void> {
  const byDownstream = Map.groupBy(dependencies, ({ downstream }) => downstream)
  const all = source === 'CATALOG' ? new Set([...given, ...byDownstream.keys()]) : byDownstream.keys()
  for (const batch of batchesOf([...all])) {
    const named = batch.flatMap((downstream) => byDownstream.get(downstream) ?? [])
    const ids = await idsByExternalId(core.database, workspaceId, [...batch, ...named.map(({ upstream }) => upstream)])
    const told = named.flatMap((dependency): ToldDependency[] => {
      const [downstreamId, upstreamId] = [ids.get(dependency.downstream), ids.get(dependency.upstream)]
      return downstreamId && upstreamId ? [{ ...dependency, downstreamId, upstreamId }] : []
    })
    const downstreamIds = batch.flatMap((externalId) => ids.get(externalId) ?? [])
    const whole = new Set(batch.flatMap((externalId) => (given.has(externalId) ? (ids.get(externalId) ?? []) : [])))
    const isStale = ({ source: by, downstreamId, upstreamKind }: Known) =>
      source === 'CATALOG' && by === 'CATALOG' && whole.has(downstreamId) && !incomplete.includes(upstreamKind)
    const plan = (known: readonly Known[]) => planDependencies(known, told, source, core.clock(), isStale)
    const statement = Prisma.sql`
      SELECT known.*, u.kind AS "upstreamKind" FROM (${selectDependencies(workspaceId, downstreamIds)}) known JOIN resource u ON u.id = known."upstreamId"`
    if (Object.values(plan(await core.database.query<Known>(statement))).every((moved) => moved.length === 0)) continue
    await commitAsSystem(core, workspaceId, async (unit) => {
      const planned = plan(await unit.tx.$queryRaw<Known[]>(statement))
      await writeDependencies(unit, workspaceId, source, planned)
      recordDependencies(unit, source, planned)
    })
  }
}

/** What is said of a resource, as far as it can be kept; nothing of one without a possible id. */
function toldBy(
  { kind, externalId, name, labels, state, stateMessage, url, tags, owners }: GivenResource,
  { source, connectionId }: Catalogue
): ToldResource[] {
  const id = cutText(externalId, longestId + 1)
  if (id === '' || id.length > longestId) return []
  const catalogued = source === 'CATALOG' ? { goneAt: null, ...(connectionId ? { connectionId } : {}) } : {}
  return [
    {
      kind,
      externalId: id,
      name: cutText(name, 300) || id,
      labels: labels && cutLabels(labels),
      state: state && (cutText(state, 100) || null),
      stateMessage: stateMessage && (cutText(stateMessage, 4_000) || null),
      url: url && pageUrl(url),
      tags: tags && cutTexts(tags, { entries: 50, each: 100 }),
      owners: owners && cutTexts(owners, { entries: 20, each: 200 }),
      ...catalogued
    }
  ]
}

function cutLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  const cut = Object.entries(labels).map(([name, value]) => [cutText(name, 100), cutText(value, 500)])
  return Object.fromEntries(cut.filter(([name]) => name !== '').slice(0, 50))
}

function batchesOf<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: Math.ceil(items.length / batchSize) }, (_, index) => items.slice(index * batchSize, (index + 1) * batchSize))
}
