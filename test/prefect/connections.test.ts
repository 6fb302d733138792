// Connecting servers by the API, and how they stand, as a client sees it.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmbedded, startOnServer, type TestApp } from '../kit/app.ts'
import { otherWorkspace } from '../kit/seed.ts'
import { watchStatements } from '../kit/statements.ts'
import { cloudKey, connect, connectionOf, disconnect, listed, one, secret, standing, update } from './connected.ts'
import { FakePrefect } from './fake-prefect.ts'
import { eventually } from './followed.ts'
import type { Row } from './recorded.ts'

let app: TestApp
let fake: FakePrefect

beforeAll(async () => {
  fake = await FakePrefect.start()
  app = await startEmbedded({ environment: { MAYDAY_SECRET: secret }, clock: () => fake.now() })
})

afterAll(async () => {
  await app[Symbol.asyncDispose]()
  await fake[Symbol.asyncDispose]()
})

describe('a connection', () => {
  it('is followed soon after it is made, and says how it stands', async () => {
    fake.key = cloudKey
    const { answer } = await connect(app.admin, { name: ' Platform ', apiUrl: `${fake.apiUrl}/`, apiKey: cloudKey })
    expect(answer).toMatchObject({ __typename: 'PrefectServerPayload', connection: { name: 'Platform', apiUrl: fake.apiUrl, origin: 'API', version: 1 } })
    const id = answer?.connection.id ?? ''
    const live = await eventually(
      () => one(app.admin, id),
      ({ state }) => state === 'LIVE'
    )
    expect(live).toMatchObject({ error: null, lastSyncAt: expect.any(String) })
    const event = { ...fake.events[0], id: randomUUID(), occurred: fake.now().toISOString() } as (typeof fake.events)[number]
    fake.happen(event)
    expect(
      await eventually(
        () => one(app.admin, id),
        ({ lag }) => lag !== null
      )
    ).toMatchObject({ lastEventAt: event.occurred, lag: expect.stringMatching(/^PT\d/) })
    const { resource } = await app.admin.run<{ resource: { connection: { id: string } } }>(
      '{ resource(externalId: "prefect.deployment.31704a22-7ec1-4ea4-ad86-c0b901f4ca03") { connection { id } } }'
    )
    expect(resource.connection.id).toBe(id)
    await disconnect(app.admin, id)
    using watched = watchStatements(app.database)
    expect(await one(app.admin, id)).toMatchObject({ state: 'STOPPED', error: null, version: 2 })
    // How it stands and which version that is come from one look, or they could be of different times.
    expect(watched.texts.filter((text) => text.includes('FROM prefect_server s'))).toHaveLength(1)
    await eventually(
      async () => fake.streams,
      (streams) => streams === 0
    )
    fake.key = undefined
  })

  it('takes user and password as a self-hosted server has them', async () => {
    fake.key = 'admin:pass:word'
    await standing(app.admin, { apiUrl: fake.apiUrl, apiKey: 'admin:pass:word' }, 'LIVE')
    fake.key = undefined
  })

  it('never tells its key, in answers, changes or the log', async () => {
    fake.key = cloudKey
    await standing(app.admin, { apiUrl: fake.apiUrl, apiKey: 'pnu_wrong_9876543210' }, 'FAILING')
    fake.key = undefined
    const everything = JSON.stringify([
      await listed(app.admin),
      await app.admin.run('{ changes(last: 20) { nodes { kind message data } } }'),
      await app.database.prisma.change.findMany({ select: { data: true, text: true } }),
      app.logged
    ])
    expect(everything).toContain('CONNECTION_CREATED')
    expect(everything).not.toMatch(/pnu_|9876543210/)
    const rows = await app.database.prisma.prefectServer.findMany()
    for (const { sealedKey } of rows) expect(Buffer.from(sealedKey ?? []).toString('latin1')).not.toContain('pnu_')
  })
})

