// A Prefect server made of a recording: real HTTP and a real websocket, on loopback, that can also be made to misbehave.
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { type ListName, type RecordedEvent, type Row, recordedAt, recordedEvents, recordedLists } from './recorded.ts'

/** What a call may meet instead of an answer. */
export type Trouble = 'error' | 'forbidden' | 'redirect' | 'huge' | 'html' | 'nonsense' | 'silent' | 'cut' | 'endless' | 'growing'

export class FakePrefect implements AsyncDisposable {
  readonly lists = recordedLists()
  readonly events: RecordedEvent[] = recordedEvents()
  /** The paths that were called, in order. */
  readonly called: string[] = []
  /** The key that is asked for. */
  key: string | undefined
  /** What calls meet whose path contains this. */
  readonly troubles = new Map<string, Trouble>()
  /** Whether the event stream says nothing of what happens. */
  mute = false
  readonly #sockets = new Set<WebSocket>()
  readonly #connections = new Set<Socket>()
  readonly #started = performance.now()
  #http: Server | undefined
  #port = 0

  static async start(): Promise<FakePrefect> {
    const fake = new FakePrefect()
    await fake.listen()
    return fake
  }

  get apiUrl(): string {
    return `http://127.0.0.1:${this.#port}/api`
  }

  /** How many streams are open. */
  get streams(): number {
    return this.#sockets.size
  }

  /** What time it is here: the recording has just ended. */
  now(): Date {
    return new Date(recordedAt.getTime() + performance.now() - this.#started)
  }

  /** One more event of a kind that was recorded, now; it has not happened yet. */
  another(name: string): RecordedEvent {
    const event = this.events.find((each) => each.event === name) as RecordedEvent
    return { ...event, id: randomUUID(), occurred: this.now().toISOString() }
  }

  /** Answers, on the port that it had before. */
  async listen(): Promise<void> {
    const http = createServer((request, response) => void this.#answer(request, response))
    const sockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => (offered.has('prefect') ? 'prefect' : false) })
    http.on('connection', (connection) => {
      this.#connections.add(connection)
      connection.on('close', () => this.#connections.delete(connection))
    })
    http.on('upgrade', (request, socket, head) => {
      const trouble = this.#troubleOf('/events/out')
      if (trouble === 'silent') return
      if (trouble) return socket.end('HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n')
      sockets.handleUpgrade(request, socket, head, (client) => this.#greet(client))
    })
    await new Promise<void>((resolve) => http.listen(this.#port, '127.0.0.1', resolve))
    this.#port = (http.address() as AddressInfo).port
    this.#http = http
  }

  /** Breaks every connection and answers nobody. */
  async stop(): Promise<void> {
    for (const connection of this.#connections) connection.destroy()
    await new Promise((resolve) => this.#http?.close(resolve))
  }

  /** Something happens: it is written down, and said on the stream. */
  happen(...events: RecordedEvent[]): void {
    this.events.push(...events)
    if (!this.mute) for (const event of events) this.say({ type: 'event', event })
  }

  /** Says anything on every open stream. */
  say(frame: unknown): void {
    for (const socket of this.#sockets) socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  #troubleOf(path: string): Trouble | undefined {
    return [...this.troubles].find(([part]) => path.includes(part))?.[1]
  }

  #greet(client: WebSocket): void {
    client.once('message', (data) => {
      const { token } = JSON.parse(String(data))
      if (this.key !== undefined && token !== this.key) return client.close(1008, 'Invalid token')
      client.send('{"type":"auth_success"}')
      client.once('message', () => {
        this.#sockets.add(client)
        client.on('close', () => this.#sockets.delete(client))
      })
    })
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.apiUrl)
    const path = url.pathname.replace(/^\/api/, '')
    this.called.push(path)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    response.setHeader('date', this.now().toUTCString())
    if (this.key !== undefined && request.headers.authorization !== authorizationFor(this.key)) return void response.writeHead(401).end('{"detail":"no"}')
    const trouble = this.#troubleOf(path)
    if (trouble) return misbehave(trouble, response)
    const answer = path === '/events/filter/next' ? this.#eventPage(url.searchParams.get('page-token') ?? '') : this.#list(path, text ? JSON.parse(text) : {})
    if (answer === undefined) response.writeHead(404).end('{"detail":"Not Found"}')
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
  }

  // biome-ignore lint/suspicious/noExplicitAny: the body of a call is whatever was sent.
  #list(path: string, body: any): unknown {
    if (path === '/events/filter') return this.#eventPage(btoa(JSON.stringify({ ...body.filter.occurred, limit: body.limit, offset: 0 })))
    const name = /^\/(\w+)\/filter$/.exec(path)?.[1] as ListName
    const rows = this.lists[name]?.filter((row) => fits(row, body[name] ?? {}))
    if (name === 'flow_runs') rows?.sort((one, other) => Date.parse(one.expected_start_time) - Date.parse(other.expected_start_time))
    return rows?.slice(body.offset, body.offset + body.limit)
  }

  #eventPage(token: string): unknown {
    const { since, until, limit, offset } = JSON.parse(atob(token))
    const found = this.events
      .filter(({ occurred }) => Date.parse(occurred) >= Date.parse(since) && Date.parse(occurred) <= Date.parse(until))
      .sort((one, other) => Date.parse(one.occurred) - Date.parse(other.occurred))
    const next = btoa(JSON.stringify({ since, until, limit, offset: offset + limit }))
    return {
      events: found.slice(offset, offset + limit),
      total: found.length,
      // A real one does not escape it either; and the host is whatever the server takes itself for.
      next_page: found.length > offset + limit ? `http://prefect.invalid/api/events/filter/next?page-token=${next}` : null
    }
  }
}

export function authorizationFor(key: string): string {
  return key.includes(':') ? `Basic ${btoa(key)}` : `Bearer ${key}`
}

function misbehave(trouble: Trouble, response: ServerResponse): void {
  if (trouble === 'error') response.writeHead(500).end('secret details of the server')
  else if (trouble === 'forbidden') response.writeHead(403).end('{}')
  else if (trouble === 'redirect') response.writeHead(302, { location: 'http://127.0.0.1:1/elsewhere' }).end()
  else if (trouble === 'html') response.setHeader('content-type', 'text/html').end('<!doctype html><title>Prefect</title>')
  else if (trouble === 'nonsense') response.end('{"rows": "many"}')
  else if (trouble === 'huge') response.end(`["${'x'.repeat(30_000_000)}"]`)
  else if (trouble === 'cut') response.writeHead(200, { 'content-length': '1000' }).write('[{"id"', () => response.destroy())
  else if (trouble === 'endless')
    response.end(JSON.stringify(Array.from({ length: 200 }, () => ({ id: '1c83a2ce-6876-446a-9281-6549567a7663', name: 'again' }))))
  else if (trouble === 'growing')
    response.end(JSON.stringify(Array.from({ length: 200 }, () => ({ id: randomUUID(), name: 'another', labels: { pad: 'x'.repeat(20_000) } }))))
  // 'silent': nothing is ever said.
}

// biome-ignore lint/suspicious/noExplicitAny: a filter as it was sent.
function fits(row: Row, filter: any): boolean {
  const { id, state, expected_start_time: expected, end_time: ended } = filter
  if (id?.any_ && !id.any_.includes(row.id)) return false
  if (state?.type?.any_ && !state.type.any_.includes(row.state?.type)) return false
  if (expected?.before_ && Date.parse(row.expected_start_time) > Date.parse(expected.before_)) return false
  return !ended?.after_ || (row.end_time !== null && Date.parse(row.end_time) >= Date.parse(ended.after_))
}
