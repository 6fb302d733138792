// The mutations by which admins manage members, keys and workspaces.
import { builder } from '../builder.ts'
import { ChangePayload } from '../change/payload.ts'
import type { Committed } from '../change/record.ts'
import type { Context } from '../context.ts'
import { durationMs } from '../duration.ts'
import { ErrorInterface } from '../error-types.ts'
import { NotFoundError, VersionConflictError } from '../errors.ts'
import { rowId } from '../node-id.ts'
import { actorsById } from './loader.ts'
import { ApiKey, Member, Role, Workspace } from './schema.ts'
import * as service from './service.ts'
import { createWorkspace } from './workspace.ts'

builder.objectType(service.LastAdminError, {
  name: 'LastAdminError',
  interfaces: [ErrorInterface],
  description: 'The workspace would be left with nobody who can manage it. Counted are members, and keys without an expiry.'
})

builder.objectType(service.MemberExistsError, {
  name: 'MemberExistsError',
  interfaces: [ErrorInterface],
  description: 'Somebody with this subject is a member already.',
  fields: (t) => ({ member: t.field({ type: Member, description: 'That member.', resolve: ({ memberId }, _args, context) => actor(context, memberId) }) })
})

const MemberPayload = builder.objectRef<Committed<string>>('MemberPayload').implement({
  interfaces: [ChangePayload],
  description: 'A member as the mutation left it.',
  fields: (t) => ({
    member: t.field({ type: Member, description: 'The member.', resolve: ({ result }, _args, context) => actor(context, result) })
  })
})

const ApiKeyPayload = builder.objectRef<Committed<{ id: string; secret?: string }>>('ApiKeyPayload').implement({
  interfaces: [ChangePayload],
  description: 'An API key as the mutation left it.',
  fields: (t) => ({
    apiKey: t.field({ type: ApiKey, description: 'The key.', resolve: ({ result }, _args, context) => actor(context, result.id) }),
    secret: t.string({
      nullable: true,
      description: 'The secret, where one was made: shown here once and kept nowhere. Sent as `Authorization: Bearer <secret>`.',
      resolve: ({ result }) => result.secret ?? null
    })
  })
})

const WorkspacePayload = builder.objectRef<Committed<string>>('WorkspacePayload').implement({
  interfaces: [ChangePayload],
  description: 'The workspace as the mutation left it.',
  fields: (t) => ({
    workspace: t.field({
      type: Workspace,
      description: 'The workspace.',
      resolve: ({ result }, _args, { core }) => core.database.prisma.workspace.findUniqueOrThrow({ where: { id: result } })
    })
  })
})

const CreateWorkspacePayload = builder.objectRef<{ workspaceId: string; secret: string }>('CreateWorkspacePayload').implement({
  description: 'A new workspace. It is another world: this credential does not open it, the secret here does.',
  fields: (t) => ({
    workspaceKey: t.exposeString('workspaceId', { description: 'What the header Mayday-Workspace takes, for people who are in several workspaces.' }),
    secret: t.exposeString('secret', { description: "The secret of the new workspace's admin key: shown here once and kept nowhere." })
  })
})

const AddMemberInput = builder.inputType('AddMemberInput', {
  description: 'A person who is to join the workspace.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'What people call the person: 1 to 200 characters.' }),
    subject: t.string({ required: true, description: 'What the identity provider calls the person (by default the claim `sub`): 1 to 300 characters.' }),
    email: t.string({ description: 'Where the person is reached.' }),
    role: t.field({ type: Role, required: true, description: 'What the person may do.' }),
    idempotencyKey: t.string({ description: 'A repeated request with the same key gets the member that the first one added: 1 to 200 characters.' })
  })
})

const UpdateMemberInput = builder.inputType('UpdateMemberInput', {
  description: 'What to change of a member; what is left out stays.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The member.' }),
    version: t.int({ required: true, description: 'The version that the edit was made on.' }),
    name: t.string({ description: 'What people call the person: 1 to 200 characters.' }),
    email: t.string({ description: 'Where the person is reached; null removes it.' }),
    role: t.field({ type: Role, description: 'What the person may do. Running subscriptions follow within 5 seconds.' })
  })
})

const CreateApiKeyInput = builder.inputType('CreateApiKeyInput', {
  description: 'A credential for a machine.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'What it is for: 1 to 200 characters.' }),
    role: t.field({ type: Role, required: true, description: 'What it may do.' }),
    expiresAt: t.field({ type: 'DateTime', description: 'When it ends by itself; left out, it does not.' })
  })
})

