// Running subscriptions follow the rights of their viewer: they end, or show less, within 5 seconds after those do,
// with the reason, and bring nothing that was committed afterwards.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmbedded, startOnServer, type TestApp } from '../kit/app.ts'
import { type Answer, Client } from '../kit/client.ts'
import { Clock } from '../kit/clock.ts'
import { EventStream } from '../kit/event-stream.ts'
import { type IdentityProvider, startIdentityProvider } from '../kit/identity-provider.ts'
import { RawSocket } from '../kit/raw-socket.ts'
import { clientAs, comment, declare } from '../kit/seed.ts'
import { addMember } from './world.ts'

const documents = {
  changes: 'subscription { changes { cursor changes { sequence kind message } } }',
  incidents: 'subscription { incidents { cursor incidents { title comments { nodes { body } } } } }',
  incident: 'subscription ($id: ID!) { incident(id: $id) { cursor incident { title comments { nodes { body } } } changes { message } } }',
  comments: 'subscription ($id: ID!) { comments(incidentId: $id) { cursor comments { body } } }'
}
const revokeKey = 'mutation ($id: ID!) { ended: revokeApiKey(id: $id) { __typename ... on ChangePayload { cursor } ... on Error { message } } }'
const rotateKey = 'mutation ($id: ID!) { ended: rotateApiKey(input: { id: $id }) { __typename ... on ChangePayload { cursor } ... on Error { message } } }'
const rotateKeySlowly = rotateKey.replace('id: $id }', 'id: $id, gracePeriod: "PT10M" }')
const removeMember = 'mutation ($id: ID!) { ended: removeMember(id: $id) { __typename ... on ChangePayload { cursor } ... on Error { message } } }'
const setRole = `mutation ($id: ID!, $version: Int!, $role: Role!) {
  ended: updateMember(input: { id: $id, version: $version, role: $role }) { __typename ... on ChangePayload { cursor } ... on Error { message } }
}`

let provider: IdentityProvider

beforeAll(async () => {
  provider = await startIdentityProvider()
})

afterAll(() => provider[Symbol.asyncDispose]())

interface Stream extends AsyncDisposable {
  /** The next frame; waits for it. */
  next(): Promise<unknown>
  /** Everything that comes until the server ends it, the errors last. */
  rest(): Promise<{ frames: unknown[]; errors: Answer<unknown>['errors'] }>
}

const transports = [
  { transport: 'websocket', open: overSocket },
  { transport: 'SSE', open: overEvents }
] as const

