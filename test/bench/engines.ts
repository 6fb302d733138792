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
  engine: EngineName
  version: string
  forMayday: Place
  forFloor: Place
  /** Where there is a server: its own database, Mayday's database, and whether the server is the bench's own. */
  server?: { url: string; databaseUrl: string; ours: boolean }
  /** How many transactions Mayday's database has seen, some of the last second not counted yet. */
  transactions?(): Promise<number>
  remove(): Promise<void>
}

export const engineNames = ['postgresql', 'embedded'] as const
export type EngineName = (typeof engineNames)[number]
export const engines: Record<EngineName, (sizes: Sizes) => Promise<Filled>> = { postgresql: fillPostgres, embedded: fillEmbedded }

async function fillEmbedded(sizes: Sizes): Promise<Filled> {
  const folder = mkdtempSync(join(tmpdir(), 'mayday-bench-'))
  const [forMayday, forFloor] = [join(folder, 'mayday'), join(folder, 'floor')]
  const version = await fillPlace({ MAYDAY_DATA: forMayday }, sizes)
  cpSync(forMayday, forFloor, { recursive: true })
  return {
    engine: 'embedded',
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
    const databaseUrl = await make()
    const forMayday = { DATABASE_URL: databaseUrl }
    return {
      engine: 'postgresql',
      version: await fillPlace(forMayday, sizes),
      forMayday,
      forFloor: { DATABASE_URL: await make(databaseUrl) },
      server: { url: server.url, databaseUrl, ours: !given },
      transactions: () => transactionsOf(server.url, databaseUrl),
      remove: () => server.remove()
    }
  } catch (error) {
    await server.remove()
    throw error
  }
}

async function transactionsOf(serverUrl: string, databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ count: string }>('SELECT xact_commit + xact_rollback AS count FROM pg_stat_database WHERE datname = $1', [
      new URL(databaseUrl).pathname.slice(1)
    ])
    return Number(rows[0]?.count)
  } finally {
    await client.end()
  }
}

/** How many workspaces there are, and in how many of them the changes are not numbered 1, 2, 3 … up to where the workspace says it is. No Mayday may run on an embedded database. */
export async function countGaps(place: Place): Promise<{ workspaces: number; broken: number }> {
  const database = await openDatabase({ MAYDAY_DATA: '', MAYDAY_POOL_SIZE: 2, ...place }, async () => {})
  try {
    const [row] = await database.query<{ workspaces: number; broken: number }>(Prisma.sql`
      SELECT count(*) AS workspaces, count(*) FILTER (WHERE (c.count, c.first, c.last) IS DISTINCT FROM (w.sequence, 1::bigint, w.sequence)) AS broken
      FROM workspace w
      LEFT JOIN (SELECT workspace_id, count(*) AS count, min(sequence) AS first, max(sequence) AS last FROM change GROUP BY workspace_id) c ON c.workspace_id = w.id`)
    if (!row) throw new Error('An aggregate without GROUP BY gives one row')
    return row
  } finally {
    await database.close()
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
