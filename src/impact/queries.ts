// Where impact is asked for: of an incident, of resources that may fail, and how it was.
import { builder, DateTimeRange, ownState, unshared } from '../builder.ts'
import type { ChangeRow } from '../change/change.ts'
import { connectionOf } from '../connection.ts'
import type { Context } from '../context.ts'
import { InvalidInput, NotFound } from '../errors.ts'
import type { StoredFigures } from '../incident/events.ts'
import { Incident } from '../incident/schema.ts'
import { rowId, rowIds } from '../node-id.ts'
import { pageCost } from '../page.ts'
import { figuresAt, impactHistory } from './history.ts'
import { horizonOf, type Impact as ImpactOfIncident, impactOfResources } from './impact.ts'
import { impactsOfIncidents } from './loader.ts'
import { figuresFrom } from './recorder/record-figures.ts'
import { Impact, ImpactFigures } from './schema.ts'

export const horizonArgument =
  'How far ahead runs count as upcoming: longer than nothing, at most `P7D`. The runs of a Prefect server are read and foreseen only as far ahead as the operator has set by `MAYDAY_HORIZON_HOURS`, 24 hours unless set: what is asked beyond that finds none of them.'

builder.queryField('impact', (t) =>
  t.field({
    ...unshared,
    type: Impact,
    description:
      'What an incident does, or what would happen if some resources failed now. Exactly one of `incidentId` and `resourceIds` is given; what your workspace does not have is the error NOT_FOUND.',
    authScopes: { role: 'VIEWER' },
    complexity: { field: 50, multiplier: 1 },
    args: {
      incidentId: t.arg.id({ description: 'The incident.' }),
      resourceIds: t.arg.idList({ description: 'The resources: 1 to 100.' }),
      horizon: t.arg({ type: 'Duration', defaultValue: 'PT24H', description: horizonArgument })
    },
    resolve: async (_root, { incidentId, resourceIds, horizon }, context) => {
      if ((typeof incidentId === 'string') === Array.isArray(resourceIds)) {
        throw new InvalidInput([{ field: 'resourceIds', rule: 'must be given, or incidentId, and not both' }])
      }
      const horizonMs = horizonOf(horizon)
      if (resourceIds) return impactOfResources(context.session, rowIds('Resource', resourceIds, 'resourceIds'), horizonMs)
      return impactOfOne(context, rowId('Incident', incidentId ?? '', 'incidentId'), horizonMs)
    }
  })
)

export async function impactOfOne(context: Context, incidentId: string, horizonMs: number): Promise<ImpactOfIncident> {
  const impact = await context.loader(impactsOfIncidents).load({ incidentId, horizonMs })
  if (!impact) throw new NotFound('There is no incident with this id.')
  return impact
}

const ImpactPoint = builder.objectRef<ChangeRow>('ImpactPoint').implement({
  description: "An incident's headline figures from a moment on.",
  fields: (t) => ({
    at: t.field({ type: 'DateTime', description: 'When they became so.', resolve: ({ at }) => at }),
    figures: t.field({ ...ownState, type: ImpactFigures, description: 'The figures, over a horizon of 24 hours.', resolve: figuresAt })
  })
})

const ImpactPointConnection = connectionOf('ImpactPoint', ImpactPoint)

builder.prismaObjectFields(Incident, (t) => ({
  impact: t.field({
    ...unshared,
    type: Impact,
    description: 'What it does to work, computed now; of one that is over, what it did. On a list, `impactFigures` costs nothing.',
    complexity: { field: 50, multiplier: 1 },
    args: { horizon: t.arg({ type: 'Duration', defaultValue: 'PT24H', description: horizonArgument }) },
    resolve: ({ id }, { horizon }, context) => impactOfOne(context, id, horizonOf(horizon))
  }),
  impactFigures: t.field({
    ...ownState,
    type: ImpactFigures,
    nullable: true,
    description:
      'The headline figures of its impact over a horizon of 24 hours, as they were last recorded: within a second or so of whatever moved them while it is active, and a last time when it ends. Null while it has reached no run, and nothing beyond the resources where it starts.',
    resolve: ({ impact }) => (impact === null ? null : figuresFrom(impact as unknown as StoredFigures))
  }),
  impactHistory: t.connection(
    {
      ...ownState,
      type: ImpactPoint,
      description: 'How its headline figures grew and shrank, oldest first. Costs a statement for each incident: ask for it on one incident, not on a list.',
      complexity: (args) => ({ ...pageCost(args), field: 100 }),
      args: { at: t.arg({ type: DateTimeRange, description: 'Only what was recorded in this time.' }) },
      resolve: ({ id }, { at, ...args }, { session }) => impactHistory(session, id, at, args)
    },
    ImpactPointConnection
  )
}))
