// Walks the chain of a workspace from its first change and names the first place where it does not hold.
import type { Database } from '../database/engine.ts'
import { Prisma } from '../database/generated/client/client.ts'
import { genesis, hex } from './chain.ts'
import { type SealedChange, sealedBetween } from './change.ts'
import { altered, type Before, continues, inserted, type Problem, removed, same, tamperingAt, textProblem } from './tampering.ts'

export interface Verification {
  /** How many changes, from the first, are in order. */
  checked: number
  /** The hash of the last change that is in order: kept elsewhere, it proves later that nothing before was rewritten. */
  headHash: string
  problem: Problem | null
}

const pageSize = 1_000

export async function verifyChanges(database: Database, workspaceId: string): Promise<Verification> {
  const [head] = await database.query<{ sequence: number; headHash: Uint8Array }>(
    Prisma.sql`SELECT sequence, head_hash AS "headHash" FROM workspace WHERE id = ${workspaceId}::uuid`
  )
  if (!head) throw new Error(`There is no workspace ${workspaceId}`)
  let redactions = await redactionsOf(database, workspaceId)
  const redactedAfter = ({ sequence, subjectId }: SealedChange) => (redactions.get(subjectId ?? '') ?? 0) > sequence
  const before: Before = { last: genesis, lastButOne: genesis }
  let checked = 0

  const problemOf = async (change: SealedChange): Promise<Problem | null> => {
    if (change.sequence > checked + 1) return removed(checked + 1)
    if (!continues(change, change.sequence, before.last)) {
      const [follower] = await sealedBetween(database, { workspaceId, from: change.sequence, to: change.sequence + 1, limit: 1 })
      return tamperingAt(change, before, follower, head.headHash)
    }
    return textProblem(change, async () => {
      if (redactedAfter(change)) return true
      // It may have been redacted since this walk began.
      redactions = await redactionsOf(database, workspaceId)
      return redactedAfter(change)
    })
  }

  const found = (problem: Problem): Verification => {
    // Sealed to continue the chain, the change before was taken to be in order.
    const one = problem.sequence === checked
    return { checked: one ? checked - 1 : checked, headHash: hex(one ? before.lastButOne : before.last), problem }
  }

  while (checked < head.sequence) {
    const changes = await sealedBetween(database, { workspaceId, from: checked, to: head.sequence, limit: pageSize })
    if (changes.length === 0) return found(removed(checked + 1))
    for (const change of changes) {
      const problem = await problemOf(change)
      if (problem) return found(problem)
      before.lastButOne = before.last
      before.last = change.hash
      checked++
    }
  }
  if (!same(before.last, head.headHash)) return found(same(before.lastButOne, head.headHash) ? inserted(checked) : altered(checked))
  const [stranger] = await strangers(database, workspaceId, head.sequence)
  if (stranger) return found(inserted(stranger.sequence))
  return { checked, headHash: hex(before.last), problem: null }
}

/** The place of each subject's last redaction. Their own hashes are checked on the walk. */
async function redactionsOf(database: Database, workspaceId: string): Promise<Map<string, number>> {
  const rows = await database.query<{ subjectId: string; sequence: number }>(Prisma.sql`
    SELECT subject_id AS "subjectId", max(sequence) AS sequence FROM change
    WHERE workspace_id = ${workspaceId}::uuid AND kind = 'comment.redacted' AND subject_id IS NOT NULL GROUP BY subject_id`)
  return new Map(rows.map(({ subjectId, sequence }) => [subjectId, sequence]))
}

/** Rows before the first change and beyond the newest; beyond only if the workspace has not moved meanwhile, since a new change looks the same. */
function strangers(database: Database, workspaceId: string, newest: number): Promise<{ sequence: number }[]> {
  return database.query(Prisma.sql`
    SELECT c.sequence FROM change c JOIN workspace w ON w.id = c.workspace_id
    WHERE c.workspace_id = ${workspaceId}::uuid AND (c.sequence < 1 OR (c.sequence > w.sequence AND c.sequence > ${newest})) ORDER BY c.sequence LIMIT 1`)
}
