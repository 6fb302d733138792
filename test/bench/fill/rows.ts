// Rows as the tables have them, and how many go into them at once.
import { v7 as uuid } from 'uuid'
import type { ChangeData, ChangeText } from '../../../src/change/kind.ts'
import type { Database } from '../../../src/database/engine.ts'
import { Prisma } from '../../../src/database/generated/client/client.ts'
import type { Chance } from './random.ts'

/** A change before it has its number and hash. */
export interface Happening {
  kind: string
  at: number
  actorId: string | null
  incidentId: string | null
  subjectId: string | null
  data: ChangeData
  text: ChangeText | null
}

export interface Workspace {
  id: string
  keyId: string
}

export const iso = (at: number) => new Date(at).toISOString()

export function idAt(at: number, chance: Chance): string {
  return uuid({ msecs: at, random: chance.bytes(16) })
}

const batchSize = 5_000

/** Inserts rows whose keys are the names of the columns, a few thousand by each statement; what they do not name gets its default. */
export async function insert(database: Database, table: string, rows: readonly object[]): Promise<void> {
  const into = Prisma.raw(`"${table}"`)
  const columns = Prisma.raw(
    Object.keys(rows[0] ?? {})
      .map((column) => `"${column}"`)
      .join(', ')
  )
  for (let start = 0; start < rows.length; start += batchSize) {
    const json = JSON.stringify(rows.slice(start, start + batchSize))
    await database.query(Prisma.sql`INSERT INTO ${into} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${into}, ${json}::json)`)
  }
}
