// What the API says of the record: the audit log, its verification, and its live feed.
import { accessEvents } from '../access/events.ts'
import { actorOf } from '../access/loader.ts'
import { Actor } from '../access/schema.ts'
import { builder, DateTimeRange, ownState, unshared } from '../builder.ts'
import { commentEvents } from '../comment/events.ts'
import { connectionOf } from '../connection.ts'
import { incidentEvents } from '../incident/events.ts'
import { optionalRowIds } from '../node-id.ts'
import { pageCost } from '../page.ts'
import { connectionEvents } from '../prefect/events.ts'
import { dependencyEvents, resourceEvents } from '../resource/events.ts'
import { hex } from './chain.ts'
import { type ChangeRow, encodeCursor } from './change.ts'
import { type ChangesFrame, changesFrame } from './changes-frame.ts'
import type { ChangeKind as Kind } from './kind.ts'
import { listChanges, parseChangeFilter } from './list.ts'
import { afterArgument, Frame, liveOptions } from './live.ts'
import { type Verification, verifyChanges } from './verify.ts'

const kinds = [accessEvents, incidentEvents, commentEvents, resourceEvents, dependencyEvents, connectionEvents].flatMap(
  (events) => Object.values(events) as Kind[]
)
const kindByName = new Map(kinds.map((kind) => [kind.name, kind]))

const ChangeKind = builder.enumType('ChangeKind', {
  description: 'What a change was.',
  values: Object.fromEntries(
    kinds.map(({ name }) => [
      name.replaceAll(/[A-Z]/g, '_$&').replace('.', '_').toUpperCase(),
      { value: name, description: `\`${name}\`: ${name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replace('.', ' ')}.` }
    ])
  )
})

export const Change = builder.objectRef<ChangeRow>('Change').implement({
  description: 'One thing that happened in the workspace, by someone, at a time: the one record of it, chained to the one before.',
  fields: (t) => ({
    sequence: t.field({
      type: 'SafeInt',
      description: 'Its number in the workspace: 1, 2, 3 … without a gap, in the order in which things happened.',
      resolve: ({ sequence }) => sequence
    }),
    cursor: t.field({
      type: 'Cursor',
      description: 'Its place, for `after` of a subscription.',
      resolve: ({ workspaceId, sequence }) => encodeCursor(workspaceId, sequence)
    }),
    kind: t.field({ type: ChangeKind, description: 'What it was.', resolve: ({ kind }) => kind }),
    at: t.field({ type: 'DateTime', description: 'When.', resolve: ({ at }) => at }),
    actor: t.field({
      ...ownState,
      type: Actor,
      nullable: true,
      description: 'Who did it; null when Mayday did it itself.',
      resolve: ({ actorId }, _args, context) => (actorId ? actorOf(context, actorId) : null)
    }),
    message: t.string({
      description: 'How it reads, with the name of who did it: "Ada changed the severity from SEV-3 to SEV-1".',
      resolve: ({ kind, actorId, data, text }, _args, context) => {
        const said = (actor: { name: string } | null) => `${actor?.name ?? 'Mayday'} ${kindByName.get(kind)?.wording({ data, text: text ?? {} }) ?? kind}`
        const actor = actorId ? actorOf(context, actorId) : null
        return actor instanceof Promise ? actor.then(said) : said(actor)
      }
    }),
    data: t.field({
      type: 'JSON',
      description: 'Its facts: what was and what became of it. Ids in it are row ids, those that the hash covers.',
      resolve: ({ data }) => data
    }),
    text: t.field({
      type: 'JSON',
      nullable: true,
      description: 'The texts that people wrote with it; null when there were none, or they were redacted.',
      resolve: ({ text }) => text
    }),
    redacted: t.boolean({ description: 'Whether it had texts that were redacted.', resolve: ({ text, textDigest }) => text === null && textDigest !== null }),
    hash: t.string({ description: 'SHA-256 over the facts and the hash of the change before, in hexadecimal.', resolve: ({ hash }) => hex(hash) })
  })
})

export const ChangeConnection = connectionOf('Change', Change)

const ChangeFilter = builder.inputType('ChangeFilter', {
  description: 'Which changes; all conditions must hold. What is left out does not narrow.',
  fields: (t) => ({
    kind: t.field({ type: [ChangeKind], description: 'Was one of these.' }),
    incidentIds: t.idList({ description: 'Happened to one of these incidents: at most 100.' }),
    actorIds: t.idList({ description: 'Was done by one of these members or keys: at most 100.' }),
    at: t.field({ type: DateTimeRange, description: 'Happened within this range.' })
  })
})

