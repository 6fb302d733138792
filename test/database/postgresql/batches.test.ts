// Finds that go to a real server together: each has its own answer, and its own error.
import { afterEach, beforeEach, expect, inject, it } from 'vitest'
import { type Engine, find } from '../../../src/database/engine.ts'
import { Prisma } from '../../../src/database/generated/client/client.ts'
import { openPostgres } from '../../../src/database/postgresql/postgresql.ts'
import { createDatabase } from '../../kit/postgres.ts'

const { sql } = Prisma
const place = sql`SELECT pg_backend_pid() AS pid, transaction_timestamp()::text AS began`

let engine: Engine

beforeEach(async () => {
  engine = await openPostgres(await createDatabase(inject('postgresUrl')), 3)
})

afterEach(() => engine.close())

/** What many come to: their rows, or the code of their error. */
async function outcomes(asked: Promise<unknown[]>[]): Promise<unknown[]> {
  return (await Promise.allSettled(asked)).map((result) => (result.status === 'fulfilled' ? result.value : result.reason.code))
}

const divide = (by: number) => engine.query(sql`SELECT 12 / ${by}::int AS result`, find)

it('those of one moment are one message, and what is no find goes alone', async () => {
  const [together, alone] = await Promise.all([Promise.all(Array.from({ length: 4 }, () => engine.query(place, find))), engine.query(place)])
  expect(new Set(together.map(([row]) => JSON.stringify(row))).size).toBe(1)
  expect(together[0]).not.toEqual(alone)
})

it('many are shared out to the connections that there are, and all are answered in a pool of three', async () => {
  const asked = Array.from({ length: 100 }, (_, index) =>
    engine.query<{ pid: number; index: number }>(sql`SELECT pg_backend_pid() AS pid, ${index}::int AS index`, find)
  )
  const rows = (await Promise.all(asked)).map(([row]) => row)
  expect(rows.map((row) => row?.index)).toEqual(rows.map((_, index) => index))
  expect(new Set(rows.map((row) => row?.pid)).size).toBe(3)
})

it('a connection that breaks fails those that were on it, and those that come after have another', async () => {
  const asked = [divide(1), engine.query(sql`SELECT pg_terminate_backend(pg_backend_pid())`, find), divide(2), divide(3)]
  expect(await outcomes(asked)).toEqual([[{ result: 12 }], '57P01', '57P01', '57P01'])
  expect(await outcomes([divide(4), divide(6)])).toEqual([[{ result: 3 }], [{ result: 2 }]])
})

it('when no connection can be had, all that wait are told', async () => {
  await engine.close()
  const asked = Array.from({ length: 20 }, () => divide(1))
  for (const result of await Promise.allSettled(asked))
    expect(result).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining('pool') } })
  engine = await openPostgres(await createDatabase(inject('postgresUrl')), 3)
})
