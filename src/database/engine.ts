// What both engines offer, and what the rest of Mayday sees of them.
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import type { Prisma, PrismaClient } from './generated/client/client.ts'

/** A statement made with `Prisma.sql`: its text and its values, never mixed. */
export type Sql = Prisma.Sql

export interface Listener {
  /** A notification with this payload came in. */
  notified(payload: string): void
  /** Notifications may be lost from now on: the connection is away. */
  lost(): void
  /** They come in again; what was lost meanwhile, you find by looking yourself. */
  reconnected(): void
}

export interface QueryOptions {
  /**
   * The server parses and plans it once, whatever its values: for a statement that finds rows by their ids or numbers. One
   * that filters by a bound value must not have it: the best plan for a frequent value is a bad one for a rare value.
   */
  prepared?: boolean
  /** It reads a few rows and waits for nothing, so that others of the same moment may go with it, and wait for one another. */
  brief?: boolean
  /** What each row inherits from, instead of a plain object. */
  prototype?: object
}

/** Of a statement that finds rows by their ids or numbers. */
export const find: QueryOptions = { prepared: true, brief: true }

export interface Database {
  readonly engine: 'embedded' | 'postgresql'
  readonly prisma: PrismaClient
  /** One read, straight on the driver: `bigint` columns come as numbers, `timestamptz` as Date, `bytea` as bytes. */
  query<Row>(statement: Sql, options?: QueryOptions): Promise<Row[]>
  /** Hears `NOTIFY channel` until the database is closed. */
  listen(channel: string, listener: Listener): Promise<void>
  close(): Promise<void>
  /** Resolves with the reason when it is gone for good: then only a new process has it again. */
  readonly gone: Promise<Error>
}

/** What an engine's module opens; `prepare` runs while no other process migrates the same database. */
export interface Engine extends Omit<Database, 'prisma'> {
  readonly adapter: SqlMigrationAwareDriverAdapterFactory
  /** Without the time limits of the other: a migration may take long. */
  readonly migrationAdapter: SqlMigrationAwareDriverAdapterFactory
  exclusively<T>(prepare: () => Promise<T>): Promise<T>
}
