// An error that nobody foresaw: the client gets an id, the operator finds the whole story under it.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { adminKey, startEmbedded, type TestApp } from '../kit/app.ts'
import type { Answer } from '../kit/client.ts'
import { RawSocket } from '../kit/raw-socket.ts'
import { comment, declare } from '../kit/seed.ts'

let app: TestApp
let incidentId: string

beforeAll(async () => {
  app = await startEmbedded()
  incidentId = (await declare(app.admin)).id
})

afterAll(() => app[Symbol.asyncDispose]())

beforeEach(() => {
  app.logged.length = 0
})

/** While the table has another name, each statement on it is an error of the database. */
async function withoutComments<T>(work: () => Promise<T>): Promise<T> {
  await app.database.prisma.$executeRawUnsafe('ALTER TABLE comment RENAME TO comment_away')
  try {
    return await work()
  } finally {
    await app.database.prisma.$executeRawUnsafe('ALTER TABLE comment_away RENAME TO comment')
  }
}

const reading = 'query ($id: ID!) { incident(id: $id) { title comments { nodes { body } } } }'
const writing = 'mutation ($id: ID!) { addComment(input: { incidentId: $id, body: "Lost" }) { __typename } }'
const following = 'subscription ($id: ID!) { comments(incidentId: $id) { comments { body } } }'

function expectMasked(answer: Answer<unknown>): string {
  expect(answer.errors).toHaveLength(1)
  const requestId = answer.errors?.[0]?.extensions.requestId
  expect(answer.errors?.[0]).toMatchObject({
    message: 'Something went wrong here. The operator finds it in the log by the request id.',
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.stringMatching(/\S/) }
  })
  expect(JSON.stringify(answer)).not.toMatch(/relation|comment_away|SELECT|INSERT|prisma|\.ts/i)
  return requestId ?? ''
}

function expectLogged(requestId: string): void {
  const lines = app.logged.filter((line) => line.requestId === requestId)
  expect(lines).toMatchObject([
    { level: 50, msg: 'A request failed unexpectedly', err: { message: expect.stringMatching(/comment/), stack: expect.stringMatching(/\n +at /) } }
  ])
}

describe('is masked, and logged whole under the id that the client gets', () => {
  it.each([
    ['a query', reading],
    ['a mutation', writing]
  ])('over HTTP, for %s', async (_kind, operation) => {
    const { header, answer } = await withoutComments(async () => {
      const response = await app.admin.send(operation, { id: incidentId })
      return { header: response.headers.get('x-request-id'), answer: (await response.json()) as Answer<unknown> }
    })
    const requestId = expectMasked(answer)
    expect(header).toBe(requestId)
    expectLogged(requestId)
  })

  it('for a stream of events', async () => {
    const response = await withoutComments(() => app.admin.send(following, { id: incidentId }, { accept: 'text/event-stream' }))
    const [, data] = /data: (.*)/.exec(await response.text()) ?? []
    const requestId = expectMasked(JSON.parse(data ?? '{}') as Answer<unknown>)
    expect(response.headers.get('x-request-id')).toBe(requestId)
    expectLogged(requestId)
  })

  it.each([
    ['a query', reading],
    ['a mutation', writing],
    ['a subscription', following]
  ])('over websocket, for %s; the others on the socket go on', async (_kind, operation) => {
    await using socket = await RawSocket.open(app.url, adminKey)
    await socket.ask('healthy', { query: 'subscription { incidents { incidents { title } } }' })
    expectLogged(expectMasked(await withoutComments(() => socket.ask('a', { query: operation, variables: { id: incidentId } }))))
    expect(await socket.ask('b', { query: reading, variables: { id: incidentId } })).toHaveProperty('data.incident.comments')
    await comment(app.admin, incidentId, 'Not lost')
    await socket.first(() => socket.heard.filter(({ id, type }) => id === 'healthy' && type === 'next').length > 1)
  })
})

it('leaves nothing of a mutation behind', async () => {
  const read = 'query ($id: ID!) { incident(id: $id) { timeline { totalCount } comments { totalCount } } verifyChanges { valid checked } }'
  const before = await app.admin.run(read, { id: incidentId })
  await withoutComments(() => app.admin.ask(writing, { id: incidentId }))
  expect(await app.admin.run(read, { id: incidentId })).toEqual(before)
})

describe('the request id', () => {
  const send = (headers: Record<string, string>) => app.admin.send('{ nothing }', {}, headers)
  const idOf = async (response: Response) => ((await response.json()) as Answer<unknown>).errors?.[0]?.extensions.requestId

  it("is the caller's own when it is a sane one", async () => {
    const response = await send({ 'x-request-id': 'trace:42.a_b-c' })
    expect([response.headers.get('x-request-id'), await idOf(response)]).toEqual(['trace:42.a_b-c', 'trace:42.a_b-c'])
  })

  it.each(['with spaces', 'a'.repeat(101), '"quoted"', '{}'])('is a new one instead of %s', async (given) => {
    const response = await send({ 'x-request-id': given })
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(await idOf(response)).toBe(response.headers.get('x-request-id'))
  })

  it('is another one for each request, also when the same document is refused again', async () => {
    const ids = [await idOf(await send({})), await idOf(await send({})), await idOf(await send({}))]
    expect(new Set(ids).size).toBe(3)
  })
})
