import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type IntakeOutcome, mostEvents, takeEvents } from '../../src/event/intake.ts'
import { engines, type TestApp } from '../kit/app.ts'
import { otherWorkspace } from '../kit/seed.ts'
import { watchStatements } from '../kit/statements.ts'
import { type RecordedEvent, recorded, recordedEvents } from './recorded.ts'
import { stateOf } from './state-of.ts'

const recordedAt = () => new Date('2026-11-23T13:00:00Z')

describe.each(engines)('on $engine', ({ start }) => {
  let app: TestApp

  beforeAll(async () => {
    app = await start({ clock: recordedAt })
  })
  afterAll(() => app[Symbol.asyncDispose]())

  async function newWorkspace(): Promise<string> {
    const { viewer } = await (await otherWorkspace(app.admin)).run<{ viewer: { workspace: { id: string } } }>('{ viewer { workspace { id } } }')
    return Buffer.from(viewer.workspace.id, 'base64url').toString().replace('Workspace:', '')
  }

  /** Takes events in, in batches of this size; the sum of what came of them. */
  async function take(workspaceId: string, events: readonly unknown[], size = mostEvents, connectionId: string | null = null): Promise<IntakeOutcome> {
    const sum = { accepted: 0, duplicates: 0, rejected: [] as { index: number; reason: string }[] }
    for (let from = 0; from < events.length; from += size) {
      const outcome = await takeEvents(app.app.core, workspaceId, events.slice(from, from + size), connectionId)
      sum.accepted += outcome.accepted
      sum.duplicates += outcome.duplicates
      sum.rejected.push(...outcome.rejected)
    }
    return sum
  }

  it('comes to the runs that Prefect itself has, from its events alone', async () => {
    const workspaceId = await newWorkspace()
    expect(await take(workspaceId, recordedEvents)).toEqual({ accepted: 687, duplicates: 0, rejected: [] })
    const catalogue = JSON.parse(readFileSync(new URL('../prefect/recording/catalogue.json', import.meta.url), 'utf8')) as {
      flow_runs: { id: string; name: string; state_type: string; state_name: string; tags: string[]; deployment_id: string | null; flow_id: string }[]
    }
    const told = new Set(recordedEvents.filter(({ event }) => event.startsWith('prefect.flow-run.')).map(({ resource }) => resource['prefect.resource.id']))
    const theirs = catalogue.flow_runs.flatMap(({ id, name, state_type: state, state_name: stateName, deployment_id: deployment, flow_id: flow }) =>
      // A run that its schedule made has no event before it is late or runs.
      told.has(`prefect.flow-run.${id}`)
        ? [{ externalId: `prefect.flow-run.${id}`, name, state, stateName, of: deployment ? `prefect.deployment.${deployment}` : `prefect.flow.${flow}` }]
        : []
    )
    const { runs } = await stateOf(app.database, workspaceId)
    const ours = (runs as Record<string, string>[]).map(({ external_id: externalId, name, state, state_name: stateName, of }) => ({
      externalId,
      name,
      state,
      stateName,
      of
    }))
    expect(ours).toEqual(theirs.sort((a, b) => (a.externalId < b.externalId ? -1 : 1)))
    expect(ours.length).toBeGreaterThan(40)
  })

  it('comes to the same in any order, in batches of any size, and told any number of times', async () => {
    const inOrder = await newWorkspace()
    await take(inOrder, recordedEvents)
    const expected = await stateOf(app.database, inOrder)
    expect(expected.dependencies.length).toBeGreaterThan(15)
    expect((expected.resources as { state: string | null }[]).some(({ state }) => state === 'Failed' || state === 'Succeeded')).toBe(true)
    for (const [seed, size] of [
      [1, 500],
      [2, 97],
      [3, 13]
    ] as const) {
      const workspaceId = await newWorkspace()
      const order = shuffled(recordedEvents, seed)
      expect(await take(workspaceId, order, size)).toEqual({ accepted: 687, duplicates: 0, rejected: [] })
      expect(await stateOf(app.database, workspaceId)).toEqual(expected)
      expect(await take(workspaceId, shuffled(order, seed + 10), size)).toEqual({ accepted: 0, duplicates: 687, rejected: [] })
      expect(await stateOf(app.database, workspaceId)).toEqual(expected)
    }
    const backwards = await newWorkspace()
    await take(backwards, recordedEvents.toReversed(), 50)
    expect(await stateOf(app.database, backwards)).toEqual(expected)
  })

  it('comes to the same when several take in the same at once', async () => {
    const [one, other] = [await newWorkspace(), await newWorkspace()]
    await take(one, recordedEvents)
    const outcomes = await Promise.all([1, 2, 3, 4].map((seed) => take(other, shuffled(recordedEvents, seed), 100)))
    expect(outcomes.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(687)
    expect(outcomes.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(3 * 687)
    expect(await stateOf(app.database, other)).toEqual(await stateOf(app.database, one))
  })

  it('takes the good ones of a batch, and answers each bad one with its place and the rule', async () => {
    const workspaceId = await newWorkspace()
    const [failed] = recorded('prefect.flow-run.Failed') as [RecordedEvent]
    const outcome = await take(workspaceId, [failed, 'rubbish', { ...failed, occurred: '2027-01-01T00:00:00Z' }, failed, { ...failed, id: 'x' }])
    expect(outcome).toEqual({
      accepted: 1,
      duplicates: 1,
      rejected: [
        { index: 1, reason: 'must be an object' },
        { index: 2, reason: expect.stringMatching(/^occurred: /) },
        { index: 4, reason: expect.stringMatching(/^id: /) }
      ]
    })
    expect((await stateOf(app.database, workspaceId)).runs).toHaveLength(1)
  })

  it('keeps an event whose state nobody knows, and leaves its run as it is', async () => {
    const workspaceId = await newWorkspace()
    const [failed] = recorded('prefect.flow-run.Failed') as [RecordedEvent]
    await take(workspaceId, [failed])
    const before = await stateOf(app.database, workspaceId)
    const odd = { ...failed, id: undefined, occurred: '2026-11-23T12:50:00Z', resource: { ...failed.resource, 'prefect.state-type': 'EXPLODED' } }
    expect(await take(workspaceId, [odd])).toMatchObject({ accepted: 1, rejected: [] })
    const { events, ...rest } = await stateOf(app.database, workspaceId)
    expect(events).toHaveLength(2)
    expect(rest).toEqual({ runs: before.runs, resources: before.resources, dependencies: before.dependencies })
  })

  it('finishes what a delivery left undone that broke off, when the events come again', async () => {
    const workspaceId = await newWorkspace()
    const running = recorded('prefect.flow-run.Running')
    const { query } = app.database
    app.database.query = (statement) => (/INTO run\b/.test(statement.text) ? Promise.reject(new Error('the power went')) : query(statement))
    await expect(take(workspaceId, running)).rejects.toThrow('the power went')
    app.database.query = query
    expect(await stateOf(app.database, workspaceId)).toMatchObject({ events: { length: running.length }, runs: { length: 0 } })
    expect(await take(workspaceId, running)).toMatchObject({ accepted: 0, duplicates: running.length })
    expect((await stateOf(app.database, workspaceId)).runs).toHaveLength(new Set(running.map(({ resource }) => resource['prefect.resource.id'])).size)
  })

  it('does not bring back a scheduled run that was taken away, when its event comes again', async () => {
    const workspaceId = await newWorkspace()
    const scheduled = recorded('prefect.flow-run.Scheduled')
    await take(workspaceId, scheduled)
    await app.database.prisma.run.deleteMany({ where: { workspaceId } })
    await take(workspaceId, scheduled)
    expect((await stateOf(app.database, workspaceId)).runs).toEqual([])
  })

  it('takes as few statements as two for a batch that tells nothing new of things', async () => {
    const workspaceId = await newWorkspace()
    const runs = recordedEvents.filter(({ event }) => event.startsWith('prefect.flow-run.'))
    await take(workspaceId, runs.slice(0, 200))
    const again = runs.slice(0, 200).map((event, index) => ({ ...event, id: undefined, payload: { index } }))
    using statements = watchStatements(app.database)
    await take(workspaceId, again)
    const ours = statements.texts.filter((text) => /\b(event|run|resource|dependency)\b/.test(text))
    expect(ours.map((text) => text.trim().split(/\s/)[0])).toEqual(['INSERT', 'WITH'])
  })

  it('leaves names, states and what belongs to what to the catalogue of a connection', async () => {
    const workspaceId = await newWorkspace()
    const connectionId = '01a20868-5af4-72e2-8793-887312763938'
    const id = 'prefect.deployment.31704a22-7ec1-4ea4-ad86-c0b901f4ca03'
    const now = recordedAt()
    await app.database.prisma.resource.create({
      data: { id: connectionId, workspaceId, kind: 'DEPLOYMENT', externalId: id, name: 'dbt-nightly/prod', createdAt: now, updatedAt: now }
    })
    await take(workspaceId, recordedEvents, mostEvents, connectionId)
    const { resources, dependencies } = await stateOf(app.database, workspaceId)
    expect(resources).toContainEqual(expect.objectContaining({ external_id: id, name: 'dbt-nightly/prod', state: null }))
    expect(dependencies.filter((each) => (each as string[])[1] === 'BELONGS_TO')).toEqual([])
    expect(dependencies).toContainEqual(['snowflake://acme/analytics/marts/fct_orders', 'PRODUCED_BY', id, 'EVENT', 'LIKELY'])
  })

  it('describes an asset by the newest that was told of it', async () => {
    const workspaceId = await newWorkspace()
    await take(workspaceId, shuffled(recordedEvents, 5), 60)
    const { resources } = await stateOf(app.database, workspaceId)
    expect(resources).toContainEqual(
      expect.objectContaining({
        external_id: 'snowflake://acme/analytics/marts/fct_orders',
        kind: 'ASSET',
        name: 'fct_orders',
        state: 'Succeeded',
        url: 'https://catalogue.example.com/tables/fct_orders',
        owners: ['team:analytics-eng', 'dana.okafor@example.com']
      })
    )
  })
})

/** In an order that depends on the seed only. */
function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  let state = seed
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}
