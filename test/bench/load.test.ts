// That the load sees what any client sees, and that it would say so if an answer were wrong.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { adminKey, quiet, startEmbedded, type TestApp } from '../kit/app.ts'
import { type Message, RawSocket } from '../kit/raw-socket.ts'
import { fill } from './fill/fill.ts'
import { Changes } from './load/changes.ts'
import { Connection, requestBytes } from './load/connection.ts'
import { markOf, newestMark } from './load/mark.ts'
import { push, pushFigures } from './load/push.ts'
import { Walls } from './load/walls.ts'
import { textFrame, Websocket } from './load/websocket.ts'
import { measurePeer } from './measure/peer.ts'
import { whileChanging } from './measure/reads.ts'
import { distinctWalls, followWall, type Operations, prepareOperations, requestBody } from './operations.ts'
import { readOptions } from './options.ts'
import { maydayTarget, type Target } from './target.ts'

const sizes = { incidents: 60, active: 40, comments: 400, changes: 1_200, resources: 60 }
const json = { 'content-type': 'application/json' }
const measured = { usage: async () => ({ cpu: process.cpuUsage().user / 1e6, workersCpu: 0, memory: process.memoryUsage(), peak: 0 }) }

let app: TestApp
let target: Target
let operations: Operations

beforeAll(async () => {
  app = await startEmbedded(quiet)
  await fill(app.database, { id: app.workspace.workspaceId, keyId: app.workspace.keyId }, sizes)
  target = maydayTarget(app.url, adminKey)
  operations = await prepareOperations(app.admin)
})

afterAll(() => app[Symbol.asyncDispose]())

describe('the lean websocket', () => {
  test('reads texts of every length, however they come in pieces, and keeps the start of each', async () => {
    await using server = await startSockets((socket) => {
      socket.on('message', (data) => {
        const texts = (JSON.parse(String(data)) as number[]).map((length) => 'x'.repeat(length))
        for (const text of texts) socket.send(text)
      })
    })
    const lengths = [0, 1, 125, 126, 127, 0, 65_535, 65_536, 65_537, 300_000, 3, ...Array.from({ length: 400 }, (_, index) => index * 7)]
    const got: [string, number][] = []
    const all = Promise.withResolvers<void>()
    const socket = await Websocket.open(server.url, 'graphql-transport-ws', {}, 5, {
      text(kept, size) {
        got.push([String(kept), size])
        if (got.length === lengths.length) all.resolve()
      },
      broken: (reason) => all.reject(new Error(reason))
    })
    socket.send(textFrame(JSON.stringify(lengths)))
    await all.promise
    socket.close()
    expect(got).toEqual(lengths.map((length) => ['x'.repeat(Math.min(5, length)), length]))
  })

  test('answers a ping, and tells why it was closed', async () => {
    const ponged = Promise.withResolvers<string>()
    await using server = await startSockets((socket) => {
      socket.on('pong', (data) => {
        ponged.resolve(String(data))
        socket.close(4403, 'Not you')
      })
      socket.ping('are you there?')
    })
    const broken = Promise.withResolvers<string>()
    await Websocket.open(server.url, 'graphql-transport-ws', {}, 100, { text: () => {}, broken: broken.resolve })
    expect(await ponged.promise).toBe('are you there?')
    expect(await broken.promise).toBe('the server closed it: 4403 Not you')
  })

  test('says so when the server wants none', async () => {
    await expect(Websocket.open(`${app.url}/elsewhere`, 'graphql-transport-ws', {}, 100, { text: () => {}, broken: () => {} })).rejects.toThrow('404 Not Found')
  })

  test('gets the very frames that a proper client gets', async () => {
    await using proper = await RawSocket.open(app.url, adminKey)
    proper.send({ id: '1', type: 'subscribe', payload: followWall })
    const isNext = ({ type }: Message) => type === 'next'
    await proper.first(isNext)
    const texts: string[] = []
    let arrived = Promise.withResolvers<void>()
    const lean = await Websocket.open(`${app.url}/graphql`, 'graphql-transport-ws', {}, Number.POSITIVE_INFINITY, {
      text(kept) {
        texts.push(String(kept))
        arrived.resolve()
        arrived = Promise.withResolvers()
      },
      broken: (reason) => texts.push(reason)
    })
    lean.send(textFrame(JSON.stringify({ type: 'connection_init', payload: target.headers })))
    while (texts.length < 1) await arrived.promise
    lean.send(textFrame(JSON.stringify({ id: '1', type: 'subscribe', payload: followWall })))
    while (texts.length < 2) await arrived.promise
    using changes = new Changes(target, operations.commentOnWall)
    for (let count = 1; count <= 3; count++) {
      const { mark } = await changes.make()
      while (texts.length < count + 2) await arrived.promise
      await proper.first((message) => isNext(message) && JSON.stringify(message).includes(mark))
    }
    lean.close()
    const [ack, ...frames] = texts.map((text) => JSON.parse(text) as Message)
    expect(ack?.type).toBe('connection_ack')
    expect(frames).toHaveLength(4)
    expect(frames).toEqual(proper.heard.filter(isNext))
  })
})

