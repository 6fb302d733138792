import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { takeCatalogue } from '../../src/resource/catalogue.ts'
import { writeRuns } from '../../src/run/write.ts'
import type { DeclareIncidentFromRunInput } from '../generated/graphql.ts'
import { graphql } from '../generated/index.ts'
import { engines, type TestApp } from '../kit/app.ts'
import { Clock } from '../kit/clock.ts'
import { readRecord } from '../kit/incident.ts'
import { addResources, declare, otherWorkspace } from '../kit/seed.ts'

const DeclareFromRun = graphql(`
  mutation DeclareFromRun($input: DeclareIncidentFromRunInput!) {
    declareIncidentFromRun(input: $input) {
      __typename
      ... on DeclareIncidentPayload {
        outcome
        incident {
          id reference title summary severity tags startedAt dedupKey
          affected: resources(role: AFFECTED) { totalCount nodes { name kind } }
          context: resources(role: CONTEXT) { totalCount nodes { name } }
          resources { totalCount }
          impact { figures { failed upcoming } }
        }
      }
      ... on Error { message }
    }
  }
`)

describe.each(engines)('declareIncidentFromRun on $engine', ({ start }) => {
  let app: TestApp
  const clock = new Clock()

  beforeAll(async () => {
    app = await start({ clock: clock.read })
  })
  afterAll(() => app[Symbol.asyncDispose]())

  /** A deployment with all that it belongs to, and a run of it that failed a while ago. */
  async function failedRun(word: string, upcoming = 0, there = app) {
    const { workspaceId } = there.workspace
    const { core } = there.app
    const belongs = (downstream: string, upstream: string) => ({
      downstream: `${word}.${downstream}`,
      upstream: `${word}.${upstream}`,
      kind: 'BELONGS_TO' as const,
      confidence: 'CERTAIN' as const
    })
    await takeCatalogue(core, workspaceId, {
      connectionId: null,
      source: 'CATALOG',
      resources: [
        { kind: 'FLOW', externalId: `${word}.flow`, name: 'load' },
        { kind: 'WORK_POOL', externalId: `${word}.pool`, name: 'night' },
        { kind: 'WORK_QUEUE', externalId: `${word}.queue`, name: 'default' },
        { kind: 'DEPLOYMENT', externalId: `${word}.deployment`, name: 'nightly', tags: ['orders', 'x'.repeat(60)] }
      ],
      dependencies: [belongs('deployment', 'flow'), belongs('deployment', 'queue'), belongs('queue', 'pool')]
    })
    const resource = `${word}.deployment`
    const failedAt = new Date(clock.before(10))
    const run = {
      externalId: `${word}.run`,
      name: 'amber-lynx',
      resource,
      state: 'FAILED' as const,
      stateName: 'Failed',
      stateMessage: 'Flow run encountered an exception: KeyError',
      stateAt: failedAt,
      tags: ['nightly', 'orders'],
      url: 'http://prefect.example/runs/1'
    }
    const scheduled = Array.from({ length: upcoming }, (_, index) => ({
      externalId: `${word}.next ${index}`,
      resource,
      state: 'SCHEDULED' as const,
      stateName: 'Scheduled',
      stateAt: failedAt,
      expectedStartAt: new Date(clock.before(-60 - index))
    }))
    await writeRuns(core, workspaceId, [run, ...scheduled], null)
    return run
  }

  async function declareFrom(input: Partial<DeclareIncidentFromRunInput>) {
    const answer = (await app.admin.run(DeclareFromRun, { input })).declareIncidentFromRun
    if (answer.__typename !== 'DeclareIncidentPayload') throw new Error(JSON.stringify(answer))
    return { outcome: answer.outcome, ...answer.incident }
  }

  it('takes title, summary, start, severity and tags from the run, and links it, its deployment, and where that is', async () => {
    await failedRun('one', 3)
    const incident = await declareFrom({ externalId: 'one.run' })
    expect(incident).toMatchObject({
      outcome: 'DECLARED',
      title: 'Flow run amber-lynx of nightly is Failed',
      severity: 'MODERATE',
      tags: ['nightly', 'orders'],
      startedAt: clock.before(10),
      dedupKey: 'resource:one.deployment',
      affected: {
        totalCount: 2,
        nodes: [
          { name: 'amber-lynx', kind: 'FLOW_RUN' },
          { name: 'nightly', kind: 'DEPLOYMENT' }
        ]
      },
      context: { totalCount: 3, nodes: [{ name: 'default' }, { name: 'load' }, { name: 'night' }] },
      resources: { totalCount: 5 },
      impact: { figures: { failed: 1, upcoming: 3 } }
    })
    const [message, belongs, url] = incident.summary.split('\n\n')
    expect([message, url]).toEqual(['Flow run encountered an exception: KeyError', 'http://prefect.example/runs/1'])
    expect(belongs).toContain('deployment nightly')
  })

  it('suggests a severity by what the run stands in the way of', async () => {
    await failedRun('many', 120)
    expect((await declareFrom({ externalId: 'many.run' })).severity).toBe('HIGH')
  })

  it('declares where the dependencies cannot be read, and where that takes long', async () => {
    await using away = await start({ clock: clock.read })
    await failedRun('away', 0, away)
    const { query } = away.database
    const never = Promise.withResolvers<never>()
    for (const answer of [() => Promise.reject(new Error('They cannot be read.')), () => never.promise]) {
      away.database.query = (statement, options) => (/FROM dependency\s+WHERE/.test(statement.text) ? answer() : query(statement, options))
      const asked = performance.now()
      const { declareIncidentFromRun } = await away.admin.run<{ declareIncidentFromRun: unknown }>(
        `mutation { declareIncidentFromRun(input: { externalId: "away.run", dedupKey: "${crypto.randomUUID()}", upstreamPolicy: ATTACH }) {
          ... on DeclareIncidentPayload { outcome incident { severity } suggestedIncident { confidence } } ... on Error { message } } }`
      )
      expect(declareIncidentFromRun).toEqual({ outcome: 'DECLARED', incident: { severity: 'MODERATE' }, suggestedIncident: null })
      expect(performance.now() - asked).toBeLessThan(8_000)
    }
    away.database.query = query
    never.reject(new Error('The test is over.'))
  })

  it('takes what is given before that, and the run by its id', async () => {
    await failedRun('two')
    const { run } = await app.admin.run<{ run: { id: string } }>('{ run(externalId: "two.run") { id } }')
    const startedAt = clock.before(1)
    expect(await declareFrom({ runId: run.id, title: 'Broken', summary: 'Look', severity: 'MINOR', tags: [], startedAt, dedupKey: 'two' })).toMatchObject({
      title: 'Broken',
      summary: 'Look',
      severity: 'MINOR',
      tags: [],
      startedAt,
      dedupKey: 'two'
    })
  })

  it('makes a resource of the run once, brings it up to date, and attaches to what is open for its deployment', async () => {
    const run = await failedRun('three')
    const first = await declareFrom({ externalId: 'three.run' })
    const stateAt = new Date(clock.before(5))
    await writeRuns(app.app.core, app.workspace.workspaceId, [{ ...run, state: 'CRASHED', stateName: 'Crashed', stateAt }], null)
    const second = await declareFrom({ externalId: 'three.run' })
    expect(second).toMatchObject({ outcome: 'ATTACHED', id: first.id, resources: { totalCount: 5 } })
    const { resource } = await app.admin.run<{ resource: unknown }>('{ resource(externalId: "three.run") { state belongsTo { nodes { externalId } } } }')
    expect(resource).toEqual({ state: 'Crashed', belongsTo: { nodes: [{ externalId: 'three.deployment' }] } })
    const kinds = (await readRecord(app.admin)).filter(({ data }) => (data as { externalId?: string }).externalId === 'three.run').map(({ kind }) => kind)
    expect(kinds).toEqual(['RESOURCE_CREATED', 'RESOURCE_UPDATED'])
  })

  it('links what it is a run of whatever that is, and attaches the next run of it', async () => {
    for (const [word, kind] of [
      ['dag', 'CUSTOM'],
      ['mart', 'ASSET']
    ] as const) {
      await addResources(
        app.admin,
        { kind: 'WORK_POOL', externalId: `${word}.pool`, name: 'executor' },
        { kind: 'FLOW', externalId: `${word}.folder`, name: 'folder' },
        { kind, externalId: word, name: 'orders', belongsTo: [`${word}.pool`, `${word}.folder`] }
      )
      const runs = ['first', 'second'].map((name) => ({
        externalId: `${word}.${name}`,
        name,
        resource: word,
        state: 'FAILED' as const,
        stateName: 'Failed',
        stateAt: new Date(clock.before(10))
      }))
      await writeRuns(app.app.core, app.workspace.workspaceId, runs, null)
      const first = await declareFrom({ externalId: `${word}.first` })
      expect(first).toMatchObject({
        outcome: 'DECLARED',
        title: 'Flow run first of orders is Failed',
        dedupKey: `resource:${word}`,
        affected: {
          nodes: [
            { name: 'first', kind: 'FLOW_RUN' },
            { name: 'orders', kind }
          ]
        },
        context: { totalCount: 2 },
        impact: { figures: { failed: 2 } }
      })
      expect(await declareFrom({ externalId: `${word}.second` })).toMatchObject({ outcome: 'ATTACHED', id: first.id, affected: { totalCount: 3 } })
    }
  })

  it('answers a repeated request with the first incident', async () => {
    await failedRun('four')
    const first = await declareFrom({ externalId: 'four.run', idempotencyKey: 'four' })
    expect(await declareFrom({ externalId: 'four.run', idempotencyKey: 'four' })).toMatchObject({ outcome: 'REPEATED', id: first.id })
  })

  it('a link as context becomes one as affected, and never the other way', async () => {
    await failedRun('five')
    const incident = await declareFrom({ externalId: 'five.run' })
    const { resource } = await app.admin.run<{ resource: { id: string } }>('{ resource(externalId: "five.pool") { id } }')
    const linked = await app.admin.run<{ linkResources: { incident: unknown } }>(
      `mutation ($id: ID!, $resourceIds: [ID!]!) { linkResources(input: { id: $id, version: 1, resourceIds: $resourceIds }) {
        ... on IncidentPayload { incident { version affected: resources(role: AFFECTED) { totalCount } context: resources(role: CONTEXT) { totalCount } } } } }`,
      { id: incident.id, resourceIds: [resource.id] }
    )
    expect(linked.linkResources.incident).toEqual({ version: 2, affected: { totalCount: 3 }, context: { totalCount: 2 } })
    expect(await declareFrom({ externalId: 'five.run' })).toMatchObject({ affected: { totalCount: 3 }, context: { totalCount: 2 } })
    const survivor = await declare(app.admin, { title: 'Survivor', resourceIds: [] })
    await app.admin.run('mutation ($id: ID!, $intoId: ID!) { mergeIncident(input: { id: $id, version: 2, intoId: $intoId }) { ... on Error { message } } }', {
      id: incident.id,
      intoId: survivor.id
    })
    const { incident: merged } = await app.admin.run<{ incident: unknown }>(
      'query ($id: ID!) { incident(id: $id) { affected: resources(role: AFFECTED) { totalCount } context: resources(role: CONTEXT) { totalCount } } }',
      { id: survivor.id }
    )
    expect(merged).toEqual({ affected: { totalCount: 3 }, context: { totalCount: 2 } })
  })

  it.each([
    [{}, 'input.runId: must be given, or externalId, and not both'],
    [
      { externalId: 'six.run', runId: Buffer.from(`Run:${crypto.randomUUID()}`).toString('base64url') },
      'input.runId: must be given, or externalId, and not both'
    ],
    [{ externalId: '' }, 'input.externalId: must not be empty'],
    [{ runId: 'nonsense' }, 'input.runId: must be an id that this API has given']
  ])('refuses %j', async (input, message) => {
    expect((await app.admin.ask(DeclareFromRun, { input })).errors?.[0]?.message).toBe(message)
  })

  it('does not know a run that is not there, nor one of another workspace', async () => {
    await failedRun('seven')
    const stranger = await otherWorkspace(app.admin)
    const { run } = await app.admin.run<{ run: { id: string } }>('{ run(externalId: "seven.run") { id } }')
    for (const input of [{ externalId: 'seven.run' }, { runId: run.id }]) {
      expect((await stranger.run(DeclareFromRun, { input })).declareIncidentFromRun).toEqual({
        __typename: 'NotFoundError',
        message: 'There is no run with this id.'
      })
    }
    expect((await app.admin.run(DeclareFromRun, { input: { externalId: 'nobody' } })).declareIncidentFromRun.__typename).toBe('NotFoundError')
  })
})