describe.each(transports)('over $transport', ({ open }) => {
  describe.each(Object.entries(documents))('%s', (_name, document) => {
    it('ends when its key is revoked, and brings nothing that was committed afterwards', async () => {
      await using app = await startEmbedded()
      const { id } = await declare(app.admin, { title: 'Before' })
      const robot = await clientAs(app.admin, 'RESPONDER')
      await using stream = await open(robot, document, { id })
      await stream.next()
      await comment(app.admin, id, 'while it was good')
      expect(JSON.stringify(await stream.next())).toContain('while it was good')
      await end(app, revokeKey, { id: robot.keyId })
      await comment(app.admin, id, 'afterwards')
      await declare(app.admin, { title: 'afterwards' })
      const { frames, errors } = await withinBound(stream.rest())
      expect(errors).toEqual([refused('CREDENTIAL_REVOKED')])
      expect(JSON.stringify(frames)).not.toContain('afterwards')
    })
  })

  it('ends when its key gets another secret without grace', async () => {
    await using app = await startEmbedded()
    const robot = await clientAs(app.admin, 'RESPONDER')
    await using stream = await open(robot, documents.changes)
    await stream.next()
    await end(app, rotateKey, { id: robot.keyId })
    await declare(app.admin, { title: 'afterwards' })
    const { frames, errors } = await withinBound(stream.rest())
    expect(errors).toEqual([refused('CREDENTIAL_REVOKED')])
    expect(JSON.stringify(frames)).not.toContain('afterwards')
  })

  it('goes on through a rotation with grace, and ends with the grace', async () => {
    const clock = new Clock()
    await using app = await startEmbedded({ clock: clock.read })
    const robot = await clientAs(app.admin, 'RESPONDER')
    await using stream = await open(robot, documents.changes)
    await stream.next()
    await end(app, rotateKeySlowly, { id: robot.keyId })
    clock.forward(9)
    await declare(app.admin, { title: 'still there' })
    expect(JSON.stringify(await stream.next())).toContain('still there')
    clock.forward(1)
    const { errors } = await withinBound(stream.rest())
    expect(errors).toEqual([refused('CREDENTIAL_EXPIRED')])
  })

  it('ends when its key expires', async () => {
    const clock = new Clock()
    await using app = await startEmbedded({ clock: clock.read })
    const robot = await clientAs(app.admin, 'VIEWER', new Date(clock.read().getTime() + 60_000).toISOString())
    await using stream = await open(robot, documents.incidents)
    await stream.next()
    clock.forward(1)
    expect((await withinBound(stream.rest())).errors).toEqual([refused('CREDENTIAL_EXPIRED')])
  })

  it('ends when its token expires', async () => {
    const clock = new Clock()
    await using app = await startEmbedded({ clock: clock.read, environment: provider.environment })
    await addMember(app.admin, { name: 'Ada', subject: 'idp|ada', role: 'RESPONDER' })
    await using stream = await open(new Client(app.url, await provider.token('idp|ada', {}, {}, clock.read())), documents.incidents)
    await stream.next()
    clock.forward(60)
    expect((await withinBound(stream.rest())).errors).toEqual([refused('CREDENTIAL_EXPIRED')])
  })

  it('ends when its member is removed', async () => {
    await using app = await startEmbedded({ environment: provider.environment })
    const { id } = await addMember(app.admin, { name: 'Ada', subject: 'idp|ada', role: 'ADMIN' })
    await using stream = await open(new Client(app.url, await provider.token('idp|ada')), documents.changes)
    await stream.next()
    await end(app, removeMember, { id })
    await declare(app.admin, { title: 'afterwards' })
    const { frames, errors } = await withinBound(stream.rest())
    expect(errors).toEqual([refused('CREDENTIAL_REVOKED')])
    expect(JSON.stringify(frames)).not.toContain('afterwards')
  })

  it('shows no more of what only admins see once its member is none, and again when it is', async () => {
    await using app = await startEmbedded({ environment: provider.environment })
    const { id } = await addMember(app.admin, { name: 'Ada', subject: 'idp|ada', role: 'ADMIN' })
    await using stream = await open(new Client(app.url, await provider.token('idp|ada')), documents.changes)
    await stream.next()
    const asAdmin = await clientAs(app.admin, 'VIEWER')
    expect(JSON.stringify(await stream.next())).toContain('API_KEY_CREATED')
    await end(app, setRole, { id, version: 1, role: 'VIEWER' })
    await end(app, revokeKey, { id: asAdmin.keyId })
    await declare(app.admin, { title: 'for everybody' })
    const narrowed = await stream.next()
    expect(kindsOf(narrowed)).toEqual(['INCIDENT_DECLARED'])
    await end(app, setRole, { id, version: 2, role: 'ADMIN' })
    const widened = await stream.next()
    expect(kindsOf(widened)).toEqual(['MEMBER_UPDATED'])
  })

  it('goes on for others with equal subscriptions when one of them ends', async () => {
    await using app = await startEmbedded()
    const robots = [await clientAs(app.admin, 'RESPONDER'), await clientAs(app.admin, 'RESPONDER')] as const
    await using first = await open(robots[0], documents.incidents)
    await using second = await open(robots[1], documents.incidents)
    await Promise.all([first.next(), second.next()])
    await end(app, revokeKey, { id: robots[0].keyId })
    expect((await withinBound(first.rest())).errors).toEqual([refused('CREDENTIAL_REVOKED')])
    await declare(app.admin, { title: 'for the other' })
    expect(JSON.stringify(await second.next())).toContain('for the other')
  })

  it('ends on every node when its key is revoked on one', async () => {
    await using one = await startOnServer()
    await using two = await startOnServer({ databaseUrl: one.databaseUrl })
    const robot = await clientAs(one.admin, 'RESPONDER')
    await using here = await open(new Client(one.url, robot.key), documents.incidents)
    await using there = await open(new Client(two.url, robot.key), documents.changes)
    await Promise.all([here.next(), there.next()])
    await end(one, revokeKey, { id: robot.keyId })
    await declare(new Client(two.url, one.workspace.secret), { title: 'afterwards' })
    for (const { frames, errors } of await withinBound(Promise.all([here.rest(), there.rest()]))) {
      expect(errors).toEqual([refused('CREDENTIAL_REVOKED')])
      expect(JSON.stringify(frames)).not.toContain('afterwards')
    }
  })

  it.each([
    ['before it follows the workspace', /SELECT id, sequence FROM workspace/],
    ['while its first frame is made', /FROM change c/]
  ])('ends, or never begins, when its key is revoked %s', async (_when, statement) => {
    await using app = await startEmbedded()
    const robot = await clientAs(app.admin, 'RESPONDER')
    just(app, statement, () => end(app, revokeKey, { id: robot.keyId }))
    const { frames, errors } = await withinBound(open(robot, documents.changes).then((stream) => stream.rest()))
    expect(errors).toEqual([refused('CREDENTIAL_REVOKED')])
    expect(frames.length).toBeLessThanOrEqual(1)
  })
})

