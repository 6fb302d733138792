// The dependencies of a workspace as a node holds them: all there, brought up to date by every commit of any node.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { changeKind } from '../../../src/change/kind.ts'
import { commitAsSystem } from '../../../src/change/record.ts'
import { Prisma } from '../../../src/database/generated/client/client.ts'
import { Graphs } from '../../../src/impact/graph/graphs.ts'
import type { Difference, Lineage } from '../../../src/impact/graph/lineage.ts'
import { engines, startEmbedded, startOnServer, type TestApp } from '../../kit/app.ts'
import { take, tryStep } from '../../kit/incident.ts'
import { addResources, declare, otherWorkspace } from '../../kit/seed.ts'

/** The external ids of what lies downstream of one. */
function downstreamOf({ graph }: Lineage, externalId: string): string[] {
  return [...graph.spread([graph.idOf(externalId) ?? '']).nodes()].map((node) => node.externalId)
}

const originsOf = ({ graph, incidents }: Lineage, number: number) =>
  [...incidents.values()].find((incident) => incident.number === number)?.originIds.map((id) => graph.node(id)?.externalId)

const add = (app: TestApp, externalId: string, ...belongsTo: string[]) => addResources(app.admin, { kind: 'CUSTOM', externalId, name: externalId, belongsTo })

/** Does something at the moment when a statement is sent, before it is. */
function whenAsked(app: TestApp, pattern: RegExp, act: () => Promise<unknown>): Disposable {
  const { database } = app
  const { query } = database
  database.query = async (statement, options) => {
    if (!pattern.test(statement.text)) return query(statement, options)
    database.query = query
    await act()
    return query(statement, options)
  }
  return {
    [Symbol.dispose]() {
      database.query = query
    }
  }
}

describe.each(engines)('the lineage of a workspace on $engine', ({ start }) => {
  let app: TestApp
  let lineage: () => Promise<Lineage>
  beforeAll(async () => {
    app = await start()
    lineage = () => app.app.core.graphs.of(app.workspace.workspaceId)
    await add(app, 'pool')
    await add(app, 'deployment', 'pool')
  })
  afterAll(() => app[Symbol.asyncDispose]())

  it('has what was there before it was asked for', async () => {
    expect(downstreamOf(await lineage(), 'pool')).toEqual(['pool', 'deployment'])
  })

  it('has what was committed, as soon as the mutation is answered', async () => {
    await add(app, 'table', 'deployment')
    expect(downstreamOf(await lineage(), 'pool')).toEqual(['pool', 'deployment', 'table'])
    await add(app, 'table', 'pool')
    expect(downstreamOf(await lineage(), 'deployment')).toEqual(['deployment'])
    expect(downstreamOf(await lineage(), 'table')).toEqual(['table'])
  })

  it('has the active incidents with what they affect, and loses those that are over', async () => {
    const [pool, table] = await Promise.all([add(app, 'pool'), add(app, 'table', 'pool')])
    const ids = [pool, table].map((rows) => rows[0]?.id ?? '')
    const incident = await declare(app.admin, { severity: 'HIGH', resourceIds: [ids[0] as string] })
    const id = [...(await lineage()).incidents.values()].find(({ number }) => number === incident.number)?.id as string
    expect((await lineage()).incidents.get(id)).toMatchObject({ number: incident.number, title: 'Orders are late', severity: 'HIGH', status: 'TRIAGE' })
    expect(originsOf(await lineage(), incident.number)).toEqual(['pool'])
    let now = await take(app.admin, incident, ['linkResources', { resourceIds: [ids[1]] }], 'acknowledgeIncident')
    expect(originsOf(await lineage(), incident.number)).toEqual(['pool', 'table'])
    expect((await lineage()).incidents.get(id)?.status).toBe('INVESTIGATING')
    now = await take(app.admin, now, ['unlinkResources', { resourceIds: [ids[0]] }])
    expect(originsOf(await lineage(), incident.number)).toEqual(['table'])
    now = await take(app.admin, now, 'resolveIncident')
    expect((await lineage()).incidents.has(id)).toBe(false)
    await take(app.admin, now, 'reopenIncident')
    expect(originsOf(await lineage(), incident.number)).toEqual(['table'])
  })

  it('does not take what only tells where an incident is for where its harm starts', async () => {
    const [pool] = await add(app, 'pool')
    const { number } = await declare(app.admin, { resourceIds: [pool?.id ?? ''] })
    const { version } = (await lineage()) as { version: number }
    await app.database.prisma.incidentResource.updateMany({ where: { incident: { number } }, data: { role: 'CONTEXT' } })
    const node = await app.admin.run<{ incidentByNumber: { id: string; version: number } }>(`{ incidentByNumber(number: ${number}) { id version } }`)
    await take(app.admin, node.incidentByNumber, 'acknowledgeIncident')
    expect(originsOf(await lineage(), number)).toEqual([])
    expect((await lineage()).version).toBeGreaterThan(version)
  })

  it('knows nothing of another workspace', async () => {
    const elsewhere = await otherWorkspace(app.admin)
    await addResources(elsewhere, { kind: 'CUSTOM', externalId: 'xanadu', name: 'Xanadu' })
    await addResources(
      elsewhere,
      { kind: 'CUSTOM', externalId: 'pool', name: 'Their pool' },
      { kind: 'CUSTOM', externalId: 'dome', name: 'Dome', belongsTo: ['pool'] }
    )
    expect((await lineage()).graph.idOf('xanadu')).toBeUndefined()
    expect(downstreamOf(await lineage(), 'pool')).not.toContain('dome')
  })

  it('stays at its version when nothing that matters has changed', async () => {
    const { version } = await lineage()
    await addResources(app.admin, { kind: 'CUSTOM', externalId: 'pool', name: 'Another name', state: 'Paused' })
    await app.admin.run('mutation { updateWorkspace(name: "Renamed") { __typename } }')
    expect((await lineage()).version).toBe(version)
    await add(app, 'new')
    expect((await lineage()).version).toBe(version + 1)
  })
})

