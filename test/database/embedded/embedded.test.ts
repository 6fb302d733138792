// The embedded engine works in a thread of its own: what that must not change, and what it is for.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { messages } from '@electric-sql/pglite'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { openDatabase, wrapEngine } from '../../../src/database/database.ts'
import { embeddedEngine } from '../../../src/database/embedded/embedded.ts'
import { type Database, find } from '../../../src/database/engine.ts'
import { Prisma } from '../../../src/database/generated/client/client.ts'
import { engines, quiet, startEmbedded } from '../../kit/app.ts'

const { sql } = Prisma

describe('while it works', () => {
  it('the server answers others', async () => {
    await using app = await startEmbedded()
    const order: string[] = []
    const statement = app.database.query(sql`SELECT pg_sleep(2)`).then(() => order.push('statement'))
    expect((await fetch(`${app.url}/health/live`)).status).toBe(200)
    order.push('health')
    await statement
    expect(order).toEqual(['health', 'statement'])
  })
})

describe.each(engines)('on $engine', ({ start }) => {
  it('values go in and come out as what they are', async () => {
    await using app = await start(quiet)
    const given = {
      whole: -7,
      large: 9_007_199_254_740_991,
      fraction: 0.1,
      yes: true,
      no: null,
      text: 'a "b" \\ {c}, ü 🦊',
      empty: '',
      moment: new Date('2026-11-23T21:22:23.456Z'),
      bytes: Uint8Array.of(0, 1, 254, 255),
      texts: ['plain', '', 'NULL', null, 'a "b" \\ {c},', 'ü 🦊'],
      none: [],
      numbers: [1, 2, 3],
      moments: [new Date('2026-11-23T21:22:23.456Z')],
      json: { a: [1, null, { 'b"': 'c\\' }] }
    }
    const [row] = await app.database.query<typeof given>(sql`
      SELECT ${given.whole}::int AS whole, ${given.large}::bigint AS large, ${given.fraction}::float8 AS fraction, ${given.yes}::boolean AS yes,
        ${given.no}::text AS no, ${given.text}::text AS text, ${given.empty}::text AS empty, ${given.moment}::timestamptz AS moment,
        ${given.bytes}::bytea AS bytes, ${given.texts}::text[] AS texts, ${given.none}::text[] AS none, ${given.numbers}::int[] AS numbers,
        ${given.moments}::timestamptz[] AS moments, ${given.json}::jsonb AS json`)
    expect(row && { ...row, bytes: Uint8Array.from(row.bytes) }).toEqual(given)
  })

  it('bytes in an array are as they were', async () => {
    await using app = await start(quiet)
    const parts = [Uint8Array.of(0, 255), Uint8Array.of(92, 34)]
    expect(await app.database.query(sql`SELECT ${parts}::bytea[] = ARRAY['\\x00ff', '\\x5c22']::bytea[] AS same`)).toEqual([{ same: true }])
  })

  it('an error says what the database said, and the next statement is answered', async () => {
    await using app = await start(quiet)
    await app.database.query(sql`CREATE TABLE thing (name text CONSTRAINT thing_name UNIQUE, size int NOT NULL)`)
    const add = (name: string, size: number | null) => app.database.query(sql`INSERT INTO thing VALUES (${name}, ${size})`)
    await add('one', 1)
    await expect(add('one', 2)).rejects.toMatchObject({
      code: '23505',
      constraint: 'thing_name',
      table: 'thing',
      severity: 'ERROR',
      detail: 'Key (name)=(one) already exists.',
      message: 'duplicate key value violates unique constraint "thing_name"'
    })
    await expect(add('two', null)).rejects.toMatchObject({ code: '23502', column: 'size' })
    await expect(app.database.query(sql`SELECT ${'x'}::text::int`)).rejects.toMatchObject({ code: '22P02' })
    await expect(app.database.query(sql`SELEC 1`)).rejects.toMatchObject({ code: '42601' })
    expect(await app.database.query(sql`SELECT name, size FROM thing`)).toEqual([{ name: 'one', size: 1 }])
  })

  it('an answer of many parts comes whole', async () => {
    await using app = await start(quiet)
    const rows = await app.database.query<{ number: number; text: string }>(
      sql`SELECT number, repeat(number::text, 500) AS text FROM generate_series(1, 2000) AS number`
    )
    expect(rows).toEqual(Array.from({ length: 2000 }, (_, index) => ({ number: index + 1, text: String(index + 1).repeat(500) })))
  })

  it('a transaction is kept whole, and what is asked beside it is not in it', async () => {
    await using app = await start(quiet)
    const { prisma } = app.database
    await app.database.query(sql`CREATE TABLE thing (name text UNIQUE)`)
    const failing = prisma.$transaction(async (tx) => {
      await tx.$executeRaw`INSERT INTO thing VALUES ('undone')`
      await tx.$executeRaw`INSERT INTO thing VALUES ('undone')`
    })
    const beside = app.database.query(sql`INSERT INTO thing VALUES ('beside')`)
    const seen = Promise.all([1, 2].map(() => app.database.query(sql`SELECT name FROM thing WHERE name = 'undone'`, find)))
    await expect(failing).rejects.toMatchObject({ meta: { driverAdapterError: { cause: { originalCode: '23505' } } } })
    await beside
    expect(await seen).toEqual([[], []])
    await prisma.$transaction(async (tx) => {
      await Promise.all([tx.$executeRaw`INSERT INTO thing VALUES ('first')`, tx.$executeRaw`INSERT INTO thing VALUES ('second')`])
    })
    await expect(
      prisma.$transaction(async (tx) => {
        await tx.$executeRaw`INSERT INTO thing VALUES ('withdrawn')`
        throw new Error('No')
      })
    ).rejects.toThrow('No')
    expect(await app.database.query(sql`SELECT name FROM thing ORDER BY name`)).toEqual([{ name: 'beside' }, { name: 'first' }, { name: 'second' }])
  })

  it('a notification comes when its transaction is through, and none of one that is undone', async () => {
    await using app = await start(quiet)
    const { prisma } = app.database
    const heard: string[] = []
    const last = Promise.withResolvers<void>()
    const notified = (payload: string) => {
      heard.push(payload)
      if (payload === 'last') last.resolve()
    }
    await app.database.listen('mayday_test', { notified, lost() {}, reconnected() {} })
    await prisma.$transaction(async (tx) => {
      await tx.$executeRaw`NOTIFY mayday_test, 'first'`
      await tx.$executeRaw`SELECT 1`
      heard.push('not yet')
    })
    const undone = prisma.$transaction(async (tx) => {
      await tx.$executeRaw`NOTIFY mayday_test, 'undone'`
      throw new Error('No')
    })
    await expect(undone).rejects.toThrow('No')
    await app.database.query(sql`NOTIFY mayday_test, 'last'`)
    await last.promise
    expect(heard).toEqual(['not yet', 'first', 'last'])
  })
})

