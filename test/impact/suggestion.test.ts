// Which incident explains another trouble, said of a resource and when an incident is declared.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Severity } from '../../src/database/generated/client/client.ts'
import { Lineage } from '../../src/impact/graph/lineage.ts'
import { suggestIncident } from '../../src/impact/suggestion/suggest.ts'
import { startEmbedded, type TestApp } from '../kit/app.ts'
import type { Client } from '../kit/client.ts'
import { readRecord, take } from '../kit/incident.ts'
import { addResources, declare, otherWorkspace } from '../kit/seed.ts'

const confidences = { '>': 'CERTAIN', '~>': 'LIKELY', '?>': 'POSSIBLE' } as const

/** What lies upstream of what (`pool > deployment`), and incidents with what they affect, in the order of their numbers. */
function lineageOf(arrows: string[], ...incidents: { severity?: Severity; on: string[] }[]): Lineage {
  const steps = arrows.map((arrow) => {
    const [upstreamId = '', sign = '>', downstreamId = ''] = arrow.split(' ')
    return { upstreamId, downstreamId, kind: 'DEPENDS_ON', source: 'USER', confidence: confidences[sign as '>'] } as const
  })
  const ids = [...new Set(steps.flatMap(({ upstreamId, downstreamId }) => [upstreamId, downstreamId]))]
  const lineage = new Lineage()
  const active = incidents.map(({ severity = 'MODERATE', on }, index) => {
    const number = index + 1
    return { id: `INC-${number}`, number, title: 'Trouble', severity, status: 'TRIAGE', startedAt: new Date(), originIds: on } as const
  })
  lineage.take({
    nodes: ids.map((id) => ({ id, externalId: id, kind: 'CUSTOM', gone: false })),
    downstreamIds: ids,
    arrows: steps,
    incidents: active,
    incidentIds: active.map(({ id }) => id)
  })
  return lineage
}

function suggested(lineage: Lineage, ...ids: string[]) {
  const suggestion = suggestIncident(lineage, ids)
  return (
    suggestion && `${suggestion.incident.id} ${suggestion.confidence}: ${suggestion.path.map((step) => `${step.upstreamId} ${step.downstreamId}`).join(', ')}`
  )
}

describe('the incident that explains', () => {
  it('is one whose harm comes from upstream, with the way from there', () => {
    const lineage = lineageOf(['pool > queue', 'queue > a', 'a > table', 'beside > b'], { on: ['pool'] }, { on: ['beside'] }, { on: ['table'] })
    expect(suggested(lineage, 'a')).toBe('INC-1 CERTAIN: pool queue, queue a')
    expect(suggested(lineage, 'b')).toBe('INC-2 CERTAIN: beside b')
  })

  it('is none for what an incident affects itself, nor for what nobody knows', () => {
    const lineage = lineageOf(['pool > a', 'a > table'], { on: ['a'] })
    expect(suggested(lineage, 'a')).toBeNull()
    expect(suggested(lineage, 'pool')).toBeNull()
    expect(suggested(lineage, 'unheard of')).toBeNull()
    expect(suggested(lineage)).toBeNull()
    // Another one upstream of it does explain it.
    expect(suggested(lineageOf(['pool > a'], { on: ['a'] }, { on: ['pool'] }), 'a')).toBe('INC-2 CERTAIN: pool a')
    expect(suggested(lineageOf(['pool > a'], { on: ['a', 'pool'] }), 'a')).toBeNull()
  })

  it('is the surest, then the nearest, then the most severe, then the oldest', () => {
    const arrows = ['far > near', 'near > a', 'maybe ?> a', 'likely ~> a', 'other > a']
    expect(suggested(lineageOf(arrows, { on: ['maybe'] }), 'a')).toBe('INC-1 POSSIBLE: maybe a')
    expect(suggested(lineageOf(arrows, { on: ['maybe'] }, { on: ['likely'] }), 'a')).toBe('INC-2 LIKELY: likely a')
    expect(suggested(lineageOf(arrows, { on: ['likely'] }, { on: ['far'] }), 'a')).toBe('INC-2 CERTAIN: far near, near a')
    expect(suggested(lineageOf(arrows, { on: ['far'] }, { on: ['near'] }), 'a')).toBe('INC-2 CERTAIN: near a')
    expect(suggested(lineageOf(arrows, { on: ['near'] }, { severity: 'CRITICAL', on: ['other'] }), 'a')).toBe('INC-2 CERTAIN: other a')
    expect(suggested(lineageOf(arrows, { on: ['near'] }, { on: ['other'] }), 'a')).toBe('INC-1 CERTAIN: near a')
    expect(suggested(lineageOf(arrows, { on: ['maybe', 'far'] }), 'a')).toBe('INC-1 CERTAIN: far near, near a')
  })

  it('of several resources explains them all', () => {
    const arrows = ['pool > a', 'pool > b', 'pool > c', 'b > deep', 'disk > a']
    expect(suggested(lineageOf(arrows, { on: ['disk'] }, { on: ['pool'] }), 'a', 'deep')).toBe('INC-2 CERTAIN: pool b, b deep')
    expect(suggested(lineageOf(arrows, { on: ['disk'] }), 'a', 'b')).toBeNull()
    expect(suggested(lineageOf(arrows, { on: ['disk', 'b'] }), 'a', 'b')).toBe('INC-1 CERTAIN: disk a')
    expect(suggested(lineageOf(arrows, { on: ['pool'] }), 'a', 'unheard of')).toBe('INC-1 CERTAIN: pool a')
  })
})

