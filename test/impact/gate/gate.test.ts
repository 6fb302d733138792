// May it run? Answered by GraphQL and over plain HTTP, from memory, alike on every node.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startEmbedded, startOnServer, type TestApp } from '../../kit/app.ts'
import { Client } from '../../kit/client.ts'
import { take } from '../../kit/incident.ts'
import { addResources, clientAs, declare, otherWorkspace } from '../../kit/seed.ts'
import { watchStatements } from '../../kit/statements.ts'
import { ask, idsOf, key, send } from './gate-client.ts'

const canRun = `query ($externalId: String!) { canRun(externalId: $externalId) {
  decision certain reason confidence resource { externalId } incident { reference } path { upstream { externalId } downstream { externalId } kind source confidence } } }`

interface Answer {
  canRun: {
    decision: string
    certain: boolean
    reason: string
    confidence: string | null
    resource: object | null
    incident: object | null
    path: object[] | null
  }
}

const askGraphql = async (client: Client, externalId: string) => (await client.run<Answer>(canRun, { externalId })).canRun

describe('the gate', () => {
  let app: TestApp
  let pool: string
  beforeAll(async () => {
    app = await startEmbedded()
    const ids = await idsOf(
      app.admin,
      { externalId: 'pool' },
      { externalId: 'queue', belongsTo: ['pool'] },
      { externalId: 's3://lake/orders?', belongsTo: ['queue'] }
    )
    await idsOf(app.admin, { externalId: 'beside' })
    pool = ids[0] as string
  })
  afterAll(() => app[Symbol.asyncDispose]())

  it('lets everything run that no incident affects', async () => {
    expect(await ask(app, 's3://lake/orders?')).toEqual({
      decision: 'ALLOW',
      certain: true,
      resource: 's3://lake/orders?',
      incident: null,
      reason: 'No incident that is being worked on affects it, or anything upstream of it.',
      path: null
    })
    expect(await askGraphql(app.admin, 'pool')).toEqual({
      decision: 'ALLOW',
      certain: true,
      reason: 'No incident that is being worked on affects it, or anything upstream of it.',
      confidence: null,
      resource: { externalId: 'pool' },
      incident: null,
      path: null
    })
  })

  it('holds what an incident affects and what lies downstream of it, says why, and lets it run when it is unlinked or resolved', async () => {
    const incident = await declare(app.admin, { title: 'The pool is dry', severity: 'HIGH', resourceIds: [pool] })
    const told = { reference: incident.reference, title: 'The pool is dry', severity: 'HIGH', status: 'TRIAGE' }
    expect(await ask(app, 'pool')).toMatchObject({ decision: 'HOLD', certain: true, incident: told, path: ['pool'] })
    expect(await ask(app, 's3://lake/orders?')).toEqual({
      decision: 'HOLD',
      certain: true,
      resource: 's3://lake/orders?',
      incident: told,
      reason: `It lies downstream of what is affected by ${incident.reference} (SEV-2, TRIAGE): The pool is dry`,
      path: ['pool', 'queue', 's3://lake/orders?']
    })
    expect(await askGraphql(app.admin, 's3://lake/orders?')).toMatchObject({
      decision: 'HOLD',
      confidence: 'CERTAIN',
      incident: { reference: incident.reference },
      path: [
        { upstream: { externalId: 'pool' }, downstream: { externalId: 'queue' }, kind: 'BELONGS_TO', source: 'USER', confidence: 'CERTAIN' },
        { upstream: { externalId: 'queue' }, downstream: { externalId: 's3://lake/orders?' }, kind: 'BELONGS_TO', source: 'USER', confidence: 'CERTAIN' }
      ]
    })
    expect(await ask(app, 'beside')).toMatchObject({ decision: 'ALLOW', certain: true })

    let now = await take(app.admin, incident, ['unlinkResources', { resourceIds: [pool] }])
    expect(await ask(app, 'queue')).toMatchObject({ decision: 'ALLOW', certain: true })
    now = await take(app.admin, now, ['linkResources', { resourceIds: [pool] }])
    expect(await ask(app, 'queue')).toMatchObject({ decision: 'HOLD' })
    now = await take(app.admin, now, 'resolveIncident')
    expect(await ask(app, 'queue')).toMatchObject({ decision: 'ALLOW', certain: true })
    now = await take(app.admin, now, 'reopenIncident')
    expect(await ask(app, 'queue')).toMatchObject({ decision: 'HOLD', incident: { status: 'INVESTIGATING' } })
    now = await take(app.admin, now, ['changeIncidentStatus', { status: 'IDENTIFIED' }])
    expect(await ask(app, 'queue')).toMatchObject({ decision: 'HOLD', incident: { status: 'IDENTIFIED' } })
    now = await take(app.admin, now, ['changeIncidentStatus', { status: 'MONITORING' }])
    expect(await ask(app, 'queue')).toMatchObject({ decision: 'ALLOW', certain: true })
    await take(app.admin, now, 'cancelIncident')
    expect(await ask(app, 'queue')).toMatchObject({ decision: 'ALLOW', certain: true })
  })

  it('names the most severe of the incidents that affect the same, and the older of equally severe ones', async () => {
    const low = await declare(app.admin, { severity: 'LOW', resourceIds: [pool] })
    const high = await declare(app.admin, { severity: 'HIGH', resourceIds: [pool] })
    const later = await declare(app.admin, { severity: 'HIGH', resourceIds: [pool] })
    expect((await ask(app, 'queue')).incident?.reference).toBe(high.reference)
    await take(app.admin, high, 'cancelIncident')
    expect((await ask(app, 'queue')).incident?.reference).toBe(later.reference)
    await take(app.admin, later, 'cancelIncident')
    expect((await ask(app, 'queue')).incident?.reference).toBe(low.reference)
    await take(app.admin, low, 'cancelIncident')
  })

  it('does not hold what only may depend on what is affected', async () => {
    const [loose] = await idsOf(app.admin, { externalId: 'loose', belongsTo: ['beside'] })
    await app.database.prisma.dependency.updateMany({ where: { downstream: { externalId: 'loose' } }, data: { confidence: 'POSSIBLE' } })
    await idsOf(app.admin, { externalId: 'loose' })
    await addResources(app.admin, { kind: 'CUSTOM', externalId: 'loose', name: 'Loose end' })
    const { resource } = await app.admin.run<{ resource: { id: string } }>('{ resource(externalId: "beside") { id } }')
    const incident = await declare(app.admin, { resourceIds: [resource.id] })
    expect(await ask(app, 'beside')).toMatchObject({ decision: 'HOLD' })
    expect(await ask(app, 'loose')).toMatchObject({ decision: 'ALLOW', certain: true })
    await app.database.prisma.dependency.updateMany({ where: { downstream: { externalId: 'loose' } }, data: { confidence: 'LIKELY' } })
    await addResources(app.admin, { kind: 'CUSTOM', externalId: 'loose', name: 'Looser end' })
    expect(await ask(app, 'loose')).toMatchObject({ decision: 'HOLD' })
    expect(loose).toBeDefined()
    await take(app.admin, incident, 'cancelIncident')
  })

  it('answers for a run by what it belongs to, and for a task run by its flow run', async () => {
    const [job] = await idsOf(app.admin, { externalId: 'job', belongsTo: ['queue'] })
    await addResources(
      app.admin,
      { kind: 'FLOW_RUN', externalId: 'run', name: 'run', belongsTo: ['job'] },
      { kind: 'TASK_RUN', externalId: 'task', name: 'task', belongsTo: ['run'] },
      { kind: 'FLOW_RUN', externalId: 'strange run', name: 'strange run', belongsTo: ['beside'] }
    )
    expect(await ask(app, 'task')).toMatchObject({ decision: 'ALLOW', certain: true })
    const onPool = await declare(app.admin, { resourceIds: [pool] })
    const reason = `It lies downstream of what is affected by ${onPool.reference} (SEV-3, TRIAGE): Orders are late`
    expect(await ask(app, 'run')).toMatchObject({ decision: 'HOLD', certain: true, reason, path: ['pool', 'queue', 'job', 'run'] })
    expect(await ask(app, 'task')).toMatchObject({ decision: 'HOLD', certain: true, reason, path: ['pool', 'queue', 'job', 'run', 'task'] })
    const onJob = await declare(app.admin, { severity: 'LOW', resourceIds: [job as string] })
    expect(await ask(app, 'task')).toMatchObject({ incident: { reference: onJob.reference }, path: ['job', 'run', 'task'] })
    const { resource } = await app.admin.run<{ resource: { id: string } }>('{ resource(externalId: "task") { id } }')
    const onTask = await declare(app.admin, { resourceIds: [resource.id] })
    expect(await ask(app, 'task')).toMatchObject({ incident: { reference: onTask.reference }, path: ['task'] })
    expect(await ask(app, 'run')).toMatchObject({ incident: { reference: onJob.reference } })
    expect(await ask(app, 'strange run')).toMatchObject({ decision: 'ALLOW', certain: true })
    for (const each of [onPool, onJob, onTask]) await take(app.admin, each, 'cancelIncident')
    expect(await ask(app, 'task')).toMatchObject({ decision: 'ALLOW', certain: true })
  })

  it('lets what it does not know run, and says that it does not know', async () => {
    expect(await ask(app, 'prefect.deployment.nowhere')).toEqual({
      decision: 'ALLOW',
      certain: false,
      resource: 'prefect.deployment.nowhere',
      incident: null,
      reason: 'Mayday does not know this resource, and the gate fails open.',
      path: null
    })
    expect(await askGraphql(app.admin, 'prefect.deployment.nowhere')).toMatchObject({ decision: 'ALLOW', certain: false, resource: null })
  })

  it('answers a viewer, and each workspace by itself', async () => {
    const viewer = await clientAs(app.admin, 'VIEWER')
    const elsewhere = await otherWorkspace(app.admin)
    const incident = await declare(app.admin, { resourceIds: [pool] })
    expect(await ask(app, 'queue', viewer.key)).toMatchObject({ decision: 'HOLD' })
    const { createApiKey } = await elsewhere.run<{ createApiKey: { secret: string } }>(
      'mutation { createApiKey(input: {name: "theirs", role: VIEWER}) { secret } }'
    )
    expect(await ask(app, 'queue', createApiKey.secret)).toEqual(expect.objectContaining({ decision: 'ALLOW', certain: false, incident: null }))
    const [theirs] = await idsOf(elsewhere, { externalId: 'queue' })
    expect(await ask(app, 'queue', createApiKey.secret)).toMatchObject({ decision: 'ALLOW', certain: true })
    await declare(elsewhere, { title: 'Theirs', resourceIds: [theirs as string] })
    expect(await ask(app, 'queue', createApiKey.secret)).toMatchObject({ decision: 'HOLD', incident: { title: 'Theirs' } })
    expect(await ask(app, 'queue')).toMatchObject({ incident: { title: 'Orders are late' } })
    await take(app.admin, incident, 'cancelIncident')
  })

  it('refuses what is no question, with the reason', async () => {
    for (const method of ['HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const response = await send(app, 'queue', { method, headers: { authorization: `Bearer ${key(app)}` } })
      expect({ method, status: response.status, allow: response.headers.get('allow') }).toEqual({ method, status: 405, allow: 'GET' })
    }
    expect((await fetch(`${app.url}/gate/queue`)).status).toBe(401)
    expect(await (await fetch(`${app.url}/gate/queue`)).json()).toMatchObject({ reason: 'CREDENTIAL_MISSING' })
    const unknown = await send(app, 'queue', { key: `mayday_${'z'.repeat(43)}` })
    expect([unknown.status, await unknown.json()]).toEqual([401, { error: 'This API key is not valid here.', reason: 'CREDENTIAL_INVALID' }])
    const other = await send(app, 'queue', { headers: { authorization: `Bearer ${key(app)}`, 'mayday-workspace': randomUUID() } })
    expect([other.status, await other.json()]).toMatchObject([401, { reason: 'NOT_A_MEMBER' }])
    for (const path of ['/gate', '/gate/', '/gate/%20', '/gate/%zz', `/gate/${'x'.repeat(301)}`]) {
      const response = await fetch(`${app.url}${path}`, { headers: { authorization: `Bearer ${key(app)}` } })
      expect([path, response.status]).toEqual([path, 400])
      expect(((await response.json()) as { error: string }).error).toMatch(/external ?id/i)
    }
    const answer = await app.admin.ask(canRun, { externalId: ' ' })
    expect(answer.errors?.[0]).toMatchObject({ message: 'externalId: must not be empty', extensions: { code: 'BAD_USER_INPUT' } })
    expect((await fetch(`${app.url}/gates/queue`)).status).toBe(404)
  })

  it('stops answering a key that is revoked', async () => {
    const viewer = await clientAs(app.admin, 'VIEWER')
    expect((await send(app, 'queue', { key: viewer.key })).status).toBe(200)
    await app.admin.run(`mutation { revokeApiKey(id: "${viewer.keyId}") { __typename } }`)
    expect((await send(app, 'queue', { key: viewer.key })).status).toBe(401)
  })

  it('asks the database for nothing once it is warm', async () => {
    const incident = await declare(app.admin, { resourceIds: [pool] })
    await ask(app, 'queue')
    const { lastUsedAt } = await app.database.prisma.actor.findFirstOrThrow({ where: { id: app.workspace.keyId } })
    // The figures of the incident's impact are being counted as well, so that not every round is undisturbed.
    await vi.waitFor(async () => {
      using statements = watchStatements(app.database)
      for (const externalId of ['pool', 'queue', 'beside', 'nowhere']) await ask(app, externalId)
      // Without the resource and the incident, which are read like any others.
      await app.admin.run('{ canRun(externalId: "queue") { decision certain reason confidence path { kind } } }')
      expect(statements.texts).toEqual([])
    })
    expect((await app.database.prisma.actor.findFirstOrThrow({ where: { id: app.workspace.keyId } })).lastUsedAt).toEqual(lastUsedAt)
    await take(app.admin, incident, 'cancelIncident')
  })
})

it('every node holds within a second of the declaration, and lets go within a second of the resolution', async () => {
  await using one = await startOnServer()
  await using other = await startOnServer({ databaseUrl: one.databaseUrl as string })
  const [pool] = await idsOf(one.admin, { externalId: 'pool' }, { externalId: 'queue', belongsTo: ['pool'] })
  await vi.waitFor(async () => expect(await ask(other, 'queue')).toMatchObject({ decision: 'ALLOW', certain: true }))
  let incident = await declare(one.admin, { resourceIds: [pool as string] })
  const soon = { timeout: 1_000, interval: 10 }
  await vi.waitFor(async () => expect(await ask(other, 'queue')).toMatchObject({ decision: 'HOLD', incident: { reference: 'INC-1' } }), soon)
  const late = { ...incident, ...(await take(one.admin, incident, 'resolveIncident')) }
  incident = late
  await vi.waitFor(async () => expect(await ask(other, 'queue')).toMatchObject({ decision: 'ALLOW', certain: true }), soon)
  // Also for whoever asks the other node by GraphQL.
  await take(one.admin, incident, 'reopenIncident')
  await vi.waitFor(async () => expect(await askGraphql(new Client(other.url, key(other)), 'queue')).toMatchObject({ decision: 'HOLD' }), soon)
})
