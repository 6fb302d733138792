// A workspace with something of everything in it. Two that are made alike differ in no name, key or external id that
// the caller chooses; only in ids, and in the word that stands in all their texts.
import { randomUUID } from 'node:crypto'
import type { Client } from '../kit/client.ts'
import { addResources, clientAs, comment, declare } from '../kit/seed.ts'

export interface World {
  readonly admin: Client
  /** Ids of what is in it, by type. */
  readonly ids: Record<NodeType, string>
  /** A place in its changes. */
  readonly cursor: string
}

export const nodeTypes = ['ApiKey', 'Comment', 'Incident', 'Member', 'Resource', 'Workspace'] as const
export type NodeType = (typeof nodeTypes)[number]

export async function populate(admin: Client, word: string): Promise<World> {
  const member = await addMember(admin, { name: `${word} Ada`, subject: 'idp|ada', role: 'RESPONDER', idempotencyKey: 'once' })
  const [deployment, run] = await addResources(
    admin,
    { kind: 'DEPLOYMENT', externalId: 'prefect.deployment.1', name: `${word} nightly`, labels: { team: word } },
    { kind: 'FLOW_RUN', externalId: 'prefect.flow-run.1', name: `${word} heron`, state: 'Failed', belongsTo: ['prefect.deployment.1'] }
  )
  const incident = await declare(admin, {
    title: `${word} orders are late`,
    summary: `${word} everywhere`,
    severity: 'HIGH',
    tags: ['orders'],
    leadId: member.id,
    resourceIds: [deployment?.id ?? '', run?.id ?? ''],
    dedupKey: 'orders',
    idempotencyKey: 'once'
  })
  const said = await comment(admin, incident.id, `${word} looks like the warehouse`)
  const { keyId } = await clientAs(admin, 'VIEWER')
  const { viewer } = await admin.run<{ viewer: { workspace: { id: string } } }>('{ viewer { workspace { id } } }')
  return {
    admin,
    ids: { ApiKey: keyId, Comment: said.id, Incident: incident.id, Member: member.id, Resource: run?.id ?? '', Workspace: viewer.workspace.id },
    cursor: said.cursor
  }
}

export interface MemberInput {
  name: string
  subject: string
  role: 'VIEWER' | 'RESPONDER' | 'ADMIN'
  email?: string
  idempotencyKey?: string
}

/** Adds a member who must be new, or comes back. */
export async function addMember(admin: Client, input: MemberInput): Promise<{ id: string; version: number }> {
  const { addMember: added } = await admin.run<{ addMember: { member: { id: string; version: number } } }>(
    `mutation ($input: AddMemberInput!) {
      addMember(input: $input) { ... on MemberPayload { member { id version } } ... on MemberExistsError { message } }
    }`,
    { input }
  )
  return added.member
}

/** The global id of something of this type that was never there. */
export function idOfNothing(type: string): string {
  return encodeId(type, randomUUID())
}

export function encodeId(type: string, rowId: string): string {
  return Buffer.from(`${type}:${rowId}`).toString('base64url')
}

export function rowIdOf(nodeId: string): string {
  return Buffer.from(nodeId, 'base64url').toString().split(':')[1] ?? ''
}
