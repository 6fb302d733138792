// What the API says of workspaces and of those who act in them.
import { builder, unshared } from '../builder.ts'
import { connectionOf } from '../connection.ts'
import type { Context } from '../context.ts'
import { type Actor as ActorRow, Prisma } from '../database/generated/client/client.ts'
import { keyset, type PageArgs, page, pageCost } from '../page.ts'
import { actorColumns } from './actor.ts'
import { lastUses } from './loader.ts'

export const Role = builder.enumType('Role', {
  description: 'What a member or key may do. Each role includes the ones before it.',
  values: {
    VIEWER: { description: 'Reads everything but the management of keys and who they are.' },
    RESPONDER: { description: 'Also declares and changes incidents, comments, and takes in resources.' },
    ADMIN: { description: 'Also manages members, keys and the workspace, redacts comments of others, and verifies the record.' }
  }
})

export const Actor = builder.prismaInterface('Actor', {
  name: 'Actor',
  description: 'Whoever does something in a workspace: a person (Member) or a machine (ApiKey).',
  resolveType: ({ kind }) => (kind === 'MEMBER' ? 'Member' : 'ApiKey'),
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the member or key.' }),
    name: t.exposeString('name', { description: 'What people call it.' }),
    role: t.expose('role', { type: Role, description: 'What it may do.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was added to the workspace.' })
  })
})

export const Member = builder.prismaNode('Actor', {
  variant: 'Member',
  description: 'A person in a workspace.',
  interfaces: [Actor],
  id: { field: 'id', description: 'The id of the member.' },
  findUnique: (id, { viewer }: Context) => ({ id, workspaceId: viewer.workspaceId, kind: 'MEMBER' }),
  nullable: true,
  fields: (t) => ({
    email: t.exposeString('email', { nullable: true, description: 'Where the person is reached.' }),
    subject: t.exposeString('subject', {
      nullable: true,
      authScopes: { role: 'ADMIN' },
      description: 'What the identity provider calls the person: the value of the claim that names the member. For admins.'
    }),
    version: t.exposeInt('version', { description: 'Goes up with each edit; an edit names the version it was made on.' }),
    removedAt: t.expose('disabledAt', { type: 'DateTime', nullable: true, description: 'When the membership ended; null while it lasts.' })
  })
})

export const ApiKey = builder.prismaNode('Actor', {
  variant: 'ApiKey',
  description: 'The credential of a machine, with a role of its own. Its secret is shown once, when it is made or rotated.',
  interfaces: [Actor],
  id: { field: 'id', description: 'The id of the key.' },
  findUnique: (id, { viewer }: Context) => ({ id, workspaceId: viewer.workspaceId, kind: 'API_KEY' }),
  nullable: true,
  fields: (t) => ({
    prefix: t.exposeString('prefix', {
      nullable: true,
      authScopes: { role: 'ADMIN' },
      description: 'The first characters of the secret, by which a key is recognised. For admins.'
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      authScopes: { role: 'ADMIN' },
      description: 'When it ends by itself; null when it does not. For admins.'
    }),
    lastUsedAt: t.field({
      ...unshared,
      type: 'DateTime',
      nullable: true,
      authScopes: { role: 'ADMIN' },
      description: 'When it was last used, to the minute; null when never. For admins.',
      resolve: async ({ id }, _args, context) => (await context.loader(lastUses).load(id))?.lastUsedAt ?? null
    }),
    revokedAt: t.expose('disabledAt', { type: 'DateTime', nullable: true, description: 'When it was revoked; null while it is good.' })
  })
})

const MemberConnection = connectionOf('Member', Member)
const ApiKeyConnection = connectionOf('ApiKey', ApiKey)

export const Workspace = builder.prismaNode('Workspace', {
  description: 'A world of its own: everything belongs to exactly one workspace, and nothing of one is seen from another.',
  id: { field: 'id', description: 'The id of the workspace.' },
  findUnique: (id, { viewer }: Context) => ({ id, AND: { id: viewer.workspaceId } }),
  nullable: true,
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What people call it.' }),
    key: t.string({ resolve: ({ id }) => id, description: 'What the header Mayday-Workspace takes, for people who are in several workspaces.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' })
  })
})

const Viewer = builder.objectRef<Context['viewer']>('Viewer').implement({
  description: 'Whoever makes this request.',
  fields: (t) => ({
    actor: t.field({
      type: Actor,
      description: 'The member or key behind the credential.',
      resolve: ({ actorId }, _args, { core }) => core.database.prisma.actor.findUniqueOrThrow({ where: { id: actorId } })
    }),
    role: t.field({ type: Role, description: 'What the viewer may do.', resolve: ({ role }) => role }),
    workspace: t.field({
      type: Workspace,
      description: 'The workspace that this request is in.',
      resolve: ({ workspaceId }, _args, { core }) => core.database.prisma.workspace.findUniqueOrThrow({ where: { id: workspaceId } })
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the credential ends; null when it does not.',
      resolve: ({ expiresAt }) => expiresAt
    })
  })
})

builder.queryFields((t) => ({
  viewer: t.field({
    ...unshared,
    type: Viewer,
    description: 'Whoever makes this request.',
    authScopes: { role: 'VIEWER' },
    resolve: (_root, _args, { viewer }) => viewer
  }),
  members: t.connection(
    {
      type: Member,
      description: 'The people of the workspace, by name.',
      authScopes: { role: 'VIEWER' },
      complexity: pageCost,
      resolve: (_root, args, context) => actors(context, args, 'MEMBER')
    },
    MemberConnection
  ),
  apiKeys: t.connection(
    {
      type: ApiKey,
      description: 'The API keys of the workspace, by name; revoked ones too. For admins.',
      authScopes: { role: 'ADMIN' },
      complexity: pageCost,
      resolve: (_root, args, context) => actors(context, args, 'API_KEY')
    },
    ApiKeyConnection
  )
}))

/** Members who have left are found on what they did, not in the list; revoked keys are listed, for whoever looks back. */
async function actors({ core, viewer }: Context, args: PageArgs, kind: 'MEMBER' | 'API_KEY') {
  const scope = Prisma.sql`a.workspace_id = ${viewer.workspaceId}::uuid AND a.kind = ${kind}::actor_kind ${kind === 'MEMBER' ? Prisma.sql`AND a.disabled_at IS NULL` : Prisma.empty}`
  const columns = [
    { expression: Prisma.sql`a.name COLLATE "C"`, type: 'text' as const },
    { expression: Prisma.sql`a.id`, type: 'uuid' as const }
  ]
  const connection = await page(
    args,
    ({ name, id }: ActorRow) => [name, id],
    (slice) => {
      const { where, orderBy, limit } = keyset(columns, false, slice)
      return core.database.query<ActorRow>(Prisma.sql`SELECT ${actorColumns} FROM actor a WHERE ${scope} AND ${where} ORDER BY ${orderBy} LIMIT ${limit}`)
    }
  )
  const totalCount = async () => {
    const [row] = await core.database.query<{ count: number }>(Prisma.sql`SELECT count(*) FROM actor a WHERE ${scope}`)
    return row?.count ?? 0
  }
  return { ...connection, totalCount }
}
