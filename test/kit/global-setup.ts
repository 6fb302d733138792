// Once for all test files: a migrated copy of the embedded database to start from, and a PostgreSQL server.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { PrismaPGlite } from 'pglite-prisma-adapter'
import type { TestProject } from 'vitest/node'
import { openDatabase } from '../../src/database/database.ts'
import { embeddedEngine } from '../../src/database/embedded/embedded.ts'
import { migrate } from '../../src/database/migrate.ts'
import { createDatabase, createPostgresServer } from './postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A dump of an embedded database that is migrated and empty. */
    embeddedDump: string
    /** The same as a data folder, to be copied. */
    embeddedFolder: string
    /** A PostgreSQL server on which tests make databases of their own, as copies of `postgresTemplate`. */
    postgresUrl: string
    postgresTemplate: string
  }
}

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'mayday-test-'))
  const embeddedDump = join(folder, 'embedded.tar')
  await dumpEmbedded(embeddedDump)
  const embeddedFolder = join(folder, 'data')
  mkdirSync(embeddedFolder)
  await (await embeddedEngine({ folder: join(embeddedFolder, 'postgres'), copyOf: embeddedDump })).close()
  const server = await startServer()
  const template = await createDatabase(server.url)
  await (await openDatabase({ DATABASE_URL: template, MAYDAY_DATA: '', MAYDAY_POOL_SIZE: 2 }, async () => {})).close()
  provide('embeddedDump', embeddedDump)
  provide('embeddedFolder', embeddedFolder)
  provide('postgresUrl', server.url)
  provide('postgresTemplate', template)
  return async () => {
    await server.remove()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function startServer(): Promise<{ url: string; remove(): Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL
  if (given) return { url: given, remove: async () => {} }
  const server = await createPostgresServer()
  await server.start()
  return server
}

async function dumpEmbedded(file: string): Promise<void> {
  const pglite = new PGlite()
  await migrate(new PrismaPGlite(pglite))
  const dump = await pglite.dumpDataDir('none')
  writeFileSync(file, Buffer.from(await dump.arrayBuffer()))
  await pglite.close()
}
