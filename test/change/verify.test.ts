// The record is walked and the first place is named where somebody has been at it with SQL.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hashChange, sealText } from '../../src/change/chain.ts'
import { type SealedChange, sealedBetween } from '../../src/change/change.ts'
import { verifyChanges } from '../../src/change/verify.ts'
import { Prisma } from '../../src/database/generated/client/client.ts'
import { engines, startEmbedded, type TestApp } from '../kit/app.ts'
import type { Client } from '../kit/client.ts'
import { RedactComment } from '../kit/comment.ts'
import { VerifyChanges } from '../kit/documents.ts'
import { take } from '../kit/incident.ts'
import { comment, declare, otherWorkspace } from '../kit/seed.ts'

const { sql } = Prisma

/** A workspace with seven changes: 4 is a comment that 6 redacts, 5 a comment that stays, 7 has no text. */
interface Victim {
  app: TestApp
  client: Client
  id: string
  rows: SealedChange[]
}

async function makeVictim(app: TestApp): Promise<Victim> {
  const client = await otherWorkspace(app.admin)
  const incident = await declare(client)
  const redacted = await comment(client, incident.id, 'the password is 1234')
  await comment(client, incident.id, 'it was rotated')
  await client.run(RedactComment, { id: redacted.id })
  await take(client, incident, ['changeIncidentStatus', { status: 'IDENTIFIED' }])
  const { key: id } = (await client.run<{ viewer: { workspace: { key: string } } }>('{ viewer { workspace { key } } }')).viewer.workspace
  const rows = await sealedBetween(app.database, { workspaceId: id, from: 0, to: 100, limit: 100 })
  expect(rows.map(({ kind }) => kind)).toEqual([
    'workspace.created',
    'apiKey.created',
    'incident.declared',
    'comment.added',
    'comment.added',
    'comment.redacted',
    'incident.statusChanged'
  ])
  return { app, client, id, rows }
}

/** Works on the tables behind Mayday's back. */
async function tamper({ app }: Victim, ...statements: Prisma.Sql[]): Promise<void> {
  for (const statement of statements) await app.database.query(statement)
}

async function verify({ client }: Victim) {
  const { verifyChanges } = await client.run(VerifyChanges)
  expect(verifyChanges.valid).toBe(verifyChanges.problem === null)
  const { problem, checked } = verifyChanges
  return problem ? { checked, kind: problem.kind, sequence: problem.sequence } : { checked }
}

const set = ({ id }: Victim, sequence: number, assignment: Prisma.Sql) =>
  sql`UPDATE change SET ${assignment} WHERE workspace_id = ${id}::uuid AND sequence = ${sequence}`
const remove = ({ id }: Victim, sequence: number) => sql`DELETE FROM change WHERE workspace_id = ${id}::uuid AND sequence = ${sequence}`
const setWorkspace = ({ id }: Victim, assignment: Prisma.Sql) => sql`UPDATE workspace SET ${assignment} WHERE id = ${id}::uuid`
/** Moves all changes from one on, by way of numbers that nothing has. */
const renumber = ({ id }: Victim, from: number, by: number) => [
  sql`UPDATE change SET sequence = sequence + 1000 WHERE workspace_id = ${id}::uuid AND sequence >= ${from}`,
  sql`UPDATE change SET sequence = sequence - 1000 + ${by} WHERE workspace_id = ${id}::uuid AND sequence >= 1000`,
  sql`UPDATE workspace SET sequence = sequence + ${by} WHERE id = ${id}::uuid`
]

/** Puts a made-up change in; with the previous hash it is sealed as one that continues the chain there. */
function insert({ id, rows }: Victim, sequence: number, previousHash?: Uint8Array): Prisma.Sql {
  const { actorId, incidentId } = rows[2] as SealedChange
  const text = { note: 'all was well' }
  const { salt, textDigest } = sealText(text)
  const facts = {
    workspaceId: id,
    sequence,
    kind: 'incident.closed',
    at: new Date('2026-03-02T09:00:00Z'),
    actorId,
    incidentId,
    subjectId: null,
    data: {},
    textDigest
  }
  const previous = Buffer.from(previousHash ?? new Uint8Array(32).fill(7))
  const hash = previousHash ? hashChange(facts, previousHash) : Buffer.alloc(32, 8)
  return sql`INSERT INTO change (workspace_id, sequence, kind, at, actor_id, incident_id, data, text, salt, text_digest, previous_hash, hash)
    VALUES (${id}::uuid, ${sequence}, ${facts.kind}, ${facts.at}::timestamptz, ${actorId}::uuid, ${incidentId}::uuid, '{}'::jsonb, ${JSON.stringify(text)}::jsonb,
      ${salt}::bytea, ${textDigest}::bytea, ${previous}::bytea, ${hash}::bytea)`
}

