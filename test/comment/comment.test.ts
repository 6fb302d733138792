import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmbedded, startOnServer, type TestApp } from '../kit/app.ts'
import type { Client } from '../kit/client.ts'
import { Clock } from '../kit/clock.ts'
import { EditComment, RedactComment } from '../kit/comment.ts'
import { AddComment } from '../kit/documents.ts'
import { readIncident, readRecord, take } from '../kit/incident.ts'
import { clientAs, comment, declare } from '../kit/seed.ts'

const clock = new Clock()
let app: TestApp
let responder: Client

beforeAll(async () => {
  app = await startEmbedded({ clock: clock.read })
  responder = await clientAs(app.admin, 'RESPONDER')
})
afterAll(() => app[Symbol.asyncDispose]())

async function edit(client: Client, id: string, version: number, body: string) {
  return (await client.run(EditComment, { input: { id, version, body } })).editComment
}

it('answers each of several mutations in one document with what it did itself', async () => {
  const { id: incidentId } = await declare(app.admin)
  const { id } = await comment(app.admin, incidentId, 'one')
  const answer = await app.admin.run(
    `mutation ($one: EditCommentInput!, $two: EditCommentInput!) {
      one: editComment(input: $one) { ...edited }
      two: editComment(input: $two) { ...edited }
    }
    fragment edited on EditCommentResult { ... on CommentPayload { comment { version body incident { comments { nodes { body } } } } } }`,
    { one: { id, version: 1, body: 'two' }, two: { id, version: 2, body: 'three' } }
  )
  const edited = (version: number, body: string) => ({ comment: { version, body, incident: { comments: { nodes: [{ body }] } } } })
  expect(answer).toEqual({ one: edited(2, 'two'), two: edited(3, 'three') })
})

