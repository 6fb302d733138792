import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { takeCatalogue } from '../../src/resource/catalogue.ts'
import type { ResourceInput } from '../generated/graphql.ts'
import { startEmbedded, startOnServer, type TestApp } from '../kit/app.ts'
import { Clock } from '../kit/clock.ts'
import { UpsertResources } from '../kit/documents.ts'
import { readRecord } from '../kit/incident.ts'
import { addResources } from '../kit/seed.ts'

const clock = new Clock()
let app: TestApp

beforeAll(async () => {
  app = await startEmbedded({ clock: clock.read })
})
afterAll(() => app[Symbol.asyncDispose]())

interface Read {
  kind: string
  name: string
  belongsTo: { totalCount: number; nodes: { name: string }[] }
  contains: { totalCount: number; nodes: { name: string }[] }
  [field: string]: unknown
}

async function read(externalId: string): Promise<Read | null> {
  const document = `query ($externalId: String!) { resource(externalId: $externalId) { kind externalId name labels state stateMessage url tags owners goneAt createdAt updatedAt
    belongsTo { totalCount nodes { name } } contains { totalCount nodes { name } } } }`
  return (await app.admin.run<{ resource: Read | null }>(document, { externalId })).resource
}

const changesSince = async (before: unknown[]) =>
  (await readRecord(app.admin)).slice(before.length).map(({ kind, message, data }) => ({ kind, message, data: data as Record<string, unknown> }))

it('takes a resource in with everything that is given', async () => {
  const before = await readRecord(app.admin)
  await addResources(app.admin, {
    kind: 'FLOW_RUN',
    externalId: ' prefect.flow-run.1 ',
    name: ' amber-lynx ',
    labels: { team: 'data', 'prefect.flow-run.name': 'amber-lynx', empty: '' },
    state: 'Failed',
    stateMessage: 'Flow run encountered an exception: KeyError',
    url: 'https://prefect.example/runs/1',
    tags: ['etl', ' night ', 'etl'],
    owners: ['data-team', 'ada@example.com']
  })
  expect(await read('prefect.flow-run.1')).toEqual({
    kind: 'FLOW_RUN',
    externalId: 'prefect.flow-run.1',
    name: 'amber-lynx',
    labels: { team: 'data', 'prefect.flow-run.name': 'amber-lynx', empty: '' },
    state: 'Failed',
    stateMessage: 'Flow run encountered an exception: KeyError',
    url: 'https://prefect.example/runs/1',
    tags: ['etl', 'night'],
    owners: ['data-team', 'ada@example.com'],
    goneAt: null,
    createdAt: clock.before(0),
    updatedAt: clock.before(0),
    belongsTo: { totalCount: 0, nodes: [] },
    contains: { totalCount: 0, nodes: [] }
  })
  expect(await changesSince(before)).toMatchObject([
    { kind: 'RESOURCE_CREATED', message: 'First admin key added the flow run amber-lynx', data: { kind: 'FLOW_RUN', externalId: 'prefect.flow-run.1' } }
  ])
})

it('updates one whose external id is known: what is left out becomes empty, and the record names what changed', async () => {
  const resource: ResourceInput = { kind: 'FLOW_RUN', externalId: 'prefect.flow-run.2', name: 'blue-owl', labels: { a: 'b' }, state: 'Running', tags: ['etl'] }
  const [first] = await addResources(app.admin, resource)
  const before = await readRecord(app.admin)
  const updatedAt = clock.forward(5)
  const [second] = await addResources(app.admin, { kind: 'FLOW_RUN', externalId: 'prefect.flow-run.2', name: 'blue-owl', state: 'Completed' })
  expect(second?.id).toBe(first?.id)
  expect(await read('prefect.flow-run.2')).toMatchObject({ labels: {}, state: 'Completed', tags: [], createdAt: clock.before(5), updatedAt })
  expect(await changesSince(before)).toMatchObject([
    { kind: 'RESOURCE_UPDATED', message: 'First admin key updated the flow run blue-owl (labels, state, tags)', data: { fields: ['labels', 'state', 'tags'] } }
  ])
})

