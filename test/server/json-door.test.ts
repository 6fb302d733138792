// POST /events: who may, what fits, and how errors are told.
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adminKey, startEmbedded, type TestApp } from '../kit/app.ts'
import { sendRaw } from '../kit/raw-http.ts'
import { clientAs, otherWorkspace } from '../kit/seed.ts'

let app: TestApp

beforeAll(async () => {
  app = await startEmbedded()
})
afterAll(() => app[Symbol.asyncDispose]())

const event = (number: number) => ({
  occurred: '2026-11-23T10:00:00Z',
  event: 'acme.table.checked',
  resource: { 'prefect.resource.id': 'acme.table.orders' },
  payload: { number }
})

function post(body: unknown, headers: Record<string, string> = {}, path = '/events'): Promise<Response> {
  return fetch(`${app.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${adminKey}`, ...headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    duplex: 'half'
  } as RequestInit)
}

const stored = () => app.database.prisma.event.count()

describe('events are taken', () => {
  it('alone, in a list, and in an object, as often as they are sent', async () => {
    const none = { duplicates: 0, rejected: [] }
    const first = await post(event(1))
    expect([first.status, first.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8'])
    expect(await first.json()).toEqual({ accepted: 1, ...none })
    expect(await (await post([event(2), event(1)])).json()).toEqual({ accepted: 1, duplicates: 1, rejected: [] })
    expect(await (await post({ events: [event(3), event(4)] })).json()).toEqual({ accepted: 2, ...none })
    expect(await (await post([])).json()).toEqual({ accepted: 0, ...none })
    expect(await (await post([event(1), event(2), event(3), event(4)], {}, '/events/')).json()).toEqual({ accepted: 0, duplicates: 4, rejected: [] })
  })

  it('as far as they are good, and each bad one is answered with its place', async () => {
    const response = await post([event(10), { ...event(11), event: '' }, null, event(12)])
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      accepted: 2,
      duplicates: 0,
      rejected: [
        { index: 1, reason: 'event: must be a text of 1 to 300 characters' },
        { index: 2, reason: 'must be an object' }
      ]
    })
  })

  it('ten thousand of them, but none of a body with more', async () => {
    const before = await stored()
    const many = [...Array.from({ length: 1_200 }, (_, index) => event(1_000 + index)), 'rubbish']
    expect(await (await post(many)).json()).toEqual({ accepted: 1_200, duplicates: 0, rejected: [{ index: 1_200, reason: 'must be an object' }] })
    expect(await stored()).toBe(before + 1_200)
    const most = await (await post(Array.from({ length: 10_000 }, () => 0))).json()
    expect(most).toMatchObject({ accepted: 0, rejected: { length: 10_000 } })
    const refused = await post([event(9_999), ...Array.from({ length: 10_000 }, () => 0)])
    expect([refused.status, await refused.json()]).toMatchObject([400, { code: 'BAD_USER_INPUT', error: 'body: must have at most 10000 events' }])
    expect(await stored()).toBe(before + 1_200)
  })

  it('in chunks, and from whom a workspace is named that is the own', async () => {
    const { viewer } = await app.admin.run<{ viewer: { workspace: { id: string } } }>('{ viewer { workspace { id } } }')
    const workspace = Buffer.from(viewer.workspace.id, 'base64url').toString().replace('Workspace:', '')
    expect((await post(event(20), { 'mayday-workspace': workspace })).status).toBe(200)
    const text = JSON.stringify(event(21))
    const request = ['POST /events HTTP/1.1', 'host: x', `authorization: Bearer ${adminKey}`, 'content-type: application/json; charset=utf-8']
    const chunks = [text.slice(0, 40), text.slice(40)].map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join('')
    expect(await sendRaw(app.url, `${[...request, 'connection: close', 'transfer-encoding: chunked'].join('\r\n')}\r\n\r\n${chunks}0\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 200 [\s\S]*"accepted":1/
    )
  })
})

async function expectRefusal(response: Response, status: number, code: string, more: object = {}): Promise<void> {
  const requestId = response.headers.get('x-request-id')
  expect({ status: response.status, ...((await response.json()) as object) }).toMatchObject({
    status,
    error: expect.stringMatching(/\.$|: /),
    code,
    requestId,
    ...more
  })
}

describe('what is refused leaves nothing, and says why', () => {
  it('who has no key, a wrong one, or one of another workspace', async () => {
    const before = await stored()
    const missing = await post(event(30), { authorization: '' })
    expect(missing.headers.get('www-authenticate')).toBe('Bearer')
    await expectRefusal(missing, 401, 'UNAUTHENTICATED', { reason: 'CREDENTIAL_MISSING' })
    await expectRefusal(await post(event(30), { authorization: `Bearer mayday_${'x'.repeat(43)}` }), 401, 'UNAUTHENTICATED', { reason: 'CREDENTIAL_INVALID' })
    const wrong = { 'mayday-workspace': '01a20868-5af4-72e2-8793-887312763938' }
    await expectRefusal(await post(event(30), wrong), 401, 'UNAUTHENTICATED', { reason: 'NOT_A_MEMBER' })
    expect(await stored()).toBe(before)
  })

  it('who may only read', async () => {
    const { key } = await clientAs(app.admin, 'VIEWER')
    await expectRefusal(await post(event(31), { authorization: `Bearer ${key}` }), 403, 'FORBIDDEN', { requiredRole: 'RESPONDER' })
    const responder = await clientAs(app.admin, 'RESPONDER')
    expect((await post(event(31), { authorization: `Bearer ${responder.key}` })).status).toBe(200)
  })

  it.each([
    ['nothing', ''],
    ['half of it', '{"event":'],
    ['several JSON texts', '{}\n{}']
  ])('a body that is %s', async (_what, body) => {
    await expectRefusal(await post(body), 400, 'BAD_REQUEST', { error: 'The body is not valid JSON.' })
  })

  it('a body that is not UTF-8', async () => {
    await expectRefusal(await post(Buffer.from([0x22, 0xc3, 0x28, 0x22])), 400, 'BAD_REQUEST', { error: 'The body is not valid UTF-8.' })
  })

  it.each([['null'], ['7'], ['"text"'], ['{"events":{}}'], ['{"events":null}']])('JSON that holds no events: %s', async (body) => {
    await expectRefusal(await post(body), 400, 'BAD_USER_INPUT', { problems: [{ field: 'body', rule: expect.stringMatching(/^must be an event/) }] })
  })

  it.each([
    ['is of another type', { 'content-type': 'text/plain' }],
    ['is a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['is compressed', { 'content-encoding': 'gzip' }]
  ])('what %s', async (_what, headers) => {
    await expectRefusal(await post(event(32), headers), 415, 'UNSUPPORTED_MEDIA_TYPE')
  })

  it('another method, and a path below', async () => {
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const response = await fetch(`${app.url}/events`, { method })
      expect(response.headers.get('allow')).toBe('POST')
      await expectRefusal(response, 405, 'METHOD_NOT_ALLOWED')
    }
    await expectRefusal(await post(event(33), {}, '/events/33'), 404, 'NOT_FOUND')
  })

  it('a body that is too large, whether it says so or not', async () => {
    const before = await stored()
    const large = `[${JSON.stringify(event(34))},"${'x'.repeat(1_000_000)}"]`
    await expectRefusal(await post(large), 413, 'PAYLOAD_TOO_LARGE')
    const head = ['POST /events HTTP/1.1', 'host: x', `authorization: Bearer ${adminKey}`, 'content-type: application/json']
    const chunk = `${(600_000).toString(16)}\r\n${' '.repeat(600_000)}\r\n`
    const answer = await sendRaw(app.url, `${[...head, 'transfer-encoding: chunked'].join('\r\n')}\r\n\r\n${chunk}${chunk}`)
    expect(answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*connection: close[\s\S]*PAYLOAD_TOO_LARGE/i)
    expect(await stored()).toBe(before)
  })
})

it('does nothing for a client that goes away in the middle of its body', async () => {
  const before = await stored()
  const text = JSON.stringify([event(40), event(41)])
  const { port, hostname } = new URL(app.url)
  const socket = connect(Number(port), hostname)
  const head = ['POST /events HTTP/1.1', 'host: x', `authorization: Bearer ${adminKey}`, 'content-type: application/json', `content-length: ${text.length}`]
  await new Promise<void>((resolve) => socket.write(`${head.join('\r\n')}\r\n\r\n${text.slice(0, -5)}`, () => resolve()))
  await new Promise<void>((resolve) => socket.once('close', () => resolve()).resetAndDestroy())
  // Whoever comes after is served, and by then what was broken off would have been seen.
  expect((await post(event(42))).status).toBe(200)
  expect(await stored()).toBe(before + 1)
})

it('sends away who comes when too many wait, and takes them when they come again', async () => {
  const { query } = app.database
  const gate = Promise.withResolvers<void>()
  app.database.query = async (statement) => {
    if (/INTO event\b/.test(statement.text)) await gate.promise
    return query(statement)
  }
  const requests = Array.from({ length: 60 }, (_, index) => post(event(100 + index)))
  const refused: Response[] = []
  for (const request of requests) void request.then((response) => refused.push(response))
  await expect.poll(() => refused.length).toBe(24)
  expect(refused[0]?.headers.get('retry-after')).toBe('1')
  await expectRefusal((refused[0] as Response).clone(), 503, 'SERVICE_UNAVAILABLE')
  gate.resolve()
  const statuses = (await Promise.all(requests)).map(({ status }) => status)
  app.database.query = query
  expect(statuses.filter((status) => status === 200)).toHaveLength(36)
  expect(statuses.filter((status) => status === 503)).toHaveLength(24)
  const again = await (await post(Array.from({ length: 60 }, (_, index) => event(100 + index)))).json()
  expect(again).toEqual({ accepted: 24, duplicates: 36, rejected: [] })
})

it('keeps workspaces apart', async () => {
  const other = await otherWorkspace(app.admin)
  const before = await other.run<{ events: { totalCount: number } }>('{ events { totalCount } }')
  expect(before.events.totalCount).toBe(0)
  await post(event(50))
  expect(await other.run('{ events { totalCount } }')).toEqual(before)
})
