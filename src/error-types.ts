// What several domains answer with when they refuse: named errors, as members of their mutations' result unions, and rejected rows.
import { builder } from './builder.ts'
import { NotAllowedError, NotFoundError, VersionConflictError } from './errors.ts'
import type { Rejected } from './input.ts'
import { encodeNodeId } from './node-id.ts'

export const ErrorInterface = builder.interfaceRef<Error>('Error').implement({
  description: 'A named error of the business: the request was well formed and allowed, but cannot be carried out as things stand. Nothing was changed.',
  fields: (t) => ({ message: t.exposeString('message', { description: 'What is wrong and what can be done, for people.' }) })
})

builder.objectType(NotFoundError, {
  name: 'NotFoundError',
  interfaces: [ErrorInterface],
  description: 'There is no such thing in your workspace.'
})

builder.objectType(NotAllowedError, {
  name: 'NotAllowedError',
  interfaces: [ErrorInterface],
  description: 'Your role allows this in general, but not to this thing, or not as it stands now.'
})

builder.objectType(VersionConflictError, {
  name: 'VersionConflictError',
  interfaces: [ErrorInterface],
  description: 'Somebody changed the thing since the version that this edit was made on. Show both, and send the edit again on the current version.',
  fields: (t) => ({
    currentVersion: t.int({ description: 'The version that it is at now.', resolve: ({ current }) => current.version }),
    current: t.node({ description: 'The thing as it is now.', id: ({ current }) => encodeNodeId(current.typename, current.id) })
  })
})

export const Rejection = builder.objectRef<Rejected>('Rejection').implement({
  description: 'A row of a batch that was not taken. The others were.',
  fields: (t) => ({
    index: t.exposeInt('index', { description: 'Its place in the batch, from 0.' }),
    reason: t.exposeString('reason', { description: 'What is wrong with it, for people: the field and the rule.' })
  })
})
