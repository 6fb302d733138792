// The mutations on incidents. Each calls one function of the domain; the rules are there.
import { builder } from '../builder.ts'
import { ChangePayload } from '../change/payload.ts'
import type { Committed } from '../change/record.ts'
import type { Context } from '../context.ts'
import { durationMs } from '../duration.ts'
import { ErrorInterface } from '../error-types.ts'
import { NotFoundError, VersionConflictError } from '../errors.ts'
import { SuggestedIncident } from '../impact/suggestion/schema.ts'
import { optionalRowId, rowId, rowIds } from '../node-id.ts'
import * as declaring from './declare.ts'
import { declareIncidentFromRun } from './declare-run.ts'
import * as editing from './edit.ts'
import { TransitionError } from './lifecycle.ts'
import { incidentsById } from './loader.ts'
import * as moving from './move.ts'
import {
  ChangeIncidentStatusInput,
  DeclareIncidentFromResourceInput,
  DeclareIncidentFromRunInput,
  DeclareIncidentInput,
  LinkResourcesInput,
  MergeIncidentInput,
  MoveIncidentInput,
  ResolveIncidentInput,
  UpdateIncidentInput
} from './mutation-inputs.ts'
import { Incident, IncidentStatus } from './schema.ts'
import { suggestFor } from './upstream.ts'

builder.objectType(TransitionError, {
  name: 'TransitionError',
  interfaces: [ErrorInterface],
  description: 'The incident cannot go from its status to the one asked for.',
  fields: (t) => ({
    from: t.field({ type: IncidentStatus, description: 'Where it is.', resolve: ({ from }) => from }),
    to: t.field({ type: IncidentStatus, description: 'Where it was to go.', resolve: ({ to }) => to }),
    availableTransitions: t.field({ type: [IncidentStatus], description: 'Where it can go.', resolve: ({ available }) => available })
  })
})

builder.objectType(declaring.DuplicateIncidentError, {
  name: 'DuplicateIncidentError',
  interfaces: [ErrorInterface],
  description: 'An incident with the same `dedupKey` is open, and the policy was REFUSE.',
  fields: (t) => ({
    incident: t.field({ type: Incident, description: 'That incident.', resolve: ({ incidentId }, _args, context) => load(context, incidentId) })
  })
})

const DeclareOutcome = builder.enumType('DeclareOutcome', {
  description: 'What a declaration came to.',
  values: {
    DECLARED: { description: 'A new incident.' },
    ATTACHED: { description: 'The incident with the same `dedupKey` that was open; or, where `upstreamPolicy` is ATTACH, the one upstream that explains it.' },
    REOPENED: { description: 'The incident with the same `dedupKey` that was resolved a short time ago.' },
    REPEATED: { description: 'The incident of the first request with this `idempotencyKey`; nothing was done again.' }
  }
})

const DeclareIncidentPayload = builder.objectRef<Committed<declaring.Declared>>('DeclareIncidentPayload').implement({
  description: 'The incident that a declaration came to.',
  interfaces: [ChangePayload],
  fields: (t) => ({
    incident: t.field({ type: Incident, description: 'The incident.', resolve: ({ result }, _args, context) => load(context, result.incidentId) }),
    outcome: t.field({ type: DeclareOutcome, description: 'Whether it is new.', resolve: ({ result }) => result.outcome }),
    suggestedIncident: t.field({
      type: SuggestedIncident,
      nullable: true,
      description:
        'The other active incident that explains this one: its harm comes to all that this one affects. Where the declaration was attached to it, that incident. Null also where that cannot be told within two seconds.',
      complexity: 20,
      resolve: ({ result }, _args, { session }) => result.suggestion ?? suggestFor(session, result.incidentId)
    })
  })
})

const IncidentPayload = builder.objectRef<Committed<string>>('IncidentPayload').implement({
  description: 'An incident as the mutation left it.',
  interfaces: [ChangePayload],
  fields: (t) => ({ incident: t.field({ type: Incident, description: 'The incident.', resolve: ({ result }, _args, context) => load(context, result) }) })
})

