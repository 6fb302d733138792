// Statements that find rows by ids are planned once, however many ids they are given; seen on a real server.
import { expect, inject, it } from 'vitest'
import { arrayOf } from '../../src/database/array.ts'
import { find } from '../../src/database/engine.ts'
import { Prisma } from '../../src/database/generated/client/client.ts'
import { openPostgres } from '../../src/database/postgresql/postgresql.ts'
import { createDatabase } from '../kit/postgres.ts'

const { sql } = Prisma

it('one id is no reason to plan anew', async () => {
  const engine = await openPostgres(await createDatabase(inject('postgresUrl')), 1)
  try {
    await engine.query(sql`CREATE TABLE thing AS SELECT md5(n::text)::uuid AS id, n FROM generate_series(1, 10000) n`)
    await engine.query(sql`CREATE INDEX ON thing (id)`)
    await engine.query(sql`ANALYZE thing`)
    const ids = (await engine.query<{ id: string }>(sql`SELECT id FROM thing ORDER BY n LIMIT 30`)).map(({ id }) => id)
    const byIds = (some: string[]) => engine.query(sql`SELECT n FROM thing WHERE id = ANY(${arrayOf('uuid', some)}) ORDER BY n`, find)
    for (let times = 0; times < 20; times++) expect(await byIds(ids.slice(0, 1))).toEqual([{ n: 1 }])
    expect(await byIds(ids)).toHaveLength(30)
    expect(await byIds([])).toEqual([])
    const [plans] = await engine.query<{ generic: number; custom: number }>(
      sql`SELECT generic_plans AS generic, custom_plans AS custom FROM pg_prepared_statements WHERE statement LIKE '%FROM thing WHERE%'`
    )
    expect(plans?.custom).toBe(5)
    expect(plans?.generic).toBeGreaterThan(10)
  } finally {
    await engine.close()
  }
})
