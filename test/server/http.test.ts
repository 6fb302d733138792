// Requests that are none: refused with a status, a code and a word, before anything is read as GraphQL.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adminKey, quiet, startEmbedded, type TestApp } from '../kit/app.ts'
import type { Answer } from '../kit/client.ts'
import { sendRaw } from '../kit/raw-http.ts'
import { clientAs, declare } from '../kit/seed.ts'
import { watchStatements } from '../kit/statements.ts'

let app: TestApp

beforeAll(async () => {
  app = await startEmbedded(quiet)
})

afterAll(() => app[Symbol.asyncDispose]())

const json = { 'content-type': 'application/json' }
const typename = JSON.stringify({ query: '{ __typename }' })

function post(body: BodyInit | undefined, headers: Record<string, string> = json): Promise<Response> {
  return fetch(`${app.url}/graphql`, { method: 'POST', headers: { authorization: `Bearer ${adminKey}`, ...headers }, body, duplex: 'half' } as RequestInit)
}

async function expectRefusal(response: Response, status: number, code: string, says: RegExp): Promise<void> {
  const { data, errors } = (await response.json()) as Answer<unknown>
  expect({ status: response.status, code: errors?.[0]?.extensions.code, data }).toEqual({ status, code, data: undefined })
  expect(errors?.[0]?.message).toMatch(says)
  expect(errors?.[0]?.extensions.requestId).toBe(response.headers.get('x-request-id'))
}

describe('a body', () => {
  it.each([
    ['nothing', ''],
    ['half of it', '{"query":"{ __type'],
    ['GraphQL', '{ __typename }'],
    ['JSON with a comment', '{"query":"{ __typename }" /* ! */}']
  ])('that is %s instead of JSON is refused, whatever the client accepts', async (_name, body) => {
    for (const accept of ['*/*', 'application/json', 'application/graphql-response+json', 'text/event-stream']) {
      const response = await post(body, { ...json, accept })
      if (accept === 'text/event-stream') expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('not valid JSON')])
      else await expectRefusal(response, 400, 'BAD_REQUEST', /not valid JSON/)
    }
  })

  it.each([['null'], ['[]'], ['"{ __typename }"'], ['1'], [`[${typename}]`]])('that is JSON, but no object, is refused: %s', async (body) => {
    await expectRefusal(await post(body), 400, 'BAD_REQUEST', /must be a JSON object/)
  })

  it.each([
    [{ query: 1 }, /"query"/],
    [{ query: '{ __typename }', variables: [] }, /"variables"/],
    [{ query: '{ __typename }', variables: 'x' }, /"variables"/],
    [{ query: '{ __typename }', extensions: 1 }, /"extensions"/],
    [{ query: '{ __typename }', quarry: '' }, /Unexpected parameter "quarry"/]
  ])('with wrong parameters is refused: %j', async (body, says) => {
    await expectRefusal(await post(JSON.stringify(body)), 400, 'BAD_REQUEST', says)
  })

  it('that is not UTF-8 is refused instead of being repaired', async () => {
    const broken = Buffer.concat([Buffer.from('{"query":"{ __typename } # '), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from('"}')])
    await expectRefusal(await post(broken), 400, 'BAD_REQUEST', /not valid UTF-8/)
  })

  it('that is too large is refused with 413, with its length told or not', async () => {
    const large = JSON.stringify({ query: '{ __typename }', variables: { large: 'x'.repeat(1_000_000) } })
    await expectRefusal(await post(large), 413, 'REQUEST_ENTITY_TOO_LARGE', /too large/)
    await expectRefusal(await post(new Blob([large]).stream()), 413, 'REQUEST_ENTITY_TOO_LARGE', /too large/)
  })

  it.each(['text/plain', 'application/graphql', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonp', ''])(
    'of the type "%s" is refused with 415',
    async (type) => {
      await expectRefusal(await post(new Blob([typename]).stream(), type ? { 'content-type': type } : {}), 415, 'UNSUPPORTED_MEDIA_TYPE', /application\/json/)
    }
  )
})

