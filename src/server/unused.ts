// Connections on which nothing was ever asked. Browsers and load balancers open them ahead of need; Node does not count
// them as idle, so a server that closes would wait for them.
import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'

/** Watches a server's connections; the returned function closes those that are unused at that time. */
export function watchUnused(server: Server): () => void {
  const unused = new Set<Socket>()
  const use = ({ socket }: IncomingMessage) => unused.delete(socket)
  server.on('connection', (socket: Socket) => {
    unused.add(socket)
    socket.once('close', () => unused.delete(socket))
  })
  server.on('request', use)
  server.on('upgrade', use)
  return () => {
    for (const socket of unused) socket.destroy()
  }
}
