// Prepared statements on real engines: which there are, and that nobody notices when they are gone or overtaken.
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { embeddedEngine } from '../../src/database/embedded/embedded.ts'
import { type Engine, find } from '../../src/database/engine.ts'
import { Prisma } from '../../src/database/generated/client/client.ts'
import { openPostgres } from '../../src/database/postgresql/postgresql.ts'
import { StatementNames } from '../../src/database/prepared.ts'
import { createDatabase } from '../kit/postgres.ts'

const { sql } = Prisma
const prepared = { prepared: true }
// One connection, so that each statement meets what the one before has left.
const onServer = async () => openPostgres(await createDatabase(inject('postgresUrl')), 1)
const engines = [
  { name: 'embedded', open: () => embeddedEngine({ copyOf: inject('embeddedDump') }), prepared },
  { name: 'postgresql', open: onServer, prepared },
  { name: 'postgresql, sent with others', open: onServer, prepared: find }
]

describe.each(engines)('on $name', ({ open, prepared }) => {
  let engine: Engine

  beforeAll(async () => {
    engine = await open()
  })

  afterAll(() => engine.close())

  const preparedTexts = async () =>
    (await engine.query<{ statement: string }>(sql`SELECT statement FROM pg_prepared_statements`)).map(({ statement }) => statement)

  it('are those that may be and are sent again and again', async () => {
    const often = sql`SELECT ${'often'}::text AS a`
    for (let times = 0; times < 5; times++) expect(await engine.query(often, prepared)).toEqual([{ a: 'often' }])
    await engine.query(sql`SELECT ${'once'}::text AS b`, prepared)
    for (let times = 0; times < 5; times++) await engine.query(sql`SELECT ${'unasked'}::text AS c`)
    expect((await preparedTexts()).filter((text) => /AS [abc]$/.test(text))).toEqual([often.text])
  })

  it('may be gone, or overtaken by a migration', async () => {
    await engine.query(sql`CREATE TABLE thing (size integer)`)
    await engine.query(sql`INSERT INTO thing VALUES (1)`)
    const read = () => engine.query(sql`SELECT size FROM thing`, prepared)
    for (let times = 0; times < 3; times++) expect(await read()).toEqual([{ size: 1 }])
    expect(await preparedTexts()).toContain('SELECT size FROM thing')
    await engine.query(sql`ALTER TABLE thing ALTER size TYPE text`)
    for (let times = 0; times < 3; times++) expect(await read()).toEqual([{ size: '1' }])

    const count = () => engine.query(sql`SELECT count(*) FROM thing`, prepared)
    for (let times = 0; times < 3; times++) expect(await count()).toEqual([{ count: 1 }])
    await engine.query(sql`DISCARD ALL`)
    for (let times = 0; times < 3; times++) expect(await count()).toEqual([{ count: 1 }])
  })

  it('are asked by many at once, and an error of the statement itself stays one', async () => {
    const divide = (by: number) => engine.query(sql`SELECT 12 / ${by}::int AS result`, prepared)
    for (let times = 0; times < 4; times++) await expect(divide(0)).rejects.toMatchObject({ code: '22012' })
    const results = await Promise.allSettled([divide(1), divide(0), divide(2), divide(3), divide(0), divide(4)])
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value : result.reason.code))).toEqual([
      [{ result: 12 }],
      '22012',
      [{ result: 6 }],
      [{ result: 4 }],
      '22012',
      [{ result: 3 }]
    ])
    expect(await preparedTexts()).toContain('SELECT 12 / $1::int AS result')
  })
})

it('are planned anew now and then on the embedded engine', async () => {
  const engine = await embeddedEngine({ copyOf: inject('embeddedDump') })
  const planned = sql`SELECT ${1}::int AS planned`
  for (let times = 0; times < 1100; times++) await engine.query(planned, prepared)
  const uses = sql`SELECT generic_plans + custom_plans AS uses FROM pg_prepared_statements WHERE statement = ${planned.text}`
  const [row] = await engine.query<{ uses: number }>(uses)
  await engine.close()
  expect(row?.uses).toBeGreaterThan(0)
  expect(row?.uses).toBeLessThan(1000)
})

it('are so many and no more', () => {
  const names = new StatementNames()
  const nameAfterThree = (text: string) => [names.of(text), names.of(text), names.of(text)].at(-1)
  const given = Array.from({ length: 150 }, (_, index) => nameAfterThree(`SELECT ${index}`))
  expect(new Set(given.slice(0, 100)).size).toBe(100)
  expect(given.slice(0, 100)).not.toContain(undefined)
  expect(given.slice(100).every((name) => name === undefined)).toBe(true)
  expect(names.of('SELECT 0')).toBe(given[0])
})
