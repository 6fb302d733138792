// Which incidents a filter means; and the search in their words.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { IncidentFilter } from '../generated/graphql.ts'
import { startEmbedded, type TestApp } from '../kit/app.ts'
import type { Client } from '../kit/client.ts'
import { Clock } from '../kit/clock.ts'
import { UpdateIncident } from '../kit/documents.ts'
import { take } from '../kit/incident.ts'
import { addMember, addResources, clientAs, comment, declare } from '../kit/seed.ts'

const clock = new Clock()
let app: TestApp
let responder: Client & { keyId: string }
let ids: Record<'ada' | 'bob' | 'flow' | 'pool' | 'admin', string>

beforeAll(async () => {
  app = await startEmbedded({ clock: clock.read })
  responder = await clientAs(app.admin, 'RESPONDER')
  const [flow, pool] = await addResources(
    app.admin,
    { kind: 'FLOW', externalId: 'prefect.flow.1', name: 'load-orders' },
    { kind: 'WORK_POOL', externalId: 'prefect.work-pool.1', name: 'night' }
  )
  ids = {
    ada: (await addMember(app.admin, 'Ada')).id,
    bob: (await addMember(app.admin, 'Bob')).id,
    flow: flow?.id ?? '',
    pool: pool?.id ?? '',
    admin: (await app.admin.run<{ viewer: { actor: { id: string } } }>('{ viewer { actor { id } } }')).viewer.actor.id
  }
  // Declared an hour apart, from 09:00; each began half an hour before.
  const one = { title: 'Payments are failing', severity: 'CRITICAL' as const, summary: 'The gateway times out', tags: ['eu', 'payments'], leadId: ids.ada }
  await declare(app.admin, { ...one, resourceIds: [ids.flow, ids.pool], startedAt: clock.before(30) })
  clock.forward(60)
  const two = await declare(responder, {
    title: 'Orders are late',
    severity: 'HIGH',
    tags: ['orders'],
    leadId: ids.bob,
    resourceIds: [ids.flow],
    startedAt: clock.before(30)
  })
  clock.forward(60)
  const three = await declare(app.admin, { title: 'Nightly report missing', severity: 'LOW', tags: ['eu', 'orders'], startedAt: clock.before(30) })
  clock.forward(60)
  const four = await declare(responder, { title: 'False alarm', severity: 'MINOR', startedAt: clock.before(30) })
  await comment(app.admin, two.id, 'The disk of the warehouse was full, the payments were not touched')
  await comment(app.admin, two.id, 'It runs again')
  await take(app.admin, two, 'resolveIncident')
  await take(app.admin, three, 'acknowledgeIncident')
  await take(app.admin, four, 'cancelIncident')
})
afterAll(() => app[Symbol.asyncDispose]())

/** The numbers of the incidents that a filter means, lowest first. */
async function find(filter: IncidentFilter | null): Promise<number[]> {
  const document = `query ($filter: IncidentFilter) { incidents(filter: $filter, orderBy: {field: NUMBER, direction: ASC}) { totalCount nodes { number } } incidentMetrics(filter: $filter) { count } }`
  const { incidents, incidentMetrics } = await app.admin.run<{
    incidents: { totalCount: number; nodes: { number: number }[] }
    incidentMetrics: { count: number }
  }>(document, { filter })
  const numbers = incidents.nodes.map(({ number }) => number)
  expect([incidents.totalCount, incidentMetrics.count]).toEqual([numbers.length, numbers.length])
  return numbers
}

const at = (time: string) => `2026-03-02T${time}:00.000Z`