it('an error is one that the adapter for Prisma knows', async () => {
  await using app = await startEmbedded(quiet)
  const error = await app.database.query(sql`SELECT 1 / ${0}::int`).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(messages.DatabaseError)
})

describe('an engine that breaks', () => {
  it('answers nothing more, says that it is gone, and can be closed', async () => {
    const database = wrapEngine(await embeddedEngine({ copyOf: inject('embeddedDump') }))
    await database.query(sql`CREATE FUNCTION forever(n int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN forever(n + 1); END'`)
    const broken = database.query(sql`SELECT forever(1)`)
    const behind = database.query(sql`SELECT 1`)
    await expect(broken).rejects.toThrow('broke off in the middle of a statement')
    await expect(behind).rejects.toThrow('broke off in the middle of a statement')
    expect((await database.gone).message).toContain('broke off')
    await expect(database.query(sql`SELECT 1`)).rejects.toThrow('broke off')
    await expect(database.prisma.workspace.count()).rejects.toThrow('broke off')
    await database.close()
  })
})

describe('in a folder', () => {
  let folder: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mayday-embedded-'))
  })

  afterEach(() => rm(folder, { recursive: true, force: true }))

  const open = (): Promise<Database> => openDatabase({ MAYDAY_DATA: folder, MAYDAY_POOL_SIZE: 2 }, async () => {})

  it('closes when it has done what it was asked, refuses what comes after, and is there again for the next', { timeout: 60_000 }, async () => {
    const first = await open()
    await first.query(sql`CREATE TABLE thing (number int)`)
    await expect(open()).rejects.toMatchObject({ exitCode: 75, message: expect.stringContaining('is in use') })
    const working = first.query(sql`INSERT INTO thing SELECT * FROM generate_series(1, 100000)`)
    const found = first.query(sql`SELECT 1 AS one`, find)
    await Promise.all([working, first.close()])
    expect(await found).toEqual([{ one: 1 }])
    await expect(first.query(sql`SELECT 1`)).rejects.toThrow('closed')
    const second = await open()
    expect(await second.query(sql`SELECT count(*) AS count FROM thing`)).toEqual([{ count: 100_000 }])
    await second.close()
  })
})
