// What an orchestrator says of its things, taken in as Mayday's own doing, on both engines.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { Prisma } from '../../src/database/generated/client/client.ts'
import { type Catalogue, type GivenDependency, type GivenResource, takeCatalogue } from '../../src/resource/catalogue.ts'
import { engines, startOnServer, type TestApp } from '../kit/app.ts'
import { Clock } from '../kit/clock.ts'
import { readRecord } from '../kit/incident.ts'
import { addResources } from '../kit/seed.ts'
import { watchStatements } from '../kit/statements.ts'

const connectionId = '01930000-0000-7000-8000-000000000001'

const flow = (name: string, more: Partial<GivenResource> = {}): GivenResource => ({ kind: 'FLOW', externalId: name, name, ...more })
const deployment = (name: string, more: Partial<GivenResource> = {}): GivenResource => ({ kind: 'DEPLOYMENT', externalId: name, name, ...more })
const belongs = (downstream: string, upstream: string, more: Partial<GivenDependency> = {}): GivenDependency => ({
  downstream,
  upstream,
  kind: 'BELONGS_TO',
  confidence: 'CERTAIN',
  ...more
})

describe.each(engines)('on $engine', ({ start }) => {
  const clock = new Clock()
  let app: TestApp

  beforeAll(async () => {
    app = await start({ clock: clock.read })
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const take = (catalogue: Partial<Catalogue>) =>
    takeCatalogue(app.app.core, app.workspace.workspaceId, { connectionId, source: 'CATALOG', resources: [], dependencies: [], ...catalogue })
  const read = (externalId: string) => app.database.prisma.resource.findFirst({ where: { externalId } })
  const dependenciesOf = (externalId: string) =>
    app.database.query<{ upstream: string; kind: string; source: string; confidence: string }>(Prisma.sql`
      SELECT u.external_id AS upstream, d.kind, d.source, d.confidence FROM dependency d
      JOIN resource u ON u.id = d.upstream_id JOIN resource r ON r.id = d.downstream_id WHERE r.external_id = ${externalId} ORDER BY 1, 2`)
  const recordSince = async (work: () => Promise<unknown>) => {
    const before = (await readRecord(app.admin)).length
    await work()
    return (await readRecord(app.admin)).slice(before).map(({ kind, data, message }) => ({ kind, message, data: data as Record<string, unknown> }))
  }

  it('takes in resources and what belongs to what, as Mayday', async () => {
    const resource: GivenResource = deployment('first.deployment', {
      labels: { team: 'data' },
      state: 'Paused',
      stateMessage: 'for now',
      url: 'https://prefect.example/1',
      tags: ['etl'],
      owners: ['data-team']
    })
    const record = await recordSince(async () => {
      expect(await take({ resources: [flow('first.flow'), resource], dependencies: [belongs('first.deployment', 'first.flow')] })).toEqual({
        created: 2,
        updated: 0,
        gone: 0
      })
    })
    expect(record).toMatchObject([
      { kind: 'RESOURCE_CREATED', message: 'Mayday added the flow first.flow', data: { kind: 'FLOW', externalId: 'first.flow', parentIds: [] } },
      { kind: 'RESOURCE_CREATED', data: { kind: 'DEPLOYMENT', externalId: 'first.deployment' } },
      {
        kind: 'DEPENDENCY_ADDED',
        message: 'Mayday added a dependency',
        data: { source: 'CATALOG', downstreamIds: [(await read('first.deployment'))?.id], count: 1 }
      }
    ])
    expect(await read('first.deployment')).toMatchObject({ ...resource, connectionId, goneAt: null, createdAt: clock.read(), updatedAt: clock.read() })
    expect(await dependenciesOf('first.deployment')).toEqual([{ upstream: 'first.flow', kind: 'BELONGS_TO', source: 'CATALOG', confidence: 'CERTAIN' }])
  })

  it('the same again changes nothing and locks nothing', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `again.${index}`)
    const catalogue = {
      resources: [flow('again.flow'), ...names.map((name) => deployment(name, { tags: ['etl'], labels: { a: '1', b: '2' } }))],
      dependencies: names.map((name) => belongs(name, 'again.flow'))
    }
    expect(await take(catalogue)).toEqual({ created: 301, updated: 0, gone: 0 })
    const before = await readRecord(app.admin)
    const sent = vi.spyOn(app.database.prisma, '$transaction')
    using statements = watchStatements(app.database)
    expect(await take({ ...catalogue, complete: ['FLOW'] })).toMatchObject({ created: 0, updated: 0 })
    expect(await take({ ...catalogue, source: 'EVENT', connectionId: null })).toEqual({ created: 0, updated: 0, gone: 0 })
    expect(sent.mock.calls.length).toBeLessThanOrEqual(1)
    // For each batch its resources, their ids, and what they depend on.
    expect(statements.texts.filter((text) => text.includes('FROM dependency d')).length).toBe(4)
    expect(statements.texts.filter((text) => text.includes('r.external_id = ANY')).length).toBe(8)
    expect((await readRecord(app.admin)).slice(before.length).filter(({ data }) => JSON.stringify(data).includes('again.'))).toEqual([])
    sent.mockRestore()
  })

  it('changes what is told otherwise; what is left out stays, and null empties', async () => {
    await take({ resources: [deployment('edit.1', { state: 'Ready', url: 'https://prefect.example/1', tags: ['etl'], owners: ['ada'], labels: { a: '1' } })] })
    clock.forward(1)
    const record = await recordSince(async () => {
      expect(await take({ resources: [deployment('edit.1', { name: 'renamed', state: null, tags: [] })] })).toEqual({ created: 0, updated: 1, gone: 0 })
    })
    expect(record).toMatchObject([
      {
        kind: 'RESOURCE_UPDATED',
        message: 'Mayday updated the deployment renamed (name, state, tags)',
        data: { externalId: 'edit.1', fields: ['name', 'state', 'tags'] }
      }
    ])
    expect(await read('edit.1')).toMatchObject({
      name: 'renamed',
      state: null,
      tags: [],
      url: 'https://prefect.example/1',
      owners: ['ada'],
      labels: { a: '1' },
      createdAt: new Date(clock.before(1)),
      updatedAt: clock.read()
    })
  })

  it('cuts what is too long, and leaves out what cannot be', async () => {
    const long = 'x'.repeat(5_000)
    const many = Array.from({ length: 60 }, (_, index) => `${index}${long}`)
    const outcome = await take({
      resources: [
        flow('cut.1', {
          name: `\0${long}`,
          state: long,
          stateMessage: long,
          url: 'javascript:alert(1)',
          tags: [...many, 'etl'],
          owners: ['ada', ' ', 'ada', ...many],
          labels: Object.fromEntries(many.map((name) => [name, long]))
        }),
        flow(long),
        flow(' '),
        flow('cut.2', { name: '' })
      ],
      dependencies: [belongs('cut.1', 'cut.1'), belongs('cut.1', 'nowhere'), belongs('nowhere', 'cut.1'), belongs('cut.1', long)]
    })
    expect(outcome).toEqual({ created: 2, updated: 0, gone: 0 })
    expect(await read('cut.1')).toMatchObject({
      name: 'x'.repeat(300),
      state: 'x'.repeat(100),
      stateMessage: 'x'.repeat(4_000),
      url: null,
      tags: many.slice(0, 50).map((tag) => tag.slice(0, 100)),
      owners: ['ada', ...many.slice(0, 19).map((owner) => owner.slice(0, 200))],
      labels: Object.fromEntries(many.slice(0, 50).map((name) => [name.slice(0, 100), 'x'.repeat(500)]))
    })
    expect(await read('cut.2')).toMatchObject({ name: 'cut.2' })
    expect(await dependenciesOf('cut.1')).toEqual([])
  })

  it('marks what is missing as gone, of that connection and those kinds only, and what is back as there', async () => {
    const other = '01930000-0000-7000-8000-000000000002'
    await addResources(app.admin, { kind: 'WORK_POOL', externalId: 'gone.by-hand', name: 'by hand' })
    const pool = (externalId: string): GivenResource => ({ kind: 'WORK_POOL', externalId, name: externalId })
    await take({ resources: [pool('gone.1'), pool('gone.2'), { kind: 'BLOCK', externalId: 'gone.block', name: 'block' }] })
    await take({ connectionId: other, resources: [pool('gone.other')] })
    await take({ source: 'EVENT', resources: [pool('gone.seen')] })
    clock.forward(1)
    const record = await recordSince(async () => {
      expect(await take({ resources: [pool('gone.2')], complete: ['WORK_POOL'] })).toEqual({ created: 0, updated: 0, gone: 1 })
    })
    expect(record).toMatchObject([
      { kind: 'RESOURCE_UPDATED', message: 'Mayday updated the work pool gone.1 (goneAt)', data: { externalId: 'gone.1', fields: ['goneAt'] } }
    ])
    expect(await read('gone.1')).toMatchObject({ goneAt: clock.read(), updatedAt: clock.read() })
    for (const there of ['gone.2', 'gone.block', 'gone.other', 'gone.by-hand', 'gone.seen']) expect(await read(there)).toMatchObject({ goneAt: null })
    expect(await recordSince(() => take({ resources: [pool('gone.2')], complete: ['WORK_POOL'] }))).toEqual([])
    // A late event about it does not bring it back.
    await take({ source: 'EVENT', resources: [pool('gone.1')] })
    expect(await read('gone.1')).toMatchObject({ goneAt: new Date(clock.before(0)) })
    expect(await take({ resources: [pool('gone.1'), pool('gone.2')], complete: ['WORK_POOL'] })).toEqual({ created: 0, updated: 1, gone: 0 })
    expect(await read('gone.1')).toMatchObject({ goneAt: null })
    expect(await take({ resources: [], complete: ['WORK_POOL'] })).toEqual({ created: 0, updated: 0, gone: 2 })
    await addResources(app.admin, { kind: 'WORK_POOL', externalId: 'gone.1', name: 'gone.1' })
    expect(await read('gone.1')).toMatchObject({ goneAt: null, connectionId })
  })

  it('takes nothing away that hangs on a kind of which not everything is told', async () => {
    const resources = [flow('part.flow'), deployment('part.a'), { kind: 'BLOCK' as const, externalId: 'part.block', name: 'block' }]
    await take({ resources, dependencies: [belongs('part.a', 'part.flow'), { ...belongs('part.a', 'part.block'), kind: 'DEPENDS_ON' }] })
    const upstream = async () => (await dependenciesOf('part.a')).map((each) => each.upstream)
    await take({ resources: [deployment('part.a')], incomplete: ['BLOCK'] })
    expect(await upstream()).toEqual(['part.block'])
    await take({ resources: [deployment('part.a')] })
    expect(await upstream()).toEqual([])
  })

  it('takes away what the catalogue tells of no more, of what it tells of and nothing else', async () => {
    await take({
      resources: ['links.a', 'links.b', 'links.c', 'links.d'].map((name) => deployment(name)),
      dependencies: [belongs('links.a', 'links.b'), belongs('links.a', 'links.c'), belongs('links.d', 'links.b')]
    })
    await take({ source: 'EVENT', dependencies: [belongs('links.a', 'links.d', { kind: 'READS', confidence: 'LIKELY' })] })
    const addByHand = (dependencies: object[]) =>
      app.admin.run('mutation ($input: DependenciesInput!) { addDependencies(input: $input) { dependencies { kind } } }', { input: { dependencies } })
    await addByHand([{ downstream: 'links.a', upstream: 'links.b' }])
    const record = await recordSince(() => take({ resources: [deployment('links.a')], dependencies: [belongs('links.a', 'links.c')] }))
    expect(record).toMatchObject([
      {
        kind: 'DEPENDENCY_REMOVED',
        message: 'Mayday removed a dependency',
        data: { source: 'CATALOG', downstreamIds: [(await read('links.a'))?.id], count: 1 }
      }
    ])
    expect(await dependenciesOf('links.a')).toEqual([
      { upstream: 'links.b', kind: 'DEPENDS_ON', source: 'USER', confidence: 'CERTAIN' },
      { upstream: 'links.c', kind: 'BELONGS_TO', source: 'CATALOG', confidence: 'CERTAIN' },
      { upstream: 'links.d', kind: 'READS', source: 'EVENT', confidence: 'LIKELY' }
    ])
    expect(await dependenciesOf('links.d')).toHaveLength(1)
    expect(await recordSince(() => take({ source: 'EVENT', resources: [deployment('links.a')], dependencies: [] }))).toEqual([])
    expect(await dependenciesOf('links.a')).toHaveLength(3)
  })

  it('notes at most once an hour that a dependency was seen again, which is no change', async () => {
    await take({ resources: [deployment('seen.a'), deployment('seen.b')] })
    const seen = { source: 'EVENT' as const, dependencies: [belongs('seen.a', 'seen.b', { kind: 'READS', confidence: 'LIKELY' })] }
    await take(seen)
    const lastSeen = async () => (await app.database.prisma.dependency.findFirst({ where: { downstream: { externalId: 'seen.a' } } }))?.lastSeenAt
    const first = await lastSeen()
    clock.forward(59)
    expect(await recordSince(() => take(seen))).toEqual([])
    expect(await lastSeen()).toEqual(first)
    clock.forward(1)
    expect(await recordSince(() => take(seen))).toEqual([])
    expect(await lastSeen()).toEqual(clock.read())
  })

  it('takes a catalogue of many in, each batch by one commit', async () => {
    const names = Array.from({ length: 1_050 }, (_, index) => `many.${index}`)
    const record = await recordSince(async () => {
      const outcome = await take({
        resources: names.map((name) => flow(name)),
        dependencies: names.slice(1).map((name, index) => belongs(name, names[index] ?? ''))
      })
      expect(outcome).toEqual({ created: 1_050, updated: 0, gone: 0 })
    })
    const dependencies = record.filter(({ kind }) => kind === 'DEPENDENCY_ADDED')
    expect(record).toHaveLength(1_050 + dependencies.length)
    expect(dependencies.map(({ data }) => data.count)).toEqual([199, 200, 200, 200, 200, 50])
    expect(await app.admin.run('{ verifyChanges { valid } }')).toEqual({ verifyChanges: { valid: true } })
  })
})

it('is the same catalogue when two nodes take it in at once', async () => {
  await using one = await startOnServer()
  await using two = await startOnServer({ databaseUrl: one.databaseUrl ?? '' })
  const names = Array.from({ length: 250 }, (_, index) => `flow ${index}`)
  const catalogue: Catalogue = {
    connectionId,
    source: 'CATALOG',
    resources: names.map((name) => flow(name)),
    dependencies: names.slice(1).map((name) => belongs(name, 'flow 0')),
    complete: ['FLOW']
  }
  const outcomes = await Promise.all([one, two, one, two].map(({ app }) => takeCatalogue(app.core, one.workspace.workspaceId, catalogue)))
  expect(outcomes.reduce((sum, { created }) => sum + created, 0)).toBe(250)
  expect(outcomes.reduce((sum, { updated, gone }) => sum + updated + gone, 0)).toBe(0)
  const kinds = Map.groupBy(await readRecord(one.admin), ({ kind }) => kind)
  expect(kinds.get('RESOURCE_CREATED')).toHaveLength(250)
  expect(kinds.get('RESOURCE_UPDATED')).toBeUndefined()
  expect(kinds.get('DEPENDENCY_ADDED')?.map(({ data }) => (data as { count: number }).count)).toEqual([199, 50])
})
