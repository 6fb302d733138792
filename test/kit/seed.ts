// The few things that most tests begin with.

import type { DeclareIncidentInput, ResourceInput, Role } from '../generated/graphql.ts'
import { Client } from './client.ts'
import { AddComment, CreateApiKey, DeclareIncident, UpsertResources } from './documents.ts'

/** Declares an incident that must be new. */
export async function declare(client: Client, input: Partial<DeclareIncidentInput> = {}) {
  const { declareIncident } = await client.run(DeclareIncident, { input: { title: 'Orders are late', severity: 'MODERATE', ...input } })
  if (declareIncident.__typename !== 'DeclareIncidentPayload') throw new Error(`Not declared: ${JSON.stringify(declareIncident)}`)
  return { ...declareIncident.incident, cursor: declareIncident.cursor }
}

export async function comment(client: Client, incidentId: string, body: string) {
  const { addComment } = await client.run(AddComment, { input: { incidentId, body } })
  if (addComment.__typename !== 'CommentPayload') throw new Error(`Not added: ${JSON.stringify(addComment)}`)
  return { ...addComment.comment, cursor: addComment.cursor }
}

export async function addResources(client: Client, ...resources: ResourceInput[]) {
  return (await client.run(UpsertResources, { input: { resources } })).upsertResources.resources
}

/** A client of the same workspace with another role, by a key of its own. */
export async function clientAs(admin: Client, role: Role, expiresAt?: string): Promise<Client & { keyId: string; key: string }> {
  const { createApiKey } = await admin.run(CreateApiKey, { input: { name: `${role} key`, role, expiresAt } })
  if (!createApiKey.secret) throw new Error('A new key has a secret')
  return Object.assign(new Client(admin.url, createApiKey.secret), { keyId: createApiKey.apiKey.id, key: createApiKey.secret })
}

/** A person in the workspace, whom the identity provider calls by the same name. */
export async function addMember(admin: Client, name: string, role: Role = 'RESPONDER'): Promise<{ id: string }> {
  const { addMember: added } = await admin.run<{ addMember: { member: { id: string } } }>(
    'mutation ($input: AddMemberInput!) { addMember(input: $input) { ... on MemberPayload { member { id } } } }',
    { input: { name, subject: name, role } }
  )
  return added.member
}

/** The admin of another workspace on the same server. */
export async function otherWorkspace(admin: Client): Promise<Client> {
  const { createWorkspace } = await admin.run<{ createWorkspace: { secret: string } }>('mutation { createWorkspace(name: "Another world") { secret } }')
  return new Client(admin.url, createWorkspace.secret)
}
