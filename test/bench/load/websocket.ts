// A websocket that only counts: a socket, the bytes of a handshake, and as much of the frames as tells one from the next.
// Thousands of these share the machine with what they measure, where a proper client would cost more than the server.
import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'

export interface WebsocketListener {
  /** A text: what was kept of it (good until this returns) and its whole size in bytes. */
  text(kept: Buffer, size: number): void
  /** It is over, and not by our own `close`. */
  broken(reason: string): void
}

/** A text as the frame that a client sends; made once, sent many times. It is masked, as it must be, with a mask of zeros. */
export function textFrame(text: string): Buffer {
  return clientFrame(0x81, Buffer.from(text))
}

function clientFrame(start: number, payload: Buffer): Buffer {
  const { length } = payload
  if (length > 0xffff) throw new Error('A client of the bench has nothing that long to say')
  const head = length < 126 ? [start, 0x80 | length] : [start, 0x80 | 126, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), payload])
}

/** All sockets read into this one: what a read brings is looked at before the next one begins. */
const room = Buffer.allocUnsafe(65_536)

/** Between frames; while one comes, this is how many bytes of it are still to come. */
const between = -1

export class Websocket {
  readonly #socket: Socket
  readonly #keep: number
  readonly #listener: WebsocketListener
  #open: (() => void) | undefined
  #start = Buffer.alloc(0)
  #kind = 0
  #size = 0
  #left = between
  #kept: Buffer[] = []
  #keptSize = 0
  #over = false

  private constructor(url: string, protocol: string, headers: Record<string, string>, keep: number, listener: WebsocketListener, open: () => void) {
    const { hostname, port, host, pathname } = new URL(url)
    this.#keep = keep
    this.#listener = listener
    this.#open = open
    const take = (size: number) => {
      this.#take(room.subarray(0, size))
      return true
    }
    this.#socket = connect({ port: Number(port || 80), host: hostname, noDelay: true, onread: { buffer: room, callback: take } })
    this.#socket.on('error', (error) => this.#end(error.message))
    this.#socket.on('close', () => this.#end('the connection was closed'))
    const agreement = { host, upgrade: 'websocket', connection: 'Upgrade', 'sec-websocket-version': '13', 'sec-websocket-protocol': protocol, ...headers }
    const lines = Object.entries({ ...agreement, 'sec-websocket-key': randomBytes(16).toString('base64') }).map(([name, value]) => `${name}: ${value}\r\n`)
    this.#socket.write(`GET ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n`)
  }

  /** Connects to an address with http: or ws:, and settles when the server has agreed; `keep` bytes of each text are kept. */
  static open(url: string, protocol: string, headers: Record<string, string>, keep: number, listener: WebsocketListener): Promise<Websocket> {
    return new Promise((resolve, reject) => {
      const broken = (reason: string) => {
        reject(new Error(`No websocket: ${reason}`))
        listener.broken(reason)
      }
      const websocket: Websocket = new Websocket(url, protocol, headers, keep, { text: (kept, size) => listener.text(kept, size), broken }, () =>
        resolve(websocket)
      )
    })
  }

  send(frame: Buffer): void {
    this.#socket.write(frame)
  }

  close(): void {
    this.#over = true
    this.#socket.destroy()
  }

  #end(reason: string): void {
    if (this.#over) return
    this.close()
    this.#listener.broken(reason)
  }

  #take(chunk: Buffer): void {
    let at = this.#open ? this.#agree(chunk) : 0
    while (at < chunk.length && !this.#over) {
      if (this.#left === between) at = this.#begin(chunk, at)
      if (this.#left === between) continue
      const end = Math.min(chunk.length, at + this.#left)
      this.#left -= end - at
      // Most frames come in one piece, which need not be copied.
      if (this.#left === 0 && this.#keptSize === 0) this.#whole(chunk.subarray(at, end))
      else this.#part(chunk.subarray(at, end))
      at = end
    }
  }

  /** The answer to the handshake; gives where the frames begin. */
  #agree(chunk: Buffer): number {
    const before = this.#start.length
    this.#start = Buffer.concat([this.#start, chunk])
    const end = this.#start.indexOf('\r\n\r\n')
    if (end < 0) return chunk.length
    const head = this.#start.toString('latin1', 0, end)
    this.#start = Buffer.alloc(0)
    if (!head.startsWith('HTTP/1.1 101')) this.#end(head)
    else this.#open?.()
    this.#open = undefined
    return end + 4 - before
  }

  /** The start of a frame: its kind and its size; gives where the rest of it begins. */
  #begin(chunk: Buffer, at: number): number {
    const start = this.#start.length === 0 ? chunk.subarray(at, at + 10) : Buffer.concat([this.#start, chunk.subarray(at, at + 10)])
    const short = (start[1] ?? 0) & 0x7f
    const length = short < 126 ? 2 : short === 126 ? 4 : 10
    if (start.length < length) {
      this.#start = Buffer.from(start)
      return chunk.length
    }
    const begins = at + length - this.#start.length
    this.#start = Buffer.alloc(0)
    this.#kind = start[0] ?? 0
    this.#size = short < 126 ? short : short === 126 ? start.readUInt16BE(2) : Number(start.readBigUInt64BE(2))
    this.#left = this.#size
    if (this.#size === 0) this.#whole(start.subarray(0, 0))
    return begins
  }

  #part(part: Buffer): void {
    const wanted = Math.max(0, Math.min(part.length, this.#keep - this.#keptSize))
    if (wanted > 0) {
      this.#kept.push(Buffer.from(part.subarray(0, wanted)))
      this.#keptSize += wanted
    }
    if (this.#left > 0) return
    const kept = Buffer.concat(this.#kept)
    this.#kept = []
    this.#keptSize = 0
    this.#whole(kept)
  }

  #whole(payload: Buffer): void {
    this.#left = between
    if (this.#kind === 0x81) this.#listener.text(payload.subarray(0, this.#keep), this.#size)
    else if (this.#kind === 0x89) this.send(clientFrame(0x8a, payload))
    else if (this.#kind === 0x88) this.#end(`the server closed it: ${payload.length > 1 ? payload.readUInt16BE(0) : ''} ${payload.subarray(2)}`)
    else if (this.#kind !== 0x8a) this.#end(`a frame that the bench does not read: ${this.#kind}`)
  }
}
