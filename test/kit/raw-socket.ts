// A websocket spoken to message by message: for what no proper client would say.
import { WebSocket } from 'ws'
import type { Answer } from './client.ts'

export interface Message {
  type: string
  id?: string
  /** Of `next`: a result; of `error`: a list of errors. */
  payload?: unknown
}

export class RawSocket implements AsyncDisposable {
  readonly socket: WebSocket
  /** Everything that came, oldest first. */
  readonly heard: Message[] = []
  /** Settles when the socket is closed, by either side. */
  readonly closed: Promise<{ code: number; reason: string }>
  #arrived = Promise.withResolvers<void>()
  #over = false

  constructor(url: string, protocol: string | string[] = 'graphql-transport-ws') {
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, protocol)
    this.socket.on('message', (data) => {
      this.heard.push(JSON.parse(String(data)) as Message)
      this.#wake()
    })
    this.socket.on('error', () => {})
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => {
        this.#over = true
        resolve({ code, reason: String(reason) })
        this.#wake()
      })
    })
  }

  /** A socket that the server has taken in with this credential. */
  static async open(url: string, key: string): Promise<RawSocket> {
    const raw = new RawSocket(url)
    await raw.opened()
    raw.send({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } })
    await raw.first(({ type }) => type === 'connection_ack')
    return raw
  }

  opened(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.once('open', resolve)
      this.socket.once('error', reject)
    })
  }

  /** Sends a message; a text or bytes go out as they are. */
  send(message: Message | string | Buffer): void {
    this.socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message))
  }

  /** The first message of this kind; waits for it. Throws when the socket is closed without it. */
  async first(condition: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const found = this.heard.find(condition)
      if (found) return found
      if (this.#over) throw new Error(`The socket was closed: ${JSON.stringify(await this.closed)}`)
      await this.#arrived.promise
    }
  }

  /** Sends an operation and returns its first result or its errors. */
  async ask(id: string, payload: Record<string, unknown>): Promise<Answer<Record<string, unknown>>> {
    this.send({ id, type: 'subscribe', payload })
    const answer = await this.first((message) => message.id === id && message.type !== 'complete')
    return (answer.type === 'error' ? { errors: answer.payload } : answer.payload) as Answer<Record<string, unknown>>
  }

  #wake(): void {
    this.#arrived.resolve()
    this.#arrived = Promise.withResolvers()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.terminate()
    await this.closed
  }
}