interface Suggested {
  incident: { reference: string } | null
  confidence: string
  path: { upstream: { externalId: string }; downstream: { externalId: string } }[]
}

const fields = 'suggestedIncident { incident { reference } confidence path { upstream { externalId } downstream { externalId } kind } }'
const payload = `__typename ... on DeclareIncidentPayload { outcome incident { id number version reference resources { nodes { externalId } } } ${fields} }`

interface Declared {
  outcome: string
  incident: { id: string; number: number; version: number; reference: string; resources: { nodes: { externalId: string }[] } }
  suggestedIncident: Suggested | null
}

async function declareAs(client: Client, input: Record<string, unknown>): Promise<Declared> {
  const { declared } = await client.run<{ declared: Declared }>(
    `mutation ($input: DeclareIncidentInput!) { declared: declareIncident(input: $input) { ${payload} } }`,
    {
      input: { title: 'Orders are late', severity: 'LOW', ...input }
    }
  )
  return declared
}

async function declareFrom(client: Client, input: Record<string, unknown>): Promise<Declared> {
  const document = `mutation ($input: DeclareIncidentFromResourceInput!) { declared: declareIncidentFromResource(input: $input) { ${payload} } }`
  return (await client.run<{ declared: Declared }>(document, { input })).declared
}

async function suggestedOn(client: Client, externalId: string): Promise<Suggested | null> {
  const { resource } = await client.run<{ resource: { suggestedIncident: Suggested | null } }>(
    `query ($id: String!) { resource(externalId: $id) { ${fields} } }`,
    {
      id: externalId
    }
  )
  return resource.suggestedIncident
}

