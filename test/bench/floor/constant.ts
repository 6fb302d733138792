// The floor of what is answered from memory: node:http and a text that is always the same.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const body = Buffer.from(process.env.BODY ?? '')
const head = { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length }

const server = createServer((_request, response) => {
  response.writeHead(200, head).end(body)
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`The floor is at http://127.0.0.1:${(server.address() as AddressInfo).port}\n`))
