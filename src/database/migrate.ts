// Applies prisma/migrations with Prisma's own schema engine (its WebAssembly build), so that both engines migrate
// in the process, without a download, and the `_prisma_migrations` table stays the one that `prisma migrate` knows.
import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bindMigrationAwareSqlAdapterFactory, type SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import * as engine from '@prisma/schema-engine-wasm/schema_engine_bg'

// The types of Node leave WebAssembly to those of the browser; this is all that is used of it.
declare const WebAssembly: { instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }> }

const prismaFolder = new URL('../../prisma/', import.meta.url)
const noFilters = { externalTables: [], externalEnums: [] }

/** Applies every migration that the database has not seen, in order, and returns their names. */
export async function migrate(factory: SqlMigrationAwareDriverAdapterFactory): Promise<string[]> {
  const schemaEngine = await openSchemaEngine(factory)
  try {
    const { appliedMigrationNames } = await schemaEngine.applyMigrations({ migrationsList: await readMigrations(), filters: noFilters })
    return appliedMigrationNames
  } finally {
    schemaEngine.free()
  }
}

/** The SQL that would bring the migrated database to prisma/schema.prisma; empty when the two agree. */
export async function schemaDrift(factory: SqlMigrationAwareDriverAdapterFactory): Promise<string> {
  const schemaEngine = await openSchemaEngine(factory)
  try {
    const { stdout } = await schemaEngine.diff({
      from: { tag: 'migrations', ...(await readMigrations()) },
      to: { tag: 'schemaDatamodel', files: [await readSchema()] },
      script: true,
      exitCode: null,
      filters: noFilters
    })
    return stdout ?? ''
  } finally {
    schemaEngine.free()
  }
}

async function openSchemaEngine(factory: SqlMigrationAwareDriverAdapterFactory): Promise<engine.SchemaEngine> {
  loading ??= loadEngine()
  await loading
  const { path, content } = await readSchema()
  return engine.SchemaEngine.new({ datamodels: [[path, content]] }, () => {}, bindMigrationAwareSqlAdapterFactory(factory))
}

/** Once a process: the bindings hold one instance, and a second would pull the first from under its users. */
let loading: Promise<void> | undefined

async function loadEngine(): Promise<void> {
  const bindings = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
  const wasm = await readFile(join(dirname(bindings), 'schema_engine_bg.wasm'))
  const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': engine })
  engine.__wbg_set_wasm(instance.exports)
  const start = instance.exports.__wbindgen_start as () => void
  start()
}

async function readSchema(): Promise<{ path: string; content: string }> {
  const url = new URL('schema.prisma', prismaFolder)
  return { path: fileURLToPath(url), content: await readFile(url, 'utf8') }
}

async function readMigrations() {
  const folder = new URL('migrations/', prismaFolder)
  const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return {
    baseDir: fileURLToPath(folder),
    lockfile: { path: 'migration_lock.toml', content: await readFile(new URL('migration_lock.toml', folder), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.sort().map(async (name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: { tag: 'ok' as const, value: await readFile(new URL(`${name}/migration.sql`, folder), 'utf8') }
        }
      }))
    )
  }
}