describe('through the API', () => {
  let app: TestApp
  let ids: Record<string, string>
  beforeAll(async () => {
    app = await startEmbedded()
    const kind = 'CUSTOM' as const
    const added = await addResources(
      app.admin,
      { kind, externalId: 'pool', name: 'Pool' },
      { kind, externalId: 'queue', name: 'Queue', belongsTo: ['pool'] },
      { kind: 'DEPLOYMENT', externalId: 'deployment', name: 'Deployment', belongsTo: ['queue'] },
      { kind: 'FLOW_RUN', externalId: 'run', name: 'Run', state: 'Failed', belongsTo: ['deployment'] },
      { kind, externalId: 'beside', name: 'Beside' }
    )
    ids = Object.fromEntries(added.map(({ id, externalId }) => [externalId, id]))
  })
  afterAll(() => app[Symbol.asyncDispose]())

  it('a resource names the incident upstream, until that is over', async () => {
    expect(await suggestedOn(app.admin, 'deployment')).toBeNull()
    const incident = await declare(app.admin, { resourceIds: [ids.pool as string] })
    expect(await suggestedOn(app.admin, 'deployment')).toEqual({
      incident: { reference: incident.reference },
      confidence: 'CERTAIN',
      path: [
        { upstream: { externalId: 'pool' }, downstream: { externalId: 'queue' }, kind: 'BELONGS_TO' },
        { upstream: { externalId: 'queue' }, downstream: { externalId: 'deployment' }, kind: 'BELONGS_TO' }
      ]
    })
    expect(await suggestedOn(app.admin, 'pool')).toBeNull()
    expect(await suggestedOn(app.admin, 'beside')).toBeNull()
    const watched = await take(app.admin, incident, ['changeIncidentStatus', { status: 'MONITORING' }])
    expect(await suggestedOn(app.admin, 'run')).toMatchObject({ incident: { reference: incident.reference } })
    await take(app.admin, watched, 'resolveIncident')
    expect(await suggestedOn(app.admin, 'deployment')).toBeNull()
  })

  it('a declaration names it, and opens a new one all the same', async () => {
    const cause = await declare(app.admin, { resourceIds: [ids.pool as string] })
    const declared = await declareAs(app.admin, { resourceIds: [ids.deployment] })
    expect(declared).toMatchObject({ outcome: 'DECLARED', suggestedIncident: { incident: { reference: cause.reference }, confidence: 'CERTAIN' } })
    expect(declared.suggestedIncident?.path).toHaveLength(2)
    const beside = await declareAs(app.admin, { resourceIds: [ids.beside], upstreamPolicy: 'ATTACH' })
    expect(beside).toMatchObject({ outcome: 'DECLARED', suggestedIncident: null })
    const nowhere = await declareAs(app.admin, { upstreamPolicy: 'ATTACH' })
    expect(nowhere).toMatchObject({ outcome: 'DECLARED', suggestedIncident: null })
    for (const each of [cause, declared.incident, beside.incident, nowhere.incident]) await take(app.admin, each, 'cancelIncident')
  })

  it('a declaration attaches to it where it is told to, and says why', async () => {
    const cause = await declare(app.admin, { resourceIds: [ids.pool as string] })
    const attached = await declareAs(app.admin, { title: 'The deployment fails', resourceIds: [ids.deployment], upstreamPolicy: 'ATTACH' })
    expect(attached).toMatchObject({
      outcome: 'ATTACHED',
      incident: { reference: cause.reference },
      suggestedIncident: { incident: { reference: cause.reference } }
    })
    expect(attached.suggestedIncident?.path).toHaveLength(2)
    expect(attached.incident.resources.nodes.map(({ externalId }) => externalId)).toEqual(['deployment', 'pool'])
    const [last] = (await readRecord(app.admin, { kind: ['INCIDENT_REDECLARED'] })).slice(-1)
    expect(last).toMatchObject({ text: { title: 'The deployment fails' } })
    // A run that failed there as well, and not a third incident for the same key.
    const run = await declareFrom(app.admin, { resourceId: ids.run, upstreamPolicy: 'ATTACH', dedupKey: 'the run' })
    expect(run).toMatchObject({ outcome: 'ATTACHED', incident: { reference: cause.reference } })
    await take(app.admin, run.incident, 'cancelIncident')
    const again = await declareFrom(app.admin, { resourceId: ids.run, upstreamPolicy: 'ATTACH', dedupKey: 'the run' })
    expect(again).toMatchObject({ outcome: 'DECLARED', suggestedIncident: null })
    const same = await declareFrom(app.admin, { resourceId: ids.run, upstreamPolicy: 'ATTACH', dedupKey: 'the run' })
    expect(same).toMatchObject({ outcome: 'ATTACHED', incident: { reference: again.incident.reference } })
    await take(app.admin, same.incident, 'cancelIncident')
  })

  it('does not attach to what only possibly explains it', async () => {
    await addResources(app.admin, { kind: 'CUSTOM', externalId: 'loose', name: 'Loose', belongsTo: ['beside'] })
    await app.database.prisma.dependency.updateMany({ where: { downstream: { externalId: 'loose' } }, data: { confidence: 'POSSIBLE' } })
    const [loose] = await addResources(app.admin, { kind: 'CUSTOM', externalId: 'loose', name: 'Looser' })
    const cause = await declare(app.admin, { resourceIds: [ids.beside as string] })
    const declared = await declareAs(app.admin, { resourceIds: [loose?.id], upstreamPolicy: 'ATTACH' })
    expect(declared).toMatchObject({ outcome: 'DECLARED', suggestedIncident: { incident: { reference: cause.reference }, confidence: 'POSSIBLE' } })
    for (const each of [cause, declared.incident]) await take(app.admin, each, 'cancelIncident')
  })

  it('declares where the dependencies cannot be read', async () => {
    await using other = await startEmbedded()
    const [pool] = await addResources(other.admin, { kind: 'CUSTOM', externalId: 'pool', name: 'Pool' })
    const { query } = other.database
    other.database.query = (statement, options) =>
      /FROM dependency\s+WHERE/.test(statement.text) ? Promise.reject(new Error('The database is away.')) : query(statement, options)
    const { declared } = await other.admin.run<{ declared: { outcome: string } }>(
      'mutation ($input: DeclareIncidentInput!) { declared: declareIncident(input: $input) { ... on DeclareIncidentPayload { outcome } } }',
      { input: { title: 'Late', severity: 'LOW', resourceIds: [pool?.id], upstreamPolicy: 'ATTACH' } }
    )
    expect(declared.outcome).toBe('DECLARED')
  })

  it('suggests nothing of another workspace', async () => {
    const elsewhere = await otherWorkspace(app.admin)
    const kind = 'CUSTOM' as const
    await addResources(elsewhere, { kind, externalId: 'pool', name: 'Theirs' }, { kind, externalId: 'queue', name: 'Theirs', belongsTo: ['pool'] })
    const cause = await declare(app.admin, { resourceIds: [ids.pool as string] })
    expect(await suggestedOn(app.admin, 'queue')).not.toBeNull()
    expect(await suggestedOn(elsewhere, 'queue')).toBeNull()
    await take(app.admin, cause, 'cancelIncident')
  })
})
