// One keep-alive connection that asks, waits for the whole answer, and asks again. It speaks no more of HTTP than it
// takes, since it shares the machine with what it measures: node:http would cost more here than a floor does there.
import { connect, type Socket } from 'node:net'

/** A request as the bytes to send. */
export function requestBytes(url: string, path: string, headers: Record<string, string>, body: string): Buffer {
  const lines = Object.entries({ host: new URL(url).host, 'content-type': 'application/json', ...headers, 'content-length': String(Buffer.byteLength(body)) })
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`)
}

export class Connection {
  readonly #socket: Socket
  #received: Buffer[] = []
  #size = 0
  /** How many bytes the answer has in all; undefined until its head is there, infinite where it tells by its end. */
  #whole: number | undefined
  #settle: { resolve(answer: Buffer): void; reject(error: Error): void } | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk) => this.#take(chunk))
    socket.on('error', (error) => this.#settle?.reject(error))
    socket.on('close', () => this.#settle?.reject(new Error('The server closed the connection')))
  }

  static open(url: string): Promise<Connection> {
    const { hostname, port } = new URL(url)
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => resolve(new Connection(socket)))
      socket.once('error', reject)
    })
  }

  /** Sends a request and gives the answer, head and all. */
  ask(request: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new Error('The server has closed the connection'))
      this.#settle = { resolve, reject }
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#settle = undefined
    this.#socket.destroy()
  }

  #take(chunk: Buffer): void {
    this.#received.push(chunk)
    this.#size += chunk.length
    this.#whole ??= this.#lengthOf()
    const complete = this.#whole === Number.POSITIVE_INFINITY ? chunk.subarray(-5).equals(lastChunk) : this.#whole !== undefined && this.#size >= this.#whole
    if (!complete) return
    const answer = this.#received.length === 1 ? chunk : Buffer.concat(this.#received)
    const { resolve } = this.#settle ?? {}
    this.#received = []
    this.#size = 0
    this.#whole = undefined
    this.#settle = undefined
    resolve?.(answer)
  }

  #lengthOf(): number | undefined {
    const start = Buffer.concat(this.#received)
    const end = start.indexOf('\r\n\r\n')
    if (end < 0) return undefined
    const [, length] = /\r\ncontent-length: (\d+)/i.exec(start.toString('latin1', 0, end)) ?? []
    return length === undefined ? Number.POSITIVE_INFINITY : end + 4 + Number(length)
  }
}

const lastChunk = Buffer.from('0\r\n\r\n')
