// Commands of a workspace that wait for each other are carried out together, by one statement. Nobody may notice: each
// is done or refused for itself, and each answer is of what was done.
import pg from 'pg'
import { describe, expect, it, vi } from 'vitest'
import { hashKey } from '../../src/access/key.ts'
import { actorsById } from '../../src/access/loader.ts'
import type { Viewer } from '../../src/access/viewer.ts'
import { commentsById } from '../../src/comment/loader.ts'
import { addComment } from '../../src/comment/service.ts'
import type { Session } from '../../src/core.ts'
import { Prisma } from '../../src/database/generated/client/client.ts'
import { Unavailable } from '../../src/errors.ts'
import { adminKey, engines, quiet, startOnServer, type TestApp } from '../kit/app.ts'
import { Client } from '../kit/client.ts'
import { AddComment, VerifyChanges } from '../kit/documents.ts'
import { readIncident, readRecord, take } from '../kit/incident.ts'
import { clientAs, declare } from '../kit/seed.ts'
import { holdWorkspace } from '../kit/workspace-lock.ts'

/** The admin at work on a node, or another viewer. What is asked in one go goes together. */
function sessionOf({ app, workspace }: TestApp, viewer: Partial<Viewer> = {}): Session {
  const admin: Viewer = {
    workspaceId: workspace.workspaceId,
    actorId: workspace.keyId,
    kind: 'API_KEY',
    role: 'ADMIN',
    expiresAt: null,
    secretHash: null,
    asOf: 0
  }
  return { core: app.core, viewer: { ...admin, ...viewer } }
}

const rowOf = (id: string) => Buffer.from(id, 'base64url').toString().split(':')[1] ?? ''

async function sequences({ database, workspace }: TestApp): Promise<number[]> {
  const rows = await database.query<{ sequence: number }>(
    Prisma.sql`SELECT sequence FROM change WHERE workspace_id = ${workspace.workspaceId}::uuid ORDER BY sequence`
  )
  return rows.map(({ sequence }) => sequence)
}

async function expectWholeRecord(app: TestApp): Promise<void> {
  const record = await sequences(app)
  expect(record).toEqual(record.map((_, index) => index + 1))
  expect((await app.admin.run(VerifyChanges)).verifyChanges).toMatchObject({ valid: true, checked: record.length })
}

describe('40 writers on one workspace through two nodes at once', () => {
  it('each answered comment is there once, where its answer says, in the order of the answers', { timeout: 120_000 }, async () => {
    await using one = await startOnServer(quiet)
    await using two = await startOnServer({ ...quiet, databaseUrl: one.databaseUrl })
    const incidents = await Promise.all([1, 2, 3].map(() => declare(one.admin)))
    const sent = vi.spyOn(pg.Client.prototype, 'query')
    const answered = await Promise.all(
      Array.from({ length: 40 }, async (_, writer) => {
        const client = new Client(writer % 2 ? one.url : two.url, adminKey)
        const mine: { cursor: string; body: string }[] = []
        for (let index = 0; index < 15; index++) {
          const input = {
            incidentId: incidents[(writer + index) % 3]?.id ?? '',
            body: `${writer} says ${index}`,
            ...(index % 3 ? {} : { idempotencyKey: `${writer} ${index}` })
          }
          const { addComment: added } = await client.run(AddComment, { input })
          if (added.__typename !== 'CommentPayload') throw new Error(`Not added: ${JSON.stringify(added)}`)
          expect(added.comment).toMatchObject({ body: input.body, version: 1, author: { name: 'First admin key' }, incident: { id: input.incidentId } })
          mine.push({ cursor: added.cursor, body: input.body })
        }
        return mine
      })
    )
    // Far fewer than one for each: they did go together.
    const commands = sent.mock.calls.filter(([query]) => JSON.stringify(query).includes('INSERT INTO comment'))
    sent.mockRestore()
    expect(commands.length).toBeLessThan(500)

    const record = await readRecord(one.admin, { kind: ['COMMENT_ADDED'] })
    const place = new Map(record.map(({ cursor, sequence }) => [cursor, sequence]))
    expect(record.map(({ cursor, text }) => `${cursor} ${(text as { body: string }).body}`).sort()).toEqual(
      answered
        .flat()
        .map(({ cursor, body }) => `${cursor} ${body}`)
        .sort()
    )
    for (const mine of answered) {
      const order = mine.map(({ cursor }) => place.get(cursor) ?? 0)
      expect(order).toEqual(order.toSorted((a, b) => a - b))
    }
    await expectWholeRecord(one)
  })
})

