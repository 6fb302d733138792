// What the API says of the incident that explains another trouble.
import { builder } from '../../builder.ts'
import { incidentsById } from '../../incident/loader.ts'
import { Incident } from '../../incident/schema.ts'
import { Confidence, Resource } from '../../resource/schema.ts'
import { ImpactStep } from '../step/schema.ts'
import { type Suggestion, suggestIncident } from './suggest.ts'

export const SuggestedIncident = builder.objectRef<Suggestion>('SuggestedIncident').implement({
  description: 'An active incident that explains what is wrong with a resource: its harm comes to it from upstream.',
  fields: (t) => ({
    incident: t.field({
      type: Incident,
      nullable: true,
      description: 'The incident.',
      resolve: ({ incident }, _args, context) => context.loader(incidentsById).load(incident.id)
    }),
    confidence: t.field({ type: Confidence, description: 'How sure it is that the harm comes from there.', resolve: ({ confidence }) => confidence }),
    path: t.field({
      type: [ImpactStep],
      description: 'The way from what the incident affects to the resource, the way the harm goes; of a longer one the last 100 steps.',
      resolve: ({ path }) => path
    })
  })
})

builder.prismaObjectField(Resource, 'suggestedIncident', (t) =>
  t.field({
    type: SuggestedIncident,
    nullable: true,
    description:
      'The active incident that explains what is wrong with it: one that affects something upstream of it. Of several the surest, then the nearest, then the most severe, then the oldest. Null when there is none, or only such as affect the resource itself.',
    complexity: 20,
    resolve: async ({ id }, _args, { core, viewer }) => suggestIncident(await core.graphs.of(viewer.workspaceId), [id])
  })
)
