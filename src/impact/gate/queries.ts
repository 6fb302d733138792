// What the API says of the gate. `GET /gate/<external id>` answers the same.
import { builder, unshared } from '../../builder.ts'
import { incidentsById } from '../../incident/loader.ts'
import { Incident } from '../../incident/schema.ts'
import { resourcesById } from '../../resource/loader.ts'
import { Confidence, Resource } from '../../resource/schema.ts'
import { ImpactStep } from '../step/schema.ts'
import { checkExternalId } from './external-id.ts'
import type { GateAnswer } from './gate.ts'

const GateDecision = builder.enumType('GateDecision', {
  description: 'Whether something may run now.',
  values: {
    ALLOW: { description: 'It may.' },
    HOLD: { description: 'It should wait, or not run.' }
  }
})

const GateAnswerType = builder.objectRef<GateAnswer>('GateAnswer').implement({
  description: 'Whether a resource may run now, and why. Nothing enforces it: the run asks, and acts on the answer.',
  fields: (t) => ({
    decision: t.field({
      type: GateDecision,
      description:
        'HOLD while an incident in TRIAGE, INVESTIGATING or IDENTIFIED affects the resource, or something that it certainly or likely depends on. MONITORING allows: by its runs a fix is watched.',
      resolve: ({ decision }) => decision
    }),
    certain: t.exposeBoolean('certain', {
      description:
        'False when Mayday cannot know: the resource is unknown, or this node did not catch up within a second. The decision is then what the operator chose by `MAYDAY_GATE_FAIL`: ALLOW, unless it is `closed`.'
    }),
    reason: t.exposeString('reason', { description: 'Why, for people.' }),
    resource: t.field({
      type: Resource,
      nullable: true,
      description: 'The resource; null when it is unknown.',
      resolve: ({ resourceId }, _args, context) => (resourceId ? context.loader(resourcesById).load(resourceId) : null)
    }),
    incident: t.field({
      type: Incident,
      nullable: true,
      description:
        'The incident that holds it: the one whose harm comes to it most surely, then by the shortest path; of several that affect the same resource the most severe, then the oldest. Null when nothing holds it.',
      resolve: ({ incident }, _args, context) => (incident ? context.loader(incidentsById).load(incident.id) : null)
    }),
    confidence: t.field({
      type: Confidence,
      nullable: true,
      description: 'How sure it is that the harm comes to it; null when nothing holds it.',
      resolve: ({ confidence }) => confidence
    }),
    path: t.field({
      type: [ImpactStep],
      nullable: true,
      description: 'The way from the affected resource to this one; empty when it is affected itself, null when nothing holds it.',
      resolve: ({ path }) => path
    })
  })
})

builder.queryField('canRun', (t) =>
  t.field({
    ...unshared,
    type: GateAnswerType,
    description:
      'Whether a resource may run now; a run that is a resource is held where what it belongs to is. Answered from memory; correct within a second of a change on every node.',
    authScopes: { role: 'VIEWER' },
    args: {
      externalId: t.arg.string({ required: true, description: 'Its id in the orchestrator, such as `prefect.deployment.<uuid>`: 1 to 300 characters.' })
    },
    resolve: (_root, { externalId }, { core, viewer }) => core.gate.check(async () => viewer.workspaceId, checkExternalId(externalId))
  })
)