describe.each(engines)('commands that go together on $engine', ({ start }) => {
  it('are each done or refused for themselves', async () => {
    await using app = await start(quiet)
    const [good, merged, survivor] = await Promise.all([1, 2, 3].map(() => declare(app.admin)))
    if (!good || !merged || !survivor) throw new Error('Not declared')
    await take(app.admin, merged, ['mergeIncident', { intoId: survivor.id }])
    const [revoked, demoted] = await Promise.all([clientAs(app.admin, 'RESPONDER'), clientAs(app.admin, 'RESPONDER')])
    await app.admin.run('mutation ($id: ID!) { revokeApiKey(id: $id) { __typename } }', { id: revoked.keyId })
    const admin = sessionOf(app)
    const by = ({ keyId, key }: { keyId: string; key: string }, viewer: Partial<Viewer> = {}) =>
      sessionOf(app, { actorId: rowOf(keyId), role: 'RESPONDER', secretHash: hashKey(key), ...viewer })
    const say = (session: Session, body: string, incidentId = good.id) => addComment(session, { incidentId: rowOf(incidentId), body })

    const settled = await Promise.allSettled([
      say(admin, 'first'),
      say(admin, 'good'),
      say(admin, 'no such incident', Buffer.from(`Incident:${crypto.randomUUID()}`).toString('base64url')),
      say(admin, 'on a merged one', merged.id),
      say(by(revoked), 'revoked'),
      say(by(demoted, { role: 'ADMIN' }), 'was admin once'),
      say(by(demoted, { secretHash: hashKey('another secret') }), 'replaced'),
      say(by(demoted, { expiresAt: new Date(0) }), 'expired'),
      say(by(demoted), 'also good')
    ])
    const outcome = settled.map((each) =>
      each.status === 'fulfilled' ? 'done' : `${each.reason.constructor.name} ${each.reason.details?.reason ?? ''}`.trim()
    )
    expect(outcome).toEqual([
      'done',
      'done',
      'NotFoundError',
      'done',
      'Unauthenticated CREDENTIAL_REVOKED',
      'Forbidden ROLE_CHANGED',
      'Unauthenticated CREDENTIAL_REVOKED',
      'Unauthenticated CREDENTIAL_EXPIRED',
      'done'
    ])
    expect((await readIncident(app.admin, good.id)).comments.nodes.map(({ body }) => body)).toEqual(['first', 'good', 'also good'])
    expect((await readIncident(app.admin, survivor.id)).comments.nodes.map(({ body }) => body)).toEqual(['on a merged one'])
    await expectWholeRecord(app)
  })

  it('are done without the one that the database refuses', async () => {
    await using app = await start(quiet)
    const { id } = await declare(app.admin)
    const say = (body: string) => addComment(sessionOf(app), { incidentId: rowOf(id), body })
    const settled = await Promise.allSettled(['one', 'no text \0 for a database', 'two'].map(say))
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect((await readIncident(app.admin, id)).comments.nodes.map(({ body }) => body)).toEqual(['one', 'two'])
    await expectWholeRecord(app)
  })

  it('and came with the same key are done once', async () => {
    await using app = await start(quiet)
    const { id } = await declare(app.admin)
    const other = await clientAs(app.admin, 'RESPONDER')
    const say = (body: string, idempotencyKey: string | null, session = sessionOf(app)) => addComment(session, { incidentId: rowOf(id), body, idempotencyKey })
    const before = await say('before', 'known')
    const settled = await Promise.allSettled([
      say('first', null),
      say('once', 'new'),
      say('once', 'new'),
      say('before', 'known'),
      say('before', 'known', sessionOf(app, { actorId: rowOf(other.keyId), role: 'RESPONDER', secretHash: hashKey(other.key) })),
      say('something else', 'known'),
      say('once', 'new')
    ])
    const [, once, again, known, theirs, refused, third] = settled.map((each) => (each.status === 'fulfilled' ? each.value.result : each.reason.details))
    expect([again, third]).toEqual([once, once])
    expect(known).toBe(before.result)
    expect(theirs).not.toBe(before.result)
    expect(refused).toMatchObject({ problems: [{ field: 'input.idempotencyKey' }] })
    const { nodes } = (await readIncident(app.admin, id)).comments
    expect(nodes.map(({ body }) => body).sort()).toEqual(['before', 'before', 'first', 'once'])
    await expectWholeRecord(app)
  })

  it('are answered with what a read finds', async () => {
    await using app = await start(quiet)
    const { id } = await declare(app.admin)
    const { keyId, key } = await clientAs(app.admin, 'RESPONDER')
    const session = sessionOf(app, { actorId: rowOf(keyId), role: 'RESPONDER', secretHash: hashKey(key) })
    const bodies = ['plain', '"quoted" \\ and\nbroken', '‮ 👩‍🚒 é e\u0301', '{"json": null}', '$1 %s \\u0000 \u007f\u0001']
    const added = await Promise.all(bodies.map((body) => addComment(session, { incidentId: rowOf(id), body })))
    for (const { result, written } of added) {
      expect(written?.comment).toEqual(await commentsById(session).load(result))
      expect(written?.author).toEqual(await actorsById(session).load(rowOf(keyId)))
    }
    expect(added.map(({ written }) => written?.comment.body)).toEqual(bodies)
  })
})

describe('commands that go together, when their connection breaks', () => {
  it('are all told that the database is away, and nothing of them is done', async () => {
    await using app = await startOnServer(quiet)
    const { id } = await declare(app.admin)
    const before = await sequences(app)
    await using lock = await holdWorkspace(app)
    const session = sessionOf(app)
    const asked = Promise.allSettled(Array.from({ length: 8 }, (_, index) => addComment(session, { incidentId: rowOf(id), body: `comment ${index}` })))
    await lock.breakWaiter()
    const settled = await asked
    expect(settled.map((each) => each.status === 'rejected' && each.reason instanceof Unavailable)).toEqual(Array(8).fill(true))
    await lock.release()
    expect(await sequences(app)).toEqual(before)
    expect(await app.database.prisma.comment.count()).toBe(0)
    await addComment(session, { incidentId: rowOf(id), body: 'here again' })
    await expectWholeRecord(app)
  })
})
