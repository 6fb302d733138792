// What the mutations on incidents take, as the SDL says it; input.ts checks it.
import { builder } from '../builder.ts'
import { IncidentStatus, Severity } from './schema.ts'

const DedupPolicy = builder.enumType('DedupPolicy', {
  description: 'What a declaration does when an incident with the same `dedupKey` is there.',
  values: {
    ATTACH: { description: 'Attaches to the one that is open: links the resources and notes it in the record. When none is open, declares a new one.' },
    REFUSE: { description: 'Is refused with DuplicateIncidentError while one is open.' },
    REOPEN: { description: 'As ATTACH; when none is open, reopens the newest if it was resolved within `reopenWindow`.' }
  }
})

const UpstreamPolicy = builder.enumType('UpstreamPolicy', {
  description: 'What a declaration does when an active incident upstream explains what is wrong.',
  values: {
    DECLARE: { description: 'Declares a new one all the same, and names the other as `suggestedIncident`.' },
    ATTACH: {
      description:
        'Attaches to that one when it certainly or likely explains all that is affected: links the resources and notes it in the record. A `dedupKey` that is known comes first.'
    }
  }
})

export const DeclareIncidentInput = builder.inputType('DeclareIncidentInput', {
  description: 'A disruption to declare.',
  fields: (t) => ({
    title: t.string({ required: true, description: 'What is wrong, in a line: 1 to 200 characters.' }),
    severity: t.field({ type: Severity, required: true, description: 'How bad it is.' }),
    summary: t.string({ description: 'What is known, in markdown: at most 10000 characters.' }),
    startedAt: t.field({ type: 'DateTime', description: 'When the harm began; now when left out. Not in the future.' }),
    tags: t.stringList({ description: 'At most 20 tags of 1 to 50 characters.' }),
    resourceIds: t.idList({ description: 'The resources that it affects: at most 100.' }),
    leadId: t.id({ description: 'The member who leads the response.' }),
    ...onceFields(t)
  })
})

export const DeclareIncidentFromResourceInput = builder.inputType('DeclareIncidentFromResourceInput', {
  description: 'A resource that is in trouble. What is left out is proposed from what Mayday knows of it.',
  fields: (t) => ({
    resourceId: t.id({
      required: true,
      description: 'The resource. It is linked as AFFECTED (of a run, its deployment or flow too), and all else that it belongs to as CONTEXT.'
    }),
    title: t.string({ description: 'What is wrong, in a line: 1 to 200 characters. Left out: made from kind, name and state.' }),
    severity: t.field({ type: Severity, description: 'How bad it is. Left out: HIGH for a work pool, work queue or block, else MODERATE.' }),
    summary: t.string({ description: 'What is known, in markdown: at most 10000 characters. Left out: the state message, what it belongs to, and its page.' }),
    startedAt: t.field({ type: 'DateTime', description: 'When the harm began; now when left out. Not in the future.' }),
    tags: t.stringList({ description: 'At most 20 tags of 1 to 50 characters.' }),
    leadId: t.id({ description: 'The member who leads the response.' }),
    ...onceFields(t)
  })
})

export const DeclareIncidentFromRunInput = builder.inputType('DeclareIncidentFromRunInput', {
  description: 'A run that is in trouble, by exactly one of `runId` and `externalId`. What is left out is taken from what its orchestrator told.',
  fields: (t) => ({
    runId: t.id({ description: 'The run.' }),
    externalId: t.string({ description: 'The id of the run in its orchestrator: 1 to 300 characters.' }),
    title: t.string({ description: 'What is wrong, in a line: 1 to 200 characters. Left out: made from the run, what it is a run of, and its state.' }),
    severity: t.field({
      type: Severity,
      description: 'How bad it is. Left out: what the impact suggests, see `Impact.suggestedSeverity`; MODERATE where that cannot be told within two seconds.'
    }),
    summary: t.string({
      description: "What is known, in markdown: at most 10000 characters. Left out: the state message, what the run belongs to, and the run's page."
    }),
    startedAt: t.field({
      type: 'DateTime',
      description: 'When the harm began; not in the future. Left out: when a run that is over ended, or a late one should have begun, else now.'
    }),
    tags: t.stringList({ description: 'At most 20 tags of 1 to 50 characters. Left out: those of the run and of what it is a run of, as far as they fit.' }),
    leadId: t.id({ description: 'The member who leads the response.' }),
    ...onceFields(t)
  })
})

