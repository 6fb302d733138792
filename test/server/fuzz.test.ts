// Ten thousand requests and messages that are nearly right. FUZZ_SEED picks others; a failure names seed and number.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { adminKey, startEmbedded, type TestApp } from '../kit/app.ts'
import type { Answer, Following } from '../kit/client.ts'
import * as documents from '../kit/documents.ts'
import { Dice, fuzzBody, fuzzMessage, type Operation, spoilBytes } from '../kit/fuzz.ts'
import { sendRaw } from '../kit/raw-http.ts'
import { RawSocket } from '../kit/raw-socket.ts'
import { addResources, comment, declare } from '../kit/seed.ts'

const seed = Number(process.env.FUZZ_SEED ?? 20_261_123)
const requests = 6_000
const heads = 300
const messages = 4_000
const messagesPerSocket = 40

let app: TestApp
let operations: Operation[]
let witness: Following<{ incidents: { incidents: { title: string }[] } }>

beforeAll(async () => {
  app = await startEmbedded()
  const incident = await declare(app.admin, { tags: ['a'], dedupKey: 'a' })
  const said = await comment(app.admin, incident.id, 'Hello')
  const [resource] = await addResources(app.admin, { kind: 'FLOW', externalId: 'prefect.flow.1', name: 'Flow', labels: { a: 'b' } })
  operations = operationsOn({ incidentId: incident.id, commentId: said.id, resourceId: resource?.id ?? '', cursor: said.cursor })
  witness = app.admin.follow('subscription { incidents(filter: { search: "survived" }) { incidents { title } } }')
  await witness.next()
})

afterAll(async () => {
  await witness[Symbol.asyncDispose]()
  await app[Symbol.asyncDispose]()
})