test('walls account for every change, also those with different subscriptions', async () => {
  using walls = new Walls(target)
  const different = distinctWalls(6)
  await walls.open(12, (index) => different[index % 6] as (typeof different)[number])
  using changes = new Changes(target, operations.commentOnWall)
  const figures = pushFigures(await push(measured, [walls], changes, (all, made) => all.atOnce(20, 4, made)))
  expect(figures).toMatchObject({ delivered: 100, p50: expect.any(Number) })
  expect(new Set(walls.received.map(({ places }) => places.at(-1))).size).toBe(1)
})

test('a change that reaches only some walls shows in what was delivered', async () => {
  using walls = new Walls(target)
  const incidentId = operations.comment.variables[0]?.input.incidentId
  const elsewhere = { query: 'subscription ($incidentId: ID!) { comments(incidentId: $incidentId) { cursor } }', variables: { incidentId } }
  await walls.open(4, (index) => (index === 0 ? elsewhere : followWall))
  using changes = new Changes(target, operations.commentOnWall)
  // Three of four, since the other one never will.
  walls.reached = async (place) => {
    while (walls.received.filter(({ places }) => (places.at(-1) ?? 0) >= place).length < 3) await new Promise((resolve) => setImmediate(resolve))
    return false
  }
  const figures = pushFigures(await push(measured, [walls], changes, (all, made) => all.atOnce(4, 1, made)))
  expect(figures.delivered).toBe(75)
})

test('a stale answer stops the bench, a fresh one does not', async () => {
  const forward = async (body: string) => (await fetch(`${app.url}/graphql`, { method: 'POST', headers: { ...json, ...target.headers }, body })).text()
  const old = await forward(requestBody(operations.wall, {}))
  async function run(isStale: boolean): Promise<void> {
    const looked = Promise.withResolvers<void>()
    await using between = await startServer(async (body) => {
      const isLook = body.includes('query Wall')
      const answer = isLook && isStale ? old : await forward(body)
      if (isLook) looked.resolve()
      return answer
    })
    await whileChanging({ ...target, url: between.url }, operations, () => looked.promise)
  }
  await expect(run(false)).resolves.toBeUndefined()
  await expect(run(true)).rejects.toThrow('stale')
})

test.each([
  ['tells its length', true],
  ['tells by its end, as some servers do', false]
])('an answer in pieces that %s is taken whole, and so is the next on its connection', async (_how, tellsLength) => {
  const pieces = ['{"data":', `"${'x'.repeat(500_000)}`, '"}']
  await using server = await listening(
    createServer(async (_request, response) => {
      if (tellsLength) response.setHeader('content-length', pieces.join('').length)
      for (const piece of pieces) await new Promise((sent) => response.write(piece, sent))
      response.end()
    })
  )
  const connection = await Connection.open(server.url)
  for (let times = 0; times < 2; times++) {
    const answer = await connection.ask(requestBytes(server.url, '/', {}, '{}'))
    const body = answer.subarray(answer.indexOf('\r\n\r\n') + 4).toString()
    if (tellsLength) expect(body).toBe(pieces.join(''))
    else expect(body).toBe(`${pieces.map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`).join('')}0\r\n\r\n`)
  }
  connection.close()
})

test('another server is measured by documents of its own, its frames told apart by the marks in them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mayday-peer-'))
  const file = join(folder, 'peer.json')
  const { wall, commentOnWall } = operations
  const requests = { wall: { document: wall.document, proof: wall.proof } }
  const change = { document: commentOnWall.document, variables: commentOnWall.variables, proof: commentOnWall.proof }
  const options = { ...readOptions(['--seconds', '0.3', '--sockets', '5', '--connections', '2']) }
  const peer = { url: `${app.url}/graphql`, headers: target.headers, operations: file, pid: process.pid, floor: false }
  try {
    writeFileSync(file, JSON.stringify({ requests, change, subscription: followWall }))
    const rows = await measurePeer(peer, { ...options, fanout: { ...options.fanout, warmUp: { seconds: 0.2, perSecond: 10 }, burst: 10 } }, undefined)
    expect(new Set(rows.map(({ group }) => group)).size).toBe(3)
    expect(rows.filter(({ name }) => name === 'delivered').map(({ value }) => value)).toEqual([100, 100])
    for (const { value, floor } of rows) expect([Number.isFinite(value), floor]).toEqual([true, undefined])

    writeFileSync(file, JSON.stringify({ requests: { wall: { ...requests.wall, proof: 'not in it' } } }))
    await expect(measurePeer(peer, options, undefined)).rejects.toThrow('No success of "wall"')
    writeFileSync(file, JSON.stringify({ subscription: followWall, change: { ...change, variables: [{ input: {} }] } }))
    await expect(measurePeer(peer, options, undefined)).rejects.toThrow('{mark}')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('the newest mark of a text is found, wherever it stands', () => {
  expect(newestMark(Buffer.from(`${markOf(7)} ${markOf(12)}${markOf(9)}`))).toBe(12)
  expect(newestMark(Buffer.from('bench-less'))).toBe(0)
})

async function startSockets(opened: (socket: WebSocket) => void) {
  const server = createServer()
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', opened)
  return listening(server)
}

function startServer(answerTo: (body: string) => Promise<string>) {
  return listening(
    createServer(async (request, response) => {
      const answer = await answerTo(await text(request))
      response.writeHead(200, { 'content-length': Buffer.byteLength(answer) }).end(answer)
    })
  )
}

async function listening(server: ReturnType<typeof createServer>) {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}
