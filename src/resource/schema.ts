// What the API says of resources, and the mutation that takes them in.
import { builder } from '../builder.ts'
import { ChangePayload } from '../change/payload.ts'
import type { Committed } from '../change/record.ts'
import { connectionOf } from '../connection.ts'
import type { Context } from '../context.ts'
import { Rejection } from '../error-types.ts'
import { pageCost } from '../page.ts'
import { listResources, resourcePage } from './list.ts'
import { childCountOfResource, childrenOfResource, parentCountOfResource, parentsOfResource, resourcesById } from './loader.ts'
import { type UpsertedResources, upsertResources } from './upsert.ts'

export const ResourceKind = builder.enumType('ResourceKind', {
  description: "What a resource is. The names are those of Prefect's objects; CUSTOM is anything else.",
  values: {
    FLOW: { description: 'A flow: the code of a workflow.' },
    FLOW_RUN: { description: 'One run of a flow.' },
    TASK_RUN: { description: 'One run of a task within a flow run.' },
    DEPLOYMENT: { description: 'A flow with where, when and how it runs.' },
    WORK_POOL: { description: 'A group of workers that runs are sent to.' },
    WORK_QUEUE: { description: 'A queue within a work pool.' },
    BLOCK: { description: 'A stored configuration, such as a credential or a storage location.' },
    ASSET: { description: 'Something that flows produce, such as a table or a file.' },
    AUTOMATION: { description: 'A rule of the orchestrator that acts by itself.' },
    CUSTOM: { description: 'Anything else.' }
  }
})

export const DependencyKind = builder.enumType('DependencyKind', {
  description: 'How a resource depends on another. Reads as "downstream KIND upstream": what breaks upstream harms what is downstream.',
  values: {
    BELONGS_TO: { description: 'A deployment belongs to its flow and its work queue, a queue to its work pool, a run to its deployment.' },
    DEPENDS_ON: { description: 'A deployment uses a block; and what users add.' },
    PRODUCED_BY: { description: 'An asset is produced by a deployment or a flow.' },
    READS: { description: 'A deployment reads an asset.' },
    DERIVED_FROM: { description: 'An asset is made from another.' },
    TRIGGERED_BY: { description: 'A deployment is started by an automation, and an automation by what happens to another resource.' },
    CALLS: { description: 'A flow or deployment runs another flow as a part of itself.' }
  }
})

export const DependencySource = builder.enumType('DependencySource', {
  description: 'Where Mayday has a dependency from.',
  values: {
    USER: { description: 'Somebody added it.' },
    CATALOG: { description: 'The orchestrator says so of its things.' },
    EVENT: { description: 'It was seen in what happened.' }
  }
})

export const Confidence = builder.enumType('Confidence', {
  description: 'How sure a dependency is, the surest first; of a path, how sure its least sure step is.',
  values: {
    CERTAIN: { description: 'Somebody, or the catalogue of the orchestrator, says so.' },
    LIKELY: { description: 'It was seen to be so.' },
    POSSIBLE: { description: 'It may be so: a pattern of the orchestrator may match.' }
  }
})

