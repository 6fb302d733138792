// The protocol graphql-transport-ws, as rude clients speak it: what breaks it closes the socket with the code for it,
// what is only a bad operation is answered, and the others on the socket go on.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adminKey, startEmbedded, type TestApp } from '../kit/app.ts'
import { RawSocket } from '../kit/raw-socket.ts'
import { comment, declare } from '../kit/seed.ts'

let app: TestApp
let incidentId: string

beforeAll(async () => {
  app = await startEmbedded({ environment: { MAYDAY_MAX_SUBSCRIPTIONS: '3' } })
  incidentId = (await declare(app.admin)).id
})

afterAll(() => app[Symbol.asyncDispose]())

const subscribe = (id: string, query: string) => ({ id, type: 'subscribe', payload: { query } })
const wall = 'subscription { incidents { cursor } }'

describe('closes a socket', () => {
  it.each([
    ['1007 for a text that is not UTF-8', brokenText(), 1007],
    ['1009 for a message that is too large', JSON.stringify(subscribe('a', `{ __typename } # ${'x'.repeat(1_000_000)}`)), 1009],
    ['1003 for bytes instead of text', Buffer.from('{"type":"ping"}'), 1003],
    ['4400 for a text that is not JSON', 'subscribe!', 4400],
    ['4400 for a message without a type', '{}', 4400],
    ['4400 for a message of an unknown type', '{"type":"start","id":"a"}', 4400],
    ['4400 for a message that only servers send', '{"type":"next","id":"a","payload":{}}', 4400],
    ['4400 for another one', '{"type":"connection_ack"}', 4400],
    ['4400 for an operation without a document', '{"type":"subscribe","id":"a","payload":{}}', 4400],
    ['4400 for an operation without an id', JSON.stringify(subscribe('', '{ __typename }')), 4400],
    ['4400 for variables that are no object', '{"type":"subscribe","id":"a","payload":{"query":"{ __typename }","variables":[]}}', 4400],
    ['4429 for a second greeting', '{"type":"connection_init"}', 4429]
  ])('with %s', async (_name, message, code) => {
    await using socket = await RawSocket.open(app.url, adminKey)
    if (Buffer.isBuffer(message) && code === 1007) socket.socket.send(message, { binary: false })
    else socket.send(message)
    expect((await socket.closed).code).toBe(code)
  })

  it('with 4401 for an operation before the greeting is over', async () => {
    await using socket = new RawSocket(app.url)
    await socket.opened()
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${adminKey}` } })
    socket.send(subscribe('a', '{ __typename }'))
    expect(await socket.closed).toEqual({ code: 4401, reason: 'Unauthorized' })
  })

  it('with 4406 for one that names no protocol', async () => {
    await using socket = new RawSocket(app.url, [])
    expect((await socket.closed).code).toBe(4406)
  })

  it.each(['a', 'a'.repeat(500), '🚒'.repeat(50)])('with 4409 for an id that is in use: %s', async (id) => {
    await using socket = await RawSocket.open(app.url, adminKey)
    await socket.ask(id, { query: wall })
    socket.send(subscribe(id, wall))
    expect((await socket.closed).code).toBe(4409)
  })
})

describe('on one socket', () => {
  it('takes so many operations at once and no more; one that ends makes room', async () => {
    await using socket = await RawSocket.open(app.url, adminKey)
    for (const id of ['1', '2', '3']) expect(await socket.ask(id, { query: wall })).toHaveProperty('data')
    for (const query of [wall, '{ __typename }', 'mutation { redactComment(id: "x") { __typename } }']) {
      const { errors } = await socket.ask(`refused ${query}`, { query })
      expect(errors).toMatchObject([{ message: 'At most 3 operations run at once on one websocket.', extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } }])
    }
    socket.send({ id: '2', type: 'complete' })
    expect(await socket.ask('4', { query: wall })).toHaveProperty('data')
    await comment(app.admin, incidentId, 'All three go on')
    for (const id of ['1', '3', '4']) await expectFrames(socket, id, 2)
    expect(framesOf(socket, '2')).toHaveLength(1)
  })

  it('a subscription that is completed before it began never runs, nor does one that takes its id meanwhile', async () => {
    await using socket = await RawSocket.open(app.url, adminKey)
    socket.send(subscribe('a', wall))
    socket.send({ id: 'a', type: 'complete' })
    socket.send(subscribe('a', wall))
    const { payload } = await socket.first(({ type, id }) => type === 'error' && id === 'a')
    expect(payload).toMatchObject([{ message: expect.stringContaining('an id of its own'), extensions: { code: 'BAD_REQUEST' } }])
    expect(await socket.ask('b', { query: wall })).toHaveProperty('data')
    await comment(app.admin, incidentId, 'Nobody of that name')
    await expectFrames(socket, 'b', 2)
    expect(framesOf(socket, 'a')).toEqual([])
  })

  it('completing and subscribing under the same id over and over gets round no limit, and leaves one at the most running', async () => {
    await using socket = await RawSocket.open(app.url, adminKey)
    expect(await socket.ask('a', { query: wall })).toHaveProperty('data')
    for (let round = 0; round < 20; round++) {
      socket.send({ id: 'a', type: 'complete' })
      socket.send(subscribe('a', wall))
      if (round % 3 === 0) await socket.ask(`b ${round}`, { query: '{ __typename }' })
    }
    const answer = async (id: string) => (await socket.ask(id, { query: wall })).data
    expect([await answer('x'), await answer('y')]).toEqual([expect.anything(), expect.anything()])
    const before = framesOf(socket, 'a').length
    await comment(app.admin, incidentId, 'Once for each')
    await expectFrames(socket, 'x', 2)
    await expectFrames(socket, 'y', 2)
    expect(framesOf(socket, 'a').length - before).toBeLessThanOrEqual(1)
  })

  it('answers a ping with its payload, and lets completes of unknown operations pass', async () => {
    await using socket = await RawSocket.open(app.url, adminKey)
    socket.send({ id: 'nothing', type: 'complete' })
    socket.send({ type: 'pong' })
    socket.send({ type: 'ping', payload: { beat: 1 } })
    expect(await socket.first(({ type }) => type === 'pong')).toEqual({ type: 'pong', payload: { beat: 1 } })
  })
})

it('has logged none of it as a fault of its own', () => {
  expect(app.logged).toEqual([])
})

const framesOf = (socket: RawSocket, id: string) => socket.heard.filter((message) => message.id === id && message.type === 'next')

async function expectFrames(socket: RawSocket, id: string, count: number): Promise<void> {
  await socket.first(() => framesOf(socket, id).length >= count)
  expect(framesOf(socket, id)).toHaveLength(count)
}

function brokenText(): Buffer {
  return Buffer.concat([Buffer.from('{"type":"ping","payload":{"a":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}}')])
}
