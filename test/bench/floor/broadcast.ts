// The floor of a push: a plain `ws` server that sends one prepared string, of the size of Mayday's frames, to every socket.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'

const size = Number(process.env.FRAME_BYTES)
const firstSize = Number(process.env.FIRST_BYTES ?? size)
const server = createServer()
const sockets = new WebSocketServer({ server })
let sequence = 0

// Speaks just as much of the protocol as the same client needs.
sockets.on('connection', (socket) => {
  socket.on('message', (data) => {
    const { type } = JSON.parse(String(data)) as { type: string }
    socket.send(type === 'connection_init' ? '{"type":"connection_ack"}' : frame(firstSize))
  })
})

server.on('request', (request, response) => {
  request.resume().on('end', () => {
    sequence++
    const text = frame(size)
    for (const socket of sockets.clients) socket.send(text)
    response.end(`{"data":{"addComment":{"__typename":"CommentPayload","cursor":"${cursor()}"}}}`)
  })
})

function cursor(): string {
  return Buffer.from(`00000000.${sequence}`).toString('base64url')
}

function frame(bytes: number): string {
  const start = `{"id":"00000000-0000-4000-8000-000000000000","type":"next","payload":{"data":{"incidents":{"cursor":"${cursor()}","text":"`
  return `${start.padEnd(bytes - 5, 'x')}"}}}}`
}

server.listen(0, '127.0.0.1', () => process.stdout.write(`The floor is at http://127.0.0.1:${(server.address() as AddressInfo).port}\n`))
