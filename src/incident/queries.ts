// The queries on incidents: one, the list, and the durations that teams report.
import { builder, DateTimeRange, ownState } from '../builder.ts'
import { optionalRowIds, rowId } from '../node-id.ts'
import { pageCost } from '../page.ts'
import { type DurationFigures, type IncidentMetrics, incidentByNumber, incidentMetrics, listIncidents } from './list.ts'
import { incidentsById } from './loader.ts'
import { duration, Incident, IncidentConnection, IncidentStatus, Severity } from './schema.ts'

const TagFilter = builder.inputType('TagFilter', {
  description: 'Which tags.',
  fields: (t) => ({
    all: t.stringList({ description: 'Has every one of these.' }),
    any: t.stringList({ description: 'Has at least one of these.' })
  })
})

export const IncidentFilter = builder.inputType('IncidentFilter', {
  description: 'Which incidents; all conditions must hold. What is left out does not narrow. Lists have at most 100 entries.',
  fields: (t) => ({
    status: t.field({ type: [IncidentStatus], description: 'Is in one of these statuses.' }),
    active: t.boolean({ description: 'Is active (true) or is not (false).' }),
    severity: t.field({ type: [Severity], description: 'Is of one of these severities.' }),
    tags: t.field({ type: TagFilter, description: 'Has these tags.' }),
    resourceIds: t.idList({ description: 'Affects one of these resources.' }),
    leadIds: t.idList({ description: 'Is led by one of these members.' }),
    hasLead: t.boolean({ description: 'Has a lead (true) or has none (false).' }),
    declaredByIds: t.idList({ description: 'Was declared by one of these members or keys.' }),
    declaredAt: t.field({ type: DateTimeRange, description: 'Was declared in this time.' }),
    startedAt: t.field({ type: DateTimeRange, description: 'Began in this time.' }),
    resolvedAt: t.field({ type: DateTimeRange, description: 'Was resolved in this time.' }),
    search: t.string({
      description:
        'These words stand in the title and summary, or in one comment. As in a web search: `"in quotes"`, `or`, `-without`; in English, so that "failing" finds "failed". At most 500 characters.'
    })
  })
})

/** The filter with row ids instead of the global ones. */
export function filterOf(given: typeof IncidentFilter.$inferInput | null | undefined) {
  return {
    ...given,
    resourceIds: optionalRowIds(['Resource'], given?.resourceIds, 'filter.resourceIds'),
    leadIds: optionalRowIds(['Member'], given?.leadIds, 'filter.leadIds'),
    declaredByIds: optionalRowIds(['Member', 'ApiKey'], given?.declaredByIds, 'filter.declaredByIds')
  }
}

const OrderDirection = builder.enumType('OrderDirection', {
  description: 'Which way a list runs.',
  values: {
    ASC: { description: 'Smallest or oldest first; the most severe first.' },
    DESC: { description: 'Largest or newest first; the least severe first.' }
  }
})

const IncidentOrderField = builder.enumType('IncidentOrderField', {
  description: 'What incidents are ordered by.',
  values: {
    DECLARED_AT: { description: 'When they were declared.' },
    STARTED_AT: { description: 'When the harm began.' },
    UPDATED_AT: { description: 'When they last changed.' },
    SEVERITY: { description: 'How bad they are.' },
    NUMBER: { description: 'Their number.' }
  }
})

const IncidentOrder = builder.inputType('IncidentOrder', {
  description: 'How incidents are ordered; equal ones by id.',
  fields: (t) => ({
    field: t.field({ type: IncidentOrderField, required: true, description: 'By what.' }),
    direction: t.field({ type: OrderDirection, required: true, description: 'Which way.' })
  })
})

