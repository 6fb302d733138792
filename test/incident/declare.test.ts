import { describe, expect, it } from 'vitest'
import { engines, startEmbedded } from '../kit/app.ts'
import { Clock } from '../kit/clock.ts'
import { DeclareIncident } from '../kit/documents.ts'
import { readIncident, readRecord } from '../kit/incident.ts'
import { addMember, addResources, clientAs, declare } from '../kit/seed.ts'

describe.each(engines)('declareIncident on $engine', ({ start }) => {
  it('gives each incident the next number, in TRIAGE, begun now', async () => {
    await using app = await start()
    const first = await declare(app.admin, { title: '  Orders are late ', tags: ['b', 'a', 'b'] })
    const second = await declare(app.admin)
    expect(first).toMatchObject({ reference: 'INC-1', version: 1, status: 'TRIAGE', title: 'Orders are late', tags: ['a', 'b'] })
    expect(second.number).toBe(2)
  })

  it('answers a repeated request with the first incident, and refuses the key for another input', async () => {
    await using app = await start()
    const input = { title: 'Once', severity: 'LOW', idempotencyKey: 'request-1' } as const
    const answers = await Promise.all([1, 2, 3].map(() => app.admin.run(DeclareIncident, { input })))
    const declared = answers.map(({ declareIncident }) => (declareIncident.__typename === 'DeclareIncidentPayload' ? declareIncident : null))
    expect(new Set(declared.map((each) => each?.incident.number))).toEqual(new Set([1]))
    expect(declared.map((each) => each?.outcome).sort()).toEqual(['DECLARED', 'REPEATED', 'REPEATED'])
    const { errors } = await app.admin.ask(DeclareIncident, { input: { ...input, title: 'Other' } })
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', problems: [{ field: 'input.idempotencyKey' }] } })
  })
})

it('names each field and rule of a bad input, and changes nothing', async () => {
  await using app = await startEmbedded()
  const { errors } = await app.admin.ask(DeclareIncident, {
    input: { title: ' ', severity: 'LOW', tags: Array.from({ length: 21 }, (_, index) => `tag ${index}`) }
  })
  expect(errors?.[0]?.extensions.problems).toEqual([
    { field: 'input.title', rule: 'must not be empty' },
    { field: 'input.tags', rule: 'must have at most 20 tags' }
  ])
  expect((await app.admin.run<{ incidents: { totalCount: number } }>('{ incidents { totalCount } }')).incidents.totalCount).toBe(0)
})

it('keeps everything that is given, and tells it in the record', async () => {
  const clock = new Clock()
  await using app = await startEmbedded({ clock: clock.read })
  const [pool, flow] = await addResources(
    app.admin,
    { kind: 'WORK_POOL', externalId: 'prefect.work-pool.1', name: 'night' },
    { kind: 'FLOW', externalId: 'prefect.flow.1', name: 'load-orders' }
  )
  const lead = await addMember(app.admin, 'Ada')
  const { id } = await declare(app.admin, {
    title: 'Orders are late',
    severity: 'CRITICAL',
    summary: ' Nothing since *midnight*. ',
    startedAt: '2026-03-02T09:30:00+01:00',
    tags: ['orders', 'eu'],
    resourceIds: [pool?.id ?? '', flow?.id ?? '', pool?.id ?? ''],
    leadId: lead.id,
    dedupKey: 'orders'
  })
  const incident = await readIncident(app.admin, id)
  expect(incident).toMatchObject({
    number: 1,
    title: 'Orders are late',
    summary: 'Nothing since *midnight*.',
    severity: 'CRITICAL',
    severityLabel: 'SEV-1',
    status: 'TRIAGE',
    active: true,
    tags: ['eu', 'orders'],
    lead: { id: lead.id, name: 'Ada' },
    declaredBy: { name: 'First admin key' },
    dedupKey: 'orders',
    startedAt: '2026-03-02T08:30:00.000Z',
    declaredAt: '2026-03-02T09:00:00.000Z',
    updatedAt: '2026-03-02T09:00:00.000Z',
    acknowledgedAt: null,
    resolution: null,
    rootCause: null,
    mergedInto: null,
    resources: { totalCount: 2, nodes: [{ name: 'load-orders' }, { name: 'night' }] }
  })
  expect(incident.timeline.nodes).toMatchObject([
    {
      kind: 'INCIDENT_DECLARED',
      message: 'First admin key declared INC-1 as SEV-1: Orders are late',
      at: '2026-03-02T09:00:00.000Z',
      data: { number: 1, severity: 'CRITICAL', startedAt: '2026-03-02T08:30:00.000Z', tags: ['eu', 'orders'], dedupKey: 'orders' },
      text: { title: 'Orders are late', summary: 'Nothing since *midnight*.' }
    }
  ])
})

it('keeps idempotency keys apart by who sends them', async () => {
  await using app = await startEmbedded()
  const responder = await clientAs(app.admin, 'RESPONDER')
  const input = { title: 'Once', severity: 'LOW', idempotencyKey: 'request-1' } as const
  const numbers = [await declare(app.admin, input), await declare(responder, input), await declare(app.admin, input)].map(({ number }) => number)
  expect(numbers).toEqual([1, 2, 1])
})

it('takes a start up to a minute ahead, as clocks differ, and no later one', async () => {
  const clock = new Clock()
  await using app = await startEmbedded({ clock: clock.read })
  expect(await declare(app.admin, { startedAt: clock.before(-1) })).toMatchObject({ startedAt: '2026-03-02T09:01:00.000Z' })
  const { errors } = await app.admin.ask(DeclareIncident, { input: { title: 'Soon', severity: 'LOW', startedAt: '2026-03-02T09:01:00.001Z' } })
  expect(errors?.[0]?.extensions.problems).toEqual([{ field: 'input.startedAt', rule: 'must not lie in the future' }])
})

it('does not know a lead who is a machine or has left, nor a resource that is not there', async () => {
  await using app = await startEmbedded()
  const { keyId } = await clientAs(app.admin, 'RESPONDER')
  const gone = await addMember(app.admin, 'Ada')
  await app.admin.run('mutation ($id: ID!) { removeMember(id: $id) { __typename } }', { id: gone.id })
  const ask = (more: object) => app.admin.ask(DeclareIncident, { input: { title: 'Late', severity: 'LOW', ...more } })
  expect((await ask({ leadId: gone.id })).data?.declareIncident).toEqual({ __typename: 'NotFoundError', message: 'There is no member with this id.' })
  expect((await ask({ leadId: keyId })).errors?.[0]?.extensions.problems).toEqual([
    { field: 'input.leadId', rule: 'must be the id of a Member, and is one of a ApiKey' }
  ])
  const resource = Buffer.from(`Resource:${crypto.randomUUID()}`).toString('base64url')
  expect((await ask({ resourceIds: [resource] })).data?.declareIncident).toEqual({ __typename: 'NotFoundError', message: 'There is no resource with this id.' })
  expect(await readRecord(app.admin, { kind: ['INCIDENT_DECLARED'] })).toEqual([])
})
