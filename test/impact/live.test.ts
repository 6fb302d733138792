import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { FollowReachSubscription } from '../generated/graphql.ts'
import { graphql } from '../generated/index.ts'
import { engines, type TestApp } from '../kit/app.ts'
import { addEstate, addRuns } from '../kit/impact.ts'
import { take } from '../kit/incident.ts'
import { addResources, comment, declare, otherWorkspace } from '../kit/seed.ts'

const FollowImpact = graphql(`
  subscription FollowImpact($incidentId: ID!, $horizon: Duration, $after: Cursor) {
    impactChanged(incidentId: $incidentId, horizon: $horizon, after: $after) {
      cursor reset
      impact { figures { affected running upcoming } origins { name } ongoingRuns { nodes { externalId } } upcomingRuns { nodes { externalId } } }
    }
  }
`)

const FollowReach = graphql(`
  subscription FollowReach($incidentId: ID!) {
    impactChanged(incidentId: $incidentId) { cursor impact { affected(first: 20) { nodes { resource { externalId name } confidence } } } }
  }
`)

describe.each(engines)('impactChanged on $engine', ({ start }) => {
  let app: TestApp

  beforeAll(async () => {
    app = await start()
  })
  afterAll(() => app[Symbol.asyncDispose]())

  it('begins with a snapshot, then pushes when runs, links, dependencies or the status move, and not for what says nothing of them', async () => {
    const ids = await addEstate(app, 'live')
    const declared = await declare(app.admin, { resourceIds: [ids.table] })
    await using impact = app.admin.follow(FollowImpact, { incidentId: declared.id })
    expect(await impact.next()).toMatchObject({
      impactChanged: { reset: true, impact: { figures: { affected: 3, running: 0 }, origins: [{ name: 'table' }] } }
    })
    const until = async (condition: (impact: { affected: number; running: number }) => boolean) =>
      (await impact.until(({ impactChanged: { impact } }) => condition(impact.figures))).at(-1)?.impactChanged
    await addRuns(app, { externalId: 'live a', resource: 'live.report', state: 'RUNNING' })
    expect(await until(({ running }) => running === 1)).toMatchObject({ reset: false, impact: { ongoingRuns: { nodes: [{ externalId: 'live a' }] } } })

    // One run ends and another begins: the counts stay as they are.
    await addRuns(
      app,
      { externalId: 'live a', resource: 'live.report', state: 'COMPLETED', minutes: 1 },
      { externalId: 'live b', resource: 'live.report', state: 'RUNNING' }
    )
    await impact.until(({ impactChanged }) => impactChanged.impact.ongoingRuns.nodes[0]?.externalId === 'live b')

    const said = await comment(app.admin, declared.id, 'On it')
    const linked = await take(app.admin, declared, ['linkResources', { resourceIds: [ids.pool] }])
    expect(await until(({ affected }) => affected === 6)).toMatchObject({ impact: { origins: [{ name: 'table' }, { name: 'pool' }] } })
    expect(impact.frames.map(({ impactChanged }) => impactChanged.cursor)).not.toContain(said.cursor)

    await addResources(app.admin, { kind: 'DEPLOYMENT', externalId: 'live.new', name: 'new', belongsTo: ['live.pool'] })
    await until(({ affected }) => affected === 7)
    await take(app.admin, linked, 'resolveIncident')
    await until(({ running }) => running === 0)
  })

  it('pushes what is said anew of resources and dependencies that it reaches, also where no figure moves, and nothing of others', async () => {
    const ids = await addEstate(app, 'sure')
    const { id: incidentId } = await declare(app.admin, { resourceIds: [ids.load] })
    // From here on its figures stay as they are.
    const figures = 'query ($id: ID!) { incident(id: $id) { impactFigures { affected } } }'
    await vi.waitFor(async () => expect(await app.admin.run(figures, { id: incidentId })).toEqual({ incident: { impactFigures: { affected: 4 } } }), 5_000)
    await using impact = app.admin.follow(FollowReach, { incidentId })
    const told = ({ impactChanged: { impact } }: FollowReachSubscription) => impact.affected.nodes.find(({ resource }) => resource.externalId === 'sure.alarm')
    expect(told((await impact.next()) as FollowReachSubscription)).toEqual({ resource: { externalId: 'sure.alarm', name: 'alarm' }, confidence: 'POSSIBLE' })
    const add = async (downstream: string, upstream: string) => {
      const { addDependencies } = await app.admin.run<{ addDependencies: { cursor: string } }>(
        'mutation ($one: DependencyInput!) { addDependencies(input: { dependencies: [$one] }) { cursor } }',
        { one: { downstream: `sure.${downstream}`, upstream: `sure.${upstream}`, kind: 'TRIGGERED_BY' } }
      )
      return addDependencies.cursor
    }
    const beside = await add('sweep', 'other')
    await add('alarm', 'report')
    await impact.until((frame) => told(frame)?.confidence === 'LIKELY')
    await addResources(app.admin, { kind: 'DEPLOYMENT', externalId: 'sure.alarm', name: 'siren' })
    await impact.until((frame) => told(frame)?.resource.name === 'siren')
    expect(impact.frames.map(({ impactChanged }) => impactChanged.cursor)).not.toContain(beside)
  })

  it('looks as far ahead as it is asked to, and goes on from a cursor', async () => {
    const ids = await addEstate(app, 'ahead')
    const { id: incidentId } = await declare(app.admin, { resourceIds: [ids.load] })
    await addRuns(
      app,
      { externalId: 'ahead soon', resource: 'ahead.load', state: 'SCHEDULED', minutes: 5 },
      { externalId: 'ahead late', resource: 'ahead.load', state: 'SCHEDULED', minutes: 90 }
    )
    let cursor: string | undefined
    {
      await using impact = app.admin.follow(FollowImpact, { incidentId, horizon: 'PT1H' })
      const { impactChanged } = await impact.next()
      expect(impactChanged.impact.upcomingRuns.nodes).toEqual([{ externalId: 'ahead soon' }])
      cursor = impactChanged.cursor
    }
    await using again = app.admin.follow(FollowImpact, { incidentId, horizon: 'PT2H', after: cursor })
    expect(await again.next()).toMatchObject({ impactChanged: { reset: false, impact: { figures: { upcoming: 2 } } } })
  })

  it('is refused for an incident of another workspace, and for a horizon that is none', async () => {
    const theirs = await declare(await otherWorkspace(app.admin))
    const ours = await declare(app.admin)
    await using strange = app.admin.follow(FollowImpact, { incidentId: theirs.id })
    expect(await strange.ended).toMatchObject([{ message: 'There is no incident with this id.', extensions: { code: 'NOT_FOUND' } }])
    await using endless = app.admin.follow(FollowImpact, { incidentId: ours.id, horizon: 'P30D' })
    expect(await endless.ended).toMatchObject([{ message: 'horizon: must be longer than nothing and at most P7D' }])
  })
})
