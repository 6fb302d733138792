// A schema that answers the bench's reads, made as the guides of Pothos and Prisma show it: a relation is a relation, a
// connection is the plugin's own. Only actors, to whom the tables have no relation, come by a loader.
import SchemaBuilder from '@pothos/core'
import PrismaPlugin, { prismaConnectionHelpers } from '@pothos/plugin-prisma'
import RelayPlugin from '@pothos/plugin-relay'
import type DataLoader from 'dataloader'
import { DateTimeResolver } from 'graphql-scalars'
import { commentEvents } from '../../../src/comment/events.ts'
import { type Actor, IncidentStatus, type Prisma, type PrismaClient, ResourceKind, Severity } from '../../../src/database/generated/client/client.ts'
import type PrismaTypes from '../../../src/database/generated/pothos.ts'
import { getDatamodel } from '../../../src/database/generated/pothos.ts'
import { incidentEvents } from '../../../src/incident/events.ts'
import { activeStatuses } from '../../../src/incident/lifecycle.ts'
import { encodeNodeId, rowId } from '../../../src/node-id.ts'

export interface DocumentedContext {
  readonly prisma: PrismaClient
  readonly workspaceId: string
  readonly actors: DataLoader<string, Actor>
}

const builder = new SchemaBuilder<{
  Context: DocumentedContext
  PrismaTypes: PrismaTypes
  DefaultFieldNullability: false
  Scalars: { ID: { Input: string; Output: string }; DateTime: { Input: Date; Output: Date } }
  Connection: { totalCount: number | (() => number | Promise<number>) }
}>({
  plugins: [PrismaPlugin, RelayPlugin],
  defaultFieldNullability: false,
  // Not used: Mayday's own schema brings the plugin's types into the program.
  scopeAuth: { authScopes: () => ({}) },
  prisma: { client: ({ prisma }: DocumentedContext) => prisma, dmmf: getDatamodel() },
  relay: { nodesOnConnection: true }
})

builder.addScalarType('DateTime', DateTimeResolver)
builder.globalConnectionField('totalCount', (t) => t.int({ resolve: ({ totalCount }) => (typeof totalCount === 'function' ? totalCount() : totalCount) }))

const IncidentStatusEnum = builder.enumType(IncidentStatus, { name: 'IncidentStatus' })
const SeverityEnum = builder.enumType(Severity, { name: 'Severity' })
const ResourceKindEnum = builder.enumType(ResourceKind, { name: 'ResourceKind' })

const ActorObject = builder.prismaObject('Actor', {
  fields: (t) => ({
    id: t.id({ resolve: ({ kind, id }) => encodeNodeId(kind === 'MEMBER' ? 'Member' : 'ApiKey', id) }),
    name: t.exposeString('name')
  })
})

builder.prismaObject('Comment', {
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => encodeNodeId('Comment', id) }),
    version: t.exposeInt('version'),
    body: t.exposeString('body'),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    editedAt: t.expose('editedAt', { type: 'DateTime', nullable: true }),
    author: t.field({ type: ActorObject, resolve: ({ authorId }, _args, { actors }) => actors.load(authorId) })
  })
})

const ResourceObject = builder.prismaObject('Resource', {
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => encodeNodeId('Resource', id) }),
    kind: t.expose('kind', { type: ResourceKindEnum }),
    externalId: t.exposeString('externalId'),
    name: t.exposeString('name'),
    state: t.exposeString('state', { nullable: true })
  })
})

const wordings = new Map([...Object.values(incidentEvents), ...Object.values(commentEvents)].map(({ name, wording }) => [name, wording as Wording]))
type Wording = (facts: { data: object; text: object }) => string

builder.prismaObject('Change', {
  fields: (t) => ({
    sequence: t.int({ resolve: ({ sequence }) => Number(sequence) }),
    kind: t.string({ resolve: ({ kind }) => kind.replaceAll(/[A-Z]/g, '_$&').replace('.', '_').toUpperCase() }),
    at: t.expose('at', { type: 'DateTime' }),
    actor: t.field({ type: ActorObject, nullable: true, resolve: ({ actorId }, _args, { actors }) => (actorId ? actors.load(actorId) : null) }),
    message: t.string({
      resolve: async ({ kind, actorId, data, text }, _args, { actors }) => {
        const actor = actorId && (await actors.load(actorId))
        return `${actor ? actor.name : 'Mayday'} ${wordings.get(kind)?.({ data: data as object, text: (text ?? {}) as object })}`
      }
    })
  })
})

const linkedResources = prismaConnectionHelpers(builder, 'IncidentResource', {
  cursor: 'incidentId_resourceId',
  select: () => ({ resource: true }),
  resolveNode: ({ resource }) => resource
})

