import { afterAll, beforeAll, expect, test } from 'vitest'
import { Catalogue } from '../../src/demo/catalogue.ts'
import { platformPlots } from '../../src/demo/plots/platform.ts'
import { runPlots } from '../../src/demo/plots/runs.ts'
import { Stage } from '../../src/demo/stage.ts'
import { Story } from '../../src/demo/story.ts'
import { startEmbedded, type TestApp } from '../kit/app.ts'
import { UpdateIncident } from '../kit/documents.ts'

const plots = [...runPlots, ...platformPlots]
let mayday: TestApp
let stage: Stage

beforeAll(async () => {
  mayday = await startEmbedded()
  stage = new Stage(mayday.url, mayday.workspace.secret, new Catalogue())
  await stage.set(new Date())
})

afterAll(() => mayday[Symbol.asyncDispose]())

test('what the recording has is there, and each run leads to its deployment, flow, queue and pool', async () => {
  const { resource } = await mayday.admin.run<{ resource: Parents & { state: string; labels: unknown } }>(
    `{ resource(externalId: "prefect.flow-run.ad798bf7-be72-43ce-b523-6a336e90cff9") {
      name state labels belongsTo(first: 5) { nodes { name belongsTo(first: 5) { nodes { name belongsTo(first: 5) { nodes { name } } } } } }
    } }`
  )
  expect(resource).toMatchObject({ name: 'noble-lemming', state: 'Failed', labels: { owner: 'analytics-eng', team: 'analytics-eng', tier: '1', dbt: 'yes' } })
  expect(named(resource)).toEqual({
    'dbt-nightly/prod': { 'dbt-nightly': {}, 'k8s-prod/critical': { 'k8s-prod': {} } },
    'k8s-prod/critical': { 'k8s-prod': {} }
  })
  const { resources, table } = await mayday.admin.run<{ resources: { totalCount: number }; table: { upstream: { nodes: { kind: string }[] } } }>(`{
    resources(filter: { kind: [FLOW, FLOW_RUN, DEPLOYMENT, WORK_POOL, WORK_QUEUE, BLOCK] }) { totalCount }
    table: resource(externalId: "snowflake://acme/analytics/marts/fct_orders") { upstream { nodes { kind } } }
  }`)
  expect(resources.totalCount).toBe(92)
  expect(new Set(table.upstream.nodes.map(({ kind }) => kind))).toEqual(new Set(['PRODUCED_BY', 'DERIVED_FROM']))
})

test.each(plots.map((plot) => [plot.name, plot] as const))('the plot %s can be told twice, each time to its end', async (_name, plot) => {
  for (const isFirstTelling of [true, false]) {
    const story = new Story(stage, plot, isFirstTelling)
    const lines: string[] = []
    while (!story.isOver) lines.push(await story.advance())
    expect(lines).toHaveLength(plot.steps.length + 1)
    expect(lines.filter((line) => line.includes('other hands'))).toEqual([])
  }
})

test('afterwards nothing is left open, and the record verifies', async () => {
  const { incidents, verifyChanges } = await mayday.admin.run<{ incidents: { totalCount: number }; verifyChanges: { valid: boolean } }>(
    '{ incidents(filter: { active: true }) { totalCount } verifyChanges { valid } }'
  )
  expect([incidents.totalCount, verifyChanges.valid]).toEqual([0, true])
})

test('a story goes on after the edit of a visitor, and ends where a visitor has ended the incident', async () => {
  const story = new Story(stage, plots.find(({ name }) => name === 'churn') as (typeof plots)[number], false)
  const [reference] = (await story.advance()).split(' ')
  const number = Number(reference?.replace('INC-', ''))
  const { incidentByNumber } = await mayday.admin.run<{ incidentByNumber: { id: string } }>(`{ incidentByNumber(number: ${number}) { id } }`)
  const { id } = incidentByNumber
  await mayday.admin.run(UpdateIncident, { input: { id, version: 1, summary: 'A visitor was here' } })
  expect(await story.advance()).toContain('acknowledges')
  await mayday.admin.run('mutation ($id: ID!) { cancelIncident(input: { id: $id, version: 3 }) { __typename } }', { id })
  const lines: string[] = []
  while (!story.isOver) lines.push(await story.advance())
  expect(lines.at(-1)).toContain('is in other hands now (The incident is CANCELED')
})

interface Parents {
  name: string
  belongsTo?: { nodes: Parents[] }
}

function named({ belongsTo }: Parents): object {
  return Object.fromEntries(belongsTo?.nodes.map((parent) => [parent.name, named(parent)]) ?? [])
}