it(`answers ${requests} spoilt requests, each well-formed`, { timeout: 120_000 }, async () => {
  const codes = new Map<string, number>()
  await inParallel(requests, 12, async (index) => {
    for (const code of await sendSpoilt(index)) codes.set(code, (codes.get(code) ?? 0) + 1)
  })
  // So spoilt that nothing is understood, or so little that all is, would be no test.
  for (const code of ['none', 'BAD_REQUEST', 'BAD_USER_INPUT', 'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'OPERATION_TOO_LARGE', 'UNAUTHENTICATED'])
    expect(codes.get(code) ?? 0, code).toBeGreaterThan(20)
  expect(app.logged).toEqual([])
})

it(`survives ${heads} spoilt heads of requests`, { timeout: 120_000 }, async () => {
  await inParallel(heads, 12, async (index) => {
    const dice = new Dice(seed, requests + index)
    const upgrade = dice.one([
      '',
      'Upgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n'
    ])
    const connection = upgrade ? 'upgrade' : 'close'
    const head = `GET ${dice.one(['/graphql?query={__typename}', '/health/ready', '//', '/'])} HTTP/1.1\r\nHost: x\r\nConnection: ${connection}\r\n${upgrade}\r\n`
    const answer = await sendRaw(app.url, spoilBytes(dice, Buffer.from(head)), true)
    expect(answer === '' || /^HTTP\/1\.1 [1245]\d\d /.test(answer), `head ${index} of seed ${seed}: ${answer}`).toBe(true)
    expect(answer).not.toMatch(/\.[jt]s:\d+/)
  })
  expect(app.logged).toEqual([])
})

it(`takes ${messages} spoilt messages on websockets, and answers well-formed`, { timeout: 120_000 }, async () => {
  const closes = new Map<number, number>()
  let said = 0
  await inParallel(messages, 8, async (index) => {
    if (said >= messages) return
    const socket = await speakSpoilt(index)
    said += socket.said
    closes.set(socket.code, (closes.get(socket.code) ?? 0) + 1)
  })
  expect(said).toBeGreaterThanOrEqual(messages)
  // 1000 is our own goodbye: a socket that lived through all of its messages.
  for (const code of [1000, 1007, 4400, 4409]) expect(closes.get(code) ?? 0, String(code)).toBeGreaterThan(0)
  for (const code of closes.keys()) expect([1000, 1003, 1007, 1009, 4400, 4401, 4403, 4409, 4429]).toContain(code)
  expect(app.logged).toEqual([])
})

it('serves as before afterwards: a query, the subscription from before and a new one, and a record that verifies', async () => {
  const { number } = await declare(app.admin, { title: 'Mayday survived' })
  await witness.until(({ incidents }) => incidents.incidents.some(({ title }) => title === 'Mayday survived'))
  await using late = app.admin.follow<{ incidents: { incidents: unknown[] } }>(
    'subscription { incidents(filter: { search: "survived" }) { incidents { number } } }'
  )
  expect((await late.next()).incidents.incidents).toEqual([{ number }])
  expect(await app.admin.run('query ($number: Int!) { incidentByNumber(number: $number) { title } }', { number })).toEqual({
    incidentByNumber: { title: 'Mayday survived' }
  })
  expect((await app.admin.run(documents.VerifyChanges)).verifyChanges.valid).toBe(true)
})

/** Sends a request and returns the codes in its answer. */
async function sendSpoilt(index: number): Promise<string[]> {
  const dice = new Dice(seed, index)
  const where = `request ${index} of seed ${seed}`
  const headers: Record<string, string> = {
    'content-type': dice.chance(0.95)
      ? 'application/json'
      : dice.one(['text/plain', 'application/graphql', 'application/json; charset=utf-16', 'multipart/form-data']),
    accept: dice.chance(0.9)
      ? dice.one(['*/*', 'application/json', 'application/graphql-response+json'])
      : dice.one(['text/event-stream', 'image/png', '', '*/*;q=0', ',,;']),
    authorization: dice.chance(0.95) ? `Bearer ${adminKey}` : dice.one(['', 'Bearer', `Bearer ${adminKey}x`, 'Basic YTpi', 'Bearer a.b.c', 'Bearer mayday_']),
    ...(dice.chance(0.05) ? { 'x-request-id': dice.one(['', 'a b', 'x'.repeat(300), '1']) } : {}),
    ...(dice.chance(0.02) ? { 'mayday-workspace': dice.one(['', 'x', '0'.repeat(36)]) } : {})
  }
  const body = fuzzBody(dice, dice.one(operations))
  const address = dice.chance(0.5) ? `query=${encodeURIComponent(body.toString('latin1'))}` : body.toString('base64')
  const leaving = new AbortController()
  const response = dice.chance(0.9)
    ? await fetch(`${app.url}/graphql`, { method: dice.chance(0.98) ? 'POST' : 'PUT', headers, body: new Uint8Array(body), signal: leaving.signal })
    : await fetch(`${app.url}/graphql?${address.slice(0, 4_000)}`, {
        headers,
        signal: leaving.signal
      })
  const type = response.headers.get('content-type') ?? ''
  expect(response.headers.get('x-request-id') ?? '', `${where}: ${response.status} ${type}`).toMatch(/^[\w.:-]{1,100}$/)
  const text = type.startsWith('text/event-stream') ? await firstEvent(response) : await response.text()
  leaving.abort()
  expect(type, where).toMatch(/^(application\/(graphql-response\+)?json|text\/event-stream)/)
  return codesOf(JSON.parse(text) as Answer<unknown>, where)
}

async function firstEvent(response: Response): Promise<string> {
  const reader = response.body?.getReader()
  let text = ''
  for (;;) {
    const [, data] = /^data: (.*)\n/m.exec(text) ?? []
    if (data !== undefined) return data
    const { value, done } = (await reader?.read()) ?? { done: true }
    if (done) throw new Error(`The stream ended with ${text}`)
    text += Buffer.from(value ?? []).toString('utf8')
  }
}

/** Speaks on a socket until it is closed or all is said; returns how much that was, and the code of its end. */
async function speakSpoilt(index: number): Promise<{ said: number; code: number }> {
  const dice = new Dice(seed, requests + heads + index)
  const where = `socket ${index} of seed ${seed}`
  await using socket = new RawSocket(app.url)
  await socket.opened()
  const greets = dice.chance(0.97)
  if (greets) socket.send({ type: 'connection_init', payload: { authorization: dice.chance(0.97) ? `Bearer ${adminKey}` : 'Bearer x' } })
  if (greets && dice.chance(0.97)) await socket.first(({ type }) => type === 'connection_ack').catch(() => {})
  let said = 0
  for (; said < messagesPerSocket && socket.socket.readyState === socket.socket.OPEN; said++) {
    socket.socket.send(fuzzMessage(dice, operations, said), { binary: dice.chance(0.001) })
    // A question in between lets the answers catch up with what was said, or not.
    if (dice.chance(0.3)) await answered(socket, `pause ${said}`)
  }
  await answered(socket, 'last')
  socket.socket.close(1000)
  const { code } = await socket.closed
  for (const { type, payload, id } of socket.heard) {
    expect(['connection_ack', 'next', 'error', 'complete', 'ping', 'pong'], where).toContain(type)
    if (type === 'next') codesOf(payload as Answer<unknown>, `${where}, operation ${id}`)
    if (type === 'error') codesOf({ errors: payload } as Answer<unknown>, `${where}, operation ${id}`)
  }
  return { said, code }
}

async function answered(socket: RawSocket, id: string): Promise<void> {
  await socket.ask(id, { query: '{ __typename }' }).catch(() => {})
}

/** The codes of an answer, which must be well-formed. */
function codesOf(answer: Answer<unknown>, where: string): string[] {
  expect('data' in answer || Array.isArray(answer.errors), `${where}: ${JSON.stringify(answer)}`).toBe(true)
  const codes = answer.errors?.map(({ message, extensions }) => {
    expect({ message, requestId: extensions.requestId }, where).toEqual({
      message: expect.stringMatching(/\S/),
      requestId: expect.stringMatching(/^[\w.:-]{1,100}$/)
    })
    return extensions.code
  })
  expect(codes ?? [], `${where}: ${JSON.stringify(answer).slice(0, 500)}`).not.toContain('INTERNAL_SERVER_ERROR')
  return codes ?? ['none']
}

async function inParallel(count: number, width: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (next < count) await work(next++)
    })
  )
}

