// The event stream, with a server at the other end that does not do as it should.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { openStream } from '../../src/prefect/stream.ts'

let http: Server | undefined
let sockets: WebSocketServer | undefined

afterEach(() => {
  for (const client of sockets?.clients ?? []) client.terminate()
  http?.closeAllConnections()
  http?.close()
})

/** A websocket server that does this with each client, and the address of its API. */
async function serve(behave: (client: WebSocket) => void, protocol: string | false = 'prefect'): Promise<string> {
  http = createServer((_request, response) => void response.writeHead(404).end())
  sockets = new WebSocketServer({ server: http, handleProtocols: () => protocol, autoPong: false })
  sockets.on('connection', behave)
  await new Promise<void>((resolve) => http?.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}/api`
}

const stopping = new AbortController()

function open(apiUrl: string, { key, silenceMs = 5_000, signal = stopping.signal }: { key?: string; silenceMs?: number; signal?: AbortSignal } = {}) {
  const events: unknown[] = []
  const stream = openStream({ apiUrl, key }, { now: Date.parse('2026-11-23T12:00:00Z'), silenceMs, signal }, (event) => events.push(event))
  return { events, stream }
}

/** Greets as Prefect does, and then goes on with this. */
const greeting = (then: (client: WebSocket) => void) => (client: WebSocket) => {
  client.once('message', () => {
    client.send('{"type":"auth_success"}')
    client.once('message', () => then(client))
  })
}

it('begins with the key and a filter that reaches from the past into the future', async () => {
  const said: unknown[] = []
  const filtered = Promise.withResolvers<void>()
  const apiUrl = await serve((client) => {
    client.on('message', (data) => {
      said.push(JSON.parse(String(data)))
      if (said.length === 1) client.send('{"type":"auth_success"}')
      else filtered.resolve()
    })
  })
  const stream = await open(apiUrl, { key: 'admin:secret' }).stream
  await filtered.promise
  expect(said).toEqual([
    { type: 'auth', token: 'admin:secret' },
    { type: 'filter', filter: { occurred: { since: '2026-11-23T11:45:00.000Z', until: '2026-11-25T12:00:00.000Z' } }, backfill: false }
  ])
  stream.end()
})

it.each<[string, (client: WebSocket) => void, string]>([
  ['refuses the key', (client) => client.once('message', () => client.close(1008, 'Invalid token')), 'The event stream refuses the API key.'],
  ['hangs up', (client) => client.terminate(), 'The server cannot be reached.']
])('does not begin when the server %s', async (_what, behave, message) => {
  await expect(open(await serve(behave)).stream).rejects.toThrow(message)
})

it('does not begin with what is no Prefect', async () => {
  const apiUrl = await serve(() => {}, false)
  await expect(open(apiUrl).stream).rejects.toMatchObject({ kind: 'not-prefect' })
  http?.removeAllListeners('upgrade')
  http?.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n'))
  await expect(open(apiUrl).stream).rejects.toMatchObject({ kind: 'withheld' })
})

it('is over when the server falls silent', async () => {
  const apiUrl = await serve(greeting(() => {}))
  const stream = await open(apiUrl, { silenceMs: 200 }).stream
  expect(await stream.over).toMatchObject({ kind: 'slow', message: 'The event stream has fallen silent.' })
})

it('is not over as long as pings are answered', async () => {
  const pings = Promise.withResolvers<void>()
  let count = 0
  const apiUrl = await serve(
    greeting((client) =>
      client.on('ping', (data) => {
        client.pong(data)
        if (++count === 12) pings.resolve()
      })
    )
  )
  const stream = await open(apiUrl, { silenceMs: 200 }).stream
  await pings.promise
  expect(await Promise.race([stream.over, Promise.resolve('still there')])).toBe('still there')
  stream.end()
})

it('is over at a frame that is larger than any event can be', async () => {
  const apiUrl = await serve(greeting((client) => client.send(`{"type":"event","event":{"payload":"${'x'.repeat(5_000_000)}"}}`)))
  const { stream, events } = open(apiUrl)
  expect(await (await stream).over).toMatchObject({ kind: 'too-large' })
  expect(events).toEqual([])
})

it('ends at once when it is no more wanted, also before it has begun', async () => {
  const stop = new AbortController()
  const apiUrl = await serve(() => {})
  const { stream } = open(apiUrl, { signal: stop.signal })
  stop.abort()
  await expect(stream).rejects.toThrow('The event stream was ended.')
})

it('reads nothing from the wire while it is paused', async () => {
  let served: WebSocket | undefined
  const apiUrl = await serve(
    greeting((client) => {
      served = client
      client.send('{"type":"event","event":1}')
    })
  )
  const { stream, events } = open(apiUrl)
  const opened = await stream
  while (events.length === 0) await new Promise(setImmediate)
  opened.pause()
  // Far more than what buffers on the way hold: the server gets rid of no more than those.
  for (let event = 0; event < 400; event++) served?.send(JSON.stringify({ type: 'event', event: 'x'.repeat(100_000) }))
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
  expect(events.length).toBeLessThan(50)
  expect(served?.bufferedAmount).toBeGreaterThan(1_000_000)
  opened.resume()
  while (events.length < 401) await new Promise(setImmediate)
  opened.end()
})
