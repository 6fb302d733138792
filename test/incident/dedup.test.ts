// What a second declaration for the same cause does.
import { describe, expect, it } from 'vitest'
import type { DeclareIncidentInput } from '../generated/graphql.ts'
import { startEmbedded, startOnServer, type TestApp } from '../kit/app.ts'
import type { Client } from '../kit/client.ts'
import { Clock } from '../kit/clock.ts'
import { DeclareIncident } from '../kit/documents.ts'
import { readIncident, readRecord, take } from '../kit/incident.ts'
import { addResources, declare } from '../kit/seed.ts'

async function again(client: Client, input: Partial<DeclareIncidentInput> = {}) {
  const { declareIncident } = await client.run(DeclareIncident, { input: { title: 'Again', severity: 'HIGH', dedupKey: 'orders', ...input } })
  if (declareIncident.__typename !== 'DeclareIncidentPayload') return declareIncident
  return { outcome: declareIncident.outcome, reference: declareIncident.incident.reference, status: declareIncident.incident.status }
}

const policies = ['ATTACH', 'REFUSE', 'REOPEN'] as const

describe('while an incident for the cause is open', () => {
  it('ATTACH and REOPEN answer with it, link the resources, and tell it in the record', async () => {
    await using app = await startEmbedded()
    const [resource] = await addResources(app.admin, { kind: 'FLOW', externalId: 'prefect.flow.1', name: 'load-orders' })
    const first = await declare(app.admin, { dedupKey: 'orders' })
    expect(await again(app.admin, { dedupPolicy: 'REOPEN' })).toEqual({ outcome: 'ATTACHED', reference: 'INC-1', status: 'TRIAGE' })
    expect(await again(app.admin, { summary: 'Still', resourceIds: [resource?.id ?? ''] })).toMatchObject({ outcome: 'ATTACHED', reference: 'INC-1' })
    const incident = await readIncident(app.admin, first.id)
    expect(incident).toMatchObject({ title: 'Orders are late', severity: 'MODERATE', version: 2, resources: { nodes: [{ name: 'load-orders' }] } })
    expect(incident.timeline.nodes.slice(1)).toMatchObject([
      { kind: 'INCIDENT_REDECLARED', message: 'First admin key declared it again: Again', text: { title: 'Again' } },
      { kind: 'INCIDENT_REDECLARED', text: { title: 'Again', summary: 'Still' } }
    ])
  })

  it('REFUSE answers with an error that points to it, and changes nothing', async () => {
    await using app = await startEmbedded()
    const first = await declare(app.admin, { dedupKey: 'orders' })
    const before = await readRecord(app.admin)
    expect(await again(app.admin, { dedupPolicy: 'REFUSE', idempotencyKey: 'refused' })).toEqual({
      __typename: 'DuplicateIncidentError',
      message: 'INC-1 is already open for this cause.',
      incident: { id: first.id, reference: 'INC-1' }
    })
    expect(await readRecord(app.admin)).toEqual(before)
    await take(app.admin, first, 'cancelIncident')
    expect(await again(app.admin, { dedupPolicy: 'REFUSE', idempotencyKey: 'refused' })).toMatchObject({ outcome: 'DECLARED', reference: 'INC-2' })
  })

  it('finds it also behind a newer one that is over', async () => {
    await using app = await startEmbedded()
    const first = await take(app.admin, await declare(app.admin, { dedupKey: 'orders' }), 'resolveIncident')
    const second = await declare(app.admin, { dedupKey: 'orders' })
    await take(app.admin, second, 'resolveIncident')
    await take(app.admin, first, 'reopenIncident')
    expect(await again(app.admin)).toMatchObject({ outcome: 'ATTACHED', reference: 'INC-1' })
    expect(await again(app.admin, { dedupPolicy: 'REFUSE' })).toMatchObject({ incident: { reference: 'INC-1' } })
  })

  it('follows merges to the incident that goes on', async () => {
    await using app = await startEmbedded()
    const first = await declare(app.admin, { dedupKey: 'orders' })
    const [second, third] = [await declare(app.admin, { title: 'Second' }), await declare(app.admin, { title: 'Third' })]
    await take(app.admin, first, ['mergeIncident', { intoId: second.id }])
    await take(app.admin, { id: second.id, version: second.version + 1 }, ['mergeIncident', { intoId: third.id }])
    expect(await again(app.admin)).toEqual({ outcome: 'ATTACHED', reference: 'INC-3', status: 'TRIAGE' })
    expect(await again(app.admin, { dedupPolicy: 'REFUSE' })).toMatchObject({ incident: { reference: 'INC-3' } })
  })
})

