// Frames of subscriptions as bytes of the websocket protocol. The payload is made once for all sockets; what is each
// socket's own (the protocol's header with the size, and the start of the message with its id) is put before it, and
// all of it goes to the socket by one write.
import type { Writable } from 'node:stream'
import type { Frame } from '../change/frame.ts'

/** Room before the payload for what is a socket's own: header, id and the words around it. */
const room = 192
/** A longer payload is not worth a copy for each socket that cannot take it at once. */
const longestCopied = 16_384
const finalText = 0x81
const end = Buffer.from('}')

const prepared = new WeakMap<Frame, FrameBytes>()

/** The bytes of a frame; the same for all who get it. */
export function bytesOf(frame: Frame): FrameBytes {
  let bytes = prepared.get(frame)
  if (!bytes) {
    bytes = new FrameBytes(frame.text)
    prepared.set(frame, bytes)
  }
  return bytes
}

/** The start of a message that brings a frame; a frame's payload and a closing brace follow. */
export function messageStart(id: string): Buffer {
  return Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`)
}

export class FrameBytes {
  #bytes: Buffer
  /** From where a message began last: they mostly begin alike. */
  #view: Buffer

  constructor(text: string) {
    this.#bytes = Buffer.allocUnsafe(room + Buffer.byteLength(text) + end.length)
    this.#bytes.write(text, room)
    end.copy(this.#bytes, this.#bytes.length - end.length)
    this.#view = this.#bytes
  }

  /** Writes the frame to a websocket's connection, on which nothing else may be half sent. */
  write(connection: Writable, start: Uint8Array): void {
    const size = start.length + this.#bytes.length - room
    const begin = room - start.length - headerSize(size)
    if (begin < 0 || size > longestCopied) {
      this.#writeInTwo(connection, start, size)
      return
    }
    writeHeader(this.#bytes, begin, size)
    this.#bytes.set(start, room - start.length)
    if (this.#view.length !== this.#bytes.length - begin) this.#view = this.#bytes.subarray(begin)
    connection.write(this.#view)
    // These bytes are still to be read, so the next socket's start goes before others.
    if (connection.writableLength > 0) this.#view = this.#bytes = Buffer.from(this.#bytes)
  }

  #writeInTwo(connection: Writable, start: Uint8Array, size: number): void {
    const before = Buffer.allocUnsafe(headerSize(size) + start.length)
    writeHeader(before, 0, size)
    before.set(start, headerSize(size))
    connection.cork()
    connection.write(before)
    connection.write(this.#bytes.subarray(room))
    connection.uncork()
  }
}

function headerSize(size: number): number {
  return size < 126 ? 2 : size < 65_536 ? 4 : 10
}

function writeHeader(bytes: Buffer, at: number, size: number): void {
  bytes[at] = finalText
  if (size < 126) bytes[at + 1] = size
  else if (size < 65_536) {
    bytes[at + 1] = 126
    bytes.writeUInt16BE(size, at + 2)
  } else {
    bytes[at + 1] = 127
    bytes.writeBigUInt64BE(BigInt(size), at + 2)
  }
}
