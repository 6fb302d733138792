import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { KeepAlive } from '../../src/server/keep-alive.ts'

afterEach(() => {
  vi.useRealTimers()
})

it('drops a client that leaves pings unanswered, and keeps one that answers', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  const keepAlive = new KeepAlive()
  server.on('connection', (socket) => keepAlive.watch(socket))
  const connect = async (autoPong: boolean) => {
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, { autoPong })
    const [[socket]] = await Promise.all([once(server, 'connection'), once(client, 'open')])
    return { client, socket: socket as WebSocket }
  }
  const alive = await connect(true)
  const dead = await connect(false)
  const dropped = Promise.all([once(dead.client, 'close'), once(dead.socket, 'close')])

  for (let beats = 0; beats < 5; beats++) {
    const answered = beats === 0 ? undefined : once(alive.socket, 'pong')
    vi.advanceTimersByTime(30_000)
    await answered
  }
  await dropped
  expect(alive.client.readyState).toBe(WebSocket.OPEN)
  expect(dead.socket.readyState).toBe(WebSocket.CLOSED)

  alive.client.close()
  await once(alive.socket, 'close')
  expect(vi.getTimerCount()).toBe(0)
  server.close()
})
