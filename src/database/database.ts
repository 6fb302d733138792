// The one face of both engines. Knows no domain and no GraphQL.
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import { exitCode, StartupError } from '../errors.ts'
import { openEmbedded } from './embedded.ts'
import { type Prisma, PrismaClient } from './generated/client/client.ts'
import { migrate } from './migrate.ts'
import { openPostgres } from './postgres.ts'
import { whileAvailable } from './unavailable.ts'

/** A command that takes longer is given up, and nothing of it is done. */
export const transactionTimeoutMs = 10_000

/** A statement made with `Prisma.sql`: its text and its values, never mixed. */
export type Sql = Prisma.Sql

export interface Listener {
  /** A notification with this payload came in. */
  notified(payload: string): void
  /** Notifications may have been lost (the connection was away): look yourself. */
  reconnected(): void
}

export interface Database {
  readonly engine: 'embedded' | 'postgresql'
  readonly prisma: PrismaClient
  /** One read, straight on the driver: `bigint` columns come as numbers, `timestamptz` as Date, `bytea` as bytes. */
  query<Row>(statement: Sql): Promise<Row[]>
  /** Hears `NOTIFY channel` until the database is closed. */
  listen(channel: string, listener: Listener): Promise<void>
  close(): Promise<void>
}

/** What an engine's module opens; `prepare` runs while no other process migrates the same database. */
export interface Engine extends Omit<Database, 'prisma'> {
  readonly adapter: SqlMigrationAwareDriverAdapterFactory
  /** Without the time limits of the other: a migration may take long. */
  readonly migrationAdapter: SqlMigrationAwareDriverAdapterFactory
  exclusively<T>(prepare: () => Promise<T>): Promise<T>
}

/** Opens the engine that the options name, brings its tables up to date, and runs `prepare` alone, before any other node. */
export async function openDatabase(
  options: { DATABASE_URL?: string; MAYDAY_DATA: string; MAYDAY_POOL_SIZE: number },
  prepare: (database: Database) => Promise<void>
): Promise<Database> {
  const engine = options.DATABASE_URL ? await openPostgres(options.DATABASE_URL, options.MAYDAY_POOL_SIZE) : await openEmbedded(options.MAYDAY_DATA)
  const database = wrapEngine(engine)
  try {
    await engine.exclusively(async () => {
      await migrate(engine.migrationAdapter).catch((error: unknown) => {
        throw new StartupError(`The database could not be migrated: ${messageOf(error)}`, exitCode.unavailable)
      })
      await prepare(database)
    })
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

/** The database of an engine whose tables are up to date. */
export function wrapEngine(engine: Engine): Database {
  const prisma = new PrismaClient({ adapter: engine.adapter, transactionOptions: { maxWait: 10_000, timeout: transactionTimeoutMs } })
  return {
    engine: engine.engine,
    prisma,
    query: (statement) => whileAvailable(() => engine.query(statement)),
    listen: (channel, listener) => engine.listen(channel, listener),
    async close() {
      await prisma.$disconnect()
      await engine.close()
    }
  }
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ').trim()
}
