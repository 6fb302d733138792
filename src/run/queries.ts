// The queries on runs.
import { builder, DateTimeRange, unshared } from '../builder.ts'
import { optionalRowIds } from '../node-id.ts'
import { pageCost } from '../page.ts'
import { listRuns, runSorts } from './list.ts'
import { runsByExternalId } from './loader.ts'
import { Run, RunConnection, RunState } from './schema.ts'

const RunFilter = builder.inputType('RunFilter', {
  description: 'Which runs; all conditions must hold. What is left out does not narrow. Lists have at most 100 entries.',
  fields: (t) => ({
    state: t.field({ type: [RunState], description: 'Is in one of these states.' }),
    late: t.boolean({ description: 'Should have begun by now and has not (true), or not so (false).' }),
    resourceIds: t.idList({ description: 'Is a run of one of these resources.' }),
    externalId: t.stringList({ description: 'Has one of these external ids.' }),
    name: t.string({ description: 'The name contains this text, in any case: at most 300 characters.' }),
    stateAt: t.field({ type: DateTimeRange, description: 'Came into its state in this time.' }),
    expectedStartAt: t.field({ type: DateTimeRange, description: 'Should begin, or should have begun, in this time.' })
  })
})

const RunSort = builder.enumType('RunSort', {
  description: 'How runs are sorted; equal ones by id.',
  values: Object.fromEntries(
    runSorts.map((sort) => [
      sort,
      {
        description: {
          STATE_AT_DESC: 'The newest state first.',
          EXPECTED_START_AT_ASC: 'The earliest expected start first; runs without one are left out.',
          EXPECTED_START_AT_DESC: 'The latest expected start first; runs without one are left out.'
        }[sort]
      }
    ])
  ) as Record<(typeof runSorts)[number], { description: string }>
})

builder.queryFields((t) => ({
  run: t.field({
    ...unshared,
    type: Run,
    nullable: true,
    description: 'A run by its external id; null when there is none.',
    authScopes: { role: 'VIEWER' },
    args: { externalId: t.arg.string({ required: true, description: 'Its id in the orchestrator.' }) },
    resolve: (_root, { externalId }, context) => context.loader(runsByExternalId).load({ parentId: externalId, args: null })
  }),
  runs: t.connection(
    {
      ...unshared,
      type: Run,
      description: 'The runs of the workspace.',
      authScopes: { role: 'VIEWER' },
      complexity: pageCost,
      args: {
        filter: t.arg({ type: RunFilter, description: 'Which ones; all when left out.' }),
        sort: t.arg({ type: RunSort, defaultValue: 'STATE_AT_DESC', description: 'How they are sorted.' })
      },
      resolve: (_root, { filter, sort, ...args }, { session }) =>
        listRuns(
          session,
          filter && { ...filter, resourceIds: optionalRowIds(['Resource'], filter.resourceIds, 'filter.resourceIds') },
          sort ?? 'STATE_AT_DESC',
          args
        )
    },
    RunConnection
  )
}))
