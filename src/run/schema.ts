// What the API says of runs. They are not in the record, so whatever leads to one is never answered from memory.
import { builder, unshared } from '../builder.ts'
import { connectionOf } from '../connection.ts'
import type { Context } from '../context.ts'
import { isoDuration } from '../duration.ts'
import { pageCost } from '../page.ts'
import { resourcesById } from '../resource/loader.ts'
import { Resource } from '../resource/schema.ts'
import { runPage } from './list.ts'
import { runCountOfResource, runsByExternalId, runsOfResource } from './loader.ts'
import { isLate } from './state.ts'

export const RunState = builder.enumType('RunState', {
  description: "The state of a run: the nine state types of Prefect. The orchestrator's own word for it is the run's `stateName`.",
  values: {
    SCHEDULED: { description: 'It is to begin at its expected start, for the first time or again.' },
    PENDING: { description: 'It has been sent to where it runs, and has not begun.' },
    RUNNING: { description: 'It is at work.' },
    PAUSED: { description: 'It waits, to go on later.' },
    CANCELLING: { description: 'It is being stopped.' },
    COMPLETED: { description: 'It is over and did its work.' },
    FAILED: { description: 'It is over: its code failed.' },
    CRASHED: { description: 'It is over: what it ran on failed.' },
    CANCELLED: { description: 'It is over: it was stopped, or never began.' }
  }
})

export const Run = builder.prismaNode('Run', {
  description: 'One run of a workflow. Runs that are over are deleted when they are old.',
  id: { field: 'id', description: 'The id of the run in Mayday.' },
  findUnique: (id, { viewer }: Context) => ({ id, workspaceId: viewer.workspaceId }),
  nullable: true,
  fields: (t) => ({
    externalId: t.exposeString('externalId', {
      description: 'Its id in the orchestrator, such as `prefect.flow-run.<uuid>`; unique in the workspace.'
    }),
    name: t.exposeString('name', { description: 'What people call it; its external id when nobody told.' }),
    resource: t.field({
      type: Resource,
      description: 'What it is a run of: a deployment, or a flow that runs without one.',
      resolve: async ({ resourceId }, _args, context) => {
        const resource = await context.loader(resourcesById).load(resourceId)
        if (!resource) throw new Error(`The resource ${resourceId} is gone`)
        return resource
      }
    }),
    state: t.expose('state', {
      type: RunState,
      description: 'Its state: the newest that was told of, in whatever order. Of two at the same moment it is the one further on in the order of the enum.'
    }),
    stateName: t.exposeString('stateName', {
      description:
        "The orchestrator's own word for the state: `Late`, `TimedOut`, `AwaitingRetry`. `Foreseen` is Mayday's: the orchestrator has not made the run yet; its deployment's schedule says that it will."
    }),
    stateMessage: t.exposeString('stateMessage', { nullable: true, description: 'What the orchestrator says about the state.' }),
    stateAt: t.expose('stateAt', {
      type: 'DateTime',
      description: "When it came into the state, by the orchestrator's clock; when Mayday heard of it, if that clock says a time more than a day ahead."
    }),
    expectedStartAt: t.expose('expectedStartAt', { type: 'DateTime', nullable: true, description: 'When it should begin, or should have.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true, description: 'When it first began: the earliest time that was told.' }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended; null while it is not over. Never before it began: an end that was told so is the time of its start.'
    }),
    duration: t.field({
      type: 'Duration',
      nullable: true,
      description: 'From its start to its end, or to now while it is not over; null when it has not begun.',
      resolve: ({ startedAt, endedAt }, _args, { core }) => startedAt && isoDuration(Math.max(0, (endedAt ?? core.clock()).getTime() - startedAt.getTime()))
    }),
    late: t.boolean({
      description: 'Whether it should have begun by now: it is scheduled, and its state is named Late or its expected start is more than 15 seconds ago.',
      resolve: (run, _args, { core }) => isLate(run, core.clock())
    }),
    tags: t.exposeStringList('tags', { description: 'Its tags.' }),
    url: t.exposeString('url', { nullable: true, description: "Its page in the orchestrator's own interface." }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When Mayday first heard of it.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When what Mayday knows of it last changed.' })
  })
})

builder.prismaObjectField(Run, 'parent', (t) =>
  t.field({
    ...unshared,
    type: Run,
    nullable: true,
    description: 'The run that started it as a part of itself; null when it has none, or none that is known.',
    resolve: ({ parentExternalId }, _args, context) =>
      parentExternalId === null ? null : context.loader(runsByExternalId).load({ parentId: parentExternalId, args: null })
  })
)

export const RunConnection = connectionOf('Run', Run)

builder.prismaObjectField(Resource, 'runs', (t) =>
  t.connection(
    {
      ...unshared,
      type: Run,
      description: 'Its own runs, the newest state first.',
      complexity: pageCost,
      args: { state: t.arg({ type: [RunState], description: 'In one of these states; in any when left out.' }) },
      resolve: async ({ id: parentId }, { state, ...args }, context) => {
        const states = state ?? null
        return {
          ...(await runPage(args, (slice) => context.loader(runsOfResource).load({ parentId, args: { slice, states } }))),
          totalCount: () => context.loader(runCountOfResource).load({ parentId, args: { states } })
        }
      }
    },
    RunConnection
  )
)