const edits = { types: [NotFoundError, VersionConflictError] }
const moves = { types: [NotFoundError, VersionConflictError, TransitionError] }

builder.mutationFields((t) => ({
  declareIncident: t.field({
    type: DeclareIncidentPayload,
    description: 'Declares an incident.',
    authScopes: { role: 'RESPONDER' },
    errors: { types: [NotFoundError, declaring.DuplicateIncidentError] },
    args: { input: t.arg({ type: DeclareIncidentInput, required: true, description: 'The incident.' }) },
    resolve: (_root, { input }, { session }) =>
      declaring.declareIncident(session, {
        ...input,
        resourceIds: rowIds('Resource', input.resourceIds ?? [], 'input.resourceIds'),
        leadId: optionalRowId('Member', input.leadId, 'input.leadId'),
        reopenWindow: durationMs(input.reopenWindow, 'input.reopenWindow')
      })
  }),
  declareIncidentFromResource: t.field({
    type: DeclareIncidentPayload,
    description: 'Declares an incident for a resource that is in trouble: a failed flow run, a work pool, a block …',
    authScopes: { role: 'RESPONDER' },
    errors: { types: [NotFoundError, declaring.DuplicateIncidentError] },
    args: { input: t.arg({ type: DeclareIncidentFromResourceInput, required: true, description: 'The resource, and what to say beyond it.' }) },
    resolve: (_root, { input }, { session }) =>
      declaring.declareIncidentFromResource(session, {
        ...input,
        resourceId: rowId('Resource', input.resourceId, 'input.resourceId'),
        leadId: optionalRowId('Member', input.leadId, 'input.leadId'),
        reopenWindow: durationMs(input.reopenWindow, 'input.reopenWindow')
      })
  }),
  declareIncidentFromRun: t.field({
    type: DeclareIncidentPayload,
    description:
      'Declares an incident for a run that failed, or is late. The run becomes a resource; it and what it is a run of (most often a deployment) are linked as AFFECTED, and all else that it belongs to as CONTEXT.',
    authScopes: { role: 'RESPONDER' },
    errors: { types: [NotFoundError, declaring.DuplicateIncidentError] },
    args: { input: t.arg({ type: DeclareIncidentFromRunInput, required: true, description: 'The run, and what to say beyond it.' }) },
    resolve: (_root, { input }, { session }) =>
      declareIncidentFromRun(session, {
        ...input,
        runId: optionalRowId('Run', input.runId, 'input.runId'),
        leadId: optionalRowId('Member', input.leadId, 'input.leadId'),
        reopenWindow: durationMs(input.reopenWindow, 'input.reopenWindow')
      })
  }),
  updateIncident: t.field({
    type: IncidentPayload,
    description: 'Changes what an incident says of itself. Each attribute that really changes is one change in the record.',
    authScopes: { role: 'RESPONDER' },
    errors: edits,
    args: { input: t.arg({ type: UpdateIncidentInput, required: true, description: 'The edit.' }) },
    resolve: (_root, { input }, { session }) =>
      editing.updateIncident(session, { ...input, id: incidentId(input), leadId: optionalRowId('Member', input.leadId, 'input.leadId') })
  }),
  linkResources: t.field({
    type: IncidentPayload,
    description: 'Links resources that an incident affects; those that are linked stay so, and one that was linked as CONTEXT becomes AFFECTED.',
    authScopes: { role: 'RESPONDER' },
    errors: edits,
    args: { input: t.arg({ type: LinkResourcesInput, required: true, description: 'Which ones.' }) },
    resolve: (_root, { input }, { session }) =>
      editing.linkResources(session, { ...input, id: incidentId(input), resourceIds: rowIds('Resource', input.resourceIds, 'input.resourceIds') })
  }),
  unlinkResources: t.field({
    type: IncidentPayload,
    description: 'Unlinks resources that an incident does not affect after all.',
    authScopes: { role: 'RESPONDER' },
    errors: edits,
    args: { input: t.arg({ type: LinkResourcesInput, required: true, description: 'Which ones.' }) },
    resolve: (_root, { input }, { session }) =>
      editing.unlinkResources(session, { ...input, id: incidentId(input), resourceIds: rowIds('Resource', input.resourceIds, 'input.resourceIds') })
  }),
  acknowledgeIncident: t.field({
    type: IncidentPayload,
    description: 'Takes an incident: TRIAGE → INVESTIGATING. A member who takes one without a lead becomes its lead.',
    authScopes: { role: 'RESPONDER' },
    errors: moves,
    args: { input: t.arg({ type: MoveIncidentInput, required: true, description: 'Which one.' }) },
    resolve: (_root, { input }, { session }) => moving.acknowledgeIncident(session, { ...input, id: incidentId(input) })
  }),
  changeIncidentStatus: t.field({
    type: IncidentPayload,
    description: 'Moves an active incident to INVESTIGATING, IDENTIFIED or MONITORING, forward or back.',
    authScopes: { role: 'RESPONDER' },
    errors: moves,
    args: { input: t.arg({ type: ChangeIncidentStatusInput, required: true, description: 'Which one, and where.' }) },
    resolve: (_root, { input }, { session }) => moving.changeIncidentStatus(session, { ...input, id: incidentId(input) })
  }),
  resolveIncident: t.field({
    type: IncidentPayload,
    description: 'Resolves an active incident: the harm is over. What was done and why it happened can be given now or by a later edit.',
    authScopes: { role: 'RESPONDER' },
    errors: moves,
    args: { input: t.arg({ type: ResolveIncidentInput, required: true, description: 'Which one, and how.' }) },
    resolve: (_root, { input }, { session }) => moving.resolveIncident(session, { ...input, id: incidentId(input) })
  }),
  closeIncident: t.field({
    type: IncidentPayload,
    description: 'Closes a resolved incident: nothing is left to do.',
    authScopes: { role: 'RESPONDER' },
    errors: moves,
    args: { input: t.arg({ type: MoveIncidentInput, required: true, description: 'Which one.' }) },
    resolve: (_root, { input }, { session }) => moving.closeIncident(session, { ...input, id: incidentId(input) })
  }),
  reopenIncident: t.field({
    type: IncidentPayload,
    description: 'Reopens a resolved or closed incident: it goes to INVESTIGATING.',
    authScopes: { role: 'RESPONDER' },
    errors: moves,
    args: { input: t.arg({ type: MoveIncidentInput, required: true, description: 'Which one.' }) },
    resolve: (_root, { input }, { session }) => moving.reopenIncident(session, { ...input, id: incidentId(input) })
  }),
  cancelIncident: t.field({
    type: IncidentPayload,
    description: 'Cancels an active incident as a false alarm. There is no way back.',
    authScopes: { role: 'RESPONDER' },
    errors: moves,
    args: { input: t.arg({ type: MoveIncidentInput, required: true, description: 'Which one.' }) },
    resolve: (_root, { input }, { session }) => moving.cancelIncident(session, { ...input, id: incidentId(input) })
  }),
  mergeIncident: t.field({
    type: IncidentPayload,
    description: 'Merges an active incident into another: its comments move there, and its resources are linked there too. There is no way back.',
    authScopes: { role: 'RESPONDER' },
    errors: moves,
    args: { input: t.arg({ type: MergeIncidentInput, required: true, description: 'Which one into which.' }) },
    resolve: (_root, { input }, { session }) =>
      moving.mergeIncident(session, { ...input, id: incidentId(input), intoId: rowId('Incident', input.intoId, 'input.intoId') })
  })
}))

function incidentId(input: { id: string }): string {
  return rowId('Incident', input.id, 'input.id')
}

async function load(context: Context, id: string) {
  const incident = await context.loader(incidentsById).load(id)
  if (!incident) throw new Error(`The incident ${id} is gone`)
  return incident
}