function onceFields(t: PothosSchemaTypes.InputFieldBuilder<typeof builder.$inferSchemaTypes, 'InputObject'>) {
  return {
    dedupKey: t.string({
      description:
        'Names the cause: 1 to 200 characters. For a resource, left out: the deployment or flow of a run, else the resource itself. For a run, left out: what it is a run of.'
    }),
    dedupPolicy: t.field({ type: DedupPolicy, defaultValue: 'ATTACH', description: 'What to do when an incident with this `dedupKey` is there.' }),
    upstreamPolicy: t.field({
      type: UpstreamPolicy,
      defaultValue: 'DECLARE',
      description: 'What to do when an active incident upstream explains what is wrong.'
    }),
    reopenWindow: t.field({ type: 'Duration', defaultValue: 'P1D', description: 'For REOPEN: how long ago it may have been resolved, one second to 90 days.' }),
    idempotencyKey: t.string({
      description: 'A repeated request with the same key gets the incident of the first one: 1 to 200 characters. The same key with another input is refused.'
    })
  }
}

export const UpdateIncidentInput = builder.inputType('UpdateIncidentInput', {
  description: 'What to change of an incident; what is left out stays.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The incident.' }),
    version: t.int({ required: true, description: 'The version that the edit was made on.' }),
    title: t.string({ description: 'What is wrong, in a line: 1 to 200 characters.' }),
    summary: t.string({ description: 'What is known, in markdown: at most 10000 characters; empty removes it.' }),
    severity: t.field({ type: Severity, description: 'How bad it is.' }),
    startedAt: t.field({ type: 'DateTime', description: 'When the harm began. Not in the future.' }),
    tags: t.stringList({ description: 'All its tags: at most 20 of 1 to 50 characters.' }),
    leadId: t.id({ description: 'The member who leads the response; null removes the lead.' }),
    resolution: t.string({ description: 'What was done, in markdown: at most 10000 characters.' }),
    rootCause: t.string({ description: 'Why it happened, in markdown: at most 10000 characters.' })
  })
})

export const LinkResourcesInput = builder.inputType('LinkResourcesInput', {
  description: 'Which resources an incident affects, or does not.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The incident.' }),
    version: t.int({ required: true, description: 'The version that the edit was made on.' }),
    resourceIds: t.idList({ required: true, description: 'The resources: 1 to 100.' })
  })
})

const move = {
  id: 'The incident.',
  version: 'The version that the move was made on.',
  note: 'Why, or what to know: at most 2000 characters.'
}

export const MoveIncidentInput = builder.inputType('MoveIncidentInput', {
  description: 'Which incident moves on.',
  fields: (t) => ({
    id: t.id({ required: true, description: move.id }),
    version: t.int({ required: true, description: move.version }),
    note: t.string({ description: move.note })
  })
})

export const ChangeIncidentStatusInput = builder.inputType('ChangeIncidentStatusInput', {
  description: 'Where an active incident goes.',
  fields: (t) => ({
    id: t.id({ required: true, description: move.id }),
    version: t.int({ required: true, description: move.version }),
    status: t.field({ type: IncidentStatus, required: true, description: 'INVESTIGATING, IDENTIFIED or MONITORING; the others have mutations of their own.' }),
    note: t.string({ description: move.note })
  })
})

export const ResolveIncidentInput = builder.inputType('ResolveIncidentInput', {
  description: 'How an incident came to its end.',
  fields: (t) => ({
    id: t.id({ required: true, description: move.id }),
    version: t.int({ required: true, description: move.version }),
    resolution: t.string({ description: 'What was done, in markdown: at most 10000 characters.' }),
    rootCause: t.string({ description: 'Why it happened, in markdown: at most 10000 characters.' }),
    note: t.string({ description: move.note })
  })
})

export const MergeIncidentInput = builder.inputType('MergeIncidentInput', {
  description: 'Which incident is the same as which.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The incident that ends.' }),
    version: t.int({ required: true, description: move.version }),
    intoId: t.id({ required: true, description: 'The active incident that goes on.' }),
    note: t.string({ description: move.note })
  })
})
