// The record as people read it: the audit log of a workspace, and the timeline of an incident.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ChangeFilter } from '../generated/graphql.ts'
import { startEmbedded, type TestApp } from '../kit/app.ts'
import type { Client } from '../kit/client.ts'
import { Clock } from '../kit/clock.ts'
import { readIncident, readRecord, take } from '../kit/incident.ts'
import { addMember, addResources, clientAs, comment, declare } from '../kit/seed.ts'

const clock = new Clock()
let app: TestApp
let responder: Client & { keyId: string }
let viewer: Client
let first: { id: string }
let second: { id: string }

beforeAll(async () => {
  app = await startEmbedded({ clock: clock.read })
  responder = await clientAs(app.admin, 'RESPONDER')
  viewer = await clientAs(app.admin, 'VIEWER')
  clock.forward(60)
  const ada = await addMember(app.admin, 'Ada')
  await addResources(app.admin, { kind: 'FLOW', externalId: 'prefect.flow.1', name: 'load-orders' })
  const declared = await declare(responder, { leadId: ada.id })
  first = declared
  clock.forward(60)
  second = await declare(app.admin, { title: 'Second' })
  await comment(responder, second.id, 'hello')
  await take(app.admin, declared, 'acknowledgeIncident')
})
afterAll(() => app[Symbol.asyncDispose]())

const management = ['WORKSPACE_CREATED', 'API_KEY_CREATED', 'API_KEY_CREATED', 'API_KEY_CREATED', 'MEMBER_ADDED']
const work = ['RESOURCE_CREATED', 'INCIDENT_DECLARED', 'INCIDENT_DECLARED', 'COMMENT_ADDED', 'INCIDENT_ACKNOWLEDGED']

it('the audit log has everything that happened, in order, without a gap, with who did it and when', async () => {
  const record = await readRecord(app.admin)
  expect(record.map(({ kind }) => kind)).toEqual([...management, ...work])
  expect(record.map(({ sequence }) => sequence)).toEqual(record.map((_, index) => index + 1))
  expect(new Set(record.map(({ hash }) => hash)).size).toBe(record.length)
  expect(record.map(({ message }) => message)).toEqual([
    'Mayday created the workspace Mayday',
    'Mayday created the API key First admin key as ADMIN',
    'First admin key created the API key RESPONDER key as RESPONDER',
    'First admin key created the API key VIEWER key as VIEWER',
    'First admin key added Ada as RESPONDER',
    'First admin key added the flow load-orders',
    'RESPONDER key declared INC-1 as SEV-3: Orders are late',
    'First admin key declared INC-2 as SEV-3: Second',
    'RESPONDER key commented: hello',
    'First admin key acknowledged it'
  ])
})

it('who manages members and keys is for admins; the others see the same numbers without those', async () => {
  const seen = await readRecord(viewer)
  expect(seen).toEqual((await readRecord(app.admin)).slice(management.length))
  expect(seen.map(({ kind }) => kind)).toEqual(work)
  expect(await readRecord(viewer, { kind: ['API_KEY_CREATED', 'MEMBER_ADDED', 'WORKSPACE_CREATED'] })).toEqual([])
})

const at = (time: string) => `2026-03-02T${time}:00.000Z`

it.each<[string, () => ChangeFilter, number[]]>([
  ['kind', () => ({ kind: ['INCIDENT_DECLARED', 'COMMENT_ADDED'] }), [7, 8, 9]],
  ['no kind', () => ({ kind: [] }), []],
  ['incident', () => ({ incidentIds: [first.id] }), [7, 10]],
  ['several incidents', () => ({ incidentIds: [first.id, second.id] }), [7, 8, 9, 10]],
  ['who did it', () => ({ actorIds: [responder.keyId] }), [7, 9]],
  ['from a moment on', () => ({ at: { from: at('11:00') } }), [8, 9, 10]],
  ['before a moment', () => ({ at: { until: at('10:00') } }), [1, 2, 3, 4]],
  ['between', () => ({ at: { from: at('10:00'), until: at('11:00') } }), [5, 6, 7]],
  ['all at once', () => ({ kind: ['COMMENT_ADDED'], incidentIds: [second.id], actorIds: [responder.keyId], at: { from: at('11:00') } }), [9]]
])('by %s', async (_name, filter, sequences) => {
  expect((await readRecord(app.admin, filter())).map(({ sequence }) => sequence)).toEqual(sequences)
})

it('newestFirst goes back in time', async () => {
  const { changes } = await app.admin.run<{ changes: { nodes: { sequence: number }[] } }>('{ changes(newestFirst: true, first: 3) { nodes { sequence } } }')
  expect(changes.nodes).toEqual([{ sequence: 10 }, { sequence: 9 }, { sequence: 8 }])
})

it('the timeline has what happened to the incident, with the comment and the actor as they are now', async () => {
  const { timeline } = await readIncident(viewer, second.id)
  expect(timeline).toMatchObject({
    totalCount: 2,
    nodes: [
      { sequence: 8, kind: 'INCIDENT_DECLARED', at: at('11:00'), actor: { name: 'First admin key' }, comment: null },
      { sequence: 9, kind: 'COMMENT_ADDED', actor: { name: 'RESPONDER key' }, comment: { body: 'hello' }, text: { body: 'hello' }, redacted: false }
    ]
  })
})
