// Answers from memory: as long as nothing has changed, and not a moment longer; for whoever may have them, and nobody else.
import { describe, expect, it } from 'vitest'
import { Heads } from '../../src/change/heads.ts'
import { seenAt } from '../../src/change/moved.ts'
import { Answers } from '../../src/server/answers.ts'
import { engines, quiet, startEmbedded } from '../kit/app.ts'
import type { Client } from '../kit/client.ts'
import { tryStep } from '../kit/incident.ts'
import { addResources, clientAs, comment, declare, otherWorkspace } from '../kit/seed.ts'
import { watchStatements } from '../kit/statements.ts'
import { latest, latestOfOne, type One, one, type Wall, wall } from './questions.ts'

describe.each(engines)('on $engine', ({ start }) => {
  it('the same question is answered again without a look at the database, until something changes', async () => {
    await using app = await start(quiet)
    const { id } = await declare(app.admin)
    const first = await app.admin.run<Wall>(wall)
    using statements = watchStatements(app.database)
    expect(await app.admin.run<Wall>(wall)).toEqual(first)
    expect(statements.texts).toEqual([])
    await comment(app.admin, id, 'The queue drains')
    expect(latest(await app.admin.run<Wall>(wall))).toBe('The queue drains')
    expect(statements.texts).not.toEqual([])
  })

  it('an answer about one incident stays while another moves, and goes when anything else does', async () => {
    await using app = await start(quiet)
    const [mine, other] = [await declare(app.admin), await declare(app.admin)]
    const ask = async () => {
      using statements = watchStatements(app.database)
      const said = latestOfOne(await app.admin.run<One>(one, { id: mine.id }))
      return { said, asked: statements.texts.length > 0 }
    }
    await ask()
    await comment(app.admin, other.id, 'Somewhere else')
    await tryStep(app.admin, 'acknowledgeIncident', { id: other.id, version: other.version })
    expect(await ask()).toEqual({ said: undefined, asked: false })
    await comment(app.admin, mine.id, 'The queue drains')
    expect(await ask()).toEqual({ said: 'The queue drains', asked: true })
    await addResources(app.admin, { kind: 'CUSTOM', externalId: 'printer', name: 'Printer' })
    expect(await ask()).toEqual({ said: 'The queue drains', asked: true })
  })

  it('a list that shows no comments stays while people talk, and goes when anything else happens', async () => {
    await using app = await start(quiet)
    const { id, version } = await declare(app.admin)
    const list = '{ incidents { nodes { status } } }'
    const ask = async () => {
      using statements = watchStatements(app.database)
      const { incidents } = await app.admin.run<{ incidents: { nodes: { status: string }[] } }>(list)
      return { status: incidents.nodes[0]?.status, asked: statements.texts.length > 0 }
    }
    await ask()
    await comment(app.admin, id, 'The queue drains')
    expect(await ask()).toEqual({ status: 'TRIAGE', asked: false })
    await tryStep(app.admin, 'acknowledgeIncident', { id, version })
    expect(await ask()).toEqual({ status: 'INVESTIGATING', asked: true })
  })

  it('each of many who write reads what it has just written', async () => {
    await using app = await start(quiet)
    const { id } = await declare(app.admin)
    const said: string[] = []
    await Promise.all(
      Array.from({ length: 10 }, async (_, writer) => {
        for (let index = 0; index < 10; index++) {
          const body = `writer ${writer} says ${index}`
          await comment(app.admin, id, body)
          said.push(body)
          const least = said.length
          const { incidents } = await app.admin.run<{ incidents: { nodes: { comments: { totalCount: number } }[] } }>(
            '{ incidents { nodes { comments(first: 0) { totalCount } } } }'
          )
          expect(incidents.nodes[0]?.comments.totalCount).toBeGreaterThanOrEqual(least)
        }
      })
    )
  })
})

it('equal questions that come at once are one', async () => {
  await using app = await startEmbedded(quiet)
  await declare(app.admin)
  await app.admin.run('{ incidents { totalCount } }')
  using statements = watchStatements(app.database)
  const answers = await Promise.all(Array.from({ length: 20 }, () => app.admin.run<Wall>(wall)))
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  expect(statements.texts.filter((text) => text.includes('FROM comment'))).toHaveLength(1)
})

