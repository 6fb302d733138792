import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { bytesOf, messageStart } from '../../src/server/frame-bytes.ts'

const server = createServer()
const sockets = new WebSocketServer({ noServer: true })
const connections: Duplex[] = []
server.on('upgrade', (request, socket, head) => {
  sockets.handleUpgrade(request, socket, head, () => connections.push(socket))
})

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
})

afterAll(() => {
  for (const socket of sockets.clients) socket.terminate()
  server.close()
})

/** A client that keeps what it gets, and the server's connection to it. */
async function connect() {
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const received: string[] = []
  let arrived = () => {}
  client.on('message', (data) => {
    received.push(String(data))
    arrived()
  })
  await once(client, 'open')
  const connection = connections.at(-1) as Duplex
  return {
    client,
    connection,
    received,
    async until(count: number) {
      while (received.length < count) await new Promise<void>((resolve) => (arrived = resolve))
      return received
    }
  }
}

const frameOf = (text: string) => ({ text, to: 1 })
const payloadOf = (size: number) => JSON.stringify('é'.repeat(Math.max(0, size - 2) >> 1).padEnd(size, 'x'))

describe('a frame on a websocket', () => {
  it.each([2, 60, 90, 126, 300, 16_000, 17_000, 65_400, 65_600, 300_000])('of %i characters arrives as it is, whatever its size', async (size) => {
    const { connection, until } = await connect()
    for (const id of ['1', 'b6a7a1e0-5a32-4fd0-8b79-0d9e8c7a4f11', 'long "and" ünusual '.repeat(30)]) {
      bytesOf(frameOf(payloadOf(size))).write(connection, messageStart(id))
    }
    const messages = (await until(3)).map((text) => JSON.parse(text))
    expect(messages.map(({ type }) => type)).toEqual(['next', 'next', 'next'])
    expect(messages.map(({ id }) => id)).toEqual(['1', 'b6a7a1e0-5a32-4fd0-8b79-0d9e8c7a4f11', 'long "and" ünusual '.repeat(30)])
    expect(new Set(messages.map(({ payload }) => JSON.stringify(payload)))).toEqual(new Set([payloadOf(size)]))
  })

  it('is made once for all who get it', () => {
    const frame = frameOf('{}')
    expect(bytesOf(frame)).toBe(bytesOf(frame))
  })

  it('keeps the id of a socket that reads it later, while others get theirs', async () => {
    const [slow, quick] = [await connect(), await connect()]
    slow.client.pause()
    const [toSlow, toQuick] = [messageStart('slow'), messageStart('quick one')]
    let written = 0
    // Until the system takes no more for the slow one, and then a few more behind that.
    for (let waiting = 0; waiting < 20; written++) {
      const bytes = bytesOf(frameOf(payloadOf(9_000 + written)))
      bytes.write(slow.connection, toSlow)
      bytes.write(quick.connection, toQuick)
      if (slow.connection.writableLength > 0) waiting++
      await quick.until(written + 1)
    }
    slow.client.resume()
    for (const [{ until }, id] of [
      [slow, 'slow'],
      [quick, 'quick one']
    ] as const) {
      const messages = (await until(written)).map((text) => JSON.parse(text))
      expect(new Set(messages.map((message) => message.id))).toEqual(new Set([id]))
      expect(messages.map(({ payload }) => payload)).toEqual(Array.from({ length: written }, (_, index) => JSON.parse(payloadOf(9_000 + index))))
    }
  })
})