describe('a lineage that is being loaded', () => {
  it.each([
    ['resources', /FROM resource\s+WHERE workspace_id .* ORDER BY/s],
    ['dependencies', /FROM dependency\s+WHERE workspace_id .* ORDER BY/s],
    ['incidents', /FROM incident i\s+WHERE i.workspace_id/s]
  ])('misses nothing that is committed when its %s are read', async (_what, pattern) => {
    await using app = await startEmbedded()
    await add(app, 'pool')
    await add(app, 'deployment', 'pool')
    await add(app, 'other', 'pool')
    const { id, version } = await declare(app.admin, { title: 'First' })
    using _asked = whenAsked(app, pattern, async () => {
      const [table] = await add(app, 'table', 'deployment')
      await add(app, 'other')
      await declare(app.admin, { title: 'Second', resourceIds: [table?.id ?? ''] })
      await take(app.admin, { id, version }, 'resolveIncident')
    })
    const lineage = await app.app.core.graphs.of(app.workspace.workspaceId)
    expect(downstreamOf(lineage, 'pool')).toEqual(['pool', 'deployment', 'table'])
    expect([...lineage.incidents.values()].map(({ title }) => title)).toEqual(['Second'])
    expect(originsOf(lineage, 2)).toEqual(['table'])
  })

  it('takes in more than fits into a page, also of one resource', async () => {
    await using app = await startEmbedded()
    const { workspaceId } = app.workspace
    const idOf = (number: string) => Prisma.raw(`lpad(to_hex(${number}), 32, '0')::uuid`)
    await app.database.prisma.$executeRaw`
      INSERT INTO resource (id, workspace_id, kind, external_id, name, created_at, updated_at)
      SELECT ${idOf('n')}, ${workspaceId}::uuid, 'CUSTOM', 'resource ' || n, 'Resource', now(), now() FROM generate_series(0, 20500) n`
    await app.database.prisma.$executeRaw`
      INSERT INTO dependency (workspace_id, downstream_id, upstream_id, kind, source, confidence, created_at, last_seen_at)
      SELECT ${workspaceId}::uuid, ${idOf('n')}, ${idOf('n - 1')}, 'DEPENDS_ON', 'USER', 'CERTAIN', now(), now() FROM generate_series(1, 20500) n`
    // The first page ends in the middle of what one resource depends on.
    await app.database.prisma.$executeRaw`
      INSERT INTO dependency (workspace_id, downstream_id, upstream_id, kind, source, confidence, created_at, last_seen_at)
      SELECT ${workspaceId}::uuid, ${idOf('19000')}, ${idOf('n')}, 'READS', 'USER', 'CERTAIN', now(), now() FROM generate_series(0, 18000) n`
    const { graph } = await app.app.core.graphs.of(workspaceId)
    expect(graph.size).toBe(20_501)
    expect(graph.spread([graph.idOf('resource 0') ?? '']).size).toBe(20_501)
    const near = graph.spread([graph.idOf('resource 17000') ?? ''])
    expect(near.pathTo(graph.idOf('resource 19000') ?? '')).toHaveLength(1)
    expect(near.pathTo(graph.idOf('resource 20500') ?? '')).toHaveLength(1_501)
  })

  it('is asked for again by the next one when it fails', async () => {
    await using app = await startEmbedded()
    await add(app, 'pool')
    const { graphs } = app.app.core
    using _asked = whenAsked(app, /FROM dependency\s+WHERE/, () => Promise.reject(new Error('The database is away.')))
    await expect(graphs.of(app.workspace.workspaceId)).rejects.toThrow('The database is away.')
    expect(downstreamOf(await graphs.of(app.workspace.workspaceId), 'pool')).toEqual(['pool'])
  })
})