it('the same again changes nothing', async () => {
  const resources: ResourceInput[] = [
    { kind: 'FLOW', externalId: 'same.flow', name: 'f', labels: { a: '1', b: '2' } },
    { kind: 'DEPLOYMENT', externalId: 'same.deployment', name: 'd', belongsTo: ['same.flow'] }
  ]
  await addResources(app.admin, ...resources)
  const before = await readRecord(app.admin)
  const cursors = [resources, [{ ...resources[0], labels: { b: '2', a: '1' } }] as ResourceInput[]].map(
    async (again) => (await app.admin.run(UpsertResources, { input: { resources: again } })).upsertResources.cursor
  )
  expect(new Set(await Promise.all(cursors))).toEqual(new Set([before.at(-1)?.cursor]))
  expect(await readRecord(app.admin)).toEqual(before)
})

it('tells what belongs to what; left out the links stay, and an empty list takes them away', async () => {
  const run: ResourceInput = { kind: 'FLOW_RUN', externalId: 'links.run', name: 'run', belongsTo: ['links.flow', 'links.deployment'] }
  await addResources(
    app.admin,
    run,
    { kind: 'DEPLOYMENT', externalId: 'links.deployment', name: 'deployment', belongsTo: ['links.flow'] },
    { kind: 'FLOW', externalId: 'links.flow', name: 'flow' }
  )
  expect(await read('links.run')).toMatchObject({ belongsTo: { totalCount: 2, nodes: [{ name: 'deployment' }, { name: 'flow' }] } })
  expect(await read('links.flow')).toMatchObject({ contains: { totalCount: 2, nodes: [{ name: 'deployment' }, { name: 'run' }] } })
  await addResources(app.admin, { kind: 'FLOW_RUN', externalId: 'links.run', name: 'run', state: 'Failed' })
  expect((await read('links.run'))?.belongsTo.totalCount).toBe(2)
  await addResources(app.admin, { ...run, belongsTo: ['links.deployment'] })
  expect((await read('links.run'))?.belongsTo.nodes).toEqual([{ name: 'deployment' }])
  await addResources(app.admin, { ...run, belongsTo: [] })
  expect((await read('links.run'))?.belongsTo.totalCount).toBe(0)
})

it('the record tells of links that came or went, and so the workspace moves', async () => {
  const before = await readRecord(app.admin)
  const [parent] = await addResources(
    app.admin,
    { kind: 'FLOW', externalId: 'told.flow', name: 'flow' },
    { kind: 'DEPLOYMENT', externalId: 'told.deployment', name: 'deployment', belongsTo: ['told.flow'] }
  )
  await addResources(app.admin, { kind: 'DEPLOYMENT', externalId: 'told.deployment', name: 'deployment', belongsTo: [] })
  await addResources(app.admin, { kind: 'DEPLOYMENT', externalId: 'told.deployment', name: 'renamed', belongsTo: ['told.flow'] })
  const row = Buffer.from(parent?.id ?? '', 'base64url')
    .toString()
    .slice('Resource:'.length)
  expect(await changesSince(before)).toMatchObject([
    { kind: 'RESOURCE_CREATED', data: { externalId: 'told.flow', parentIds: [] } },
    { kind: 'RESOURCE_CREATED', data: { externalId: 'told.deployment', parentIds: [row] } },
    { kind: 'RESOURCE_UPDATED', data: { fields: ['belongsTo'] } },
    { kind: 'RESOURCE_UPDATED', data: { fields: ['belongsTo', 'name'] } }
  ])
})