it('closes a websocket with 4403 and the reason when its credential has ended', async () => {
  await using app = await startEmbedded()
  const robot = await clientAs(app.admin, 'RESPONDER')
  await using socket = await RawSocket.open(app.url, robot.key)
  await socket.ask('1', { query: documents.changes })
  await end(app, revokeKey, { id: robot.keyId })
  expect(await withinBound(socket.closed)).toEqual({ code: 4403, reason: 'CREDENTIAL_REVOKED' })
})

it('does not share frames between subscriptions that differ in a cursor further down', async () => {
  await using app = await startEmbedded()
  const { id } = await declare(app.admin)
  for (const body of ['one', 'two', 'three']) await comment(app.admin, id, body)
  const { incident } = await app.admin.run<{ incident: { comments: { edges: { cursor: string }[] } } }>(
    'query ($id: ID!) { incident(id: $id) { comments { edges { cursor } } } }',
    { id }
  )
  const document = 'subscription ($from: String) { incidents { incidents { comments(after: $from) { nodes { body } } } } }'
  await using early = await overSocket(app.admin, document, { from: incident.comments.edges[0]?.cursor })
  await using late = await overSocket(app.admin, document, { from: incident.comments.edges[1]?.cursor })
  await Promise.all([early.next(), late.next()])
  await comment(app.admin, id, 'four')
  expect(JSON.stringify(await early.next())).toContain('"two"},{"body":"three"},{"body":"four"')
  expect(JSON.stringify(await late.next())).not.toContain('two')
})

async function overSocket(client: Client, document: string, variables?: Record<string, unknown>): Promise<Stream> {
  const following = client.follow(document, usedBy(document, variables))
  let taken = 0
  return {
    async next() {
      const frame = await following.next()
      taken++
      return frame
    },
    async rest() {
      const errors = (await following.ended) as Answer<unknown>['errors']
      return { frames: following.frames.slice(taken), errors }
    },
    [Symbol.asyncDispose]: () => following[Symbol.asyncDispose]()
  }
}

async function overEvents(client: Client, document: string, variables?: Record<string, unknown>): Promise<Stream> {
  const response = await client.send(document, usedBy(document, variables), { accept: 'text/event-stream' })
  const stream = new EventStream<unknown>(response)
  return {
    async next() {
      const answer = await stream.next()
      if (!answer?.data) throw new Error(`No frame: ${JSON.stringify(answer)}`)
      return answer.data
    },
    async rest() {
      const answers = await stream.rest()
      return { frames: answers.flatMap(({ data }) => data ?? []), errors: answers.at(-1)?.errors }
    },
    [Symbol.asyncDispose]: () => stream[Symbol.asyncDispose]()
  }
}

function usedBy(document: string, variables: Record<string, unknown> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => document.includes(`$${name}`)))
}

/** Ends or changes somebody's right, which must succeed. */
async function end({ admin }: TestApp, document: string, variables: Record<string, unknown>): Promise<void> {
  const { ended } = await admin.run<{ ended: { __typename: string } }>(document, variables)
  expect(ended.__typename).toMatch(/Payload$/)
}

/** Does something when the next statement of this kind is about to be run, and before it is. */
function just({ database }: TestApp, statement: RegExp, work: () => Promise<void>): void {
  const query = database.query
  database.query = async (sql) => {
    if (statement.test(sql.text)) {
      database.query = query
      await work()
    }
    return query(sql)
  }
}

/** The bound that the API gives for whatever ends a subscription. */
async function withinBound<T>(work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('It still runs after 5 seconds')), 5_000)
  return await Promise.race([work, late.promise]).finally(() => clearTimeout(timer))
}

function refused(reason: string) {
  return { message: expect.any(String), extensions: { code: 'UNAUTHENTICATED', reason, requestId: expect.any(String) } }
}

function kindsOf(frame: unknown): string[] {
  return (frame as { changes: { changes: { kind: string }[] } }).changes.changes.map(({ kind }) => kind)
}