type GivenFilter = typeof ChangeFilter.$inferInput

function filterOf(given: GivenFilter | null | undefined) {
  return parseChangeFilter({
    ...given,
    incidentIds: optionalRowIds(['Incident'], given?.incidentIds, 'filter.incidentIds'),
    actorIds: optionalRowIds(['Member', 'ApiKey'], given?.actorIds, 'filter.actorIds')
  })
}

builder.queryField('changes', (t) =>
  t.connection(
    {
      type: Change,
      description: 'The audit log: everything that happened in the workspace. Changes of members, keys and the workspace are seen by admins only.',
      authScopes: { role: 'VIEWER' },
      complexity: pageCost,
      args: {
        filter: t.arg({ type: ChangeFilter, description: 'Which ones; all when left out.' }),
        newestFirst: t.arg.boolean({ defaultValue: false, description: 'Whether to go back in time instead of forward.' })
      },
      resolve: (_root, { filter, newestFirst, ...args }, { session }) => listChanges(session, filterOf(filter), newestFirst ?? false, args)
    },
    ChangeConnection
  )
)

const Tampering = builder.enumType('Tampering', {
  description: 'What was done to the record by hand.',
  values: {
    ALTERED: { description: 'A change is not as it was written.' },
    REMOVED: { description: 'A change is missing.' },
    INSERTED: { description: 'A change is there that no command wrote.' }
  }
})

const VerificationProblem = builder.objectRef<NonNullable<Verification['problem']>>('VerificationProblem').implement({
  description: 'The first place where the record does not hold.',
  fields: (t) => ({
    kind: t.field({ type: Tampering, description: 'What was done.', resolve: ({ kind }) => kind }),
    sequence: t.field({ type: 'SafeInt', description: 'The number of that change.', resolve: ({ sequence }) => sequence }),
    message: t.exposeString('message', { description: 'The same in words.' })
  })
})

const ChangeVerification = builder.objectRef<Verification>('ChangeVerification').implement({
  description: 'What a walk along the chain of changes found.',
  fields: (t) => ({
    valid: t.boolean({
      description: 'Whether every change is as it was written, none is missing, and none was put in.',
      resolve: ({ problem }) => problem === null
    }),
    checked: t.field({ type: 'SafeInt', description: 'How many changes, from the first, are in order.', resolve: ({ checked }) => checked }),
    headHash: t.exposeString('headHash', {
      description: 'The hash of the last change in order. Kept in another place, it proves later that nothing up to it was rewritten.'
    }),
    problem: t.field({
      type: VerificationProblem,
      nullable: true,
      description: 'The first place where the record does not hold; null when it holds.',
      resolve: ({ problem }) => problem
    })
  })
})

builder.queryField('verifyChanges', (t) =>
  t.field({
    ...unshared,
    type: ChangeVerification,
    description: 'Walks the whole record of the workspace and checks its chain. Takes about a second for each 50,000 changes. For admins.',
    authScopes: { role: 'ADMIN' },
    complexity: 1_000,
    resolve: (_root, _args, { core, viewer }) => verifyChanges(core.database, viewer.workspaceId)
  })
)

const ChangesFrameType = builder.objectRef<ChangesFrame>('ChangesFrame').implement({
  description:
    'New changes, oldest first. With `reset`, the newest 100 there are. Nothing is ever skipped: whoever is far behind gets all in frames of at most 500.',
  interfaces: [Frame],
  fields: (t) => ({ changes: t.field({ type: [Change], description: 'The changes.', resolve: ({ changes }) => changes }) })
})

builder.subscriptionField('changes', (t) =>
  t.field({
    type: ChangesFrameType,
    description: 'Follows the record. Each change comes exactly once, in order, also over a reconnect with `after`.',
    complexity: { field: 1, multiplier: 50 },
    args: {
      filter: t.arg({ type: ChangeFilter, description: 'Which ones; all when left out.' }),
      after: t.arg({ type: 'Cursor', description: afterArgument })
    },
    ...liveOptions<{ filter?: GivenFilter | null }>('VIEWER', false, (context, { filter }, range) => changesFrame(context, filterOf(filter), range)),
    resolve: (frame) => frame as unknown as ChangesFrame
  })
)
