// Finds that go to an engine together: each has its own answer, and its own error.
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { embeddedEngine } from '../../src/database/embedded/embedded.ts'
import { type Engine, find } from '../../src/database/engine.ts'
import { Prisma } from '../../src/database/generated/client/client.ts'
import { openPostgres } from '../../src/database/postgresql/postgresql.ts'
import { createDatabase } from '../kit/postgres.ts'

const { sql } = Prisma
const engines = [
  { name: 'embedded', open: () => embeddedEngine({ copyOf: inject('embeddedDump') }) },
  { name: 'postgresql', open: async () => openPostgres(await createDatabase(inject('postgresUrl')), 3) }
]

describe.each(engines)('finds of one moment on $name', ({ open }) => {
  let engine: Engine

  beforeAll(async () => {
    engine = await open()
  })

  afterAll(() => engine.close())

  /** What many come to: their rows, or the code of their error. */
  async function outcomes(asked: Promise<unknown[]>[]): Promise<unknown[]> {
    return (await Promise.allSettled(asked)).map((result) => (result.status === 'fulfilled' ? result.value : result.reason.code))
  }

  const divide = (by: number) => engine.query(sql`SELECT 12 / ${by}::int AS result`, find)

  it('give the same rows as when each is sent alone, named or not', async () => {
    const all = sql`
    SELECT size::int8 AS big, 'text' || size AS text, NULL AS nothing, size = 1 AS flag, size / 4.0 AS numeric, ARRAY['a"b', 'c,d', NULL] AS list,
      '2026-11-24T03:04:05.678Z'::timestamptz AS moment, 'infinity'::timestamptz AS never, '\\x00ff'::bytea AS bytes, jsonb_build_object('size', size) AS json
    FROM generate_series(1, ${3}::int) size WHERE ${new Date(0)}::timestamptz < now() AND ${['x', null, '"']}::text[] IS NOT NULL AND ${Buffer.from([0, 255])}::bytea = '\\x00ff'`
    const alone = await engine.query(all)
    for (let times = 0; times < 5; times++) expect(await engine.query(all, find)).toEqual(alone)
    expect(alone).toHaveLength(3)
    expect(await engine.query(sql`SELECT 1 AS one WHERE FALSE`, find)).toEqual([])
    expect(Object.getPrototypeOf((await engine.query<object>(all, { ...find, prototype: engine }))[0])).toBe(engine)
  })

  it('one that fails leaves the others alone, wherever it stands', async () => {
    // The second time they are prepared, or are on the way to it.
    for (let times = 0; times < 3; times++) {
      const asked = [divide(0), divide(1), engine.query(sql`SELECT nonsense`, find), divide(2), divide(0), divide(3), divide(0)]
      expect(await outcomes(asked)).toEqual(['22012', [{ result: 12 }], '42703', [{ result: 6 }], '22012', [{ result: 4 }], '22012'])
    }
  })

  it('a value that cannot be sent is the error of its own find', async () => {
    const circle: Record<string, unknown> = {}
    circle.itself = circle
    const [bad, good] = await Promise.allSettled([engine.query(sql`SELECT ${circle}::jsonb`, find), divide(4)])
    expect(bad).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining('circular') } })
    expect(good).toMatchObject({ value: [{ result: 3 }] })
  })
})
