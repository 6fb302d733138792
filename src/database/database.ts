// Opens the database on either engine. Knows no domain and no GraphQL.
import { exitCode, StartupError } from '../errors.ts'
import { openEmbedded } from './embedded/embedded.ts'
import type { Database, Engine } from './engine.ts'
import { PrismaClient } from './generated/client/client.ts'
import { migrate } from './migrate.ts'
import { openPostgres } from './postgresql/postgresql.ts'
import { whileAvailable } from './unavailable.ts'

/** A command that takes longer is given up, and nothing of it is done. */
export const transactionTimeoutMs = 10_000

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
    query: (statement, options) => whileAvailable(() => engine.query(statement, options)),
    listen: (channel, listener) => engine.listen(channel, listener),
    gone: engine.gone,
    async close() {
      await prisma.$disconnect()
      await engine.close()
    }
  }
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ').trim()
}