const IncidentObject = builder.prismaObject('Incident', {
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => encodeNodeId('Incident', id) }),
    reference: t.string({ resolve: ({ number }) => `INC-${number}` }),
    version: t.exposeInt('version'),
    title: t.exposeString('title'),
    summary: t.exposeString('summary'),
    severity: t.expose('severity', { type: SeverityEnum }),
    status: t.expose('status', { type: IncidentStatusEnum }),
    tags: t.exposeStringList('tags'),
    startedAt: t.expose('startedAt', { type: 'DateTime' }),
    declaredAt: t.expose('declaredAt', { type: 'DateTime' }),
    acknowledgedAt: t.expose('acknowledgedAt', { type: 'DateTime', nullable: true }),
    mitigatedAt: t.expose('mitigatedAt', { type: 'DateTime', nullable: true }),
    resolvedAt: t.expose('resolvedAt', { type: 'DateTime', nullable: true }),
    lead: t.field({ type: ActorObject, nullable: true, resolve: ({ leadId }, _args, { actors }) => (leadId ? actors.load(leadId) : null) }),
    declaredBy: t.field({
      type: ActorObject,
      nullable: true,
      resolve: ({ declaredById }, _args, { actors }) => (declaredById ? actors.load(declaredById) : null)
    }),
    comments: t.relatedConnection('comments', { cursor: 'id', query: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] } }),
    resources: t.connection({
      type: ResourceObject,
      select: (args, context, select) => ({
        resources: { ...linkedResources.getQuery(args, context, select), orderBy: [{ resource: { name: 'asc' } }, { resourceId: 'asc' }] }
      }),
      resolve: (incident, args, context) => ({ ...linkedResources.resolve(incident.resources, args, context), totalCount: incident.resources.length })
    }),
    timeline: t.prismaConnection({
      type: 'Change',
      cursor: 'workspaceId_sequence',
      resolve: (query, { workspaceId, id }, _args, { prisma }) =>
        prisma.change.findMany({ ...query, where: { workspaceId, incidentId: id, kind: { not: 'incident.impactChanged' } }, orderBy: { sequence: 'asc' } })
    })
  })
})

const TagsFilter = builder.inputType('TagsFilter', { fields: (t) => ({ any: t.stringList() }) })
const IncidentFilter = builder.inputType('IncidentFilter', {
  fields: (t) => ({
    active: t.boolean(),
    status: t.field({ type: [IncidentStatusEnum] }),
    severity: t.field({ type: [SeverityEnum] }),
    tags: t.field({ type: TagsFilter })
  })
})
const IncidentOrder = builder.inputType('IncidentOrder', {
  fields: (t) => ({
    field: t.field({
      type: builder.enumType('IncidentOrderField', { values: { SEVERITY: { value: 'severity' }, DECLARED_AT: { value: 'declaredAt' } } as const }),
      required: true
    }),
    direction: t.field({ type: builder.enumType('OrderDirection', { values: { ASC: { value: 'asc' }, DESC: { value: 'desc' } } as const }), required: true })
  })
})

builder.queryType({
  fields: (t) => ({
    incident: t.prismaField({
      type: IncidentObject,
      nullable: true,
      args: { id: t.arg.id({ required: true }) },
      resolve: (query, _root, { id }, { prisma, workspaceId }) =>
        prisma.incident.findFirst({ ...query, where: { id: rowId('Incident', id, 'id'), workspaceId } })
    }),
    incidents: t.prismaConnection({
      type: IncidentObject,
      cursor: 'id',
      args: { filter: t.arg({ type: IncidentFilter }), orderBy: t.arg({ type: IncidentOrder }) },
      totalCount: (_root, { filter }, { prisma, workspaceId }) => prisma.incident.count({ where: matching(workspaceId, filter) }),
      resolve: (query, _root, { filter, orderBy }, { prisma, workspaceId }) => {
        const { field, direction } = orderBy ?? { field: 'declaredAt', direction: 'desc' }
        return prisma.incident.findMany({ ...query, where: matching(workspaceId, filter), orderBy: [{ [field]: direction }, { id: direction }] })
      }
    })
  })
})

function matching(workspaceId: string, filter: typeof IncidentFilter.$inferInput | null | undefined): Prisma.IncidentWhereInput {
  return {
    workspaceId,
    status: { in: filter?.active ? [...activeStatuses] : (filter?.status ?? undefined) },
    severity: { in: filter?.severity ?? undefined },
    tags: filter?.tags?.any ? { hasSome: filter.tags.any } : undefined
  }
}

export const schema = builder.toSchema()
