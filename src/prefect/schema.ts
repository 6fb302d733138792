// What the API says of connections: the Prefect servers that Mayday follows.
import { builder, unshared } from '../builder.ts'
import type { Context } from '../context.ts'
import { isoDuration } from '../duration.ts'
import { connectionsOf } from './connection.ts'
import { prefectServersById } from './loader.ts'

const ConnectionOrigin = builder.enumType('ConnectionOrigin', {
  description: 'Where a connection comes from.',
  values: {
    ENVIRONMENT: {
      description: 'From the options that Mayday was started with; the API cannot change it. One that an admin made to the same address has become it.'
    },
    API: { description: 'An admin made it by `connectPrefectServer`.' }
  }
})

const ConnectionState = builder.enumType('ConnectionState', {
  description: 'How following a server goes.',
  values: {
    CONNECTING: { description: 'It has begun, and not everything has been read for the first time.' },
    LIVE: { description: 'All is well: its events come in as they happen, its catalogue and its runs have been read.' },
    DEGRADED: {
      description:
        'It is followed, but not in every way: news may come late, something is not shown to this key, or something was not understood or refused. `error` says what.'
    },
    FAILING: { description: 'Nothing new is learned of it; it is tried again and again. `error` says why.' },
    STOPPED: { description: 'It was disconnected, or is no more in the options that Mayday was started with.' }
  }
})

export const PrefectServer = builder.prismaNode('PrefectServer', {
  description: 'A server of Prefect, or a workspace of Prefect Cloud, that Mayday is connected to and follows.',
  id: { field: 'id', description: 'The id of the connection.' },
  findUnique: (id, { viewer }: Context) => ({ id, AND: { workspaceId: viewer.workspaceId } }),
  nullable: true,
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What people call it.' }),
    apiUrl: t.exposeString('apiUrl', { description: "The address of the server's API. Never with credentials; the API key cannot be read." }),
    origin: t.expose('origin', { type: ConnectionOrigin, description: 'Where the connection comes from.' }),
    version: t.exposeInt('version', { description: 'Goes up with each edit; an edit names the version it was made on.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was connected for the first time.' }),
    // How it stands is no change of the record.
    state: t.expose('state', { ...unshared, type: ConnectionState, description: 'How following it goes; at most a few seconds old.' }),
    error: t.exposeString('error', { ...unshared, nullable: true, description: 'What is wrong, for people; null when nothing is.' }),
    lastEventAt: t.expose('lastEventAt', {
      ...unshared,
      type: 'DateTime',
      nullable: true,
      description: 'When the newest of its events that were taken in occurred, by its clock; null before the first.'
    }),
    lastSyncAt: t.expose('lastSyncAt', {
      ...unshared,
      type: 'DateTime',
      nullable: true,
      description: 'When its runs were last compared with those that Mayday knows; null before the first time.'
    }),
    lag: t.field({
      ...unshared,
      type: 'Duration',
      nullable: true,
      description:
        "How long it took of late from an event's happening to its being taken in, of those that came as they happened; null before the first of them.",
      resolve: ({ lagMs }) => (lagMs === null ? null : isoDuration(lagMs))
    })
  })
})

builder.queryFields((t) => ({
  connections: t.field({
    ...unshared,
    type: [PrefectServer],
    description: 'The Prefect servers that this workspace is connected to, by name; those that have ended come last, at most 200 in all.',
    authScopes: { role: 'VIEWER' },
    resolve: (_root, _args, { core, viewer }) => connectionsOf(core.database, viewer.workspaceId)
  })
}))

builder.prismaObjectField('Resource', 'connection', (t) =>
  t.field({
    type: PrefectServer,
    nullable: true,
    description:
      'The connection whose catalogue it stands in; of several that lead to one server the first, until that one ends. Null for what was told by mutations or events.',
    resolve: ({ connectionId }, _args, context) => (connectionId ? context.loader(prefectServersById).load(connectionId) : null)
  })
)
