// Taking in the orchestrator's things that people and tools tell of, and what belongs to what.
import { z } from 'zod'
import type { Viewer } from '../access/viewer.ts'
import { type Committed, commit, type UnitOfWork } from '../change/record.ts'
import type { Session } from '../core.ts'
import { type Dependency, ResourceKind } from '../database/generated/client/client.ts'
import { InvalidInput } from '../errors.ts'
import { parseInput, requiredText, webAddress } from '../input.ts'
import { planDependencies, type ToldDependency } from './dependency/plan.ts'
import { selectDependencies, writeDependencies } from './dependency/write.ts'
import { recordResource } from './events.ts'
import { idsByExternalId } from './ids.ts'
import { type Written, writeResources } from './write.ts'

const orEmpty = (most: number, each: number) =>
  z
    .array(requiredText(each))
    .max(most, `must have at most ${most} entries`)
    .nullish()
    .transform((texts) => [...new Set(texts)])

const resourceInput = z.object({
  kind: z.enum(ResourceKind),
  externalId: requiredText(300),
  name: requiredText(300),
  labels: z
    .record(z.string().min(1).max(100), z.string().max(500), 'must be an object whose values are texts')
    .refine((labels) => Object.keys(labels).length <= 50, 'must have at most 50 labels')
    .nullish()
    .transform((labels) => labels ?? {}),
  state: requiredText(100)
    .nullish()
    .transform((value) => value ?? null),
  stateMessage: z
    .string()
    .trim()
    .max(4_000, 'must have at most 4000 characters')
    .nullish()
    .transform((value) => value || null),
  url: webAddress.nullish().transform((value) => value ?? null),
  tags: orEmpty(50, 100),
  owners: orEmpty(20, 200),
  belongsTo: z.array(requiredText(300)).max(20, 'must have at most 20 entries').nullish()
})

type ResourceInput = z.output<typeof resourceInput>

const upsertInput = z.object({ resources: z.array(resourceInput).min(1, 'must name at least one resource').max(500, 'must have at most 500 resources') })

/**
 * Adds resources, or updates those whose external id is known; what is equal already makes no change. Of one that is given
 * twice the later counts. Returns their ids in the order given.
 */
export function upsertResources(session: Session, given: unknown): Promise<Committed<string[]>> {
  const { resources } = parseInput(upsertInput, given)
  const latest = new Map(resources.map((input, index) => [input.externalId, { input, index }]))
  const inputs = [...latest.values()]
  return commit(session, async (unit) => {
    const { workspaceId } = session.viewer
    const told = inputs.map(({ input: { belongsTo: _, ...fields } }) => ({ ...fields, goneAt: null }))
    const written = await writeResources(unit, workspaceId, told)
    // Only now are all there that may be named as parents.
    const parents = await setParents(unit, session.viewer, inputs, written)
    for (const { input } of inputs) {
      const { id, isNew, fields } = written.get(input.externalId) as Written
      recordResource(unit, input, { id, isNew, fields: parents.changed.has(id) ? [...fields, 'belongsTo'] : fields }, parents.idsOf.get(id) ?? [])
    }
    return resources.map(({ externalId }) => written.get(externalId)?.id ?? '')
  })
}

interface Given {
  readonly input: ResourceInput
  readonly index: number
}

/** Makes the parents those that are given, where some are; says which they are, and of which resources they are others than before. */
async function setParents(unit: UnitOfWork, viewer: Viewer, inputs: readonly Given[], written: ReadonlyMap<string, Written>) {
  const idsOf = new Map<string, string[]>()
  const { tx, now } = unit
  const children = inputs.filter(({ input }) => input.belongsTo)
  if (children.length === 0) return { idsOf, changed: new Set<string>() }
  const named = children.flatMap(({ input }) => input.belongsTo ?? [])
  const ids = await idsByExternalId({ query: (statement) => tx.$queryRaw(statement) }, viewer.workspaceId, named)
  const told: ToldDependency[] = []
  for (const { input, index } of children) {
    const { id: downstreamId } = written.get(input.externalId) as Written
    const parentIds = parentsOf(input, ids, `input.resources.${index}.belongsTo`)
    idsOf.set(downstreamId, parentIds)
    told.push(...parentIds.map((upstreamId) => ({ downstreamId, upstreamId, kind: 'BELONGS_TO' as const, confidence: 'CERTAIN' as const })))
  }
  const known = await tx.$queryRaw<Dependency[]>(selectDependencies(viewer.workspaceId, [...idsOf.keys()]))
  // What the catalogue tells of would come back.
  const plan = planDependencies(known, told, 'USER', now, ({ kind, source }) => kind === 'BELONGS_TO' && source !== 'CATALOG')
  await writeDependencies(unit, viewer.workspaceId, 'USER', plan)
  const changed = new Set([plan.added, plan.updated, plan.removed].flatMap((moved) => moved.map(({ downstreamId }) => downstreamId)))
  if (changed.size > 0) await tx.resource.updateMany({ where: { id: { in: [...changed] } }, data: { updatedAt: now } })
  return { idsOf, changed }
}

function parentsOf({ externalId, belongsTo }: ResourceInput, ids: ReadonlyMap<string, string>, field: string): string[] {
  const parents = new Set(belongsTo)
  for (const parent of parents) {
    if (!ids.has(parent)) throw new InvalidInput([{ field, rule: `must name resources that exist or stand in the same request; ${parent} does not` }])
  }
  if (parents.has(externalId)) throw new InvalidInput([{ field, rule: 'must not name the resource itself' }])
  return [...parents].map((parent) => ids.get(parent) ?? '').sort()
}