it('of one that is given twice the later counts, as one change', async () => {
  const before = await readRecord(app.admin)
  const resources = await addResources(
    app.admin,
    { kind: 'FLOW', externalId: 'twice', name: 'first', belongsTo: ['nowhere'] },
    { kind: 'FLOW', externalId: 'between', name: 'between' },
    { kind: 'FLOW', externalId: 'twice', name: 'second' }
  )
  expect(resources.map(({ name }) => name)).toEqual(['second', 'between', 'second'])
  expect((await changesSince(before)).map(({ data }) => data.externalId)).toEqual(['twice', 'between'])
})

it('leaves what the catalogue of the orchestrator tells of where it is', async () => {
  const flow = (name: string) => ({ kind: 'FLOW' as const, externalId: `told.${name}`, name })
  await addResources(app.admin, flow('child'), flow('by catalogue'), flow('by hand'))
  const told = { downstream: 'told.child', upstream: 'told.by catalogue', kind: 'BELONGS_TO', confidence: 'CERTAIN' } as const
  await takeCatalogue(app.app.core, app.workspace.workspaceId, { connectionId: null, source: 'CATALOG', resources: [flow('child')], dependencies: [told] })
  const parents = async (...belongsTo: string[]) => {
    await addResources(app.admin, { ...flow('child'), belongsTo: belongsTo.map((name) => `told.${name}`) })
    return (await read('told.child'))?.belongsTo.nodes.map(({ name }) => name)
  }
  expect(await parents('by hand')).toEqual(['by catalogue', 'by hand'])
  expect(await parents()).toEqual(['by catalogue'])
  const before = await readRecord(app.admin)
  expect(await parents('by catalogue')).toEqual(['by catalogue'])
  expect(await readRecord(app.admin)).toEqual(before)
})

it.each<[string, ResourceInput, string]>([
  [
    'a parent that is nowhere',
    { kind: 'FLOW', externalId: 'bad.1', name: 'a', belongsTo: ['nowhere'] },
    'belongsTo: must name resources that exist or stand in the same request; nowhere does not'
  ],
  ['itself as parent', { kind: 'FLOW', externalId: 'bad.1', name: 'a', belongsTo: ['bad.1'] }, 'belongsTo: must not name the resource itself'],
  ['21 parents', { kind: 'FLOW', externalId: 'bad.1', name: 'a', belongsTo: Array(21).fill('x') }, 'belongsTo: must have at most 20 entries'],
  ['labels that are no object', { kind: 'FLOW', externalId: 'bad.1', name: 'a', labels: [] }, 'labels: must be an object whose values are texts'],
  [
    '51 labels',
    { kind: 'FLOW', externalId: 'bad.1', name: 'a', labels: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`l${index}`, ''])) },
    'labels: must have at most 50 labels'
  ],
  ['51 tags', { kind: 'FLOW', externalId: 'bad.1', name: 'a', tags: Array(51).fill('etl') }, 'tags: must have at most 50 entries'],
  ['a long tag', { kind: 'FLOW', externalId: 'bad.1', name: 'a', tags: ['x'.repeat(101)] }, 'tags.0: must have at most 100 characters'],
  ['21 owners', { kind: 'FLOW', externalId: 'bad.1', name: 'a', owners: Array(21).fill('ada') }, 'owners: must have at most 20 entries'],
  ['a script as page', { kind: 'FLOW', externalId: 'bad.1', name: 'a', url: 'javascript:alert(1)' }, 'url: must be an http or https address']
])('takes the others of a request with %s, and says which it did not take, and why', async (_name, bad, reason) => {
  const good = (externalId: string) => ({ kind: 'FLOW' as const, externalId, name: bad.name, state: randomUUID() })
  const resources = [good('good.0'), bad, good('good.2')]
  const { upsertResources } = await app.admin.run(UpsertResources, { input: { resources } })
  expect(upsertResources.rejected).toEqual([{ index: 1, reason }])
  expect(upsertResources.resources).toMatchObject([{ externalId: 'good.0' }, { externalId: 'good.2' }])
  expect(await read('good.2')).toMatchObject({ state: resources[2]?.state })
  expect(await read('bad.1')).toBeNull()
})