const DurationFiguresType = builder.objectRef<DurationFigures>('DurationFigures').implement({
  description: 'Figures of a duration over many incidents; null where no incident has come so far.',
  fields: (t) => ({
    count: t.exposeInt('count', { description: 'How many incidents have come so far.' }),
    mean: t.field({ type: 'Duration', nullable: true, description: 'The mean.', resolve: ({ mean }) => duration(mean) }),
    median: t.field({ type: 'Duration', nullable: true, description: 'The median.', resolve: ({ median }) => duration(median) }),
    p90: t.field({ type: 'Duration', nullable: true, description: 'Nine of ten were at most this.', resolve: ({ p90 }) => duration(p90) })
  })
})

const IncidentMetricsType = builder.objectRef<IncidentMetrics>('IncidentMetrics').implement({
  description: 'The durations that teams report. Canceled and merged incidents are counted, but have no durations.',
  fields: (t) => ({
    count: t.exposeInt('count', { description: 'How many incidents.' }),
    timeToAcknowledge: t.field({
      ...ownState,
      type: DurationFiguresType,
      description: 'From the declaration until somebody took it (MTTA).',
      resolve: (metrics) => metrics.timeToAcknowledge
    }),
    timeToMitigate: t.field({
      ...ownState,
      type: DurationFiguresType,
      description: 'From the start of the harm until it was contained.',
      resolve: (metrics) => metrics.timeToMitigate
    }),
    timeToResolve: t.field({
      ...ownState,
      type: DurationFiguresType,
      description: 'From the start of the harm until it was over (MTTR).',
      resolve: (metrics) => metrics.timeToResolve
    })
  })
})

const keptByState = { extensions: { keeping: () => ({ incidentId: null, talk: false }) } }

/** A search looks into comments as well. */
const keptByFilter = {
  extensions: { keeping: ({ filter }: { filter?: { search?: string | null } | null }) => ({ incidentId: null, talk: typeof filter?.search === 'string' }) }
}

builder.queryFields((t) => ({
  incident: t.field({
    extensions: { keeping: ({ id }: { id: string }) => ({ incidentId: rowId('Incident', id, 'id'), talk: false }) },
    type: Incident,
    nullable: true,
    description: 'An incident by its id; null when there is none in your workspace.',
    authScopes: { role: 'VIEWER' },
    args: { id: t.arg.id({ required: true, description: 'The id.' }) },
    resolve: (_root, { id: nodeId }, context) => {
      const id = rowId('Incident', nodeId, 'id')
      context.session.ahead?.begin([id])
      return context.loader(incidentsById).load(id)
    }
  }),
  incidentByNumber: t.field({
    ...keptByState,
    type: Incident,
    nullable: true,
    description: 'An incident by its number: 42 for `INC-42`; null when there is none.',
    authScopes: { role: 'VIEWER' },
    args: { number: t.arg.int({ required: true, description: 'The number.' }) },
    resolve: (_root, { number }, { session }) => incidentByNumber(session, number)
  }),
  incidents: t.connection(
    {
      ...keptByFilter,
      type: Incident,
      description: 'The incidents of the workspace: filtered, ordered, paged, counted.',
      authScopes: { role: 'VIEWER' },
      complexity: pageCost,
      args: {
        filter: t.arg({ type: IncidentFilter, description: 'Which ones; all when left out.' }),
        orderBy: t.arg({ type: IncidentOrder, description: 'How they are ordered; newest declared first when left out.' })
      },
      resolve: (_root, { filter, orderBy, ...args }, { session }) =>
        listIncidents(session, filterOf(filter), orderBy ?? { field: 'DECLARED_AT', direction: 'DESC' }, args)
    },
    IncidentConnection
  ),
  incidentMetrics: t.field({
    ...keptByFilter,
    type: IncidentMetricsType,
    description: 'The durations that teams report, over all incidents of a filter.',
    authScopes: { role: 'VIEWER' },
    complexity: 100,
    args: { filter: t.arg({ type: IncidentFilter, description: 'Which ones; all when left out.' }) },
    resolve: (_root, { filter }, { session }) => incidentMetrics(session, filterOf(filter))
  })
}))
