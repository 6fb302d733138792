import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { graphql } from '../../generated/index.ts'
import { engines, startOnServer, type TestApp } from '../../kit/app.ts'
import { addEstate, addRuns } from '../../kit/impact.ts'
import { readRecord, take } from '../../kit/incident.ts'
import { addResources, comment, declare } from '../../kit/seed.ts'

const FollowFigures = graphql(`
  subscription FollowFigures {
    incidents { incidents { id version updatedAt impactFigures { affected running upcoming failed late skipped nextHarmAt } } }
  }
`)

const HistoryOf = graphql(`
  query HistoryOf($id: ID!, $at: DateTimeRange) {
    incident(id: $id) {
      version updatedAt
      impactFigures { affected running upcoming failed late skipped }
      impactHistory(at: $at) { totalCount nodes { at figures { affected running upcoming failed } } }
      timeline { nodes { kind } }
    }
  }
`)

async function historyOf(app: TestApp, id: string, at?: { from?: string; until?: string }) {
  const { incident } = await app.admin.run(HistoryOf, { id, at })
  if (!incident) throw new Error('The incident is gone')
  return incident
}

/** Follows the figures of an incident on a wall; `until` waits for those that fulfil a condition. */
async function figuresOf(app: TestApp, id: string) {
  const following = app.admin.follow(FollowFigures)
  await following.next()
  return {
    async until(condition: (figures: { affected: number; running: number; upcoming: number; failed: number }) => boolean) {
      const frames = await following.until(({ incidents }) =>
        incidents.incidents.some((incident) => incident.id === id && incident.impactFigures && condition(incident.impactFigures))
      )
      return frames.at(-1)?.incidents.incidents.find((incident) => incident.id === id)
    },
    [Symbol.asyncDispose]: () => following[Symbol.asyncDispose]()
  }
}

describe.each(engines)('on $engine', ({ start }) => {
  let app: TestApp

  beforeAll(async () => {
    app = await start()
  })
  afterAll(() => app[Symbol.asyncDispose]())

  it('records the headline figures when the harm reaches work, and whenever that moves, without editing the incident', async () => {
    const ids = await addEstate(app, 'one')
    await addRuns(app, { externalId: 'one night', resource: 'one.load', state: 'SCHEDULED', minutes: 60 })
    const declared = await declare(app.admin, { resourceIds: [ids.pool] })
    await using figures = await figuresOf(app, declared.id)
    await figures.until(({ upcoming }) => upcoming === 1)
    await addRuns(app, { externalId: 'one night', resource: 'one.load', state: 'RUNNING' })
    await figures.until(({ running }) => running === 1)
    await addRuns(app, { externalId: 'one night', resource: 'one.load', state: 'FAILED', minutes: 1 })
    const seen = await figures.until(({ failed }) => failed === 1)
    expect(seen?.impactFigures).toMatchObject({ affected: 6, running: 0, upcoming: 0, failed: 1, late: 0, skipped: 0, nextHarmAt: null })
    const incident = await historyOf(app, declared.id)
    expect(incident).toMatchObject({ version: 1, updatedAt: seen?.updatedAt, impactFigures: { affected: 6, running: 0, failed: 1 } })
    expect(incident.impactHistory).toMatchObject({
      totalCount: 3,
      nodes: [{ figures: { upcoming: 1, running: 0 } }, { figures: { upcoming: 0, running: 1 } }, { figures: { running: 0, failed: 1 } }]
    })
    expect(incident.timeline.nodes.map(({ kind }) => kind)).toEqual(['INCIDENT_DECLARED'])
    const record = await readRecord(app.admin, { incidentIds: [declared.id] })
    expect(record.map(({ kind }) => kind)).toEqual(['INCIDENT_DECLARED', ...Array(3).fill('INCIDENT_IMPACT_CHANGED')])
    expect(record.at(-1)?.message).toBe('Mayday found 6 resources affected, with 0 runs under way and 0 to come; 1 failed, 0 late, 0 skipped')
    const [, second] = incident.impactHistory.nodes
    expect((await historyOf(app, declared.id, { from: second?.at })).impactHistory.totalCount).toBe(2)
    expect((await historyOf(app, declared.id, { until: second?.at })).impactHistory.totalCount).toBe(1)
  })

  it('follows links and dependencies, and tells a last time when the incident ends', async () => {
    const ids = await addEstate(app, 'two')
    await addRuns(
      app,
      { externalId: 'two report', resource: 'two.report', state: 'RUNNING' },
      { externalId: 'two lost', resource: 'two.load', state: 'FAILED' }
    )
    const declared = await declare(app.admin, { resourceIds: [ids.alarm], startedAt: new Date(Date.now() - 60_000).toISOString() })
    await using figures = await figuresOf(app, declared.id)
    const linked = await take(app.admin, declared, ['linkResources', { resourceIds: [ids.load] }])
    await figures.until(({ affected, running }) => affected === 4 && running === 1)
    await take(app.admin, linked, 'resolveIncident')
    const ended = await figures.until(({ running }) => running === 0)
    expect(ended?.impactFigures).toMatchObject({ affected: 4, running: 0, upcoming: 0, failed: 1 })
  })

  it('is silent about an incident that reaches no work and nothing else, and about what does not move it', async () => {
    const ids = await addEstate(app, 'three')
    const [printer] = await addResources(app.admin, { kind: 'CUSTOM', externalId: 'three.printer', name: 'printer' })
    const quiet = await declare(app.admin, { resourceIds: [printer?.id ?? ''] })
    const busy = await declare(app.admin, { resourceIds: [ids.report] })
    await using figures = await figuresOf(app, busy.id)
    await addRuns(app, { externalId: 'three now', resource: 'three.report', state: 'RUNNING' })
    await figures.until(({ running }) => running === 1)
    await comment(app.admin, busy.id, 'On it')
    await addRuns(app, { externalId: 'three elsewhere', resource: 'three.other', state: 'RUNNING' })
    await addRuns(app, { externalId: 'three more', resource: 'three.report', state: 'RUNNING' })
    await figures.until(({ running }) => running === 2)
    expect((await historyOf(app, busy.id)).impactHistory.nodes.map(({ figures: { running } }) => running)).toEqual([1, 2])
    expect(await historyOf(app, quiet.id)).toMatchObject({ impactFigures: null, impactHistory: { totalCount: 0 } })
  })

  it('counts an incident at most once a second, whatever comes in', async () => {
    const ids = await addEstate(app, 'four')
    const { id } = await declare(app.admin, { resourceIds: [ids.sweep] })
    await using figures = await figuresOf(app, id)
    let runs = 0
    while ((await historyOf(app, id)).impactHistory.totalCount < 3) {
      await addRuns(app, { externalId: `four ${++runs}`, resource: 'four.sweep', state: 'RUNNING' })
    }
    await figures.until(({ running }) => running === runs)
    const times = (await historyOf(app, id)).impactHistory.nodes.map(({ at }) => Date.parse(at))
    expect(times.length).toBeGreaterThan(2)
    for (const [index, time] of times.slice(1).entries()) expect(time - (times[index] as number)).toBeGreaterThan(950)
  })
})

