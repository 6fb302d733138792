// The embedded engine: PGlite in this process, its data in a folder that this process holds alone.
import { mkdir } from 'node:fs/promises'
import { PGlite, types } from '@electric-sql/pglite'
import { PrismaPGlite } from 'pglite-prisma-adapter'
import { exitCode, StartupError } from '../errors.ts'
import { type Engine, type QueryOptions, rowsFrom, type Sql } from './engine.ts'
import { holdFolder } from './lock.ts'
import { parseMoment } from './moment.ts'

const parsers = { [types.INT8]: Number, [types.TIMESTAMPTZ]: (text: string) => parseMoment(text) ?? new Date(text) }

export async function openEmbedded(folder: string): Promise<Engine> {
  if (folder.startsWith('memory://')) return embeddedEngine(new PGlite(folder), () => {})
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    throw new StartupError(`The data folder ${folder} cannot be created: ${(error as Error).message}`, exitCode.cannotCreate)
  }
  const release = holdFolder(folder)
  return embeddedEngine(new PGlite(`${folder}/postgres`), release)
}

/** Wraps a PGlite that is already made; tests start theirs from a prepared copy. */
export async function embeddedEngine(pglite: PGlite, release: () => void): Promise<Engine> {
  await pglite.waitReady
  const adapter = new PrismaPGlite(pglite)
  return {
    engine: 'embedded',
    adapter,
    migrationAdapter: adapter,
    async query<Row>({ text, values }: Sql, { prototype }: QueryOptions = {}): Promise<Row[]> {
      if (!prototype) return (await pglite.query<Row>(text, values, { parsers })).rows
      const { rows, fields } = await pglite.query<unknown[]>(text, values, { parsers, rowMode: 'array' })
      return rowsFrom(prototype, fields, rows)
    },
    async listen(channel, listener) {
      await pglite.listen(channel, (payload) => listener.notified(payload))
    },
    exclusively: (prepare) => prepare(),
    async close() {
      await pglite.close()
      release()
    }
  }
}
