// Redaction: the text is gone from wherever it was, the mark and the proof stay.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Prisma } from '../../src/database/generated/client/client.ts'
import { engines, startEmbedded, type TestApp } from '../kit/app.ts'
import { Clock } from '../kit/clock.ts'
import { EditComment, RedactComment } from '../kit/comment.ts'
import { AddComment, VerifyChanges } from '../kit/documents.ts'
import { readIncident, readRecord, take } from '../kit/incident.ts'
import { clientAs, comment, declare } from '../kit/seed.ts'

const secret = 'xylophone-4711'

/** Every row of every table of Mayday's, as text. */
async function everyRow({ database }: TestApp): Promise<string> {
  const tables = await database.query<{ name: string }>(Prisma.sql`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`)
  const rows = await Promise.all(tables.map(({ name }) => database.query<{ row: string }>(Prisma.sql`SELECT t::text AS row FROM ${Prisma.raw(`"${name}"`)} t`)))
  return rows.flatMap((each) => each.map(({ row }) => row)).join('\n')
}

async function find(app: TestApp, words: string): Promise<number> {
  const document = 'query ($search: String!) { incidents(filter: { search: $search }) { totalCount } }'
  return (await app.admin.run<{ incidents: { totalCount: number } }>(document, { search: words })).incidents.totalCount
}

describe.each(engines)('redactComment on $engine', ({ start }) => {
  it('takes the text, and what it said before, from the comment, the record, the search and every row', async () => {
    const clock = new Clock()
    await using app = await start({ clock: clock.read })
    const { id: incidentId } = await declare(app.admin)
    await comment(app.admin, incidentId, 'Morning')
    const { id } = await comment(app.admin, incidentId, `The password is ${secret}`)
    await app.admin.run(EditComment, { input: { id, version: 1, body: `It is ${secret}!` } })
    await app.admin.run(EditComment, { input: { id, version: 2, body: 'It was rotated' } })
    await comment(app.admin, incidentId, 'Evening')
    expect(await find(app, secret)).toBe(0)
    expect(await find(app, 'rotated')).toBe(1)
    expect(await everyRow(app)).toContain(secret)
    const before = await readRecord(app.admin)

    const redactedAt = clock.forward(1)
    const { redactComment } = await app.admin.run(RedactComment, { id })
    expect(redactComment).toMatchObject({
      __typename: 'CommentPayload',
      comment: { id, body: '', version: 4, redactedAt, redactedBy: { name: 'First admin key' }, revisions: [] }
    })
    const rows = await everyRow(app)
    expect(rows).not.toContain(secret)
    expect(rows).not.toContain('rotated')
    expect(await find(app, 'rotated')).toBe(0)
    expect(await find(app, 'evening')).toBe(1)
    const { comments, timeline } = await readIncident(app.admin, incidentId)
    expect(comments.nodes.map(({ body }) => body)).toEqual(['Morning', '', 'Evening'])
    expect(JSON.stringify(timeline)).not.toMatch(/xylophone|rotated/)
    expect(timeline.nodes.filter(({ redacted }) => redacted).map(({ message, text }) => [message, text])).toEqual([
      ['First admin key commented (redacted)', null],
      ['First admin key edited a comment (redacted)', null],
      ['First admin key edited a comment (redacted)', null]
    ])
    expect(timeline.nodes.at(-1)).toMatchObject({ kind: 'COMMENT_REDACTED', message: 'First admin key redacted a comment', redacted: false })

    // The proof stays: the same hashes as before, and a chain that holds.
    expect((await readRecord(app.admin)).slice(0, -1).map(({ hash }) => hash)).toEqual(before.map(({ hash }) => hash))
    expect((await app.admin.run(VerifyChanges)).verifyChanges).toMatchObject({ valid: true, problem: null })
  })
})

it('leaves no digest by which a short or well-known text could be found again', async () => {
  await using app = await startEmbedded()
  const { id: incidentId } = await declare(app.admin)
  const input = { incidentId, body: secret, idempotencyKey: 'redacted-later' }
  const { addComment } = await app.admin.run(AddComment, { input })
  const id = addComment.__typename === 'CommentPayload' ? addComment.comment.id : ''
  const row = Buffer.from(incidentId, 'base64url').toString().replace('Incident:', '')
  const guess = createHash('sha256')
    .update(JSON.stringify({ incidentId: row, body: secret, idempotencyKey: 'redacted-later' }))
    .digest('hex')
  expect((await everyRow(app)).includes(guess)).toBe(true)
  await app.admin.run(RedactComment, { id })
  expect((await everyRow(app)).includes(guess)).toBe(false)
  const salts = await app.database.query<{ salt: unknown }>(Prisma.sql`SELECT salt FROM change WHERE kind = 'comment.added'`)
  expect(salts).toEqual([{ salt: null }])
})

it('a late repetition of the request that added it finds the redacted comment, and adds nothing', async () => {
  await using app = await startEmbedded()
  const input = { incidentId: (await declare(app.admin)).id, body: secret, idempotencyKey: 'redacted-later' }
  const { addComment } = await app.admin.run(AddComment, { input })
  const id = addComment.__typename === 'CommentPayload' ? addComment.comment.id : ''
  await app.admin.run(RedactComment, { id })
  expect((await app.admin.run(AddComment, { input })).addComment).toMatchObject({ __typename: 'CommentPayload', comment: { id, body: '' } })
  expect((await readIncident(app.admin, input.incidentId)).comments.totalCount).toBe(1)
})

it('is for the author and for admins', async () => {
  await using app = await startEmbedded()
  const [author, other] = [await clientAs(app.admin, 'RESPONDER'), await clientAs(app.admin, 'RESPONDER')]
  const { id: incidentId } = await declare(app.admin)
  const [first, second] = [await comment(author, incidentId, 'first'), await comment(author, incidentId, 'second')]
  expect((await other.run(RedactComment, { id: first.id })).redactComment).toEqual({
    __typename: 'NotAllowedError',
    message: 'Only its author or an admin can redact a comment.'
  })
  expect((await author.run(RedactComment, { id: first.id })).redactComment).toMatchObject({ comment: { body: '' } })
  expect((await app.admin.run(RedactComment, { id: second.id })).redactComment).toMatchObject({ comment: { body: '' } })
})

it('a second time changes nothing', async () => {
  await using app = await startEmbedded()
  const { id } = await comment(app.admin, (await declare(app.admin)).id, secret)
  await app.admin.run(RedactComment, { id })
  const before = await readRecord(app.admin)
  expect((await app.admin.run(RedactComment, { id })).redactComment).toMatchObject({ __typename: 'CommentPayload', comment: { version: 2 } })
  expect(await readRecord(app.admin)).toEqual(before)
})

it('reaches a comment that a merge has moved', async () => {
  await using app = await startEmbedded()
  const [first, survivor] = [await declare(app.admin), await declare(app.admin)]
  const { id } = await comment(app.admin, first.id, secret)
  await take(app.admin, first, ['mergeIncident', { intoId: survivor.id }])
  await app.admin.run(RedactComment, { id })
  expect(await everyRow(app)).not.toContain(secret)
  expect((await readIncident(app.admin, survivor.id)).timeline.nodes.at(-1)).toMatchObject({ kind: 'COMMENT_REDACTED' })
  expect((await app.admin.run(VerifyChanges)).verifyChanges.valid).toBe(true)
})