describe('when the incident for the cause is resolved', () => {
  async function resolved(more: 'closeIncident'[] = []): Promise<{ app: TestApp; clock: Clock; id: string }> {
    const clock = new Clock()
    const app = await startEmbedded({ clock: clock.read })
    const { id } = await take(app.admin, await declare(app.admin, { dedupKey: 'orders' }), 'resolveIncident', ...more)
    return { app, clock, id }
  }

  it.each(['ATTACH', 'REFUSE'] as const)('%s declares a new one', async (dedupPolicy) => {
    const { app } = await resolved()
    await using _ = app
    expect(await again(app.admin, { dedupPolicy })).toEqual({ outcome: 'DECLARED', reference: 'INC-2', status: 'TRIAGE' })
  })

  it.each([[[]], [['closeIncident' as const]]])('REOPEN reopens it to the last moment of the window, after %j', async (more) => {
    const { app, clock, id } = await resolved(more)
    await using _ = app
    const [resource] = await addResources(app.admin, { kind: 'FLOW', externalId: 'prefect.flow.1', name: 'load-orders' })
    clock.forward(90)
    const input = {
      dedupPolicy: 'REOPEN',
      reopenWindow: 'PT1H30M',
      summary: 'It is back',
      resourceIds: [resource?.id ?? '']
    } satisfies Partial<DeclareIncidentInput>
    expect(await again(app.admin, input)).toEqual({ outcome: 'REOPENED', reference: 'INC-1', status: 'INVESTIGATING' })
    const incident = await readIncident(app.admin, id)
    expect(incident).toMatchObject({ resolvedAt: null, closedAt: null, mitigatedAt: null, resources: { nodes: [{ name: 'load-orders' }] } })
    expect(incident.timeline.nodes.slice(-2)).toMatchObject([
      { kind: 'INCIDENT_REOPENED', data: { to: 'INVESTIGATING' } },
      { kind: 'INCIDENT_REDECLARED', message: 'First admin key declared it again: Again', text: { title: 'Again', summary: 'It is back' } }
    ])
  })

  it('REOPEN declares a new one when the window is over', async () => {
    const { app, clock } = await resolved()
    await using _ = app
    clock.forward(90)
    expect(await again(app.admin, { dedupPolicy: 'REOPEN', reopenWindow: 'PT1H29M59S' })).toMatchObject({ outcome: 'DECLARED', reference: 'INC-2' })
  })

  it('REOPEN has a window of a day when none is given', async () => {
    const { app, clock } = await resolved()
    await using _ = app
    clock.forward(24 * 60)
    expect(await again(app.admin, { dedupPolicy: 'REOPEN' })).toMatchObject({ outcome: 'REOPENED' })
  })

  it('REOPEN reopens the one that it was merged into', async () => {
    await using app = await startEmbedded()
    const [first, second] = [await declare(app.admin, { dedupKey: 'orders' }), await declare(app.admin, { title: 'Second' })]
    await take(app.admin, first, ['mergeIncident', { intoId: second.id }])
    await take(app.admin, { id: second.id, version: second.version + 1 }, 'resolveIncident')
    expect(await again(app.admin, { dedupPolicy: 'REOPEN' })).toEqual({ outcome: 'REOPENED', reference: 'INC-2', status: 'INVESTIGATING' })
  })
})

it.each(policies)('%s declares a new one when the other was a false alarm, or for another cause', async (dedupPolicy) => {
  await using app = await startEmbedded()
  await take(app.admin, await declare(app.admin, { dedupKey: 'orders' }), 'cancelIncident')
  await declare(app.admin, { dedupKey: 'Orders' })
  await declare(app.admin)
  expect(await again(app.admin, { dedupPolicy })).toMatchObject({ outcome: 'DECLARED', reference: 'INC-4' })
})

it.each(policies)('declares one incident when 20 requests on two nodes name the same cause at once, with %s', async (dedupPolicy) => {
  await using one = await startOnServer()
  await using two = await startOnServer({ databaseUrl: one.databaseUrl ?? '' })
  const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => again([one, two][index % 2]?.admin ?? one.admin, { dedupPolicy })))
  const outcomes = answers.map((answer) => ('outcome' in answer ? answer.outcome : answer.__typename))
  expect(outcomes.filter((outcome) => outcome === 'DECLARED')).toHaveLength(1)
  expect(outcomes.filter((outcome) => outcome === (dedupPolicy === 'REFUSE' ? 'DuplicateIncidentError' : 'ATTACHED'))).toHaveLength(19)
  const declared = await readRecord(one.admin, { kind: ['INCIDENT_DECLARED'] })
  expect(declared).toHaveLength(1)
})