export const Resource = builder.prismaNode('Resource', {
  description: 'Something of an orchestrator that incidents affect.',
  id: { field: 'id', description: 'The id of the resource in Mayday.' },
  findUnique: (id, { viewer }: Context) => ({ id, workspaceId: viewer.workspaceId }),
  nullable: true,
  fields: (t) => ({
    kind: t.expose('kind', { type: ResourceKind, description: 'What it is.' }),
    externalId: t.exposeString('externalId', { description: 'Its id in the orchestrator, such as `prefect.flow-run.<uuid>`; unique in the workspace.' }),
    name: t.exposeString('name', { description: 'What people call it.' }),
    labels: t.expose('labels', { type: 'JSON', description: 'Its labels: an object whose values are texts.' }),
    state: t.exposeString('state', { nullable: true, description: "Its state in the orchestrator's own words, such as `Failed`; null when unknown." }),
    stateMessage: t.exposeString('stateMessage', { nullable: true, description: 'What the orchestrator says about the state.' }),
    url: t.exposeString('url', { nullable: true, description: "Its page in the orchestrator's own interface." }),
    tags: t.exposeStringList('tags', { description: 'Its tags.' }),
    owners: t.exposeStringList('owners', { description: 'Whom to call: people or teams, by whatever names the orchestrator has for them.' }),
    goneAt: t.expose('goneAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its orchestrator was found to have it no more; null while it is there. It stays, since incidents may refer to it.'
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When Mayday first heard of it.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When what Mayday knows of it last changed.' })
  })
})

export const ResourceConnection = connectionOf('Resource', Resource)

builder.prismaObjectFields(Resource, (t) => ({
  belongsTo: t.connection(
    {
      type: Resource,
      description: 'What it belongs to directly: a flow run to its deployment, a deployment to its flow and work pool. By name.',
      complexity: pageCost,
      resolve: async ({ id: parentId }, args, context) => ({
        ...(await resourcePage(args, (slice) => context.loader(parentsOfResource).load({ parentId, args: slice }))),
        totalCount: () => context.loader(parentCountOfResource).load({ parentId, args: null })
      })
    },
    ResourceConnection
  ),
  contains: t.connection(
    {
      type: Resource,
      description: 'What belongs to it directly. By name.',
      complexity: pageCost,
      resolve: async ({ id: parentId }, args, context) => ({
        ...(await resourcePage(args, (slice) => context.loader(childrenOfResource).load({ parentId, args: slice }))),
        totalCount: () => context.loader(childCountOfResource).load({ parentId, args: null })
      })
    },
    ResourceConnection
  )
}))

const ResourceFilter = builder.inputType('ResourceFilter', {
  description: 'Which resources; all conditions must hold. What is left out does not narrow.',
  fields: (t) => ({
    kind: t.field({ type: [ResourceKind], description: 'Is of one of these kinds.' }),
    externalId: t.stringList({ description: 'Has one of these external ids: at most 100.' }),
    name: t.string({ description: 'The name contains this text, in any case.' })
  })
})

builder.queryFields((t) => ({
  resource: t.field({
    type: Resource,
    nullable: true,
    description: 'A resource by its external id; null when there is none.',
    authScopes: { role: 'VIEWER' },
    args: { externalId: t.arg.string({ required: true, description: 'Its id in the orchestrator.' }) },
    resolve: (_root, { externalId }, { core, viewer }) =>
      core.database.prisma.resource.findUnique({ where: { workspaceId_externalId: { workspaceId: viewer.workspaceId, externalId } } })
  }),
  resources: t.connection(
    {
      type: Resource,
      description: 'The resources of the workspace, by name.',
      authScopes: { role: 'VIEWER' },
      complexity: pageCost,
      args: { filter: t.arg({ type: ResourceFilter, description: 'Which ones; all when left out.' }) },
      resolve: (_root, { filter, ...args }, { session }) => listResources(session, filter ?? {}, args)
    },
    ResourceConnection
  )
}))

const ResourceInput = builder.inputType('ResourceInput', {
  description: 'A resource as its orchestrator knows it, and has it. What is left out (but `belongsTo`) becomes empty.',
  fields: (t) => ({
    kind: t.field({ type: ResourceKind, required: true, description: 'What it is.' }),
    externalId: t.string({
      required: true,
      description: 'Its id in the orchestrator, such as `prefect.flow-run.<uuid>`: 1 to 300 characters; names the resource in the workspace.'
    }),
    name: t.string({ required: true, description: 'What people call it: 1 to 300 characters.' }),
    labels: t.field({ type: 'JSON', description: 'An object whose values are texts: at most 50, names up to 100 and values up to 500 characters.' }),
    state: t.string({ description: "Its state in the orchestrator's own words: 1 to 100 characters." }),
    stateMessage: t.string({ description: 'What the orchestrator says about the state: at most 4000 characters.' }),
    url: t.string({ description: "Its page in the orchestrator's own interface: http or https, at most 2000 characters." }),
    tags: t.stringList({ description: 'Its tags: at most 50 of 1 to 100 characters.' }),
    owners: t.stringList({ description: 'Whom to call, people or teams: at most 20 of 1 to 200 characters.' }),
    belongsTo: t.stringList({
      description:
        'External ids of what it belongs to, known already or in the same request: at most 20. Left out, the links stay as they are; those that the catalogue of the orchestrator tells of stay in any case.'
    })
  })
})

const UpsertResourcesInput = builder.inputType('UpsertResourcesInput', {
  description: 'Resources to add, or to update where the external id is known.',
  fields: (t) => ({
    resources: t.field({ type: [ResourceInput], required: true, description: '1 to 500 resources. Of one that is given twice the later counts.' })
  })
})

const ResourcesPayload = builder.objectRef<Committed<UpsertedResources>>('ResourcesPayload').implement({
  description: 'What became of the resources.',
  interfaces: [ChangePayload],
  fields: (t) => ({
    resources: t.field({
      type: [Resource],
      description: 'Those that were taken, as the mutation left them, in the order given.',
      resolve: async ({ result }, _args, context) =>
        (await context.loader(resourcesById).loadMany(result.ids)).flatMap((row) => (row && !(row instanceof Error) ? row : []))
    }),
    rejected: t.field({ type: [Rejection], description: 'The rows that were not taken, in their order.', resolve: ({ result }) => result.rejected })
  })
})

builder.mutationField('upsertResources', (t) =>
  t.field({
    type: ResourcesPayload,
    description:
      'Takes in resources: adds new ones, and updates those whose external id is known. Sending the same again changes nothing. The rows that are in order are taken, each of the others is answered with its index and the reason.',
    authScopes: { role: 'RESPONDER' },
    args: { input: t.arg({ type: UpsertResourcesInput, required: true, description: 'The resources.' }) },
    resolve: (_root, { input }, { session }) => upsertResources(session, input)
  })
)
