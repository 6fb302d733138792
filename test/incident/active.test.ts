// What asks for active incidents, at the database.
import pg from 'pg'
import { expect, it } from 'vitest'
import { IncidentStatus, Prisma } from '../../src/database/generated/client/client.ts'
import { wholeOf } from '../../src/impact/graph/reading.ts'
import { activeWorkspaces } from '../../src/impact/recorder/active.ts'
import { activeIncident } from '../../src/incident/filter.ts'
import { isActive } from '../../src/incident/lifecycle.ts'
import { quiet, startOnServer } from '../kit/app.ts'
import { watchStatements } from '../kit/statements.ts'

it('active incidents are those that the lifecycle says, and are found by their own index whatever the values', async () => {
  await using app = await startOnServer(quiet)
  const { database, workspace } = app
  const { workspaceId } = workspace
  // Of each status one, and many that are over.
  await database.query(Prisma.sql`
    INSERT INTO incident (id, workspace_id, number, title, severity, status, tags, started_at, declared_at, updated_at)
    SELECT gen_random_uuid(), ${workspaceId}::uuid, n, 'T', 'HIGH', coalesce((enum_range(NULL::incident_status))[n], 'CLOSED'), '{}', now(), now(), now()
    FROM generate_series(1, 5000) n`)
  await database.query(Prisma.sql`ANALYZE incident`)
  const found = await database.query<{ status: IncidentStatus }>(Prisma.sql`SELECT i.status FROM incident i WHERE ${activeIncident} ORDER BY i.number`)
  expect(found.map(({ status }) => status)).toEqual(Object.values(IncidentStatus).filter(isActive))

  using watched = watchStatements(database)
  expect(await activeWorkspaces(database, null)).toEqual([workspaceId])
  expect(await activeWorkspaces(database, [workspaceId])).toEqual([workspaceId])
  for await (const _ of wholeOf(database, workspaceId));
  await app.admin.run('{ incidents(filter: { active: true }, first: 10) { nodes { id } } }')
  const texts = watched.texts.filter((text) => text.includes('FROM incident i'))
  expect(texts).toHaveLength(4)
  const client = new pg.Client({ connectionString: app.databaseUrl })
  await client.connect()
  await client.query('SET plan_cache_mode = force_generic_plan')
  for (const [index, text] of texts.entries()) {
    await client.query(`PREPARE asked_${index} AS ${text}`)
    const values = [...new Set(text.match(/\$\d+/g))].map(() => 'NULL')
    const { rows } = await client.query(`EXPLAIN EXECUTE asked_${index}${values.length > 0 ? `(${values})` : ''}`)
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('incident_active_idx')
  }
  await client.end()
})