it('a client may ask for an answer that is made for it', async () => {
  await using app = await startEmbedded(quiet)
  await app.admin.run(wall)
  for (const directive of ['no-cache', 'max-age=0, No-Store']) {
    using statements = watchStatements(app.database)
    expect(await (await app.admin.send(wall, {}, { 'cache-control': directive })).json()).toHaveProperty('data')
    expect(statements.texts).not.toEqual([])
  }
})

it('no memory is taken when none is given', async () => {
  await using app = await startEmbedded({ environment: { ...quiet.environment, MAYDAY_CACHE_BYTES: '0' } })
  await app.admin.run(wall)
  using statements = watchStatements(app.database)
  await app.admin.run(wall)
  expect(statements.texts).not.toEqual([])
})

describe('are not given to whoever', () => {
  it('has another role', async () => {
    await using app = await startEmbedded(quiet)
    const viewer = await clientAs(app.admin, 'VIEWER')
    const kinds = async (client: Client) =>
      (await client.run<{ changes: { nodes: { kind: string }[] } }>('{ changes { nodes { kind } } }')).changes.nodes.map(({ kind }) => kind)
    expect(await kinds(app.admin)).toContain('API_KEY_CREATED')
    expect(await kinds(viewer)).not.toContain('API_KEY_CREATED')
  })

  it('is in another workspace', async () => {
    await using app = await startEmbedded(quiet)
    await declare(app.admin, { title: 'Ours' })
    const other = await otherWorkspace(app.admin)
    expect((await app.admin.run<Wall>(wall)).incidents.totalCount).toBe(1)
    expect((await other.run<Wall>(wall)).incidents.totalCount).toBe(0)
  })

  it('has a credential no longer', async () => {
    let now = new Date('2026-11-23T03:00:00Z')
    await using app = await startEmbedded({ ...quiet, clock: () => now })
    const revoked = await clientAs(app.admin, 'RESPONDER')
    const expiring = await clientAs(app.admin, 'RESPONDER', '2026-11-23T03:00:10Z')
    for (const client of [revoked, expiring]) expect(await client.ask(wall)).toHaveProperty('data')
    await app.admin.run('mutation ($id: ID!) { revokeApiKey(id: $id) { __typename } }', { id: revoked.keyId })
    expect(await revoked.ask(wall)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED', reason: 'CREDENTIAL_REVOKED' } }] })
    expect(await expiring.ask(wall)).toHaveProperty('data')
    now = new Date('2026-11-23T03:00:10Z')
    expect(await expiring.ask(wall)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED', reason: 'CREDENTIAL_EXPIRED' } }] })
  })

  it('means no workspace at all', async () => {
    await using app = await startEmbedded(quiet)
    expect(await app.admin.ask(wall)).toHaveProperty('data')
    const answer = await app.admin.send(wall, {}, { 'mayday-workspace': '' })
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED', reason: 'NOT_A_MEMBER' } }] })
  })

  it('asks what depends on who asks', async () => {
    await using app = await startEmbedded(quiet)
    const [one, other] = [await clientAs(app.admin, 'RESPONDER'), await clientAs(app.admin, 'RESPONDER')]
    const actorOf = async (client: Client) => (await client.run<{ viewer: { actor: { id: string } } }>('{ viewer { actor { id } } }')).viewer.actor.id
    expect([await actorOf(one), await actorOf(other)]).toEqual([one.keyId, other.keyId])
  })
})

it('what depends on the clock or on tables outside the record is looked up anew', async () => {
  let now = new Date('2026-11-23T03:00:00Z')
  await using app = await startEmbedded({ ...quiet, clock: () => now })
  const used = '{ apiKeys { nodes { lastUsedAt } } }'
  expect(await app.admin.run(used)).toMatchObject({ apiKeys: { nodes: [{ lastUsedAt: '2026-11-23T03:00:00.000Z' }] } })
  now = new Date('2026-11-23T03:02:00Z')
  await app.admin.run('{ incidents { totalCount } }')
  expect(await app.admin.run(used)).toMatchObject({ apiKeys: { nodes: [{ lastUsedAt: '2026-11-23T03:02:00.000Z' }] } })
  using statements = watchStatements(app.database)
  for (let times = 0; times < 2; times++) await app.admin.run('{ verifyChanges { valid } }')
  expect(statements.texts.filter((text) => text.includes('FROM change c')).length).toBeGreaterThanOrEqual(2)
})

it('errors are not kept, and each tells its own request', async () => {
  await using app = await startEmbedded(quiet)
  const bad = '{ incident(id: "rubbish") { title } }'
  const errors = (await Promise.all([app.admin.ask(bad), app.admin.ask(bad)])).map((answer) => answer.errors?.[0]?.extensions)
  expect(errors).toMatchObject([{ code: 'BAD_USER_INPUT' }, { code: 'BAD_USER_INPUT' }])
  expect(errors[0]?.requestId).not.toBe(errors[1]?.requestId)
})

it('an answer is the same, heads and all, whichever way it takes through the server', async () => {
  await using app = await startEmbedded(quiet)
  await declare(app.admin)
  // The parameter is one that only the whole pipeline reads.
  for (const [plain, general] of [
    ['application/json', 'application/json;profile=x'],
    ['application/graphql-response+json', 'application/graphql-response+json;profile=x']
  ]) {
    const headers = { origin: 'https://wall.example', 'x-request-id': 'the-same' }
    const answers = await Promise.all([plain, general].map((accept) => app.admin.send(wall, {}, { ...headers, accept: accept ?? '' })))
    const [one, other] = await Promise.all(
      answers.map(async (response) => ({ status: response.status, headers: withoutDate(response), body: await response.text() }))
    )
    expect(one).toEqual(other)
  }
})

function withoutDate({ headers }: Response): Record<string, string> {
  const { date: _, ...others } = Object.fromEntries(headers)
  return others
}

describe('the memory', () => {
  const workspaceId = '019ab000-0000-7000-8000-000000000001'

  const question = (key: string) => ({ workspaceId, key, part: { incidentId: null, talk: true } })

  function answersAt(mostBytes: number) {
    const heads = new Heads()
    heads.hear()
    heads.observe()(seenAt(workspaceId, 1))
    return { heads, answers: new Answers(heads, mostBytes) }
  }

  it('is bounded: the oldest answers go first', async () => {
    const { answers } = answersAt(100_000)
    for (let index = 0; index < 100; index++) await answers.get(question(`key ${index}`), async () => Buffer.alloc(9_000, index))
    const kept = Array.from({ length: 100 }, (_, index) => index).filter((index) => answers.find(question(`key ${index}`)))
    expect(kept).toEqual([90, 91, 92, 93, 94, 95, 96, 97, 98, 99])
    await answers.get(question('too large'), async () => Buffer.alloc(200_000))
    expect(answers.find(question('too large'))).toBeUndefined()
    expect(answers.find(question('key 99'))).toBeDefined()
  })

  it('does not keep what was being made when its workspace moved, nor gives it to those who come then', async () => {
    const { heads, answers } = answersAt(100_000)
    const old = Promise.withResolvers<Buffer>()
    const first = answers.get(question('key'), () => old.promise)
    heads.observe()(seenAt(workspaceId, 2))
    expect(await answers.get(question('key'), async () => Buffer.from('new'))).toEqual(Buffer.from('new'))
    old.resolve(Buffer.from('old'))
    expect(await first).toEqual(Buffer.from('old'))
    expect(answers.find(question('key'))).toEqual(Buffer.from('new'))
  })

  it('keeps nothing of an answer that is not to be shared, or that failed', async () => {
    const { answers } = answersAt(100_000)
    expect(await answers.get(question('key'), async () => null)).toBeNull()
    await expect(answers.get(question('key'), () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
    expect(await answers.get(question('key'), async () => Buffer.from('good'))).toEqual(Buffer.from('good'))
  })
})
