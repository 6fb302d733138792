// A database of its own for events, with something that runs in it; and a million events more.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import { v7 as uuid } from 'uuid'
import { createFirstWorkspace } from '../../../src/access/workspace.ts'
import { createCore } from '../../../src/app.ts'
import { openDatabase } from '../../../src/database/database.ts'
import type { Database } from '../../../src/database/engine.ts'
import { createDatabase } from '../../kit/postgres.ts'
import { benchKey, type Filled, type Place } from '../engines.ts'
import { dropIndexes } from '../fill/indexes.ts'

export interface IntakeDatabase extends AsyncDisposable {
  readonly place: Place
  readonly workspaceId: string
  readonly resourceId: string
}

export async function makeIntakeDatabase({ server }: Filled): Promise<IntakeDatabase> {
  const folder = server ? undefined : mkdtempSync(join(tmpdir(), 'mayday-intake-'))
  const place: Place = server ? { DATABASE_URL: await createDatabase(server.url) } : { MAYDAY_DATA: folder ?? '' }
  const ids = await withDatabase(place, async (database) => {
    const core = createCore(database, pino({ level: 'silent' }), () => new Date())
    const { workspaceId = '' } = (await createFirstWorkspace(core, benchKey)) ?? {}
    const [resourceId, now] = [uuid(), new Date()]
    await database.prisma.resource.create({
      data: { id: resourceId, workspaceId, kind: 'DEPLOYMENT', externalId: 'floor', name: 'floor', createdAt: now, updatedAt: now }
    })
    return { workspaceId, resourceId }
  })
  return {
    place,
    ...ids,
    // A database on a server goes with it, as those of the other measurements do.
    async [Symbol.asyncDispose]() {
      if (folder) rmSync(folder, { recursive: true, force: true })
    }
  }
}

/** Events of the month before, on a server, as many as it takes to have so many: copies of those that are there. `ours` says that the server is the bench's own. */
export async function growEvents(databaseUrl: string, most: number, ours: boolean): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const count = async () => Number((await client.query<{ count: string }>('SELECT count(*) AS count FROM event')).rows[0]?.count)
    await client.query('SET synchronous_commit = off')
    const restore = await dropIndexes(client, 'event')
    for (let have = await count(); have < most; ) {
      const more = Math.min(have, most - have)
      have += more
      await client.query(
        `INSERT INTO event (workspace_id, id, name, occurred_at, received_at, resource_external_id, resource, related, payload)
        SELECT workspace_id, gen_random_uuid(), name, occurred_at - random() * interval '30 days', received_at - random() * interval '30 days',
          resource_external_id, resource, related, payload
        FROM event LIMIT $1`,
        [more]
      )
    }
    await restore()
    await client.query('VACUUM ANALYZE event')
    // Its writing must not fall into what is measured next.
    if (ours) await client.query('CHECKPOINT')
    return await count()
  } finally {
    await client.end()
  }
}

async function withDatabase<T>(place: Place, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase({ MAYDAY_DATA: '', MAYDAY_POOL_SIZE: 2, ...place }, async () => {})
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}
