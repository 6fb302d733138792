// The server engine: a pool for queries, and one connection beside it that listens.
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { exitCode, StartupError } from '../../errors.ts'
import type { Engine, QueryOptions, Sql } from '../engine.ts'
import { parseMoment } from '../moment.ts'
import { StatementNames } from '../prepared.ts'
import { Batches } from './batches.ts'
import { Listening } from './listening.ts'

const { INT8, TIMESTAMPTZ } = pg.types.builtins
const parseAnyMoment: (text: string) => unknown = pg.types.getTypeParser(TIMESTAMPTZ)
const parsers = new Map<number, (text: string) => unknown>([
  [INT8, Number],
  [TIMESTAMPTZ, (text) => parseMoment(text) ?? parseAnyMoment(text)]
])
const parserOf = (oid: number) => parsers.get(oid) ?? pg.types.getTypeParser(oid)

/** Below the limit of a transaction, so that the server gives up a statement before Prisma gives up the transaction around it. */
const statementTimeoutMs = 9_000

/** Every node takes this advisory lock while it migrates; any fixed number does. */
const migrationLock = 6_298_229

export async function openPostgres(url: string, poolSize: number): Promise<Engine> {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: 5_000,
    statement_timeout: statementTimeoutMs,
    application_name: 'mayday'
  })
  // A pooled connection that breaks while idle is replaced by the pool; without a handler it would end the process.
  pool.on('error', () => {})
  // Migrations may take longer than a statement of the pool's; it connects when it is used.
  const migrationPool = new pg.Pool({ connectionString: url, max: 1, connectionTimeoutMillis: 5_000, application_name: 'mayday migrate' })
  migrationPool.on('error', () => {})
  const listening = new Listening(url)
  const names = new StatementNames()
  const batches = new Batches(pool, parserOf)
  try {
    await pool.query('SELECT 1')
  } catch (error) {
    await pool.end()
    throw new StartupError(`The database cannot be reached: ${reason(error)}`, exitCode.unavailable)
  }
  return {
    engine: 'postgresql',
    adapter: new PrismaPg(pool),
    migrationAdapter: new WholeScripts(migrationPool),
    async query<Row>({ text, values }: Sql, { prepared = false, brief = false, prototype }: QueryOptions = {}): Promise<Row[]> {
      const send = (name?: string) => batches.query({ name, text, values, prototype: prototype ?? Object.prototype }, brief) as Promise<Row[]>
      return prepared ? names.send(text, send) : send()
    },
    listen: (channel, listener) => listening.listen(channel, listener),
    async exclusively(prepare) {
      // Outside the pool: a node may wait here for as long as another one's migration takes.
      const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, application_name: 'mayday migrate' })
      await client.connect()
      try {
        await client.query('SELECT pg_advisory_lock($1)', [migrationLock])
        return await prepare()
      } finally {
        // The lock goes with its connection, whatever state an error left it in.
        await client.end()
        await migrationPool.end()
      }
    },
    gone: new Promise(() => {}),
    async close() {
      await listening.stop()
      await pool.end()
    }
  }
}

/**
 * The adapter cuts a script at every semicolon, those in comments and functions too. In one piece it is also one
 * transaction: other nodes see nothing of a migration before all of it.
 */
class WholeScripts extends PrismaPg {
  override async connect() {
    const connection = await super.connect()
    connection.executeScript = async (sql) => {
      await connection.executeRaw({ sql, args: [], argTypes: [] })
    }
    return connection
  }
}

function reason(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reason(error.errors[0])
  return error instanceof Error ? error.message || error.name : String(error)
}