describe('a lineage that is here', () => {
  it('is loaded anew when what changed could not be read', async () => {
    await using app = await startEmbedded()
    const { graphs } = app.app.core
    const { workspaceId } = app.workspace
    const before = await graphs.of(workspaceId)
    using _asked = whenAsked(app, /FROM resource\s+WHERE/, () => Promise.reject(new Error('The database is away.')))
    await add(app, 'pool')
    await vi.waitFor(() => expect(app.logged.some(({ err }) => JSON.stringify(err).includes('The database is away.'))).toBe(true))
    expect(graphs.peek(workspaceId)).toBeUndefined()
    const after = await graphs.of(workspaceId)
    expect(after).not.toBe(before)
    expect(downstreamOf(after, 'pool')).toEqual(['pool'])
  })

  it('is there without waiting only while it is certainly up to date', async () => {
    await using app = await startEmbedded()
    const { graphs, heads } = app.app.core
    const { workspaceId } = app.workspace
    expect(graphs.peek(workspaceId)).toBeUndefined()
    const lineage = await graphs.of(workspaceId)
    expect(graphs.peek(workspaceId)).toBe(lineage)
    const place = heads.newest(workspaceId) as number
    heads.advance({ workspaceId, first: place + 1, last: place + 1, rights: false, talk: false, incidentIds: null })
    expect(graphs.peek(workspaceId)).toBeUndefined()
    await add(app, 'pool')
    await vi.waitFor(() => expect(graphs.peek(workspaceId)).toBe(lineage))
    heads.deafen()
    expect(graphs.peek(workspaceId)).toBeUndefined()
    expect(await graphs.of(workspaceId)).toBe(lineage)
  })

  it('tells its followers what moves, and is let go when nobody asks for it or follows it', async () => {
    await using app = await startEmbedded()
    const { database, heads, log, feed } = app.app.core
    const { workspaceId } = app.workspace
    const graphs = new Graphs({ database, heads, log, feed }, { idleMs: 50 })
    const told: Difference[] = []
    const unfollow = graphs.follow(workspaceId, (difference) => told.push(difference))
    await graphs.of(workspaceId)
    expect(told).toEqual([{ graph: true, incidentIds: [] }])
    await add(app, 'pool')
    await graphs.of(workspaceId)
    expect(told.at(-1)).toEqual({ graph: true, incidentIds: [] })
    const { number } = await declare(app.admin)
    const { incidents } = await graphs.of(workspaceId)
    expect(told.at(-1)).toEqual({ graph: false, incidentIds: [[...incidents.values()].find((each) => each.number === number)?.id] })
    const followed = await graphs.of(workspaceId)
    unfollow()
    // Each look is asking for it, so they are further apart than it is kept.
    await vi.waitFor(async () => expect(await graphs.of(workspaceId)).not.toBe(followed), { interval: 100 })
    graphs.stop()
  })

  it('keeps nobody waiting when the node goes away', async () => {
    await using app = await startEmbedded()
    const { graphs } = app.app.core
    using _asked = whenAsked(app, /FROM dependency\s+WHERE/, async () => graphs.stop())
    await expect(graphs.of(app.workspace.workspaceId)).rejects.toThrow('going away')
  })
})

it('is loaded anew when it is so far behind that reading every change would take longer', async () => {
  await using app = await startEmbedded()
  const { database, heads, log, feed } = app.app.core
  const { workspaceId } = app.workspace
  const graphs = new Graphs({ database, heads, log, feed }, { mostBehind: 50 })
  const before = await graphs.of(workspaceId)
  // More than fits into one batch of the feed, by one commit.
  await commitAsSystem(app.app.core, workspaceId, async ({ record }) => {
    for (let count = 0; count < 600; count++)
      record(
        changeKind('test.happened', () => 'did something'),
        { data: {} }
      )
  })
  await vi.waitFor(() => expect(graphs.peek(workspaceId)).toBeUndefined())
  await add(app, 'pool')
  const after = await vi.waitUntil(() => graphs.of(workspaceId).catch(() => undefined))
  expect([after === before, downstreamOf(after, 'pool')]).toEqual([false, ['pool']])
  graphs.stop()
})

it('follows what other nodes commit', async () => {
  await using one = await startOnServer()
  await using other = await startOnServer({ databaseUrl: one.databaseUrl as string })
  const { graphs } = other.app.core
  const { workspaceId } = one.workspace
  const lineage = await graphs.of(workspaceId)
  await add(one, 'pool')
  await add(one, 'deployment', 'pool')
  const [pool] = await add(one, 'pool')
  const incident = await declare(one.admin, { resourceIds: [pool?.id ?? ''] })
  await vi.waitFor(() => expect(graphs.peek(workspaceId)?.incidents.size).toBe(1))
  expect(downstreamOf(lineage, 'pool')).toEqual(['pool', 'deployment'])
  expect(await tryStep(one.admin, 'resolveIncident', { id: incident.id, version: incident.version })).toMatchObject({ __typename: 'IncidentPayload' })
  await vi.waitFor(() => expect(graphs.peek(workspaceId)?.incidents.size).toBe(0))
})
