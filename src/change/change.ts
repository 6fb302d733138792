// Reading changes: the row, and the places between which a client reads.
import { Table } from '../database/columns.ts'
import { type Database, find } from '../database/engine.ts'
import { Prisma } from '../database/generated/client/client.ts'
import { InvalidInput } from '../errors.ts'
import type { ChangeData, ChangeText } from './kind.ts'

export interface ChangeRow {
  workspaceId: string
  sequence: number
  kind: string
  at: Date
  actorId: string | null
  incidentId: string | null
  subjectId: string | null
  data: ChangeData
  text: ChangeText | null
  salt: Uint8Array | null
  textDigest: Uint8Array | null
  previousHash: Uint8Array
  hash: Uint8Array
}

export const changeTable = new Table<ChangeRow>({
  fields: Prisma.ChangeScalarFieldEnum,
  alias: 'c',
  types: ['Change', 'ImpactPoint'],
  reads: {
    figures: ['data'],
    cursor: ['workspaceId', 'sequence'],
    actor: ['actorId'],
    message: ['kind', 'actorId', 'data', 'text'],
    redacted: ['text', 'textDigest'],
    incident: ['incidentId'],
    comment: ['kind', 'subjectId']
  },
  order: ['sequence']
})

export const bySequence = [{ expression: Prisma.sql`c.sequence`, type: 'bigint' as const }]

/** The columns of a change, for a SELECT from `change c`. */
export const changeColumns = changeTable.all

/** Changes of one workspace after one place and up to another, oldest first. */
export function changesBetween(database: Database, workspaceId: string, from: number, to: number, limit: number): Promise<ChangeRow[]> {
  return database.query<ChangeRow>(
    Prisma.sql`
      SELECT ${changeColumns} FROM change c
      WHERE c.workspace_id = ${workspaceId}::uuid AND c.sequence > ${from} AND c.sequence <= ${to}
      ORDER BY c.sequence LIMIT ${limit}`,
    find
  )
}

/** A cursor names a place in one workspace's changes; it means nothing in another. */
export function encodeCursor(workspaceId: string, sequence: number): string {
  return Buffer.from(`${cursorMark(workspaceId)}.${sequence}`).toString('base64url')
}

export function decodeCursor(workspaceId: string, cursor: string, field = 'after'): number {
  const [, workspace, sequence] = /^([0-9a-f]{12})\.(0|[1-9]\d{0,14})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? []
  if (workspace !== cursorMark(workspaceId)) throw new InvalidInput([{ field, rule: 'must be a cursor that this workspace has given' }])
  return Number(sequence)
}

/** The random end of the id: its start is the time, which workspaces made within the same minute share. */
function cursorMark(workspaceId: string): string {
  return workspaceId.slice(-12)
}
