// The orchestrator's things that incidents affect: taking them in, and what belongs to what.
import { isDeepStrictEqual } from 'node:util'
import { v7 as uuid } from 'uuid'
import { z } from 'zod'
import type { Viewer } from '../access/viewer.ts'
import { type Committed, commit, type Transaction, type UnitOfWork } from '../change/record.ts'
import type { Session } from '../core.ts'
import { Prisma, type Resource, ResourceKind } from '../database/generated/client/client.ts'
import { InvalidInput, NotFoundError } from '../errors.ts'
import { parseInput, requiredText } from '../input.ts'
import { resourceEvents } from './events.ts'

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
  url: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .max(2_000)
    .nullish()
    .transform((value) => value ?? null),
  belongsTo: z.array(requiredText(300)).max(20, 'must have at most 20 entries').nullish()
})

type ResourceInput = z.output<typeof resourceInput>

const upsertInput = z.object({ resources: z.array(resourceInput).min(1, 'must name at least one resource').max(100, 'must have at most 100 resources') })

/** Adds resources, or updates those whose external id is known; what is equal already makes no change. Returns their ids in the order given. */
export function upsertResources(session: Session, given: unknown): Promise<Committed<string[]>> {
  const { resources } = parseInput(upsertInput, given)
  return commit(session, async (unit) => {
    const written = new Map<ResourceInput, Written>()
    for (const input of resources) written.set(input, await write(unit, session.viewer, input))
    // Only now are all there that may be named as parents.
    for (const [index, input] of resources.entries()) {
      const { id, isNew, fields } = written.get(input) as Written
      const parents = input.belongsTo && (await setParents(unit.tx, session.viewer, id, input.belongsTo, `input.resources.${index}.belongsTo`))
      if (parents?.changed && !isNew) {
        fields.push('belongsTo')
        await unit.tx.resource.update({ where: { id }, data: { updatedAt: unit.now } })
      }
      tell(unit, input, { id, isNew, fields }, parents?.ids ?? [])
    }
    return resources.map((input) => written.get(input)?.id ?? '')
  })
}

interface Written {
  id: string
  isNew: boolean
  /** What is other than before, of one that was known. */
  fields: string[]
}

async function write({ tx, now }: UnitOfWork, viewer: Viewer, input: ResourceInput): Promise<Written> {
  const { belongsTo: _, ...fields } = input
  const known = await tx.resource.findUnique({ where: { workspaceId_externalId: { workspaceId: viewer.workspaceId, externalId: input.externalId } } })
  if (!known) {
    const { id } = await tx.resource.create({ data: { ...fields, id: uuid(), workspaceId: viewer.workspaceId, createdAt: now, updatedAt: now } })
    return { id, isNew: true, fields: [] }
  }
  const changed = (Object.keys(fields) as (keyof typeof fields)[]).filter((field) => !isDeepStrictEqual(fields[field], known[field]))
  if (changed.length > 0) await tx.resource.update({ where: { id: known.id }, data: { ...fields, updatedAt: now } })
  return { id: known.id, isNew: false, fields: changed }
}

function tell({ record }: UnitOfWork, { kind, externalId, name }: ResourceInput, { id: subjectId, isNew, fields }: Written, parentIds: string[]): void {
  if (isNew) record(resourceEvents.created, { subjectId, data: { kind, externalId, parentIds }, text: { name } })
  else if (fields.length > 0) record(resourceEvents.updated, { subjectId, data: { kind, externalId, fields: fields.sort() }, text: { name } })
}

/** Makes the parents those of these external ids; says which they are, and whether they are others than before. */
async function setParents(
  tx: Transaction,
  viewer: Viewer,
  childId: string,
  externalIds: string[],
  field: string
): Promise<{ ids: string[]; changed: boolean }> {
  const parents = await tx.resource.findMany({
    where: { workspaceId: viewer.workspaceId, externalId: { in: externalIds } },
    select: { id: true, externalId: true },
    orderBy: { id: 'asc' }
  })
  const missing = externalIds.find((externalId) => !parents.some((parent) => parent.externalId === externalId))
  if (missing !== undefined) throw new InvalidInput([{ field, rule: `must name resources that exist or stand in the same request; ${missing} does not` }])
  if (parents.some(({ id }) => id === childId)) throw new InvalidInput([{ field, rule: 'must not name the resource itself' }])
  const ids = parents.map(({ id }) => id)
  const { count: gone } = await tx.resourceParent.deleteMany({ where: { childId, parentId: { notIn: ids } } })
  const { count: come } = await tx.resourceParent.createMany({ data: ids.map((parentId) => ({ childId, parentId })), skipDuplicates: true })
  return { ids, changed: gone + come > 0 }
}

/** The resource of this id in the viewer's workspace. */
export async function loadResource(tx: Transaction, viewer: Viewer, id: string): Promise<Resource> {
  const [resource] = await loadResources(tx, viewer, [id])
  return resource as Resource
}

/** All of these resources; NotFoundError names the first that the viewer's workspace does not have. */
export async function loadResources(tx: Transaction, viewer: Viewer, ids: string[]): Promise<Resource[]> {
  if (ids.length === 0) return []
  const resources = await tx.resource.findMany({ where: { id: { in: ids }, workspaceId: viewer.workspaceId } })
  const missing = ids.find((id) => !resources.some((resource) => resource.id === id))
  if (missing !== undefined) throw new NotFoundError('resource', missing)
  return resources
}

/** All that these resources belong to, directly or through others, nearest first; cycles end. */
export async function ancestorsOf(tx: Transaction, ids: string[]): Promise<Resource[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>(Prisma.sql`
    WITH RECURSIVE ancestor (id, distance) AS (
      SELECT parent_id, 1 FROM resource_parent WHERE child_id = ANY(${ids}::uuid[])
      UNION
      SELECT p.parent_id, a.distance + 1 FROM ancestor a JOIN resource_parent p ON p.child_id = a.id WHERE a.distance < 10
    )
    SELECT id::text FROM ancestor WHERE id <> ALL(${ids}::uuid[]) GROUP BY id ORDER BY min(distance), id LIMIT 99`)
  const resources = await tx.resource.findMany({ where: { id: { in: rows.map(({ id }) => id) } } })
  return rows.flatMap(({ id }) => resources.find((resource) => resource.id === id) ?? [])
}
