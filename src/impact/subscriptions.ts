// The subscription of one incident's impact.
import { builder } from '../builder.ts'
import { afterArgument, Frame, liveOptions } from '../change/live.ts'
import { rowId } from '../node-id.ts'
import { type ImpactFrame, impactFrame } from './frames.ts'
import { horizonOf } from './impact.ts'
import { horizonArgument } from './queries.ts'
import { Impact } from './schema.ts'

const ImpactFrameType = builder.objectRef<ImpactFrame>('ImpactFrame').implement({
  description: "An incident's impact, whenever it moves.",
  interfaces: [Frame],
  fields: (t) => ({ impact: t.field({ type: Impact, description: 'The impact as it is now.', resolve: ({ impact }) => impact }) })
})

builder.subscriptionField('impactChanged', (t) =>
  t.field({
    type: ImpactFrameType,
    description:
      'What an incident does to work: a new frame within a second or so of whatever moves it (a run, a resource that it reaches or what that depends on, a link, its status), for runs at most one a second. While nothing moves, it is looked at every 30 seconds, because scheduled runs come near and become late. Of runs, those move it that move its figures over 24 hours: with another horizon, what moves only beyond that is told with the next frame.',
    complexity: { field: 50, multiplier: 1 },
    args: {
      incidentId: t.arg.id({ required: true, description: 'The incident; one that your workspace does not have is the error NOT_FOUND.' }),
      horizon: t.arg({ type: 'Duration', defaultValue: 'PT24H', description: horizonArgument }),
      after: t.arg({ type: 'Cursor', description: afterArgument })
    },
    ...liveOptions<{ incidentId: string; horizon?: string | null }>('VIEWER', true, (context, { incidentId, horizon }, range) =>
      impactFrame(context, rowId('Incident', incidentId, 'incidentId'), horizonOf(horizon), range)
    ),
    resolve: (frame) => frame as unknown as ImpactFrame
  })
)
