import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines, type TestApp } from '../kit/app.ts'
import type { Client } from '../kit/client.ts'
import { addResources, clientAs, otherWorkspace } from '../kit/seed.ts'
import { recordedEvents } from './recorded.ts'

const clock = () => new Date('2026-11-23T13:00:00Z')
const ingest = 'mutation ($input: IngestEventsInput!) { ingestEvents(input: $input) { accepted duplicates rejected { index reason } } }'
const list = `query ($filter: EventFilter, $first: Int, $after: String, $last: Int, $before: String) {
  events(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
    totalCount pageInfo { hasNextPage endCursor startCursor }
    nodes { id name occurredAt receivedAt resourceExternalId labels related payload resource { externalId name } }
  }
}`

interface EventRow {
  id: string
  name: string
  occurredAt: string
  receivedAt: string
  resourceExternalId: string
  labels: unknown
  related: unknown
  payload: unknown
  resource: { externalId: string; name: string } | null
}

interface Page {
  events: { totalCount: number; pageInfo: { hasNextPage: boolean; endCursor: string; startCursor: string }; nodes: EventRow[] }
}

const take = (client: Client, events: readonly unknown[]) => client.ask<{ ingestEvents: unknown }>(ingest, { input: { events } })
const eventsOf = async (client: Client, variables: Record<string, unknown> = {}) => (await client.run<Page>(list, variables)).events
const made = (minute: number, changed: object = {}) => ({
  occurred: `2026-11-23T10:${String(minute).padStart(2, '0')}:00.123456Z`,
  event: 'acme.table.checked',
  resource: { 'prefect.resource.id': 'acme.table.orders', size: '12' },
  ...changed
})

