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

export const nodeTypes = ['ApiKey', 'Comment', 'Incident', 'Member', 'PrefectServer', 'Resource', 'Run', 'Workspace'] as const
export type NodeType = (typeof nodeTypes)[number]

export async function populate(admin: Client, word: string): Promise<World> {
  const member = await addMember(admin, { name: `${word} Ada`, subject: 'idp|ada', role: 'RESPONDER', idempotencyKey: 'once' })
  const [deployment, run] = await addResources(
    admin,
    { kind: 'DEPLOYMENT', externalId: 'prefect.deployment.1', name: `${word} nightly`, labels: { team: word } },
    { kind: 'FLOW_RUN', externalId: 'prefect.flow-run.1', name: `${word} heron`, state: 'Failed', belongsTo: ['prefect.deployment.1'] }
  )
  // Another moment than in a world of another word: between equal ones the order is that of ids.
  const stateAt = `2026-03-01T08:00:${String(word.length).padStart(2, '0')}Z`
  const told = { externalId: 'prefect.flow-run.1', resource: 'prefect.deployment.1', name: `${word} heron`, state: 'FAILED', stateAt }
  await admin.run('mutation ($input: UpsertRunsInput!) { upsertRuns(input: $input) { written } }', {
    input: { runs: [{ ...told, stateMessage: `${word} is away` }] }
  })
  const { run: failed } = await admin.run<{ run: { id: string } }>('{ run(externalId: "prefect.flow-run.1") { id } }')
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
  await admin.run('mutation ($input: IngestEventsInput!) { ingestEvents(input: $input) { accepted } }', {
    input: {
      events: [
        {
          id: '01a20868-5af4-72e2-8793-887312763938',
          // A place in the one list that is none in the other.
          occurred: `2026-03-01T00:0${word.length}:00Z`,
          event: 'acme.looked-at',
          resource: { 'prefect.resource.id': 'prefect.flow-run.1', 'prefect.resource.name': word },
          related: [{ 'prefect.resource.id': word, 'prefect.resource.role': 'who' }],
          payload: { word }
        }
      ]
    }
  })
  const { keyId } = await clientAs(admin, 'VIEWER')
  const server = await connect(admin, `${word} Prefect`, 'http://127.0.0.1:9/api')
  // One that is followed would tell of its health whenever it likes.
  await admin.run('mutation ($id: ID!) { disconnectPrefectServer(id: $id) { __typename } }', { id: server.id })
  const { viewer } = await admin.run<{ viewer: { workspace: { id: string } } }>('{ viewer { workspace { id } } }')
  return {
    admin,
    ids: {
      ApiKey: keyId,
      Comment: said.id,
      Incident: incident.id,
      Member: member.id,
      PrefectServer: server.id,
      Resource: run?.id ?? '',
      Run: failed.id,
      Workspace: viewer.workspace.id
    },
    cursor: said.cursor
  }
}

/** Connects a server that must be new. */
export async function connect(admin: Client, name: string, apiUrl: string): Promise<{ id: string; version: number }> {
  const { connectPrefectServer } = await admin.run<{ connectPrefectServer: { connection: { id: string; version: number } } }>(
    'mutation ($input: ConnectPrefectServerInput!) { connectPrefectServer(input: $input) { ... on PrefectServerPayload { connection { id version } } } }',
    { input: { name, apiUrl } }
  )
  return connectPrefectServer.connection
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