it.each<[string, () => IncidentFilter | null, number[]]>([
  ['nothing', () => null, [1, 2, 3, 4]],
  ['an empty filter', () => ({}), [1, 2, 3, 4]],
  ['null everywhere', () => ({ status: null, active: null, tags: null, leadIds: null, declaredAt: null, search: null }), [1, 2, 3, 4]],
  ['one status', () => ({ status: ['TRIAGE'] }), [1]],
  ['several statuses', () => ({ status: ['INVESTIGATING', 'RESOLVED'] }), [2, 3]],
  ['no status', () => ({ status: [] }), []],
  ['the active', () => ({ active: true }), [1, 3]],
  ['the others', () => ({ active: false }), [2, 4]],
  ['severities', () => ({ severity: ['CRITICAL', 'MINOR'] }), [1, 4]],
  ['all of the tags', () => ({ tags: { all: ['eu', 'orders'] } }), [3]],
  ['any of the tags', () => ({ tags: { any: ['payments', 'orders'] } }), [1, 2, 3]],
  ['both', () => ({ tags: { all: ['eu'], any: ['orders', 'us'] } }), [3]],
  ['all of no tags', () => ({ tags: { all: [] } }), [1, 2, 3, 4]],
  ['any of no tags', () => ({ tags: { any: [] } }), []],
  ['a tag in another case', () => ({ tags: { all: ['EU'] } }), []],
  ['a resource', () => ({ resourceIds: [ids.flow] }), [1, 2]],
  ['several resources, each incident once', () => ({ resourceIds: [ids.flow, ids.pool] }), [1, 2]],
  ['a lead', () => ({ leadIds: [ids.ada] }), [1]],
  ['several leads', () => ({ leadIds: [ids.ada, ids.bob] }), [1, 2]],
  ['a lead at all', () => ({ hasLead: true }), [1, 2]],
  ['no lead', () => ({ hasLead: false }), [3, 4]],
  ['who declared it', () => ({ declaredByIds: [responder.keyId] }), [2, 4]],
  ['either who declared it', () => ({ declaredByIds: [responder.keyId, ids.admin] }), [1, 2, 3, 4]],
  ['declared from a moment on', () => ({ declaredAt: { from: at('10:00') } }), [2, 3, 4]],
  ['declared before a moment', () => ({ declaredAt: { until: at('10:00') } }), [1]],
  ['declared between', () => ({ declaredAt: { from: at('10:00'), until: at('12:00') } }), [2, 3]],
  ['declared between, in another zone', () => ({ declaredAt: { from: '2026-03-02T12:00:00+02:00', until: '2026-03-02T07:00:00-05:00' } }), [2, 3]],
  ['declared in no time', () => ({ declaredAt: { from: at('12:00'), until: at('10:00') } }), []],
  ['begun between', () => ({ startedAt: { from: at('09:30'), until: at('10:30') } }), [2]],
  ['resolved from a moment on', () => ({ resolvedAt: { from: at('12:00') } }), [2]],
  ['resolved before', () => ({ resolvedAt: { until: at('12:00') } }), []],
  ['several conditions at once', () => ({ active: true, tags: { all: ['eu'] }, hasLead: true, resourceIds: [ids.pool], search: 'gateway' }), [1]],
  ['conditions that exclude each other', () => ({ active: true, status: ['RESOLVED'] }), []]
])('by %s', async (_name, filter, numbers) => {
  expect(await find(filter())).toEqual(numbers)
})

describe('search', () => {
  it.each<[string, number[]]>([
    ['payments', [1, 2]],
    ['PAYMENT', [1, 2]],
    ['failed', [1]],
    ['gateway failing', [1]],
    ['gateway warehouse', []],
    ['warehouse disk', [2]],
    ['"gateway times out"', [1]],
    ['"times gateway"', []],
    ['gateway or warehouse', [1, 2]],
    ['gateway OR report', [1, 3]],
    ['payments -gateway', [2]],
    ['"the payments" -touched', [1]],
    ['report', [3]],
    ['nowhere', []],
    ['', [1, 2, 3, 4]],
    ['  ', [1, 2, 3, 4]],
    ["'); DROP TABLE incident; --", []],
    ['"', []],
    ['-', []],
    [':* & | ! <-> \\', []],
    ['%', []],
    ['🔥', []]
  ])('%j finds %j', async (search, numbers) => {
    expect(await find({ search })).toEqual(numbers)
  })

  it('follows what is written: new words are found, old ones no more', async () => {
    const { id } = await declare(app.admin, { title: 'Zebra crossing' })
    const { number } = await declare(app.admin, { title: 'Walrus' })
    expect(await find({ search: 'zebra' })).toEqual([number - 1])
    await app.admin.run(UpdateIncident, { input: { id, version: 1, title: 'Giraffe crossing', summary: 'A walrus in it' } })
    expect(await find({ search: 'zebra' })).toEqual([])
    expect(await find({ search: 'walrus' })).toEqual([number - 1, number])
  })
})

it('one incident is found by its number, and by its id', async () => {
  const { id, number } = await declare(app.admin, { title: 'Found' })
  const read = (document: string, variables: object) => app.admin.run<Record<string, unknown>>(document, { ...variables })
  expect(await read('query ($number: Int!) { incidentByNumber(number: $number) { title } }', { number })).toEqual({ incidentByNumber: { title: 'Found' } })
  expect(await read('query ($id: ID!) { incident(id: $id) { title } node(id: $id) { id } }', { id })).toEqual({ incident: { title: 'Found' }, node: { id } })
  for (const none of [0, -1, 2_147_483_647]) {
    expect(await read('query ($number: Int!) { incidentByNumber(number: $number) { title } }', { number: none })).toEqual({ incidentByNumber: null })
  }
  const nowhere = Buffer.from(`Incident:${crypto.randomUUID()}`).toString('base64url')
  expect(await read('query ($id: ID!) { incident(id: $id) { title } node(id: $id) { id } }', { id: nowhere })).toEqual({ incident: null, node: null })
})