it('takes no resource that is to belong to one that was not taken, unless that was there before', async () => {
  const flow = (name: string, ...belongsTo: string[]) => ({ kind: 'FLOW' as const, externalId: `chain.${name}`, name, belongsTo })
  await addResources(app.admin, flow('known'))
  const resources = [
    flow('leaf', 'chain.branch'),
    flow('branch', 'chain.known', 'chain.root'),
    flow('root', 'chain.nowhere'),
    { ...flow('known', 'chain.nowhere'), name: 'not taken' },
    flow('other', 'chain.known')
  ]
  const { upsertResources } = await app.admin.run(UpsertResources, { input: { resources } })
  const missing = (index: number, name: string) => ({
    index,
    reason: `belongsTo: must name resources that exist or stand in the same request; chain.${name} does not`
  })
  expect(upsertResources.rejected).toEqual([missing(0, 'branch'), missing(1, 'root'), missing(2, 'nowhere'), missing(3, 'nowhere')])
  expect(upsertResources.resources).toMatchObject([{ externalId: 'chain.other' }])
  expect(await read('chain.known')).toMatchObject({ name: 'known' })
})

it('of rows that are all refused, nothing moves', async () => {
  const before = await readRecord(app.admin)
  const bad = { kind: 'FLOW' as const, externalId: '', name: 'a' }
  const { upsertResources } = await app.admin.run(UpsertResources, { input: { resources: [bad, bad] } })
  expect(upsertResources).toMatchObject({ resources: [], rejected: [{ index: 0, reason: 'externalId: must not be empty' }, { index: 1 }] })
  expect(await readRecord(app.admin)).toEqual(before)
})

it.each([
  [0, 'must name at least one resource'],
  [501, 'must have at most 500 resources']
])('refuses %i resources', async (count, rule) => {
  const resources = Array.from({ length: count }, (_, index) => ({ kind: 'FLOW' as const, externalId: `many.${index}`, name: 'a' }))
  const { errors } = await app.admin.ask(UpsertResources, { input: { resources } })
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', problems: [{ field: 'input.resources', rule }] } }])
})

it('is one resource when two nodes take it in at once', async () => {
  await using one = await startOnServer()
  await using two = await startOnServer({ databaseUrl: one.databaseUrl ?? '' })
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      addResources([one, two][index % 2]?.admin ?? one.admin, { kind: 'FLOW', externalId: 'prefect.flow.1', name: 'f', state: `state ${index}` })
    )
  )
  expect(new Set(answers.flat().map(({ id }) => id)).size).toBe(1)
  expect((await readRecord(one.admin)).slice(2).map(({ kind }) => kind)).toEqual(['RESOURCE_CREATED', ...Array(9).fill('RESOURCE_UPDATED')])
})

it('takes 500 in by as few statements as one', async () => {
  await using app = await startOnServer()
  const resources = (count: number, state: string) =>
    Array.from({ length: count }, (_, index) => ({
      kind: 'FLOW' as const,
      externalId: `flow ${index}`,
      name: 'f',
      state,
      ...(index > 0 ? { belongsTo: ['flow 0'] } : {})
    }))
  const statementsOf = async (count: number, state: string) => {
    const sent = vi.spyOn(pg.Client.prototype, 'query')
    await addResources(app.admin, ...resources(count, state))
    const texts = sent.mock.calls.map(([statement]) => (typeof statement === 'string' ? statement : (statement as unknown as { text: string }).text))
    sent.mockRestore()
    return texts.filter((text) => /\b(resource|dependency|change)\b/.test(text) && !/incident|lease/.test(text)).length
  }
  const [two, many] = [await statementsOf(2, 'new'), await statementsOf(500, 'other')]
  // What is known, the write, ids and dependencies of parents, their write, its time on the child; the changes; and the answer.
  expect(two).toBeLessThanOrEqual(8)
  expect(many).toBeLessThanOrEqual(two)
  expect(await statementsOf(500, 'other')).toBeLessThan(two)
})
