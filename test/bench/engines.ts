// A filled database on each engine, and an equal copy of it for the floor, which writes too.
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import { createFirstWorkspace } from '../../src/access/workspace.ts'
import { createCore } from '../../src/app.ts'
import { openDatabase } from '../../src/database/database.ts'
import { Prisma } from '../../src/database/generated/client/client.ts'
import { createDatabase, createPostgresServer } from '../kit/postgres.ts'
import { fill, type Sizes } from './fill/fill.ts'

export const benchKey = `mayday_${'b'.repeat(43)}`

/** Where a process finds a database: the options of Mayday that name it. */
export type Place = { DATABASE_URL: string } | { MAYDAY_DATA: string }

export interface Filled {
  version: string
  forMayday: Place
  forFloor: Place
  remove(): Promise<void>
}

export const engines = { embedded: fillEmbedded, postgresql: fillPostgres } as const
export type EngineName = keyof typeof engines

async function fillEmbedded(sizes: Sizes): Promise<Filled> {
  const folder = mkdtempSync(join(tmpdir(), 'mayday-bench-'))
  const [forMayday, forFloor] = [join(folder, 'mayday'), join(folder, 'floor')]
  const version = await fillPlace({ MAYDAY_DATA: forMayday }, sizes)
  cpSync(forMayday, forFloor, { recursive: true })
  return {
    version,
    forMayday: { MAYDAY_DATA: forMayday },
    forFloor: { MAYDAY_DATA: forFloor },
    remove: async () => rmSync(folder, { recursive: true, force: true })
  }
}

/** On the server that TEST_DATABASE_URL names, or else on one of its own. */
async function fillPostgres(sizes: Sizes): Promise<Filled> {
  const given = process.env.TEST_DATABASE_URL
  const server = given ? { url: given, start: async () => {}, remove: () => dropDatabases(given, made) } : await createPostgresServer()
  const made: string[] = []
  const make = async (template?: string) => {
    const url = await createDatabase(server.url, template)
    made.push(url)
    return url
  }
  try {
    await server.start()
    const forMayday = { DATABASE_URL: await make() }
    return {
      version: await fillPlace(forMayday, sizes),
      forMayday,
      forFloor: { DATABASE_URL: await make(forMayday.DATABASE_URL) },
      remove: () => server.remove()
    }
  } catch (error) {
    await server.remove()
    throw error
  }
}

async function dropDatabases(serverUrl: string, urls: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  for (const url of urls) await client.query(`DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`)
  await client.end()
}

async function fillPlace(place: Place, sizes: Sizes): Promise<string> {
  const log = pino({ level: 'silent' })
  const database = await openDatabase({ MAYDAY_DATA: '', MAYDAY_POOL_SIZE: 2, ...place }, async () => {})
  try {
    const made = await createFirstWorkspace(
      createCore(database, log, () => new Date()),
      benchKey
    )
    if (!made) throw new Error('A database to fill must be empty')
    await fill(database, { id: made.workspaceId, keyId: made.keyId }, sizes)
    const [row] = await database.query<{ version: string }>(Prisma.sql`SELECT current_setting('server_version') AS version`)
    return row?.version ?? ''
  } finally {
    await database.close()
  }
}