function operationsOn({ incidentId, commentId, resourceId, cursor }: Record<'incidentId' | 'commentId' | 'resourceId' | 'cursor', string>): Operation[] {
  const operation = (query: unknown, variables: Record<string, unknown> = {}): Operation => ({ query: String(query), variables })
  const at = '2026-11-23T01:02:03.000Z'
  const filter = {
    status: ['TRIAGE'],
    active: true,
    severity: ['LOW'],
    tags: { all: ['a'], any: ['a'] },
    resourceIds: [resourceId],
    hasLead: false,
    declaredAt: { from: at, until: at },
    search: 'late "orders" -x or y'
  }
  return [
    operation(documents.DeclareIncident, {
      input: {
        title: 'Late',
        severity: 'LOW',
        summary: 's',
        startedAt: at,
        tags: ['a', 'b'],
        resourceIds: [resourceId],
        idempotencyKey: 'k',
        dedupKey: 'd',
        dedupPolicy: 'REOPEN',
        reopenWindow: 'PT1H'
      }
    }),
    operation(documents.UpdateIncident, {
      input: { id: incidentId, version: 1, title: 't', summary: 's', severity: 'HIGH', tags: ['x'], startedAt: at, leadId: null, resolution: 'r' }
    }),
    operation(documents.ChangeIncidentStatus, { input: { id: incidentId, version: 1, to: 'INVESTIGATING', note: 'n' } }),
    operation(documents.ResolveIncident, { input: { id: incidentId, version: 1, resolution: 'r', rootCause: 'c' } }),
    operation(documents.AddComment, { input: { incidentId, body: 'b', idempotencyKey: 'k' } }),
    operation('mutation ($input: EditCommentInput!) { editComment(input: $input) { __typename } }', { input: { id: commentId, version: 1, body: 'c' } }),
    operation('mutation ($id: ID!) { redactComment(id: $id) { __typename } }', { id: commentId }),
    operation(documents.UpsertResources, {
      input: {
        resources: [
          {
            kind: 'FLOW_RUN',
            externalId: 'r',
            name: 'n',
            labels: { a: 'b' },
            state: 'Failed',
            stateMessage: 'm',
            url: 'https://example.org/',
            belongsTo: ['prefect.flow.1']
          }
        ]
      }
    }),
    operation('mutation ($input: DeclareIncidentFromResourceInput!) { declareIncidentFromResource(input: $input) { __typename } }', {
      input: { resourceId, severity: 'LOW', tags: ['a'] }
    }),
    operation(
      'query ($filter: IncidentFilter, $first: Int, $after: String, $by: IncidentOrder) { incidents(filter: $filter, first: $first, after: $after, orderBy: $by) { totalCount pageInfo { endCursor } nodes { id title lead { name } comments(last: 3) { nodes { body } } resources(first: 5) { nodes { name belongsTo { nodes { name } } } } } } }',
      {
        filter,
        first: 5,
        after: null,
        by: { field: 'SEVERITY', direction: 'ASC' }
      }
    ),
    operation(
      'query ($id: ID!, $filter: IncidentFilter) { node(id: $id) { __typename id } incident(id: $id) { reference timeline(first: 5) { nodes { message data text } } mergedIncidents { id } } incidentMetrics(filter: $filter) { count timeToResolve { p90 } } }',
      {
        id: incidentId,
        filter: {}
      }
    ),
    operation(
      'query ($filter: ResourceFilter, $id: String!) { resources(filter: $filter, last: 2) { nodes { id incidents(active: true) { number } } } resource(externalId: $id) { name } }',
      {
        filter: { kind: ['FLOW'], name: 'f', externalId: ['prefect.flow.1'] },
        id: 'prefect.flow.1'
      }
    ),
    operation(documents.AllChanges, { after: null, filter: { kind: ['INCIDENT_DECLARED'], incidentIds: [incidentId], at: { from: at } } }),
    operation('query ($number: Int!) { incidentByNumber(number: $number) { id } viewer { __typename } __type(name: "Incident") { name } }', { number: 1 }),
    operation(documents.FollowWall, { filter, after: cursor }),
    operation(documents.FollowChanges, { after: cursor, filter: { kind: ['COMMENT_ADDED'] } }),
    operation('subscription ($id: ID!, $after: Cursor) { incident(id: $id, after: $after) { cursor incident { title } changes { message } } }', {
      id: incidentId,
      after: cursor
    }),
    operation('subscription ($id: ID!) { comments(incidentId: $id) { cursor reset comments { body author { name } } } }', { id: incidentId })
  ]
}
