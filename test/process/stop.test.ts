// The process as an operator stops it: what runs may end, who listens is told, and then it is gone, in ten seconds at the most.
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, inject, it } from 'vitest'
import { adminKey } from '../kit/app.ts'
import { Client } from '../kit/client.ts'
import { createDatabase } from '../kit/postgres.ts'
import { createDataFolder, kill, type RunningProcess, startNode } from '../kit/process.ts'
import { RawSocket } from '../kit/raw-socket.ts'
import { comment, declare } from '../kit/seed.ts'

let folder: string
let node: RunningProcess & { url: string }

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mayday-process-'))
})

afterEach(async () => {
  if (node.child.exitCode === null) await kill(node)
  await rm(folder, { recursive: true, force: true })
})

const engines = {
  'an embedded database': async () => ({ MAYDAY_DATA: await createDataFolder(folder) }),
  'a PostgreSQL server': async () => ({ DATABASE_URL: await createDatabase(inject('postgresUrl'), inject('postgresTemplate')) })
}
const start = async (engine: keyof typeof engines) => startNode({ MAYDAY_ADMIN_KEY: adminKey, ...(await engines[engine]()) })

/** Tells the process to stop and gives the code it ended with, or that it did not within its ten seconds. */
async function stopped(signal: NodeJS.Signals = 'SIGTERM'): Promise<unknown> {
  node.child.kill(signal)
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise((resolve) => {
    timer = setTimeout(() => resolve('still running after 10 seconds'), 10_000)
  })
  return Promise.race([node.exited, patience]).finally(() => clearTimeout(timer))
}

const wall = 'subscription { incidents { incidents { title } } }'

it.each([
  ['SIGTERM', 'an embedded database'],
  ['SIGINT', 'a PostgreSQL server']
] as const)('ends on %s with 0, telling those on websockets to come back elsewhere, on %s', { timeout: 60_000 }, async (signal, engine) => {
  node = await start(engine)
  await using idle = await RawSocket.open(node.url, adminKey)
  await using following = await RawSocket.open(node.url, adminKey)
  expect(await following.ask('wall', { query: wall })).toHaveProperty('data')
  expect(await stopped(signal)).toBe(0)
  expect([await idle.closed, await following.closed]).toEqual([
    { code: 1001, reason: 'Going away' },
    { code: 1001, reason: 'Going away' }
  ])
  expect(node.stderr()).toBe('')
})

it('ends an open stream of events with a word that it may be resumed, and with it the process', { timeout: 60_000 }, async () => {
  node = await start('a PostgreSQL server')
  await using stream = await new Client(node.url, adminKey).stream(wall)
  expect(await stream.next()).toHaveProperty('data')
  const rest = stream.rest()
  expect(await stopped()).toBe(0)
  expect(await rest).toMatchObject([{ errors: [{ message: expect.stringContaining('Subscribe again'), extensions: { code: 'SERVICE_UNAVAILABLE' } }] }])
})

it('lets a mutation that runs end and be answered, and takes no new request meanwhile', { timeout: 60_000 }, async () => {
  const DATABASE_URL = await createDatabase(inject('postgresUrl'), inject('postgresTemplate'))
  node = await startNode({ DATABASE_URL, MAYDAY_ADMIN_KEY: adminKey })
  const client = new Client(node.url, adminKey)
  const { id } = await declare(client)
  await using socket = await RawSocket.open(node.url, adminKey)
  const blocker = new pg.Client({ connectionString: DATABASE_URL })
  await blocker.connect()
  await blocker.query('BEGIN')
  await blocker.query('SELECT FROM workspace FOR UPDATE')
  const answer = comment(client, id, 'In the last moment')
  await untilSomebodyWaits(blocker)
  const end = stopped()
  expect((await socket.closed).code).toBe(1001)
  await expect(fetch(`${node.url}/health/live`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
  await blocker.query('COMMIT')
  expect(await answer).toMatchObject({ body: 'In the last moment' })
  expect(await end).toBe(0)
  expect((await blocker.query('SELECT body FROM comment')).rows).toEqual([{ body: 'In the last moment' }])
  await blocker.end()
})

it('does not wait for those who never answer: a silent websocket, half a request, a connection kept for later', { timeout: 60_000 }, async () => {
  node = await start('a PostgreSQL server')
  const silent = await openRaw(
    'GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n'
  )
  const kept = await openRaw('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n')
  const half = connect(Number(new URL(node.url).port), '127.0.0.1')
  half.on('error', () => {})
  half.write('POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"query":')
  expect(await stopped()).toBe(0)
  for (const each of [silent, kept, half]) each.destroy()
})

/** Opens a connection, sends bytes, and comes back when the first answer is there. */
async function openRaw(bytes: string) {
  const socket = connect(Number(new URL(node.url).port), '127.0.0.1')
  socket.on('error', () => {})
  socket.write(bytes)
  await new Promise((resolve) => socket.once('data', resolve))
  return socket
}

async function untilSomebodyWaits(client: pg.Client): Promise<void> {
  const waiting = () => client.query(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
  while ((await waiting()).rowCount === 0) await new Promise((resolve) => setImmediate(resolve))
}
