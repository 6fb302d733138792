import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDatabase } from '../../src/database/database.ts'
import { startEmbedded, startOnServer } from '../kit/app.ts'
import { createDatabase, createPostgresServer, type PostgresServer } from '../kit/postgres.ts'
import { declare } from '../kit/seed.ts'

let server: PostgresServer

beforeAll(async () => {
  server = await createPostgresServer()
  await server.start()
})

afterAll(() => server.remove())

const ask = async (url: string, path: string) => {
  const response = await fetch(`${url}${path}`)
  return { status: response.status, body: await response.json() }
}
const ready = { status: 200, body: { status: 'ready' } }
const notReady = { status: 503, body: { status: 'not ready' } }
const live = { status: 200, body: { status: 'live' } }

it('is live and ready on the embedded database', async () => {
  await using app = await startEmbedded()
  expect([await ask(app.url, '/health/live'), await ask(app.url, '/health/ready')]).toEqual([live, ready])
})

it('stays live while the database is away, is not ready then, and is again when it is back', async () => {
  await using app = await startOnServer({ databaseUrl: await migratedDatabase(), environment: { MAYDAY_HEARTBEAT_MS: '100' } })
  await declare(app.admin)
  await using wall = app.admin.follow<{ incidents: { incidents: { title: string }[] } }>('subscription { incidents { incidents { title } } }')
  await wall.next()
  expect(await ask(app.url, '/health/ready')).toEqual(ready)
  await server.stop()
  expect([await ask(app.url, '/health/live'), await ask(app.url, '/health/ready')]).toEqual([live, notReady])
  await server.start()
  await expect.poll(() => ask(app.url, '/health/ready'), { timeout: 20_000 }).toEqual(ready)
  await declare(app.admin, { title: 'After the night' })
  await wall.until(({ incidents }) => incidents.incidents.some(({ title }) => title === 'After the night'))
})

async function migratedDatabase(): Promise<string> {
  const url = await createDatabase(server.url)
  await (await openDatabase({ DATABASE_URL: url, MAYDAY_DATA: '', MAYDAY_POOL_SIZE: 2 }, async () => {})).close()
  return url
}