it('is begun anew with another key or address, and forgets how far the events of the other were read', async () => {
  fake.key = cloudKey
  const { answer } = await connect(app.admin, { name: 'Wrong', apiUrl: fake.apiUrl, apiKey: 'pnu_wrong' })
  const { id, version } = connectionOf(answer)
  const seen = (state: string) =>
    eventually(
      () => one(app.admin, id),
      (connection) => connection.state === state
    )
  await seen('FAILING')
  expect((await update(app.admin, { connectionId: id, version, apiKey: cloudKey })).answer).toMatchObject({
    connection: { state: 'CONNECTING', error: null }
  })
  expect(await seen('LIVE')).toMatchObject({ error: null, version: version + 1 })
  await using another = await FakePrefect.start()
  another.key = cloudKey
  const moved = await update(app.admin, { connectionId: id, version: version + 1, apiUrl: another.apiUrl, apiKey: cloudKey })
  expect(moved.answer).toMatchObject({ connection: { state: 'CONNECTING', lastSyncAt: null } })
  await seen('LIVE')
  expect(another.streams).toBe(1)
  await disconnect(app.admin, id)
  fake.key = undefined
})

it('goes on when the server is connected anew, and finds what went meanwhile', async () => {
  await using server = await FakePrefect.start()
  await using fresh = await startEmbedded({ clock: () => server.now() })
  const { prisma } = fresh.database
  const theirs = await otherWorkspace(fresh.admin)
  const { id } = connectionOf((await connect(fresh.admin, { name: 'Prefect', apiUrl: server.apiUrl })).answer)
  const isLive = () =>
    eventually(
      () => one(fresh.admin, id),
      ({ state }) => state === 'LIVE'
    )
  await isLive()
  const scheduled = { state: 'SCHEDULED', startedAt: null } as const
  const before = await prisma.run.count({ where: scheduled })
  expect(before).toBeGreaterThan(40)
  await disconnect(fresh.admin, id)
  expect(await prisma.run.count({ where: scheduled })).toBe(0)
  await eventually(
    async () => server.streams,
    (streams) => streams === 0
  )
  expect(await prisma.run.count({ where: scheduled })).toBe(0)

  const [deployment] = server.lists.deployments.splice(0, 1) as [Row]
  const running = server.lists.flow_runs.find(({ state }) => state.type === 'RUNNING') as Row
  server.lists.flow_runs = server.lists.flow_runs.filter(({ id: runId, deployment_id }) => runId !== running.id && deployment_id !== deployment.id)
  const gone = () => prisma.resource.findFirstOrThrow({ where: { externalId: `prefect.deployment.${deployment.id}` } })
  const { answer } = await connect(fresh.admin, { name: 'Anew', apiUrl: server.apiUrl })
  expect(answer).toMatchObject({ connection: { id, name: 'Anew', version: 3, state: 'CONNECTING', error: null } })
  await isLive()
  expect(await gone()).toMatchObject({ goneAt: expect.any(Date), connectionId: (await prisma.prefectServer.findFirstOrThrow()).id })
  expect(await prisma.run.findFirst({ where: { externalId: `prefect.flow-run.${running.id}` } })).toMatchObject({ state: 'CANCELLED', stateName: 'Deleted' })
  expect(await prisma.run.count({ where: { ...scheduled, resourceId: { not: (await gone()).id } } })).toBeGreaterThan(40)
  expect(await prisma.run.count({ where: { ...scheduled, resourceId: (await gone()).id } })).toBe(0)
  const recorded = await prisma.change.findMany({ where: { kind: { startsWith: 'connection.' } }, orderBy: { sequence: 'asc' } })
  expect(recorded.map(({ kind }) => kind)).toEqual(['connection.created', 'connection.removed', 'connection.created'])

  // What another workspace had, or has, is nothing to it.
  await disconnect(fresh.admin, id)
  const elsewhere = connectionOf((await connect(theirs, { name: 'Theirs', apiUrl: server.apiUrl })).answer)
  expect(elsewhere).toMatchObject({ version: 1 })
  expect(elsewhere.id).not.toBe(id)
  expect(await listed(fresh.admin)).toMatchObject([{ id, name: 'Anew', state: 'STOPPED' }])
  await disconnect(theirs, elsewhere.id)
})

