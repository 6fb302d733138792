// The mutations by which admins connect Prefect servers.
import { builder } from '../builder.ts'
import { ChangePayload } from '../change/payload.ts'
import type { Committed } from '../change/record.ts'
import { NotAllowedError, NotFoundError, VersionConflictError } from '../errors.ts'
import { rowId } from '../node-id.ts'
import { prefectServersById } from './loader.ts'
import { PrefectServer } from './schema.ts'
import * as service from './service.ts'

const PrefectServerPayload = builder.objectRef<Committed<string>>('PrefectServerPayload').implement({
  interfaces: [ChangePayload],
  description: 'A connection as the mutation left it.',
  fields: (t) => ({
    connection: t.field({
      type: PrefectServer,
      description: 'The connection.',
      resolve: async ({ result }, _args, context) => {
        const row = await context.loader(prefectServersById).load(result)
        if (!row) throw new Error(`The connection ${result} is not in the viewer's workspace`)
        return row
      }
    })
  })
})

const apiKeyText =
  'Never readable again, and kept encrypted under the MAYDAY_SECRET of the server, without which a key is refused. An API key of Prefect Cloud, or `user:password` where a self-hosted server has PREFECT_SERVER_API_AUTH_STRING; at most 2000 characters.'

const ConnectPrefectServerInput = builder.inputType('ConnectPrefectServerInput', {
  description: 'A server of Prefect, or a workspace of Prefect Cloud, to follow.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'What people call it: 1 to 200 characters.' }),
    apiUrl: t.string({
      required: true,
      description:
        'What Prefect has as PREFECT_API_URL, such as `http://prefect.internal:4200/api`: http or https, at most 2000 characters, without credentials, query or fragment. It is called by the servers of Mayday.'
    }),
    apiKey: t.string({ description: `The key that the server asks for, where it does. ${apiKeyText}` }),
    idempotencyKey: t.string({ description: 'A repeated request with the same key gets the connection that the first one made: 1 to 200 characters.' })
  })
})

const UpdatePrefectServerInput = builder.inputType('UpdatePrefectServerInput', {
  description: 'What to change of a connection; what is left out stays.',
  fields: (t) => ({
    connectionId: t.id({ required: true, description: 'The connection.' }),
    version: t.int({ required: true, description: 'The version that the edit was made on.' }),
    name: t.string({ description: 'What people call it: 1 to 200 characters.' }),
    apiUrl: t.string({
      description: 'Another address of the API. The key has to be given again with it: it goes to no other place than the one it was given for.'
    }),
    apiKey: t.string({ description: `Another key; null where none is needed. ${apiKeyText}` })
  })
})

builder.mutationFields((t) => ({
  connectPrefectServer: t.field({
    type: PrefectServerPayload,
    description:
      'Connects a Prefect server: from now on its catalogue, events and runs are followed. It succeeds also when the server cannot be reached; the connection says so within seconds. At most 20 in a workspace, each address once: a connection to this address that has ended goes on, with what was learned from it.',
    authScopes: { role: 'ADMIN' },
    errors: { types: [NotAllowedError] },
    args: { input: t.arg({ type: ConnectPrefectServerInput, required: true, description: 'The server.' }) },
    resolve: (_root, { input }, { session }) => service.connectPrefectServer(session, input)
  }),
  updatePrefectServer: t.field({
    type: PrefectServerPayload,
    description: 'Changes how a connection is called or reached, at an address that no other has. One that comes from the environment is changed there.',
    authScopes: { role: 'ADMIN' },
    errors: { types: [NotFoundError, NotAllowedError, VersionConflictError] },
    args: { input: t.arg({ type: UpdatePrefectServerInput, required: true, description: 'The change.' }) },
    resolve: (_root, { input: { connectionId, ...input } }, { session }) =>
      service.updatePrefectServer(session, { ...input, id: rowId('PrefectServer', connectionId, 'input.connectionId') })
  }),
  disconnectPrefectServer: t.field({
    type: PrefectServerPayload,
    description:
      'Ends a connection and forgets its key. What was learned from it stays, and is no more kept up to date; only runs that have not begun are taken away, since nobody would tell that they do.',
    authScopes: { role: 'ADMIN' },
    errors: { types: [NotFoundError, NotAllowedError] },
    args: { id: t.arg.id({ required: true, description: 'The connection.' }) },
    resolve: (_root, { id }, { session }) => service.disconnectPrefectServer(session, { id: rowId('PrefectServer', id, 'id') })
  })
}))