describe('addComment', () => {
  it('says something, with author and time, in markdown as it is; the incident keeps its version', async () => {
    const { id } = await declare(app.admin)
    const at = clock.forward(5)
    await comment(responder, id, '\n\n# Found\n\n* `KeyError`  \n<script>alert(1)</script>\n')
    const incident = await readIncident(app.admin, id)
    expect(incident.version).toBe(1)
    expect(incident.comments).toMatchObject({
      totalCount: 1,
      nodes: [
        {
          body: '# Found\n\n* `KeyError`  \n<script>alert(1)</script>',
          version: 1,
          createdAt: at,
          editedAt: null,
          redactedAt: null,
          author: { name: 'RESPONDER key' }
        }
      ]
    })
    expect(incident.timeline.nodes.at(-1)).toMatchObject({
      kind: 'COMMENT_ADDED',
      actor: { name: 'RESPONDER key' },
      message: expect.stringMatching(/^RESPONDER key commented: # Found/),
      comment: { body: expect.stringContaining('Found') }
    })
  })

  it('lists comments oldest first, whatever the status of the incident', async () => {
    const declared = await declare(app.admin)
    await comment(app.admin, declared.id, 'one')
    await comment(responder, declared.id, 'two')
    await take(app.admin, declared, 'resolveIncident', 'closeIncident')
    await comment(app.admin, declared.id, 'three')
    expect((await readIncident(app.admin, declared.id)).comments.nodes.map(({ body }) => body)).toEqual(['one', 'two', 'three'])
  })

  it('answers a repeated request with the first comment, and refuses the key for another input', async () => {
    const { id: incidentId } = await declare(app.admin)
    const input = { incidentId, body: 'once', idempotencyKey: 'comment-1' }
    const answers = await Promise.all([1, 2, 3].map(() => app.admin.run(AddComment, { input })))
    const ids = answers.map(({ addComment }) => (addComment.__typename === 'CommentPayload' ? addComment.comment.id : null))
    expect(new Set(ids).size).toBe(1)
    expect((await readIncident(app.admin, incidentId)).comments.totalCount).toBe(1)
    expect(await comment(responder, incidentId, 'once')).not.toMatchObject({ id: ids[0] })
    const { errors } = await app.admin.ask(AddComment, { input: { ...input, body: 'twice' } })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', problems: [{ field: 'input.idempotencyKey' }] })
  })

  it('does not know an incident that is not there', async () => {
    const incidentId = Buffer.from(`Incident:${crypto.randomUUID()}`).toString('base64url')
    expect((await app.admin.run(AddComment, { input: { incidentId, body: 'hello' } })).addComment).toEqual({
      __typename: 'NotFoundError',
      message: 'There is no incident with this id.'
    })
  })
})

describe('editComment', () => {
  it('keeps what was said before, each with its version and time', async () => {
    const { id: incidentId } = await declare(app.admin)
    const { id } = await comment(app.admin, incidentId, 'The disk is full')
    const at = clock.read().toISOString()
    const first = clock.forward(3)
    await edit(app.admin, id, 1, 'The disk is *nearly* full')
    const second = clock.forward(4)
    expect(await edit(app.admin, id, 2, 'The disk was full')).toMatchObject({
      __typename: 'CommentPayload',
      comment: {
        body: 'The disk was full',
        version: 3,
        editedAt: second,
        revisions: [
          { version: 1, body: 'The disk is full', writtenAt: at },
          { version: 2, body: 'The disk is *nearly* full', writtenAt: first }
        ]
      }
    })
    const { timeline } = await readIncident(app.admin, incidentId)
    expect(timeline.nodes.slice(-2)).toMatchObject([
      { kind: 'COMMENT_EDITED', data: { version: 2 }, text: { body: 'The disk is *nearly* full' } },
      { kind: 'COMMENT_EDITED', data: { version: 3 }, message: 'First admin key edited a comment: The disk was full' }
    ])
  })

  it('that changes nothing makes no version and no change in the record', async () => {
    const { id, cursor } = await comment(app.admin, (await declare(app.admin)).id, 'same')
    const before = await readRecord(app.admin)
    expect(await edit(app.admin, id, 1, ' same ')).toMatchObject({ cursor, comment: { version: 1, editedAt: null, revisions: [] } })
    expect(await readRecord(app.admin)).toEqual(before)
  })

  it('is for the author alone, not even for an admin', async () => {
    const { id } = await comment(responder, (await declare(app.admin)).id, 'mine')
    const before = await readRecord(app.admin)
    expect(await edit(app.admin, id, 1, 'yours')).toEqual({ __typename: 'NotAllowedError', message: 'Only its author can edit a comment.' })
    expect(await readRecord(app.admin)).toEqual(before)
    expect(await edit(responder, id, 1, 'still mine')).toMatchObject({ __typename: 'CommentPayload' })
  })

  it('made on an old version gets a conflict that carries the present state', async () => {
    const { id } = await comment(app.admin, (await declare(app.admin)).id, 'one')
    await edit(app.admin, id, 1, 'two')
    expect(await edit(app.admin, id, 1, 'three')).toMatchObject({
      __typename: 'VersionConflictError',
      currentVersion: 2,
      current: { body: 'two', version: 2 }
    })
  })

  it('of a redacted comment is refused', async () => {
    const { id } = await comment(app.admin, (await declare(app.admin)).id, 'gone')
    await app.admin.run(RedactComment, { id })
    expect(await edit(app.admin, id, 2, 'back')).toEqual({ __typename: 'NotAllowedError', message: 'A redacted comment cannot be edited.' })
  })

  it('of ten at once on two nodes, exactly one wins', async () => {
    await using one = await startOnServer()
    await using two = await startOnServer({ databaseUrl: one.databaseUrl ?? '' })
    const { id } = await comment(one.admin, (await declare(one.admin)).id, 'start')
    const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => edit([one, two][index % 2]?.admin ?? one.admin, id, 1, `by ${index}`)))
    expect(answers.filter(({ __typename }) => __typename === 'CommentPayload')).toHaveLength(1)
    expect(answers.filter(({ __typename }) => __typename === 'VersionConflictError')).toHaveLength(9)
  })
})
