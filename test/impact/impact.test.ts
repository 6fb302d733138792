import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { takeCatalogue } from '../../src/resource/catalogue.ts'
import { graphql } from '../generated/index.ts'
import { engines, type TestApp } from '../kit/app.ts'
import { Clock } from '../kit/clock.ts'
import { addEstate, addRuns, nobodyKnows, type Place, strangeResource } from '../kit/impact.ts'
import { take } from '../kit/incident.ts'
import { declare } from '../kit/seed.ts'

const ImpactInFull = graphql(`
  query ImpactInFull($incidentId: ID, $resourceIds: [ID!], $horizon: Duration) {
    impact(incidentId: $incidentId, resourceIds: $resourceIds, horizon: $horizon) {
      computedAt horizonEnd
      figures { affected running upcoming failed late skipped nextHarmAt movedAt }
      origins { name }
      affected { totalCount nodes { distance confidence resource { name } path { kind source confidence upstream { name } downstream { name } } } }
      affectedByKind { kind count }
      ongoingRuns { totalCount nodes { externalId state } }
      upcomingRuns { totalCount nodes { externalId late } }
      harmedRuns { totalCount nodes { externalId } }
      owners { name resources runs }
      tags { name resources runs }
      nextHarm { at run { externalId resource { name } } }
      suggestedSeverity { severity reasons }
    }
  }
`)