describe('an address', () => {
  it('cannot carry a mutation, nor variables that are not JSON', async () => {
    const get = (parameters: Record<string, string>) =>
      fetch(`${app.url}/graphql?${new URLSearchParams(parameters)}`, { headers: { authorization: `Bearer ${adminKey}`, accept: 'application/json' } })
    await expectRefusal(await get({ query: 'mutation { redactComment(id: "x") { __typename } }' }), 405, 'BAD_REQUEST', /mutation/)
    await expectRefusal(await get({ query: '{ __typename }', variables: '{' }), 400, 'BAD_REQUEST', /must be JSON/)
    const answer = await get({ query: 'query ($name: String!) { __type(name: $name) { name } }', variables: '{"name":"Incident"}' })
    expect(await answer.json()).toEqual({ data: { __type: { name: 'Incident' } } })
  })

  it.each(['PUT', 'DELETE', 'PATCH'])('does not take %s', async (method) => {
    await expectRefusal(await fetch(`${app.url}/graphql`, { method, headers: json, body: typename }), 405, 'BAD_REQUEST', /GET and POST/)
  })

  it.each([
    'GET // HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n',
    'GET http://[ HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n',
    'GET /elsewhere HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n',
    'GET /graphql HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n',
    'GET // HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    'GET /graphql?query={__typename} HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n',
    'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    'GARBAGE\r\n\r\n'
  ])('that is none ends with an answer, and hurts nobody: %j', async (bytes) => {
    expect(await sendRaw(app.url, bytes)).toMatch(/^HTTP\/1\.1 [24]\d\d /)
    expect(await app.admin.ask('{ __typename }')).toEqual({ data: { __typename: 'Query' } })
  })
})

describe('a subscription over HTTP', () => {
  const wall = 'subscription { incidents { incidents { title } } }'

  it('is refused when the client does not accept a stream of events, and leaves nothing running behind', async () => {
    const client = await clientAs(app.admin, 'VIEWER')
    const refused = await client.send(wall, {}, { accept: 'application/json' })
    await expectRefusal(refused, 406, 'NOT_ACCEPTABLE', /text\/event-stream/)
    expect(await reviewsAtRevocation(client.keyId)).toBe(0)
    const other = await clientAs(app.admin, 'VIEWER')
    await using taken = await other.stream(wall)
    expect(await taken.next()).toHaveProperty('data')
    expect(await reviewsAtRevocation(other.keyId)).toBe(1)
  })

  it('runs until its client goes away without a word', async () => {
    const leaving = new AbortController()
    const headers = { ...json, authorization: `Bearer ${adminKey}`, accept: 'text/event-stream' }
    const response = await fetch(`${app.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query: wall }), signal: leaving.signal })
    const reader = response.body?.getReader()
    for (let text = ''; !text.includes('"incidents"'); ) text += new TextDecoder().decode((await reader?.read())?.value)
    expect(await followersOfNextChange()).toBe(1)
    leaving.abort()
    await expect.poll(followersOfNextChange).toBe(0)
  })

  /** Revokes a key, and counts the subscriptions whose right to go on this makes the node look up. */
  async function reviewsAtRevocation(keyId: string): Promise<number> {
    await using witness = app.admin.follow('subscription { changes { cursor } }')
    await witness.next()
    using statements = watchStatements(app.database)
    await app.admin.run('mutation ($id: ID!) { revokeApiKey(id: $id) { __typename } }', { id: keyId })
    await witness.next()
    return statements.texts.filter((text) => /WHERE a\.id = \$1::uuid/.test(text)).length
  }

  /** Lets a change happen, and counts the walls with other filters than the witness's that it makes this node read. */
  async function followersOfNextChange(): Promise<number> {
    await using witness = app.admin.follow<{ incidents: { incidents: { title: string }[] } }>(
      'subscription { incidents(filter: { hasLead: false }) { incidents { title } } }'
    )
    await witness.next()
    using statements = watchStatements(app.database)
    await declare(app.admin)
    await witness.until(({ incidents }) => incidents.incidents.length > 0)
    // One statement asks for all walls, each by a condition of its own.
    const [, conditions = ''] = /ARRAY\[(.*)\] AS matches/s.exec(statements.texts.find((text) => text.includes('AS matches')) ?? '') ?? []
    return conditions.split('i.workspace_id').length - 2
  }
})

it('has logged none of it as a fault of its own', () => {
  expect(app.logged).toEqual([])
})