describe.each(engines)('on $engine', ({ start }) => {
  let app: TestApp

  beforeAll(async () => {
    app = await start({ clock })
  })
  afterAll(() => app[Symbol.asyncDispose]())

  it('takes events in and shows them as they were told', async () => {
    const admin = await otherWorkspace(app.admin)
    const event = {
      ...made(0),
      id: '01a20868-5af4-72e2-8793-887312763938',
      related: [{ 'prefect.resource.id': 'x', 'prefect.resource.role': 'y' }],
      payload: { deep: { er: [1, null] } }
    }
    expect(await take(admin, [event, 7, event])).toEqual({
      data: { ingestEvents: { accepted: 1, duplicates: 1, rejected: [{ index: 1, reason: 'must be an object' }] } }
    })
    expect((await eventsOf(admin)).nodes).toEqual([
      {
        id: event.id,
        name: 'acme.table.checked',
        occurredAt: '2026-11-23T10:00:00.123Z',
        receivedAt: '2026-11-23T13:00:00.000Z',
        resourceExternalId: 'acme.table.orders',
        labels: event.resource,
        related: event.related,
        payload: event.payload,
        resource: null
      }
    ])
  })

  it('is answered anew: what came in a moment ago is there', async () => {
    const admin = await otherWorkspace(app.admin)
    for (const count of [1, 2, 3]) {
      await take(admin, [made(count)])
      expect(await eventsOf(admin)).toMatchObject({ totalCount: count })
      expect(await admin.run('{ resource(externalId: "acme.table.orders") { name } events { totalCount } }')).toMatchObject({ events: { totalCount: count } })
    }
  })

  it('lists newest first, in pages, both ways', async () => {
    const admin = await otherWorkspace(app.admin)
    await take(
      admin,
      [3, 1, 4, 1.5, 5, 2].map((minute) => made(Math.floor(minute), { payload: { minute } }))
    )
    const minutes = (page: Page['events']) => page.nodes.map(({ payload }) => (payload as { minute: number }).minute)
    const whole = await eventsOf(admin)
    expect(minutes(whole).slice(0, 4)).toEqual([5, 4, 3, 2])
    expect(new Set(minutes(whole).slice(4))).toEqual(new Set([1, 1.5]))
    const first = await eventsOf(admin, { first: 4 })
    expect(first).toMatchObject({ totalCount: 6, pageInfo: { hasNextPage: true } })
    const rest = await eventsOf(admin, { first: 4, after: first.pageInfo.endCursor })
    expect(rest.pageInfo.hasNextPage).toBe(false)
    expect([...minutes(first), ...minutes(rest)]).toEqual(minutes(whole))
    expect(minutes(await eventsOf(admin, { last: 2, before: first.pageInfo.endCursor }))).toEqual([4, 3])
  })

  it('lists those that are about some resources, have such a name, and happened then', async () => {
    const admin = await otherWorkspace(app.admin)
    await addResources(admin, { kind: 'CUSTOM', externalId: 'acme.table.orders', name: 'Orders' })
    await take(admin, [
      made(1),
      made(2, { event: 'acme.table.dropped' }),
      made(3, { resource: { 'prefect.resource.id': 'acme.table.users' } }),
      made(4, { event: 'acme_table.checked', resource: { 'prefect.resource.id': 'other' } })
    ])
    const names = async (filter: object) => (await eventsOf(admin, { filter })).nodes.map(({ name, resourceExternalId }) => `${name} ${resourceExternalId}`)
    expect(await names({ resource: ['acme.table.orders'] })).toEqual(['acme.table.dropped acme.table.orders', 'acme.table.checked acme.table.orders'])
    expect(await names({ resource: ['acme.table.users', 'other'] })).toEqual(['acme_table.checked other', 'acme.table.checked acme.table.users'])
    expect(await names({ resource: [] })).toEqual([])
    expect(await names({ namePrefix: 'acme_' })).toEqual(['acme_table.checked other'])
    expect(await names({ namePrefix: '%' })).toEqual([])
    expect(await names({ occurredAt: { from: '2026-11-23T10:02:00.123Z', until: '2026-11-23T10:03:00.123Z' } })).toEqual([
      'acme.table.dropped acme.table.orders'
    ])
    const [row] = (await eventsOf(admin, { filter: { namePrefix: 'acme.table.dropped' } })).nodes
    expect(row?.resource).toEqual({ externalId: 'acme.table.orders', name: 'Orders' })
  })

  it('shows the events of each resource of a list', async () => {
    const admin = await otherWorkspace(app.admin)
    await addResources(
      admin,
      { kind: 'CUSTOM', externalId: 'a', name: 'A' },
      { kind: 'CUSTOM', externalId: 'b', name: 'B' },
      { kind: 'CUSTOM', externalId: 'c', name: 'C' }
    )
    const about = (id: string, minute: number) => made(minute, { resource: { 'prefect.resource.id': id } })
    await take(admin, [about('a', 1), about('a', 2), about('a', 3), about('b', 1)])
    const { resources } = await admin.run<{ resources: { nodes: unknown[] } }>(
      '{ resources { nodes { name events(first: 2) { totalCount pageInfo { hasNextPage } nodes { occurredAt resource { name } } } } } }'
    )
    const node = (minute: number, name: string) => ({ occurredAt: `2026-11-23T10:0${minute}:00.123Z`, resource: { name } })
    expect(resources.nodes).toEqual([
      { name: 'A', events: { totalCount: 3, pageInfo: { hasNextPage: true }, nodes: [node(3, 'A'), node(2, 'A')] } },
      { name: 'B', events: { totalCount: 1, pageInfo: { hasNextPage: false }, nodes: [node(1, 'B')] } },
      { name: 'C', events: { totalCount: 0, pageInfo: { hasNextPage: false }, nodes: [] } }
    ])
  })

  it('shows nothing of another workspace, whose events may have the same ids and be about the same resources', async () => {
    const [one, other] = [await otherWorkspace(app.admin), await otherWorkspace(app.admin)]
    const event = { ...made(0), id: '01a20868-5af4-72e2-8793-887312763938' }
    await addResources(other, { kind: 'CUSTOM', externalId: 'acme.table.orders', name: 'Theirs' })
    await take(one, [{ ...event, payload: { whose: 'one' } }])
    expect(await take(other, [{ ...event, payload: { whose: 'other' } }])).toMatchObject({ data: { ingestEvents: { accepted: 1 } } })
    expect((await eventsOf(one)).nodes).toMatchObject([{ payload: { whose: 'one' }, resource: null }])
    expect((await eventsOf(other)).nodes).toMatchObject([{ payload: { whose: 'other' }, resource: { name: 'Theirs' } }])
  })

  it('brings what a real Prefect server told into the API', async () => {
    const admin = await otherWorkspace(app.admin)
    await take(admin, recordedEvents.slice(0, 400))
    await take(admin, recordedEvents.slice(400))
    const { resource } = await admin.run<{ resource: unknown }>(
      '{ resource(externalId: "snowflake://acme/analytics/marts/fct_orders") { kind name state owners url events(first: 1) { nodes { name } } } }'
    )
    expect(resource).toEqual({
      kind: 'ASSET',
      name: 'fct_orders',
      state: 'Succeeded',
      owners: ['team:analytics-eng', 'dana.okafor@example.com'],
      url: 'https://catalogue.example.com/tables/fct_orders',
      events: { nodes: [{ name: expect.stringMatching(/^prefect\.asset\./) }] }
    })
    const { run } = await admin.run<{ run: unknown }>(
      '{ run(externalId: "prefect.flow-run.a2bb920f-e95a-4d05-bdda-839ff34f57a8") { name state stateName tags resource { name } startedAt endedAt } }'
    )
    expect(run).toEqual({
      name: 'didactic-bumblebee',
      state: 'FAILED',
      stateName: 'Failed',
      tags: ['dbt', 'team:analytics-eng', 'tier:1'],
      resource: { name: 'prod' },
      startedAt: expect.stringMatching(/^2026-11-23T12:36:/),
      endedAt: '2026-11-23T12:36:26.484Z'
    })
  })
})

describe('bad input', () => {
  let app: TestApp

  beforeAll(async () => {
    app = await engines[0].start({ clock })
  })
  afterAll(() => app[Symbol.asyncDispose]())

  it.each([
    [{ events: [] }, /^input\.events: must have at least one event$/],
    [{ events: Array.from({ length: 501 }, () => made(0)) }, /^input\.events: must have at most 500 events$/]
  ])('is refused whole when the list is', async (input, message) => {
    const { data, errors } = await app.admin.ask(ingest, { input })
    expect(errors?.[0]).toMatchObject({ message: expect.stringMatching(message), extensions: { code: 'BAD_USER_INPUT' } })
    expect(data?.ingestEvents).toBeUndefined()
  })

  it.each([
    [{ resource: Array.from({ length: 101 }, () => 'x') }, /^filter\.resource: /],
    [{ namePrefix: 'x'.repeat(301) }, /^filter\.namePrefix: /],
    [{ occurredAt: { from: '0001-01-01T00:00:00Z' } }, /^filter\.occurredAt\.from: /]
  ])('is refused as a filter that is too long, or of no time that can be: %#', async (filter, message) => {
    expect((await app.admin.ask(list, { filter })).errors?.[0]).toMatchObject({
      message: expect.stringMatching(message),
      extensions: { code: 'BAD_USER_INPUT' }
    })
  })

  it('is taken from nobody who only reads', async () => {
    const viewer = await clientAs(app.admin, 'VIEWER')
    expect((await take(viewer, [made(0)])).errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', requiredRole: 'RESPONDER' })
    expect(await eventsOf(viewer)).toMatchObject({ totalCount: 0 })
  })
})
