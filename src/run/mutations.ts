import { builder } from '../builder.ts'
import { Rejection } from '../error-types.ts'
import { RunState } from './schema.ts'
import { type UpsertedRuns, upsertRuns } from './service.ts'

const RunInput = builder.inputType('RunInput', {
  description:
    'What is known of a run now. What is left out stays as it is known. Runs may be told of in any order, and again: an older state never replaces a newer one.',
  fields: (t) => ({
    externalId: t.string({
      required: true,
      description: 'Its id in the orchestrator, such as `prefect.flow-run.<uuid>`: 1 to 300 characters; names the run in the workspace.'
    }),
    name: t.string({ description: 'What people call it: 1 to 300 characters.' }),
    resource: t.string({ required: true, description: 'The external id of what it is a run of, which must be known: a deployment, or a flow.' }),
    parent: t.string({ description: 'The external id of the run that started it as a part of itself; that may become known later.' }),
    state: t.field({ type: RunState, required: true, description: 'Its state.' }),
    stateName: t.string({
      description: "The orchestrator's own word for the state, such as `Late`: 1 to 100 characters; the name of the state when left out."
    }),
    stateMessage: t.string({ description: 'What the orchestrator says about the state: at most 4000 characters.' }),
    stateAt: t.field({ type: 'DateTime', required: true, description: 'When it came into the state: from 1970 to a day ahead.' }),
    expectedStartAt: t.field({ type: 'DateTime', description: 'When it should begin, or should have.' }),
    startedAt: t.field({ type: 'DateTime', description: 'When it began, at most a day ahead; the earliest time that is told counts.' }),
    endedAt: t.field({
      type: 'DateTime',
      description:
        'When it ended, at most a day ahead; only of a run that is over, and when its state came when left out. One before the start is taken as the time of the start.'
    }),
    tags: t.stringList({ description: 'Its tags: at most 50 of 1 to 100 characters.' }),
    url: t.string({ description: "Its page in the orchestrator's own interface: http or https, at most 2000 characters." })
  })
})

const UpsertRunsInput = builder.inputType('UpsertRunsInput', {
  description: 'Runs to take in.',
  fields: (t) => ({ runs: t.field({ type: [RunInput], required: true, description: '1 to 500 runs.' }) })
})

const UpsertRunsPayload = builder.objectRef<UpsertedRuns>('UpsertRunsPayload').implement({
  description: 'What became of the runs. Runs are no part of the record, so there is no change and no cursor.',
  fields: (t) => ({
    written: t.exposeInt('written', { description: 'How many runs are new, or other than before; the same again counts for nothing.' }),
    rejected: t.field({ type: [Rejection], description: 'The rows that were not taken, in their order.', resolve: ({ rejected }) => rejected })
  })
})

builder.mutationField('upsertRuns', (t) =>
  t.field({
    type: UpsertRunsPayload,
    description:
      'Takes in runs of any orchestrator: adds new ones, and brings known ones up to what is told. The rows that are in order are taken, each of the others is answered with its index and the reason.',
    authScopes: { role: 'RESPONDER' },
    args: { input: t.arg({ type: UpsertRunsInput, required: true, description: 'The runs.' }) },
    resolve: (_root, { input }, { session }) => upsertRuns(session, input)
  })
)
