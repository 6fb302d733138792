// What the API says of the paths on which harm spreads.
import { builder } from '../../builder.ts'
import { resourcesById } from '../../resource/loader.ts'
import { Confidence, DependencyKind, DependencySource, Resource } from '../../resource/schema.ts'
import type { Step } from '../graph/spread.ts'

export const ImpactStep = builder.objectRef<Step>('ImpactStep').implement({
  description: 'One dependency on the path of some harm: "downstream KIND upstream", and the harm goes from upstream to downstream.',
  fields: (t) => ({
    upstream: t.field({
      type: Resource,
      nullable: true,
      description: 'Where the harm comes from.',
      resolve: ({ upstreamId }, _args, context) => context.loader(resourcesById).load(upstreamId)
    }),
    downstream: t.field({
      type: Resource,
      nullable: true,
      description: 'Where it goes.',
      resolve: ({ downstreamId }, _args, context) => context.loader(resourcesById).load(downstreamId)
    }),
    kind: t.field({ type: DependencyKind, description: 'How downstream depends on upstream.', resolve: ({ kind }) => kind }),
    source: t.field({ type: DependencySource, description: 'Where Mayday has it from.', resolve: ({ source }) => source }),
    confidence: t.field({ type: Confidence, description: 'How sure it is.', resolve: ({ confidence }) => confidence })
  })
})
