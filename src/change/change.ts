// Reading changes: the row, and the places between which a client reads.
import { columns, Table } from '../database/columns.ts'
import { type Database, find } from '../database/engine.ts'
import { Prisma } from '../database/generated/client/client.ts'
import { InvalidInput } from '../errors.ts'
import type { ChangeData, ChangeText } from './kind.ts'

/** A change as it is shown. */
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
  textDigest: Uint8Array | null
  hash: Uint8Array
}

/** A change as it is verified. */
export interface SealedChange extends ChangeRow {
  salt: Uint8Array | null
  previousHash: Uint8Array
}

const { salt: _salt, previousHash: _previousHash, ...shown } = Prisma.ChangeScalarFieldEnum

export const changeTable = new Table<ChangeRow>({
  fields: shown,
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

const sealedColumns = columns(Prisma.ChangeScalarFieldEnum, 'c')

/** A stretch of a workspace's changes: after one place and up to another, so many at the most. */
interface Stretch {
  readonly workspaceId: string
  readonly from: number
  readonly to: number
  readonly limit: number
}

/** The changes of a stretch, oldest first. */
export function changesBetween(database: Database, stretch: Stretch): Promise<ChangeRow[]> {
  return read(database, stretch, changeColumns)
}

/** The same with all that verification looks at. */
export function sealedBetween(database: Database, stretch: Stretch): Promise<SealedChange[]> {
  return read(database, stretch, sealedColumns)
}

function read<Row>(database: Database, { workspaceId, from, to, limit }: Stretch, selected: Prisma.Sql): Promise<Row[]> {
  return database.query<Row>(
    Prisma.sql`
      SELECT ${selected} FROM change c
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
