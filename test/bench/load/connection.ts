// One keep-alive connection that asks, waits for the whole answer, and asks again. It speaks no more of HTTP than it
// takes, since it shares the machine with what it measures: node:http would cost more here than a floor does there.
import { connect, type Socket } from 'node:net'

/** A request as the bytes to send. */
export function requestBytes(url: string, path: string, headers: Record<string, string>, body: string): Buffer {
  const lines = Object.entries({ host: new URL(url).host, 'content-type': 'application/json', ...headers, 'content-length': String(Buffer.byteLength(body)) })
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`)
}

/** What is read goes through this one: each callback is through with it before the next, and memory for each read costs more than a copy. */
const reading = Buffer.allocUnsafe(262_144)

export class Connection {
  readonly #socket: Socket
  /** What has come of an answer whose length is not known: of its head, or of one that tells by its end. */
  #parts: Buffer[] = []
  #endless = false
  /** An answer whose length is known, and how much of it has come. */
  #answer: Buffer | undefined
  #size = 0
  #settle: { resolve(answer: Buffer): void; reject(error: Error): void } | undefined

  private constructor(url: string, opened: (error?: Error) => void) {
    const { hostname, port } = new URL(url)
    this.#socket = connect({
      port: Number(port),
      host: hostname,
      noDelay: true,
      onread: { buffer: reading, callback: (size) => this.#take(reading.subarray(0, size)) }
    })
    this.#socket.once('connect', () => opened())
    this.#socket.on('error', (error) => {
      opened(error)
      this.#settle?.reject(error)
    })
    this.#socket.on('close', () => this.#settle?.reject(new Error('The server closed the connection')))
  }

  static open(url: string): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const connection = new Connection(url, (error) => (error ? reject(error) : resolve(connection)))
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

  #take(chunk: Buffer): true {
    if (this.#answer) this.#size += chunk.copy(this.#answer, this.#size)
    else if (this.#endless) this.#parts.push(Buffer.from(chunk))
    else this.#begin(chunk)
    if (this.#answer && this.#size >= this.#answer.length) this.#finish(this.#answer)
    else if (this.#endless && chunk.subarray(-lastChunk.length).equals(lastChunk)) this.#finish(Buffer.concat(this.#parts))
    return true
  }

  #begin(chunk: Buffer): void {
    const come = this.#parts.length === 0 ? chunk : Buffer.concat([...this.#parts, chunk])
    const length = lengthOf(come)
    this.#endless = length === Number.POSITIVE_INFINITY
    if (length === undefined || this.#endless) {
      this.#parts.push(Buffer.from(chunk))
      return
    }
    this.#answer = Buffer.allocUnsafe(length)
    this.#size = come.copy(this.#answer)
  }

  #finish(answer: Buffer): void {
    const { resolve } = this.#settle ?? {}
    this.#parts = []
    this.#endless = false
    this.#answer = undefined
    this.#settle = undefined
    resolve?.(answer)
  }
}

/** How many bytes an answer has in all; undefined until its head is there, infinite where it tells by its end. */
function lengthOf(start: Buffer): number | undefined {
  const end = start.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(start.toString('latin1', 0, end)) ?? []
  return length === undefined ? Number.POSITIVE_INFINITY : end + 4 + Number(length)
}

const lastChunk = Buffer.from('0\r\n\r\n')
