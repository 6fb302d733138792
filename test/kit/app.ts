// A whole Mayday in this process, on either engine, driven over HTTP and websocket like any other.
import { readFile } from 'node:fs/promises'
import { pino } from 'pino'
import { inject } from 'vitest'
import { createFirstWorkspace, type NewWorkspace } from '../../src/access/workspace.ts'
import { type App, createApp, createCore } from '../../src/app.ts'
import { type Config, readConfig } from '../../src/config.ts'
import { wrapEngine } from '../../src/database/database.ts'
import { embeddedEngine } from '../../src/database/embedded/embedded.ts'
import type { Database } from '../../src/database/engine.ts'
import { openPostgres } from '../../src/database/postgresql/postgresql.ts'
import { Client } from './client.ts'
import { createDatabase } from './postgres.ts'

export interface TestApp extends AsyncDisposable {
  readonly app: App
  readonly database: Database
  readonly url: string
  /** Where its PostgreSQL is, for a second node; undefined when embedded. */
  readonly databaseUrl: string | undefined
  /** The admin of the first workspace. */
  readonly admin: Client
  readonly workspace: NewWorkspace
  /** What was logged, a line each. */
  readonly logged: Record<string, unknown>[]
}

export interface TestAppOptions {
  environment?: Record<string, string>
  /** A database that is there already: another node of the same Mayday. */
  databaseUrl?: string
  clock?: () => Date
}

/** A node that does nothing in the background: for tests that count what it sends to its database. */
export const quiet = { environment: { MAYDAY_BACKGROUND: 'false' } } as const satisfies TestAppOptions

const program = readFile(new URL('pglite.wasm', import.meta.resolve('@electric-sql/pglite'))).then((bytes) => WebAssembly.compile(bytes))

/** Starts Mayday on an embedded database of its own. */
export async function startEmbedded(options: TestAppOptions = {}): Promise<TestApp> {
  const engine = await embeddedEngine({ copyOf: inject('embeddedDump'), program: await program })
  return start(wrapEngine(engine), readConfig({ PORT: '0', HOST: '127.0.0.1', ...options.environment }), options)
}

/** Starts Mayday on a database of its own on the PostgreSQL server, or on the one that is named. */
export async function startOnServer(options: TestAppOptions = {}): Promise<TestApp> {
  const databaseUrl = options.databaseUrl ?? (await createDatabase(inject('postgresUrl'), inject('postgresTemplate')))
  const config = readConfig({ PORT: '0', HOST: '127.0.0.1', DATABASE_URL: databaseUrl, ...options.environment })
  return start(wrapEngine(await openPostgres(databaseUrl, config.MAYDAY_POOL_SIZE)), config, { ...options, databaseUrl })
}

/** The engines that a test can run on, for `describe.each`. */
export const engines = [
  { engine: 'embedded', start: startEmbedded },
  { engine: 'postgresql', start: startOnServer }
] as const

/** The key of the first workspace in every test. */
export const adminKey = `mayday_${'a'.repeat(43)}`

async function start(database: Database, config: Config, { clock = () => new Date(), databaseUrl }: TestAppOptions): Promise<TestApp> {
  const logged: Record<string, unknown>[] = []
  const log = pino({ level: 'warn' }, { write: (line: string) => logged.push(JSON.parse(line)) })
  const core = createCore(database, log, clock)
  const workspace = (await createFirstWorkspace(core, adminKey)) ?? (await firstWorkspace(database))
  const app = createApp({ config, database, clock, log })
  const url = await app.start()
  return {
    app,
    database,
    url,
    databaseUrl,
    workspace,
    logged,
    admin: new Client(url, adminKey),
    async [Symbol.asyncDispose]() {
      await app.stop()
      await database.close()
    }
  }
}

async function firstWorkspace({ prisma }: Database): Promise<NewWorkspace> {
  const { id: workspaceId } = await prisma.workspace.findFirstOrThrow({ orderBy: { createdAt: 'asc' } })
  const { id: keyId } = await prisma.actor.findFirstOrThrow({ where: { workspaceId, kind: 'API_KEY' } })
  return { workspaceId, keyId, secret: adminKey }
}
