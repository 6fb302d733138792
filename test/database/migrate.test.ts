import { PGlite } from '@electric-sql/pglite'
import { PrismaPGlite } from 'pglite-prisma-adapter'
import { describe, expect, inject, it } from 'vitest'
import { embeddedEngine } from '../../src/database/embedded/embedded.ts'
import type { Engine } from '../../src/database/engine.ts'
import { Prisma } from '../../src/database/generated/client/client.ts'
import { migrate, schemaDrift } from '../../src/database/migrate.ts'
import { openPostgres } from '../../src/database/postgresql/postgresql.ts'
import { createDatabase } from '../kit/postgres.ts'

it('the migrations make the tables of schema.prisma, and a second run finds nothing to do', async () => {
  const pglite = new PGlite()
  const factory = new PrismaPGlite(pglite)
  expect((await migrate(factory)).length).toBeGreaterThan(0)
  expect(await migrate(factory)).toEqual([])
  expect((await schemaDrift(factory)).trim()).toBe('-- This is an empty migration.')
  await pglite.close()
})

/** What only the migration of the counts has made; without it, the database is as it was before. */
const countsMigration = '20261125000000_incident_count'
const undoCounts = [
  Prisma.sql`DROP FUNCTION count_new_incidents, count_changed_incident, counted_tags CASCADE`,
  Prisma.sql`DROP TABLE incident_count`,
  Prisma.sql`DELETE FROM _prisma_migrations WHERE migration_name = ${countsMigration}`
]

const workspaces = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002']
const incidents = [
  Prisma.sql`INSERT INTO workspace (id, name, head_hash, created_at) SELECT unnest(${workspaces}::uuid[]), 'W', '', now()`,
  Prisma.sql`INSERT INTO incident (id, workspace_id, number, title, severity, status, tags, started_at, declared_at, updated_at)
    SELECT gen_random_uuid(), workspace, number, 'T', 'HIGH', status::incident_status, tags, now(), now(), now()
    FROM unnest(${workspaces}::uuid[]) workspace, (VALUES (1, 'TRIAGE', ARRAY['a', 'b', 'a']), (2, 'TRIAGE', NULL), (3, 'CLOSED', ARRAY['b'])) i (number, status, tags)`
]

describe.each([
  { engine: 'embedded', open: () => embeddedEngine({}) },
  { engine: 'postgresql', open: async () => openPostgres(await createDatabase(inject('postgresUrl')), 2) }
])('on $engine', ({ open }) => {
  it('the incidents that are there already are counted', async () => {
    const engine: Engine = await open()
    const all = async (statements: Prisma.Sql[]) => {
      for (const statement of statements) await engine.query(statement)
    }
    await engine.exclusively(async () => {
      await migrate(engine.migrationAdapter)
      await all([...undoCounts, ...incidents])
      expect(await migrate(engine.migrationAdapter)).toEqual([countsMigration])
    })
    const counts = (tag: string, status: string, count: number) => workspaces.map((workspace_id) => ({ workspace_id, tag, status, severity: 'HIGH', count }))
    const expected = [counts('', 'CLOSED', 1), counts('', 'TRIAGE', 2), counts('a', 'TRIAGE', 1), counts('b', 'CLOSED', 1), counts('b', 'TRIAGE', 1)]
    const kept = Prisma.sql`SELECT * FROM incident_count ORDER BY tag, status::text, workspace_id`
    expect(await engine.query(kept)).toEqual(expected.flat())
    await engine.query(Prisma.sql`UPDATE incident SET status = 'CLOSED' WHERE number = 1`)
    expect(await engine.query(Prisma.sql`SELECT DISTINCT count FROM incident_count WHERE tag = '' AND status = 'CLOSED'`)).toEqual([{ count: 2 }])
    await engine.close()
  })

  it('a migration that fails is told, and leaves nothing', async () => {
    const engine: Engine = await open()
    await engine.exclusively(async () => {
      await migrate(engine.migrationAdapter)
      for (const statement of undoCounts) await engine.query(statement)
      await engine.query(Prisma.sql`CREATE FUNCTION count_changed_incident() RETURNS int LANGUAGE sql AS 'SELECT 1'`)
      await expect(migrate(engine.migrationAdapter)).rejects.toThrow('count_changed_incident')
    })
    expect(await engine.query(Prisma.sql`SELECT to_regclass('incident_count') AS is`)).toEqual([{ is: null }])
    expect(await engine.query(Prisma.sql`SELECT finished_at FROM _prisma_migrations WHERE migration_name = ${countsMigration}`)).toEqual([
      { finished_at: null }
    ])
    await engine.close()
  })
})
