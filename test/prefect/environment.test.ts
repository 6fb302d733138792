// The server that the environment names: it is followed as long as it is named, and is one connection with what was there.
import { expect, it } from 'vitest'
import { followEnvironment } from '../../src/prefect/environment.ts'
import { startEmbedded, startOnServer } from '../kit/app.ts'
import { cloudKey, connect, connectionOf, disconnect, listed, secret, update } from './connected.ts'
import { FakePrefect } from './fake-prefect.ts'
import { eventually } from './followed.ts'

it('follows the server that the environment names, until it names none', async () => {
  await using fake = await FakePrefect.start()
  fake.key = cloudKey
  const environment = { MAYDAY_PREFECT_API_URL: fake.apiUrl, MAYDAY_PREFECT_API_KEY: cloudKey }
  const clock = () => fake.now()
  const first = await startOnServer({ environment, clock })
  const [connection] = await eventually(
    () => listed(first.admin),
    ([each]) => each?.state === 'LIVE'
  )
  expect(connection).toMatchObject({ origin: 'ENVIRONMENT', apiUrl: fake.apiUrl, error: null })
  expect((await update(first.admin, { connectionId: connection?.id, version: 1, name: 'Mine' })).answer).toMatchObject({
    __typename: 'NotAllowedError',
    message: expect.stringContaining('MAYDAY_PREFECT_API_URL')
  })
  expect((await disconnect(first.admin, connection?.id ?? '')).disconnectPrefectServer.__typename).toBe('NotAllowedError')
  await first[Symbol.asyncDispose]()
  await using again = await startOnServer({ databaseUrl: first.databaseUrl ?? '', environment, clock })
  await eventually(
    async () => fake.streams,
    (streams) => streams === 1
  )
  expect(await listed(again.admin)).toMatchObject([{ id: connection?.id, version: 1 }])
  expect(await again.database.prisma.run.count({ where: { stateName: 'Foreseen' } })).toBeGreaterThan(40)
  await again.app.stop()
  await using without = await startOnServer({ databaseUrl: first.databaseUrl ?? '', clock })
  expect(
    await eventually(
      () => listed(without.admin),
      ([each]) => each?.state === 'STOPPED'
    )
  ).toMatchObject([{ id: connection?.id, version: 2 }])
  expect(await without.database.prisma.run.count({ where: { state: 'SCHEDULED', startedAt: null } })).toBe(0)
})

it('has one connection for an address and for the environment: it takes over, moves, and goes on', async () => {
  await using plain = await startEmbedded({ environment: { MAYDAY_SECRET: secret } })
  const become = async (apiUrl: string | undefined) => {
    await followEnvironment(plain.app.core, apiUrl)
    return (await listed(plain.admin)).map(
      (each) => `${each.id === id ? 'it' : 'another'} ${each.origin} ${each.apiUrl.slice(-3)} ${each.state === 'STOPPED' ? 'ended' : 'followed'}`
    )
  }
  const [one, two, old] = ['http://127.0.0.1:9/one', 'http://127.0.0.1:9/two', 'http://127.0.0.1:9/old']
  const { id } = connectionOf((await connect(plain.admin, { name: 'Mine', apiUrl: one, apiKey: cloudKey })).answer)
  const before = connectionOf((await connect(plain.admin, { name: 'Old', apiUrl: old })).answer)
  await disconnect(plain.admin, before.id)
  expect(await become(`${one}/`)).toEqual(['it ENVIRONMENT one followed', 'another API old ended'])
  expect((await plain.database.prisma.prefectServer.findFirstOrThrow({ where: { name: 'Mine' } })).sealedKey).toBeNull()
  expect(await become(two)).toEqual(['it ENVIRONMENT two followed', 'another API old ended'])
  expect(await become(old)).toEqual(['another ENVIRONMENT old followed', 'it ENVIRONMENT two ended'])
  expect(await become(undefined)).toEqual(['another ENVIRONMENT old ended', 'it ENVIRONMENT two ended'])
  expect(await become(two)).toEqual(['it ENVIRONMENT two followed', 'another ENVIRONMENT old ended'])
  const { changes } = await plain.admin.run<{ changes: { nodes: { kind: string; data: { fields?: string[] } }[] } }>(
    '{ changes(last: 20) { nodes { kind data } } }'
  )
  const recorded = changes.nodes.filter(({ kind }) => kind.startsWith('CONNECTION_')).map(({ kind, data }) => `${kind.slice(11)} ${data.fields ?? ''}`.trim())
  expect(recorded).toEqual(['CREATED', 'CREATED', 'REMOVED', 'UPDATED apiKey,origin', 'UPDATED apiUrl,name', 'REMOVED', 'CREATED', 'REMOVED', 'CREATED'])
})
