// Walks the chain of a workspace from its first change and names the first place where it does not hold.

import type { Database } from '../database/engine.ts'
import { Prisma } from '../database/generated/client/client.ts'
import { digestText, genesis, hashChange, hex } from './chain.ts'
import { type ChangeRow, changesBetween } from './change.ts'

/** ALTERED: a change is not as it was written. REMOVED: one is missing. INSERTED: one is there that no command wrote. */
export type Tampering = 'ALTERED' | 'REMOVED' | 'INSERTED'

export interface Verification {
  /** How many changes were found in order. */
  checked: number
  /** The hash of the last change that is in order: kept elsewhere, it proves later that nothing before was rewritten. */
  headHash: string
  problem: { kind: Tampering; sequence: number; message: string } | null
}

const pageSize = 1_000

export async function verifyChanges(database: Database, workspaceId: string): Promise<Verification> {
  const [head] = await database.query<{ sequence: number; headHash: Uint8Array }>(
    Prisma.sql`SELECT sequence, head_hash AS "headHash" FROM workspace WHERE id = ${workspaceId}::uuid`
  )
  if (!head) throw new Error(`There is no workspace ${workspaceId}`)
  const redactions = await redactionsOf(database, workspaceId)
  let checked = 0
  let hash: Uint8Array = genesis
  const result = (kind: Tampering, sequence: number, message: string): Verification => ({ checked, headHash: hex(hash), problem: { kind, sequence, message } })
  const broken = (change: ChangeRow) => problemOf(change, checked + 1, hash, redactions)

  while (checked < head.sequence) {
    const changes = await changesBetween(database, workspaceId, checked, head.sequence, pageSize)
    if (changes.length === 0) return result('REMOVED', checked + 1, `Change ${checked + 1} is missing, and all after it.`)
    for (const change of changes) {
      const problem = broken(change)
      if (problem) return result(problem.kind, problem.sequence, problem.message)
      hash = change.hash
      checked++
    }
  }
  if (hex(hash) !== hex(head.headHash)) return result('ALTERED', checked, `Change ${checked} is not the one that the workspace remembers as its newest.`)
  const [beyond] = await strangers(database, workspaceId, head.sequence)
  if (beyond) return result('INSERTED', beyond.sequence, `Change ${beyond.sequence} was put in by hand: the workspace has had ${head.sequence} changes.`)
  return { checked, headHash: hex(hash), problem: null }
}

function problemOf(
  change: ChangeRow,
  expected: number,
  previousHash: Uint8Array,
  redactions: Map<string, number>
): { kind: Tampering; sequence: number; message: string } | null {
  const { sequence } = change
  if (sequence > expected) return { kind: 'REMOVED', sequence: expected, message: `Change ${expected} is missing.` }
  // The hash covers the sequence number, so a stranger among the rest shows as a change whose own hash may hold but
  // which does not continue the chain.
  if (hex(change.previousHash) !== hex(previousHash)) {
    const own = hex(hashChange(change, change.previousHash)) === hex(change.hash)
    return own
      ? {
          kind: 'INSERTED',
          sequence,
          message: `Change ${sequence} does not continue the one before it: it, or one before it, was put in or taken out by hand.`
        }
      : { kind: 'ALTERED', sequence, message: `Change ${sequence} is not as it was written.` }
  }
  if (hex(hashChange(change, previousHash)) !== hex(change.hash)) return { kind: 'ALTERED', sequence, message: `Change ${sequence} is not as it was written.` }
  return textProblem(change, redactions)
}

function textProblem(
  { sequence, text, salt, textDigest, subjectId }: ChangeRow,
  redactions: Map<string, number>
): { kind: Tampering; sequence: number; message: string } | null {
  if (!textDigest) return text === null ? null : { kind: 'ALTERED', sequence, message: `Change ${sequence} has a text that was put in by hand.` }
  if (text !== null && salt) {
    return hex(digestText(text, salt)) === hex(textDigest)
      ? null
      : { kind: 'ALTERED', sequence, message: `The text of change ${sequence} is not as it was written.` }
  }
  const redactedAt = redactions.get(subjectId ?? '')
  if (redactedAt !== undefined && redactedAt > sequence) return null
  return { kind: 'ALTERED', sequence, message: `The text of change ${sequence} is gone, and no redaction tells of it.` }
}

/** The place of each subject's last redaction. Their own hashes are checked on the walk. */
async function redactionsOf(database: Database, workspaceId: string): Promise<Map<string, number>> {
  const rows = await database.query<{ subjectId: string; sequence: number }>(Prisma.sql`
    SELECT subject_id AS "subjectId", max(sequence) AS sequence FROM change
    WHERE workspace_id = ${workspaceId}::uuid AND kind = 'comment.redacted' AND subject_id IS NOT NULL GROUP BY subject_id`)
  return new Map(rows.map(({ subjectId, sequence }) => [subjectId, sequence]))
}

/** Rows beyond the newest change; looked at only if the workspace has not moved meanwhile, since a new change looks the same. */
function strangers(database: Database, workspaceId: string, newest: number): Promise<{ sequence: number }[]> {
  return database.query(Prisma.sql`
    SELECT c.sequence FROM change c JOIN workspace w ON w.id = c.workspace_id
    WHERE c.workspace_id = ${workspaceId}::uuid AND c.sequence > w.sequence AND c.sequence > ${newest} ORDER BY c.sequence LIMIT 1`)
}
