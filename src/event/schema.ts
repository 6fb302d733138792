// What the API says of events, and the mutation that takes them in.
import { builder, DateTimeRange, unshared } from '../builder.ts'
import { connectionOf } from '../connection.ts'
import type { Event } from '../database/generated/client/client.ts'
import { Rejection } from '../error-types.ts'
import { pageCost } from '../page.ts'
import { Resource } from '../resource/schema.ts'
import type { IntakeOutcome } from './intake.ts'
import { eventPage, listEvents } from './list.ts'
import { eventCountOfResource, eventsOfResource, resourceOfEvent } from './loader.ts'
import { ingestEvents } from './service.ts'

const EventType = builder.objectRef<Event>('Event').implement({
  description: 'Something that an orchestrator told, as it told it. Kept for so many days after it came in (`MAYDAY_EVENT_RETENTION_DAYS`, 30 by default).',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id, as the orchestrator gave it; by what it says when it came without one.' }),
    name: t.exposeString('name', { description: 'What happened, such as `prefect.flow-run.Failed`.' }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime', description: "When it happened, by the orchestrator's clock." }),
    receivedAt: t.expose('receivedAt', { type: 'DateTime', description: 'When Mayday took it in.' }),
    resourceExternalId: t.exposeString('resourceExternalId', { description: 'The id, in the orchestrator, of what it happened to.' }),
    resource: t.field({
      type: Resource,
      nullable: true,
      description: 'What it happened to; null when that is no resource here, such as a run.',
      resolve: ({ resourceExternalId: parentId }, _args, context) => context.loader(resourceOfEvent).load({ parentId, args: null })
    }),
    labels: t.field({ type: 'JSON', description: 'What it says of the resource: an object whose values are texts.', resolve: ({ resource }) => resource }),
    related: t.field({
      type: 'JSON',
      description: 'What else has to do with it: a list of objects whose values are texts, each with `prefect.resource.id` and `prefect.resource.role`.',
      resolve: ({ related }) => related
    }),
    payload: t.field({ type: 'JSON', description: 'Whatever else it says: an object.', resolve: ({ payload }) => payload })
  })
})

const EventConnection = connectionOf('Event', EventType)

const EventFilter = builder.inputType('EventFilter', {
  description: 'Which events; all conditions must hold. What is left out does not narrow.',
  fields: (t) => ({
    resource: t.stringList({ description: 'Happened to one of these, by their external ids: at most 100.' }),
    namePrefix: t.string({ description: 'The name begins with this text, such as `prefect.flow-run.`: at most 300 characters.' }),
    occurredAt: t.field({ type: DateTimeRange, description: 'Happened in this time.' })
  })
})

builder.queryField('events', (t) =>
  t.connection(
    {
      type: EventType,
      ...unshared,
      description: 'What orchestrators told, newest first.',
      authScopes: { role: 'VIEWER' },
      complexity: pageCost,
      args: { filter: t.arg({ type: EventFilter, description: 'Which ones; all when left out.' }) },
      resolve: (_root, { filter, ...args }, { session }) => listEvents(session, filter, args)
    },
    EventConnection
  )
)

builder.prismaObjectField(Resource, 'events', (t) =>
  t.connection(
    {
      type: EventType,
      ...unshared,
      description: 'What its orchestrator told of it, newest first.',
      complexity: pageCost,
      resolve: async ({ id: parentId }, args, context) => ({
        ...(await eventPage(args, (slice) => context.loader(eventsOfResource).load({ parentId, args: slice }))),
        totalCount: () => context.loader(eventCountOfResource).load({ parentId, args: null })
      })
    },
    EventConnection
  )
)

const IngestEventsInput = builder.inputType('IngestEventsInput', {
  description: 'Events to take in.',
  fields: (t) => ({
    events: t.field({
      type: ['JSON'],
      required: true,
      description:
        "1 to 500 events of Prefect's shape: `id` (a UUID; without one the event is known by what it says), `occurred` (RFC 3339, at most a day ahead), `event` (its name, 1 to 300 characters), `resource` (an object of texts, with `prefect.resource.id` of at most 512 characters), `related` (at most 100 such objects, each also with `prefect.resource.role`), `payload` (an object). At most 256000 bytes each."
    })
  })
})

const IngestEventsPayload = builder.objectRef<IntakeOutcome>('IngestEventsPayload').implement({
  description: 'What became of the events.',
  fields: (t) => ({
    accepted: t.exposeInt('accepted', { description: 'How many are new and were taken in.' }),
    duplicates: t.exposeInt('duplicates', { description: 'How many were known already, and changed nothing.' }),
    rejected: t.field({ type: [Rejection], description: 'Those that were not taken in, in their order.', resolve: ({ rejected }) => rejected })
  })
})

builder.mutationField('ingestEvents', (t) =>
  t.field({
    type: IngestEventsPayload,
    description:
      'Takes in what an orchestrator tells: keeps the events, and brings runs, resources and dependencies up to what they say. In any order; an event whose id is known changes nothing. Those that are well formed are taken, each other one is answered with the reason. When too many come at once the answer is SERVICE_UNAVAILABLE: send the same again in a moment. `POST /events` does the same with plain JSON.',
    authScopes: { role: 'RESPONDER' },
    args: { input: t.arg({ type: IngestEventsInput, required: true, description: 'The events.' }) },
    resolve: (_root, { input }, { session }) => ingestEvents(session, input)
  })
)
