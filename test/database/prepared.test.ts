// Prepared statements on a real server: which there are, and that nobody notices when they are gone or overtaken.
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import type { Engine } from '../../src/database/engine.ts'
import { Prisma } from '../../src/database/generated/client/client.ts'
import { openPostgres } from '../../src/database/postgres.ts'
import { StatementNames } from '../../src/database/prepared.ts'
import { createDatabase } from '../kit/postgres.ts'

let engine: Engine
let client: pg.Client
const prepared = { prepared: true }

beforeAll(async () => {
  const url = await createDatabase(inject('postgresUrl'))
  // One connection, so that each statement meets what the one before has left.
  engine = await openPostgres(url, 1)
  client = new pg.Client({ connectionString: url })
  await client.connect()
})

afterAll(async () => {
  await engine.close()
  await client.end()
})

const preparedTexts = async () =>
  (await engine.query<{ statement: string }>(Prisma.sql`SELECT statement FROM pg_prepared_statements`)).map(({ statement }) => statement)

it('are those that may be and are sent again and again', async () => {
  const often = Prisma.sql`SELECT ${'often'}::text AS a`
  for (let times = 0; times < 5; times++) expect(await engine.query(often, prepared)).toEqual([{ a: 'often' }])
  await engine.query(Prisma.sql`SELECT ${'once'}::text AS b`, prepared)
  for (let times = 0; times < 5; times++) await engine.query(Prisma.sql`SELECT ${'unasked'}::text AS c`)
  expect((await preparedTexts()).filter((text) => /AS [abc]$/.test(text))).toEqual([often.text])
})

it('may be gone, or overtaken by a migration', async () => {
  await client.query('CREATE TABLE thing (size integer); INSERT INTO thing VALUES (1)')
  const read = () => engine.query(Prisma.sql`SELECT size FROM thing`, prepared)
  for (let times = 0; times < 3; times++) expect(await read()).toEqual([{ size: 1 }])
  expect(await preparedTexts()).toContain('SELECT size FROM thing')
  await client.query('ALTER TABLE thing ALTER size TYPE text')
  for (let times = 0; times < 3; times++) expect(await read()).toEqual([{ size: '1' }])

  const count = () => engine.query(Prisma.sql`SELECT count(*) FROM thing`, prepared)
  for (let times = 0; times < 3; times++) expect(await count()).toEqual([{ count: 1 }])
  await engine.query(Prisma.sql`DISCARD ALL`)
  for (let times = 0; times < 3; times++) expect(await count()).toEqual([{ count: 1 }])
})

it('are so many and no more, and an error of the statement itself stays one', async () => {
  const names = new StatementNames()
  const nameAfterThree = (text: string) => [names.of(text), names.of(text), names.of(text)].at(-1)
  const given = Array.from({ length: 150 }, (_, index) => nameAfterThree(`SELECT ${index}`))
  expect(new Set(given.slice(0, 100)).size).toBe(100)
  expect(given.slice(0, 100)).not.toContain(undefined)
  expect(given.slice(100).every((name) => name === undefined)).toBe(true)
  expect(names.of('SELECT 0')).toBe(given[0])

  const broken = () => engine.query(Prisma.sql`SELECT 1 / ${0}::int AS broken`, prepared)
  for (let times = 0; times < 4; times++) await expect(broken()).rejects.toMatchObject({ code: '22012' })
})
