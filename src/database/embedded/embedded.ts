// The embedded engine: PGlite in a thread of this process, its data in a folder that this process holds alone.
import { mkdir } from 'node:fs/promises'
import { messages, type PGlite, types } from '@electric-sql/pglite'
import { DriverAdapterError } from '@prisma/driver-adapter-utils'
import { PrismaPGlite } from 'pglite-prisma-adapter'
import { exitCode, StartupError } from '../../errors.ts'
import type { Engine, QueryOptions, Sql } from '../engine.ts'
import { parseMoment } from '../moment.ts'
import { StatementNames } from '../prepared.ts'
import { EmbeddedClient, type Options } from './client.ts'
import { holdFolder } from './lock.ts'
import { type Place, startThread } from './thread.ts'

const parsers = { [types.INT8]: Number, [types.TIMESTAMPTZ]: (text: string) => parseMoment(text) ?? new Date(text) }

export async function openEmbedded(folder: string): Promise<Engine> {
  if (folder.startsWith('memory://')) return embeddedEngine({ folder })
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    throw new StartupError(`The data folder ${folder} cannot be created: ${(error as Error).message}`, exitCode.cannotCreate)
  }
  const release = holdFolder(folder)
  return embeddedEngine({ folder: `${folder}/postgres` }, release)
}

/** Also for tests, which start theirs from a prepared copy. */
export async function embeddedEngine(place: Place, release: () => void = () => {}): Promise<Engine> {
  const thread = await startThread(place)
  const client = new EmbeddedClient(thread)
  await client.prepare()
  // Of a PGlite it uses no more than the client has.
  const adapter = new AwaitedScripts(client as unknown as PGlite)
  const names = new StatementNames()
  return {
    engine: 'embedded',
    adapter,
    migrationAdapter: adapter,
    async query<Row>({ text, values }: Sql, { prepared = false, brief, prototype }: QueryOptions = {}): Promise<Row[]> {
      const send = (name?: string) => rowsOf<Row>(client, { text, values }, { name, brief, parsers }, prototype)
      return prepared ? names.send(text, send) : send()
    },
    async listen(channel, listener) {
      await client.listen(channel, (payload) => listener.notified(payload))
    },
    exclusively: (prepare) => prepare(),
    gone: thread.gone,
    async close() {
      await client.close()
      release()
    }
  }
}

/** The adapter does not wait for a migration's script: one that failed would pass for applied. */
class AwaitedScripts extends PrismaPGlite {
  readonly #pglite: PGlite

  constructor(pglite: PGlite) {
    super(pglite)
    this.#pglite = pglite
  }

  override async connect() {
    const connection = await super.connect()
    connection.executeScript = async (script) => {
      await this.#pglite.exec(script).catch((error: unknown) => {
        if (!(error instanceof messages.DatabaseError)) throw error
        const { code = '', severity = '', message, detail, column, hint } = error
        throw new DriverAdapterError({ kind: 'postgres', code, severity, message, detail, column, hint })
      })
    }
    return connection
  }
}

async function rowsOf<Row>(
  client: EmbeddedClient,
  { text, values }: Pick<Sql, 'text' | 'values'>,
  options: Options,
  prototype: object | undefined
): Promise<Row[]> {
  if (!prototype) return (await client.query<Row>(text, values, options)).rows
  const { rows, fields } = await client.query<unknown[]>(text, values, { ...options, rowMode: 'array' })
  return rowsFrom(prototype, fields, rows)
}

/** The rows of an answer that came as arrays of values, in the order of its fields. */
function rowsFrom<Row>(prototype: object, fields: readonly { name: string }[], answer: readonly (readonly unknown[])[]): Row[] {
  return answer.map((values) => {
    const row = Object.create(prototype)
    for (let index = 0; index < fields.length; index++) row[fields[index]?.name ?? ''] = values[index]
    return row
  })
}
