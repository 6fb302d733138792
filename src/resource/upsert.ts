// Taking in the orchestrator's things that people and tools tell of, and what belongs to what.
import { z } from 'zod'
import type { Viewer } from '../access/viewer.ts'
import { type Committed, commit, type UnitOfWork } from '../change/record.ts'
import type { Session } from '../core.ts'
import { type Dependency, type Prisma, ResourceKind } from '../database/generated/client/client.ts'
import { inOrder, parseEach, parseInput, type Rejected, requiredText, webAddress } from '../input.ts'
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

const upsertInput = z.object({
  resources: z.array(z.unknown()).min(1, 'must name at least one resource').max(500, 'must have at most 500 resources')
})

export interface UpsertedResources {
  /** Of those that were taken, in the order given. */
  readonly ids: readonly string[]
  readonly rejected: readonly Rejected[]
}

/**
 * Adds resources, or updates those whose external id is known; what is equal already makes no change. Takes those that are
 * in order, and says of the others why not. Of one that is given twice the later counts.
 */
export function upsertResources(session: Session, given: unknown): Promise<Committed<UpsertedResources>> {
  const { fit, rejected } = parseEach(resourceInput, parseInput(upsertInput, given).resources)
  const latest = new Map(fit.map(({ index, row }) => [row.externalId, { index, input: row }]))
  return commit(session, async (unit) => {
    const { workspaceId } = session.viewer
    const named = [...latest.values()].flatMap(({ input }) => input.belongsTo ?? [])
    const reader = { query: <Row>(statement: Prisma.Sql) => unit.tx.$queryRaw<Row[]>(statement) }
    const known = named.length === 0 ? new Map<string, string>() : await idsByExternalId(reader, workspaceId, named)
    const homeless = takeHomeless(latest, known)
    const inputs = [...latest.values()].map(({ input }) => input)
    const told = inputs.map(({ belongsTo: _, ...fields }) => ({ ...fields, goneAt: null }))
    const written = told.length === 0 ? new Map<string, Written>() : await writeResources(unit, workspaceId, told)
    for (const [externalId, { id }] of written) known.set(externalId, id)
    const parents = await setParents(unit, session.viewer, inputs, known)
    for (const input of inputs) {
      const { id, isNew, fields } = written.get(input.externalId) as Written
      recordResource(unit, input, { id, isNew, fields: parents.changed.has(id) ? [...fields, 'belongsTo'] : fields }, parents.idsOf.get(id) ?? [])
    }
    const ids = fit.flatMap(({ row }) => written.get(row.externalId)?.id ?? [])
    return { ids, rejected: inOrder([...rejected, ...homeless]) }
  })
}

/** Takes out those that are to belong to what is neither known nor among them, and then those that are to belong to these. */
function takeHomeless(latest: Map<string, { index: number; input: ResourceInput }>, known: ReadonlyMap<string, string>): Rejected[] {
  const homeless: Rejected[] = []
  for (let before = -1; before < homeless.length; ) {
    before = homeless.length
    for (const [externalId, { index, input }] of latest) {
      const missing = input.belongsTo?.find((parent) => !known.has(parent) && !latest.has(parent))
      const reason = input.belongsTo?.includes(externalId)
        ? 'must not name the resource itself'
        : missing !== undefined && `must name resources that exist or stand in the same request; ${missing} does not`
      if (!reason) continue
      latest.delete(externalId)
      homeless.push({ index, reason: `belongsTo: ${reason}` })
    }
  }
  return homeless
}

/** Makes the parents those that are given, where some are; says which they are, and of which resources they are others than before. */
async function setParents(unit: UnitOfWork, viewer: Viewer, inputs: readonly ResourceInput[], ids: ReadonlyMap<string, string>) {
  const idOf = (externalId: string) => ids.get(externalId) as string
  const { tx, now } = unit
  const children = inputs.filter(({ belongsTo }) => belongsTo)
  const idsOf = new Map(children.map(({ externalId, belongsTo }) => [idOf(externalId), [...new Set(belongsTo)].map(idOf).sort()]))
  if (children.length === 0) return { idsOf, changed: new Set<string>() }
  const told: ToldDependency[] = [...idsOf].flatMap(([downstreamId, upstreamIds]) =>
    upstreamIds.map((upstreamId) => ({ downstreamId, upstreamId, kind: 'BELONGS_TO' as const, confidence: 'CERTAIN' as const }))
  )
  const known = await tx.$queryRaw<Dependency[]>(selectDependencies(viewer.workspaceId, [...idsOf.keys()]))
  // What the catalogue tells of would come back.
  const plan = planDependencies(known, told, 'USER', now, ({ kind, source }) => kind === 'BELONGS_TO' && source !== 'CATALOG')
  await writeDependencies(unit, viewer.workspaceId, 'USER', plan)
  const changed = new Set([plan.added, plan.updated, plan.removed].flatMap((moved) => moved.map(({ downstreamId }) => downstreamId)))
  if (changed.size > 0) await tx.resource.updateMany({ where: { id: { in: [...changed] } }, data: { updatedAt: now } })
  return { idsOf, changed }
}