/** Alters the facts of changes and seals them and all up to the last one anew, as somebody would who knows how. */
function rewrite({ id, rows }: Victim, from: number, to: number): { statements: Prisma.Sql[]; hash: Buffer } {
  let previousHash: Buffer = Buffer.from(rows[from - 2]?.hash ?? new Uint8Array(32))
  const statements: Prisma.Sql[] = []
  for (const row of rows.slice(from - 1, to)) {
    const data = row.sequence === from ? { forged: true } : row.data
    const hash = hashChange({ ...row, data }, previousHash)
    statements.push(sql`UPDATE change SET data = ${JSON.stringify(data)}::jsonb, previous_hash = ${previousHash}::bytea, hash = ${hash}::bytea
      WHERE workspace_id = ${id}::uuid AND sequence = ${row.sequence}`)
    previousHash = hash
  }
  return { statements, hash: previousHash }
}

const stranger = crypto.randomUUID()

describe.each(engines)('verifyChanges on $engine', ({ start }) => {
  let app: TestApp
  beforeAll(async () => {
    app = await start()
  })
  afterAll(() => app[Symbol.asyncDispose]())

  it('finds a record in order that nobody has been at, with the hash of its last change', async () => {
    const victim = await makeVictim(app)
    const { verifyChanges } = await victim.client.run(VerifyChanges)
    expect(verifyChanges).toEqual({ valid: true, checked: 7, headHash: Buffer.from(victim.rows[6]?.hash ?? []).toString('hex'), problem: null })
  })

  it.each<[string, number, Prisma.Sql]>([
    ['kind', 3, sql`kind = 'incident.closed'`],
    ['moment', 3, sql`at = at + interval '1 millisecond'`],
    ['actor', 3, sql`actor_id = ${stranger}::uuid`],
    ['actor to none', 5, sql`actor_id = NULL`],
    ['actor of none', 1, sql`actor_id = ${stranger}::uuid`],
    ['incident', 3, sql`incident_id = ${stranger}::uuid`],
    ['incident to none', 7, sql`incident_id = NULL`],
    ['subject', 5, sql`subject_id = ${stranger}::uuid`],
    ['subject to none', 2, sql`subject_id = NULL`],
    ['fact', 3, sql`data = jsonb_set(data, '{severity}', '"LOW"')`],
    ['facts by one more', 3, sql`data = data || '{"more": null}'`],
    ['facts by one less', 3, sql`data = data - 'tags'`],
    ['text', 5, sql`text = '{"body": "it was not rotated"}'`],
    ['text by one more', 5, sql`text = text || '{"more": ""}'`],
    ['salt', 5, sql`salt = '\\x00'::bytea`],
    ['digest of the text', 5, sql`text_digest = '\\x00'::bytea`],
    ['digest of the text to none', 5, sql`text_digest = NULL, text = NULL, salt = NULL`],
    ['previous hash', 3, sql`previous_hash = '\\x00'::bytea`],
    ['hash', 3, sql`hash = '\\x00'::bytea`],
    ['hash of the last', 7, sql`hash = '\\x00'::bytea`],
    ['text to none, without a redaction', 5, sql`text = NULL`],
    ['text and salt to none, without a redaction', 5, sql`text = NULL, salt = NULL`],
    ['title to none', 3, sql`text = NULL, salt = NULL`],
    ['text where there was none', 7, sql`text = '{"note": "all was well"}'`],
    ['salt where there was no text', 7, sql`salt = '\\x00'::bytea`],
    ['text that was redacted, without salt', 4, sql`text = '{"body": "I did it"}'`],
    ['text that was redacted, with salt', 4, sql`text = '{"body": "I did it"}', salt = '\\x00'::bytea`]
  ])('names the change with an altered %s', async (_what, sequence, assignment) => {
    const victim = await makeVictim(app)
    await tamper(victim, set(victim, sequence, assignment))
    expect(await verify(victim)).toEqual({ checked: sequence - 1, kind: 'ALTERED', sequence })
  })

  it.each([1, 3, 4])('names change %i when it was altered and sealed anew', async (sequence) => {
    const victim = await makeVictim(app)
    await tamper(victim, ...rewrite(victim, sequence, sequence).statements)
    expect(await verify(victim)).toEqual({ checked: sequence - 1, kind: 'ALTERED', sequence })
  })

  it('names the last change when one was altered and all up to it sealed anew', async () => {
    const victim = await makeVictim(app)
    await tamper(victim, ...rewrite(victim, 3, 7).statements)
    expect(await verify(victim)).toMatchObject({ kind: 'ALTERED', sequence: 7 })
  })

  it('a hash that was kept elsewhere tells of a record that was rewritten as a whole', async () => {
    const victim = await makeVictim(app)
    const kept = (await victim.client.run(VerifyChanges)).verifyChanges.headHash
    const { statements, hash } = rewrite(victim, 1, 7)
    await tamper(victim, ...statements, setWorkspace(victim, sql`head_hash = ${hash}::bytea`))
    const { valid, headHash } = (await victim.client.run(VerifyChanges)).verifyChanges
    expect({ valid, same: headHash === kept }).toEqual({ valid: true, same: false })
  })

  it.each([1, 2, 4, 7])('names change %i when it was removed', async (sequence) => {
    const victim = await makeVictim(app)
    await tamper(victim, remove(victim, sequence))
    expect(await verify(victim)).toEqual({ checked: sequence - 1, kind: 'REMOVED', sequence })
  })

  it.each([1, 3, 5])('names change %i when it was removed and the rest renumbered', async (sequence) => {
    const victim = await makeVictim(app)
    await tamper(victim, remove(victim, sequence), ...renumber(victim, sequence, -1))
    expect(await verify(victim)).toEqual({ checked: sequence - 1, kind: 'REMOVED', sequence })
  })

  it('names the change that is the last now when the last was removed and the workspace told so', async () => {
    const victim = await makeVictim(app)
    await tamper(victim, remove(victim, 7), setWorkspace(victim, sql`sequence = 6`))
    expect(await verify(victim)).toMatchObject({ kind: 'ALTERED', sequence: 6 })
  })

  it('names the first change when all were removed', async () => {
    const victim = await makeVictim(app)
    await tamper(victim, sql`DELETE FROM change WHERE workspace_id = ${victim.id}::uuid`)
    expect(await verify(victim)).toEqual({ checked: 0, kind: 'REMOVED', sequence: 1 })
  })

  it.each([1, 3, 5, 7])('names change %i when it was put in and the rest renumbered', async (sequence) => {
    const victim = await makeVictim(app)
    await tamper(victim, ...renumber(victim, sequence, 1), insert(victim, sequence))
    expect(await verify(victim)).toEqual({ checked: sequence - 1, kind: 'INSERTED', sequence })
  })

  it.each([1, 3, 5, 7])('names change %i when it was put in, sealed to continue the chain, and the rest renumbered', async (sequence) => {
    const victim = await makeVictim(app)
    await tamper(victim, ...renumber(victim, sequence, 1), insert(victim, sequence, victim.rows[sequence - 2]?.hash ?? new Uint8Array(32)))
    expect(await verify(victim)).toEqual({ checked: sequence - 1, kind: 'INSERTED', sequence })
  })

  it('names change 8 when it was put in behind the last', async () => {
    const victim = await makeVictim(app)
    await tamper(victim, insert(victim, 8, victim.rows[6]?.hash))
    expect(await verify(victim)).toEqual({ checked: 7, kind: 'INSERTED', sequence: 8 })
    await tamper(victim, setWorkspace(victim, sql`sequence = 8`))
    expect(await verify(victim)).toEqual({ checked: 7, kind: 'INSERTED', sequence: 8 })
  })

  it.each([0, -1])('names change %i, which was put in before the first', async (sequence) => {
    const victim = await makeVictim(app)
    await tamper(victim, insert(victim, sequence))
    expect(await verify(victim)).toMatchObject({ kind: 'INSERTED', sequence })
  })

  it('names the first of several', async () => {
    const victim = await makeVictim(app)
    await tamper(victim, remove(victim, 6), set(victim, 5, sql`text = '{"body": "no"}'`), set(victim, 3, sql`at = now()`))
    expect(await verify(victim)).toEqual({ checked: 2, kind: 'ALTERED', sequence: 3 })
  })

  it('names the place that the workspace remembers and the record does not have', async () => {
    const victim = await makeVictim(app)
    await tamper(victim, setWorkspace(victim, sql`sequence = 9`))
    expect(await verify(victim)).toEqual({ checked: 7, kind: 'REMOVED', sequence: 8 })
    await tamper(victim, setWorkspace(victim, sql`sequence = 7, head_hash = '\\x00'::bytea`))
    expect(await verify(victim)).toMatchObject({ kind: 'ALTERED', sequence: 7 })
  })

  it('looks at its own workspace alone', async () => {
    const [victim, other] = [await makeVictim(app), await makeVictim(app)]
    await tamper(victim, remove(victim, 3))
    expect(await verify(other)).toEqual({ checked: 7 })
  })
})

it('does not take a redaction for tampering that happens while it walks', async () => {
  await using app = await startEmbedded()
  const { id } = await comment(app.admin, (await declare(app.admin)).id, 'the password is 1234')
  let statements = 0
  const redactedMeanwhile = {
    ...app.database,
    async query<Row>(statement: Prisma.Sql): Promise<Row[]> {
      const rows = await app.database.query<Row>(statement)
      // After it has looked for redactions, before it reads the changes.
      if (++statements === 2) await app.admin.run(RedactComment, { id })
      return rows
    }
  }
  expect(await verifyChanges(redactedMeanwhile, app.workspace.workspaceId)).toMatchObject({ checked: 4, problem: null })
  expect((await app.admin.run(VerifyChanges)).verifyChanges).toMatchObject({ valid: true, checked: 5 })
})