describe('what is refused', () => {
  it.each([
    ['another protocol', { apiUrl: 'ftp://prefect/api' }, 'input.apiUrl: must be an http or https address'],
    ['no address', { apiUrl: 'prefect' }, 'input.apiUrl: must be an http or https address'],
    ['credentials in the address', { apiUrl: 'http://ada:pw@prefect/api' }, 'input.apiUrl: must have no user, password, query or fragment'],
    ['a query in the address', { apiUrl: 'http://prefect/api?key=1' }, 'input.apiUrl: must have no user, password, query or fragment'],
    ['a long address', { apiUrl: `http://prefect/${'a'.repeat(2_000)}` }, 'input.apiUrl: must have at most 2000 characters'],
    ['no name', { name: ' ' }, 'input.name: must not be empty'],
    ['a key that breaks a header', { apiKey: 'one\r\ntwo: three' }, 'input.apiKey: must be printable ASCII without spaces, as it is sent in a header']
  ])('%s', async (_what, input, error) => {
    const before = (await listed(app.admin)).length
    expect(await connect(app.admin, { name: 'Prefect', apiUrl: 'http://prefect.test/api', ...input })).toMatchObject({ error })
    expect(await listed(app.admin)).toHaveLength(before)
  })

  it('the same address twice, an edit on an old version, an edit of one that has ended', async () => {
    const { answer } = await connect(app.admin, { name: 'Once', apiUrl: 'http://127.0.0.1:9/api', idempotencyKey: 'once' })
    const { id, version } = connectionOf(answer)
    expect((await connect(app.admin, { name: 'Once', apiUrl: 'http://127.0.0.1:9/api', idempotencyKey: 'once' })).answer?.connection.id).toBe(id)
    expect((await connect(app.admin, { name: 'Twice', apiUrl: 'http://127.0.0.1:9/api/' })).answer).toMatchObject({ __typename: 'NotAllowedError' })
    const other = connectionOf((await connect(app.admin, { name: 'Other', apiUrl: 'http://127.0.0.1:9/other' })).answer)
    const toTheSame = { connectionId: other.id, version: other.version, apiUrl: 'http://127.0.0.1:9/api' }
    expect((await update(app.admin, toTheSame)).answer).toMatchObject({ __typename: 'NotAllowedError' })
    await disconnect(app.admin, other.id)
    expect((await update(app.admin, { connectionId: id, version, name: 'Once more' })).answer).toMatchObject({ connection: { name: 'Once more', version: 2 } })
    expect((await update(app.admin, { connectionId: id, version, name: 'Late' })).answer).toMatchObject({ __typename: 'VersionConflictError' })
    await disconnect(app.admin, id)
    expect((await update(app.admin, { connectionId: id, version: 3, name: 'Later' })).answer).toMatchObject({ __typename: 'NotAllowedError' })
    expect((await disconnect(app.admin, id)).disconnectPrefectServer).toMatchObject({ __typename: 'NotAllowedError' })
  })

  it('to send a key to another address than the one it was given for', async () => {
    const { answer } = await connect(app.admin, { name: 'Moves', apiUrl: 'http://127.0.0.1:9/api', apiKey: cloudKey })
    const { id, version } = connectionOf(answer)
    const moved = { connectionId: id, version, apiUrl: 'http://127.0.0.1:9/elsewhere' }
    expect((await update(app.admin, moved)).error).toContain('input.apiKey: must be given again with another address')
    expect((await update(app.admin, { ...moved, apiKey: cloudKey })).answer).toMatchObject({
      connection: { apiUrl: 'http://127.0.0.1:9/elsewhere', version: version + 1 }
    })
    await disconnect(app.admin, id)
  })
})

it('takes no key without a secret to keep it under', async () => {
  await using plain = await startEmbedded()
  const { error } = await connect(plain.admin, { name: 'Prefect', apiUrl: 'http://127.0.0.1:9/api', apiKey: cloudKey })
  expect(error).toContain('input.apiKey: can be kept only where MAYDAY_SECRET is set')
})

it('says that a key cannot be read once the secret is another', async () => {
  const first = await startOnServer({ environment: { MAYDAY_SECRET: secret } })
  const { answer } = await connect(first.admin, { name: 'Prefect', apiUrl: 'http://127.0.0.1:9/api', apiKey: cloudKey })
  await first[Symbol.asyncDispose]()
  await using second = await startOnServer({ databaseUrl: first.databaseUrl ?? '', environment: { MAYDAY_SECRET: secret.toUpperCase() } })
  const seen = await eventually(
    () => one(second.admin, answer?.connection.id ?? ''),
    ({ error }) => error?.includes('MAYDAY_SECRET') ?? false
  )
  expect(seen).toMatchObject({ state: 'FAILING', error: expect.stringContaining('is another than when it was stored') })
})