const RotateApiKeyInput = builder.inputType('RotateApiKeyInput', {
  description: 'Which key gets a new secret.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The key.' }),
    gracePeriod: t.field({ type: 'Duration', description: 'How long the old secret stays good, at most 7 days; left out, it ends now.' })
  })
})

builder.mutationFields((t) => ({
  addMember: t.field({
    type: MemberPayload,
    description: 'Adds a person to the workspace. One who was removed comes back under the same id.',
    authScopes: { role: 'ADMIN' },
    errors: { types: [service.MemberExistsError] },
    args: { input: t.arg({ type: AddMemberInput, required: true, description: 'The person.' }) },
    resolve: (_root, { input }, { session }) => service.addMember(session, input)
  }),
  updateMember: t.field({
    type: MemberPayload,
    description: "Changes a member's name, email or role.",
    authScopes: { role: 'ADMIN' },
    errors: { types: [NotFoundError, VersionConflictError, service.LastAdminError] },
    args: { input: t.arg({ type: UpdateMemberInput, required: true, description: 'The change.' }) },
    resolve: (_root, { input }, { session }) => service.updateMember(session, { ...input, id: rowId('Member', input.id, 'input.id') })
  }),
  removeMember: t.field({
    type: MemberPayload,
    description: 'Ends a membership. What the person did stays, under the name; running subscriptions end within 5 seconds.',
    authScopes: { role: 'ADMIN' },
    errors: { types: [NotFoundError, service.LastAdminError] },
    args: { id: t.arg.id({ required: true, description: 'The member.' }) },
    resolve: (_root, { id }, { session }) => service.removeMember(session, { id: rowId('Member', id, 'id') })
  }),
  createApiKey: t.field({
    type: ApiKeyPayload,
    description: 'Makes an API key. Its secret is in the answer, once; a repeated request makes another key.',
    authScopes: { role: 'ADMIN' },
    args: { input: t.arg({ type: CreateApiKeyInput, required: true, description: 'The key.' }) },
    resolve: (_root, { input }, { session }) => service.createApiKey(session, input)
  }),
  rotateApiKey: t.field({
    type: ApiKeyPayload,
    description: 'Gives a key a new secret, shown once. A secret before the last one ends at once.',
    authScopes: { role: 'ADMIN' },
    errors: { types: [NotFoundError] },
    args: { input: t.arg({ type: RotateApiKeyInput, required: true, description: 'Which key.' }) },
    resolve: (_root, { input }, { session }) =>
      service.rotateApiKey(session, { id: rowId('ApiKey', input.id, 'input.id'), gracePeriod: durationMs(input.gracePeriod, 'input.gracePeriod') })
  }),
  revokeApiKey: t.field({
    type: ApiKeyPayload,
    description: 'Ends a key at once; its running subscriptions end within 5 seconds.',
    authScopes: { role: 'ADMIN' },
    errors: { types: [NotFoundError, service.LastAdminError] },
    args: { id: t.arg.id({ required: true, description: 'The key.' }) },
    resolve: async (_root, { id }, { session }) => {
      const { result, sequence } = await service.revokeApiKey(session, { id: rowId('ApiKey', id, 'id') })
      return { result: { id: result }, sequence }
    }
  }),
  updateWorkspace: t.field({
    type: WorkspacePayload,
    description: 'Renames the workspace.',
    authScopes: { role: 'ADMIN' },
    args: { name: t.arg.string({ required: true, description: 'What people call it: 1 to 200 characters.' }) },
    resolve: (_root, { name }, { session }) => service.updateWorkspace(session, { name })
  }),
  createWorkspace: t.field({
    type: CreateWorkspacePayload,
    description: 'Makes another workspace on this server, with an admin key of its own; a person who makes one is its admin too.',
    authScopes: { role: 'ADMIN' },
    args: { name: t.arg.string({ required: true, description: 'What people call it: 1 to 200 characters.' }) },
    resolve: (_root, { name }, { session }) => createWorkspace(session, { name })
  })
}))

async function actor(context: Context, id: string) {
  const found = await context.loader(actorsById).load(id)
  if (!found) throw new Error(`The actor ${id} is not in the viewer's workspace`)
  return found
}