describe('on several nodes', () => {
  it('one of them records, and another goes on when it is gone', { timeout: 60_000 }, async () => {
    await using first = await startOnServer()
    const { databaseUrl } = first
    await using second = await startOnServer({ ...(databaseUrl && { databaseUrl }) })
    const ids = await addEstate(first, 'nodes')
    const { id } = await declare(second.admin, { resourceIds: [ids.load] })
    await using figures = await figuresOf(second, id)
    await addRuns(second, { externalId: 'nodes a', resource: 'nodes.load', state: 'RUNNING' })
    await figures.until(({ running }) => running === 1)
    await addRuns(first, { externalId: 'nodes b', resource: 'nodes.report', state: 'RUNNING' })
    await figures.until(({ running }) => running === 2)
    expect((await historyOf(second, id)).impactHistory.nodes.map(({ figures: { running } }) => running)).toEqual([1, 2])
    await first.app.stop()
    await addRuns(second, { externalId: 'nodes c', resource: 'nodes.load', state: 'RUNNING' })
    await figures.until(({ running }) => running === 3)
    expect((await historyOf(second, id)).impactHistory.totalCount).toBe(3)
  })

  it('tells of an incident that ended while no node kept the figures', { timeout: 60_000 }, async () => {
    await using app = await startOnServer()
    const ids = await addEstate(app, 'gap')
    await addRuns(app, { externalId: 'gap', resource: 'gap.load', state: 'RUNNING' })
    const declared = await declare(app.admin, { resourceIds: [ids.load] })
    {
      await using figures = await figuresOf(app, declared.id)
      await figures.until(({ running }) => running === 1)
    }
    await app.app.stop()
    await app.database.prisma.incident.updateMany({ data: { status: 'RESOLVED', resolvedAt: new Date() } })
    const { databaseUrl } = app
    await using again = await startOnServer({ ...(databaseUrl && { databaseUrl }) })
    await expect.poll(async () => (await historyOf(again, declared.id)).impactFigures, { timeout: 20_000 }).toMatchObject({ running: 0 })
  })
})