describe.each(engines)('on $engine', ({ start }) => {
  let app: TestApp
  const clock = new Clock()

  beforeAll(async () => {
    app = await start({ clock: clock.read })
  })
  afterAll(() => app[Symbol.asyncDispose]())

  /** An estate with work of every sort on it. */
  async function working(word: string): Promise<Record<Place, string>> {
    const ids = await addEstate(app, word)
    await addRuns(
      app,
      { externalId: `${word} at work`, resource: `${word}.load`, state: 'RUNNING', minutes: -5 },
      { externalId: `${word} waits`, resource: `${word}.report`, state: 'PAUSED', minutes: -4 },
      { externalId: `${word} late`, resource: `${word}.sweep`, state: 'SCHEDULED', minutes: -1 },
      { externalId: `${word} next`, resource: `${word}.report`, state: 'SCHEDULED', minutes: 30 },
      { externalId: `${word} tonight`, resource: `${word}.load`, state: 'SCHEDULED', minutes: 600 },
      { externalId: `${word} in two days`, resource: `${word}.load`, state: 'SCHEDULED', minutes: 2880 },
      { externalId: `${word} elsewhere`, resource: `${word}.other`, state: 'SCHEDULED', minutes: 10 },
      { externalId: `${word} failed`, resource: `${word}.load`, state: 'FAILED', minutes: -3 },
      { externalId: `${word} crashed`, resource: `${word}.report`, state: 'CRASHED', minutes: -2 },
      { externalId: `${word} cancelled`, resource: `${word}.sweep`, state: 'CANCELLED', minutes: -1 },
      { externalId: `${word} skipped`, resource: `${word}.sweep`, state: 'COMPLETED', stateName: 'Skipped', minutes: -1 },
      { externalId: `${word} failed before`, resource: `${word}.load`, state: 'FAILED', minutes: -60 },
      { externalId: `${word} done`, resource: `${word}.load`, state: 'COMPLETED', minutes: -2 }
    )
    return ids
  }

  it('tells of an incident what it hits, with the way that leads there, the work on it, and whose it is', async () => {
    const ids = await working('all')
    const { id: incidentId } = await declare(app.admin, { resourceIds: [ids.pool], startedAt: clock.before(30) })
    const { impact } = await app.admin.run(ImpactInFull, { incidentId })
    const now = clock.read().getTime()
    expect(impact).toMatchObject({
      computedAt: clock.before(0),
      horizonEnd: clock.before(-1440),
      figures: {
        affected: 6,
        running: 2,
        upcoming: 3,
        failed: 2,
        late: 1,
        skipped: 2,
        nextHarmAt: new Date(now + 1_800_000).toISOString(),
        movedAt: clock.before(0)
      },
      origins: [{ name: 'pool' }],
      affectedByKind: [
        { kind: 'DEPLOYMENT', count: 4 },
        { kind: 'ASSET', count: 1 },
        { kind: 'WORK_POOL', count: 1 }
      ],
      ongoingRuns: { totalCount: 2, nodes: [{ externalId: 'all waits' }, { externalId: 'all at work' }] },
      upcomingRuns: {
        totalCount: 3,
        nodes: [
          { externalId: 'all late', late: true },
          { externalId: 'all next', late: false },
          { externalId: 'all tonight', late: false }
        ]
      },
      owners: [
        { name: 'platform', resources: 3, runs: 3 },
        { name: 'orders', resources: 2, runs: 2 },
        { name: 'finance', resources: 1, runs: 2 }
      ],
      tags: [
        { name: 'nightly', resources: 2, runs: 4 },
        { name: 'report', resources: 1, runs: 2 }
      ],
      nextHarm: { at: new Date(now + 1_800_000).toISOString(), run: { externalId: 'all next', resource: { name: 'report' } } },
      suggestedSeverity: {
        severity: 'HIGH',
        reasons: [
          'It starts at a work pool, on which other work rests.',
          '5 runs are under way or to come.',
          'So far 5 runs have failed, are late or were skipped.'
        ]
      }
    })
    expect(impact.harmedRuns.totalCount).toBe(5)
    expect(impact.harmedRuns.nodes.map(({ externalId }) => externalId).sort()).toEqual([
      'all cancelled',
      'all crashed',
      'all failed',
      'all late',
      'all skipped'
    ])
    const { nodes, totalCount } = impact.affected
    expect(totalCount).toBe(6)
    expect(nodes.map(({ resource, distance, confidence }) => `${resource.name} ${distance} ${confidence}`).slice(3)).toEqual([
      'table 2 LIKELY',
      'report 3 LIKELY',
      'alarm 4 POSSIBLE'
    ])
    expect(nodes[0]).toEqual({ resource: { name: 'pool' }, distance: 0, confidence: 'CERTAIN', path: [] })
    expect(
      nodes.at(-1)?.path.map(({ upstream, kind, confidence, source, downstream }) => [downstream?.name, kind, upstream?.name, confidence, source])
    ).toEqual([
      ['load', 'BELONGS_TO', 'pool', 'CERTAIN', 'CATALOG'],
      ['table', 'PRODUCED_BY', 'load', 'LIKELY', 'CATALOG'],
      ['report', 'READS', 'table', 'LIKELY', 'CATALOG'],
      ['alarm', 'TRIGGERED_BY', 'report', 'POSSIBLE', 'CATALOG']
    ])
  })

  it('answers what would be hit if some resources failed now', async () => {
    const ids = await working('if')
    const { impact } = await app.admin.run(ImpactInFull, { resourceIds: [ids.load, ids.other, ids.load], horizon: 'PT20M' })
    expect(impact).toMatchObject({
      horizonEnd: clock.before(-20),
      origins: [{ name: 'load' }, { name: 'other' }],
      figures: { affected: 5, running: 2, upcoming: 1, failed: 0, late: 0, skipped: 0 },
      upcomingRuns: { nodes: [{ externalId: 'if elsewhere' }] },
      harmedRuns: { totalCount: 0, nodes: [] }
    })
  })

  it('tells of nothing where there is nothing', async () => {
    const { id: incidentId } = await declare(app.admin)
    const { impact } = await app.admin.run(ImpactInFull, { incidentId })
    const empty = { totalCount: 0, nodes: [] }
    expect(impact).toMatchObject({
      figures: { affected: 0, running: 0, upcoming: 0, failed: 0, late: 0, skipped: 0, nextHarmAt: null, movedAt: null },
      origins: [],
      affected: empty,
      affectedByKind: [],
      ongoingRuns: empty,
      upcomingRuns: empty,
      harmedRuns: empty,
      owners: [],
      tags: [],
      nextHarm: null,
      suggestedSeverity: { severity: 'LOW', reasons: ['No run is hit so far, and none is to come.'] }
    })
  })

  it('tells of an incident that is over what it did, and of no work ahead', async () => {
    const ids = await working('over')
    const declared = await declare(app.admin, { resourceIds: [ids.load], startedAt: clock.before(30) })
    await take(app.admin, declared, 'resolveIncident')
    await addRuns(app, { externalId: 'over later', resource: 'over.load', state: 'FAILED', minutes: 1 })
    const { impact } = await app.admin.run(ImpactInFull, { incidentId: declared.id })
    expect(impact).toMatchObject({
      figures: { running: 0, upcoming: 0, late: 0, failed: 2, nextHarmAt: null },
      ongoingRuns: { nodes: [] },
      upcomingRuns: { nodes: [] },
      nextHarm: null
    })
    expect(impact.harmedRuns.nodes.map(({ externalId }) => externalId)).toEqual(['over crashed', 'over failed'])
  })

  it('does not start at what only tells where the affected is', async () => {
    const ids = await addEstate(app, 'context')
    const { id: incidentId } = await declare(app.admin, { resourceIds: [ids.load, ids.pool] })
    const { incidentResource } = app.database.prisma
    const resourceId = Buffer.from(ids.pool, 'base64url').toString().split(':')[1] ?? ''
    await incidentResource.updateMany({ where: { resourceId }, data: { role: 'CONTEXT' } })
    expect((await app.admin.run(ImpactInFull, { incidentId })).impact).toMatchObject({ origins: [{ name: 'load' }], figures: { affected: 4 } })
  })

  it('gives each list in pages, forward and back', async () => {
    const ids = await working('pages')
    type Edges = { edges: { cursor: string; node: { name: string } }[] }
    for (const [list, name] of [
      ['affected(kind: [DEPLOYMENT, ASSET],', 'resource { externalId }'],
      ['upcomingRuns(', 'externalId']
    ]) {
      const ask = async (args: string) => {
        const query = `query ($id: ID!) { impact(resourceIds: [$id]) { list: ${list} ${args}) { edges { cursor node { ${name} } } } } }`
        return (await app.admin.run<{ impact: { list: Edges } }>(query, { id: ids.pool })).impact.list.edges
      }
      const all = await ask('first: 100')
      expect(all.length).toBeGreaterThan(2)
      expect([...(await ask('first: 1')), ...(await ask(`first: 100, after: "${all[0]?.cursor}"`))]).toEqual(all)
      expect([...(await ask(`last: 100, before: "${all.at(-1)?.cursor}"`)), ...(await ask('last: 1'))]).toEqual(all)
    }
    const broken = await app.admin.ask('query ($id: ID!) { impact(resourceIds: [$id]) { affected(after: "bm9uc2Vuc2U") { totalCount } } }', { id: ids.pool })
    expect(broken.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  })

  it('ends in circles, and says so of a very long way in short', async () => {
    const { workspaceId } = app.workspace
    const length = 150
    const externalIds = Array.from({ length }, (_, index) => `ring.${index}`)
    await takeCatalogue(app.app.core, workspaceId, {
      connectionId: null,
      source: 'CATALOG',
      resources: externalIds.map((externalId) => ({ kind: 'CUSTOM', externalId, name: externalId })),
      dependencies: externalIds.map((downstream, index) => ({
        downstream,
        upstream: externalIds[(index + length - 1) % length] ?? '',
        kind: 'DEPENDS_ON',
        confidence: 'CERTAIN'
      }))
    })
    const { resource } = await app.admin.run<{ resource: { id: string } }>('{ resource(externalId: "ring.0") { id } }')
    const { impact } = await app.admin.run<{
      impact: { affected: { totalCount: number; nodes: { distance: number; path: { downstream: { name: string } }[] }[] } }
    }>('query ($id: ID!) { impact(resourceIds: [$id]) { affected(last: 1) { totalCount nodes { distance path { downstream { name } } } } } }', {
      id: resource.id
    })
    expect(impact.affected).toMatchObject({ totalCount: length, nodes: [{ distance: length - 1, path: { length: 100 } }] })
    expect(impact.affected.nodes[0]?.path.at(-1)?.downstream.name).toBe(`ring.${length - 1}`)
  })

  it('is computed anew each time: a run is no change, and still is there at once', async () => {
    const ids = await addEstate(app, 'fresh')
    const running = async () => (await app.admin.run(ImpactInFull, { resourceIds: [ids.load] })).impact.figures.running
    expect(await running()).toBe(0)
    await addRuns(app, { externalId: 'fresh now', resource: 'fresh.load', state: 'RUNNING' })
    expect(await running()).toBe(1)
  })

  it.each([
    [{}, 'resourceIds: must be given, or incidentId, and not both'],
    [{ resourceIds: [] }, 'resourceIds: must name at least one resource'],
    [{ resourceIds: Array(101).fill(nobodyKnows) }, 'resourceIds: must have at most 100 resources'],
    [{ resourceIds: ['nonsense'] }, 'resourceIds.0: must be an id that this API has given'],
    [{ resourceIds: [nobodyKnows], horizon: 'PT0S' }, 'horizon: must be longer than nothing and at most P7D'],
    [{ resourceIds: [nobodyKnows], horizon: 'P8D' }, 'horizon: must be longer than nothing and at most P7D'],
    [{ resourceIds: [nobodyKnows], horizon: 'P1Y' }, 'horizon: must be a duration in weeks, days, hours, minutes and seconds, such as P1DT12H'],
    [{ resourceIds: [nobodyKnows] }, 'There is no resource with this id.']
  ])('refuses %j', async (variables, message) => {
    expect((await app.admin.ask(ImpactInFull, variables)).errors?.[0]?.message).toBe(message)
  })

  it('does not know incidents and resources of another workspace', async () => {
    const { admin, id } = await strangeResource(app)
    const theirs = await declare(admin)
    for (const variables of [{ resourceIds: [id] }, { incidentId: theirs.id }]) {
      expect((await app.admin.ask(ImpactInFull, variables)).errors?.[0]?.extensions.code).toBe('NOT_FOUND')
    }
  })
})
