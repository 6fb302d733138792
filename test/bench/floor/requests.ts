// The floor of a request: node:http, one prepared statement, its text sent as it is. No GraphQL, no credential, no check.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openEmbedded, openServer } from './database.ts'

const { DATABASE_URL, MAYDAY_DATA = '' } = process.env
const database = DATABASE_URL ? await openServer(DATABASE_URL) : await openEmbedded(MAYDAY_DATA)

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', async () => {
    const answer = await database.answer(request.url ?? '', JSON.parse(Buffer.concat(chunks).toString()).variables)
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) }).end(answer)
  })
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`The floor is at http://127.0.0.1:${(server.address() as AddressInfo).port}\n`))
