import { builder } from '../../builder.ts'
import { ChangePayload } from '../../change/payload.ts'
import type { Committed } from '../../change/record.ts'
import type { Dependency as DependencyRow } from '../../database/generated/client/client.ts'
import { Rejection } from '../../error-types.ts'
import type { Rejected } from '../../input.ts'
import { DependencyKind } from '../schema.ts'
import { Dependency } from './schema.ts'
import { addDependencies, removeDependencies } from './service.ts'

const DependencyInput = builder.inputType('DependencyInput', {
  description: 'That a resource depends on another, both by their external ids, and not the same.',
  fields: (t) => ({
    upstream: t.string({ required: true, description: 'The external id of what it depends on.' }),
    downstream: t.string({ required: true, description: 'The external id of what depends on it.' }),
    kind: t.field({ type: DependencyKind, defaultValue: 'DEPENDS_ON', description: 'How it depends. Two resources may have one dependency of each kind.' })
  })
})

const DependenciesInput = builder.inputType('DependenciesInput', {
  description: 'Dependencies to add or to take away.',
  fields: (t) => ({ dependencies: t.field({ type: [DependencyInput], required: true, description: '1 to 500 dependencies.' }) })
})

const rejectedRows = 'The rows that were not taken, in their order.'

const AddDependenciesPayload = builder
  .objectRef<Committed<{ dependencies: readonly DependencyRow[]; rejected: readonly Rejected[] }>>('AddDependenciesPayload')
  .implement({
    description: 'What became of the dependencies.',
    interfaces: [ChangePayload],
    fields: (t) => ({
      dependencies: t.field({
        type: [Dependency],
        description: 'Those that were taken, as they are now, in the order given.',
        resolve: ({ result }) => result.dependencies
      }),
      rejected: t.field({ type: [Rejection], description: rejectedRows, resolve: ({ result }) => result.rejected })
    })
  })

const RemoveDependenciesPayload = builder.objectRef<Committed<{ removed: number; rejected: readonly Rejected[] }>>('RemoveDependenciesPayload').implement({
  description: 'What became of the dependencies.',
  interfaces: [ChangePayload],
  fields: (t) => ({
    removed: t.int({ description: 'How many there were and are no more.', resolve: ({ result }) => result.removed }),
    rejected: t.field({ type: [Rejection], description: rejectedRows, resolve: ({ result }) => result.rejected })
  })
})

builder.mutationFields((t) => ({
  addDependencies: t.field({
    type: AddDependenciesPayload,
    description:
      'Adds dependencies between resources that are known. Sending the same again changes nothing. The rows that are in order are taken, each of the others is answered with its index and the reason.',
    authScopes: { role: 'RESPONDER' },
    args: { input: t.arg({ type: DependenciesInput, required: true, description: 'The dependencies.' }) },
    resolve: (_root, { input }, { session }) => addDependencies(session, input)
  }),
  removeDependencies: t.field({
    type: RemoveDependenciesPayload,
    description:
      'Takes dependencies away. One that is not there changes nothing; one that the catalogue of the orchestrator tells of is refused, since it would come back; one that was learned from events comes back when it is seen again, though perhaps not within the first hour.',
    authScopes: { role: 'RESPONDER' },
    args: { input: t.arg({ type: DependenciesInput, required: true, description: 'The dependencies.' }) },
    resolve: (_root, { input }, { session }) => removeDependencies(session, input)
  })
}))
