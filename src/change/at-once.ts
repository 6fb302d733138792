// The quick way for a command that one statement can carry out: lock, check, write, append and notify in one round trip.
// It does the whole of it or nothing; when nothing was done, `commit` finds out why and says so.
import { accessChangeNames } from '../access/events.ts'
import type { Session } from '../core.ts'
import { Prisma } from '../database/generated/client/client.ts'
import { hashedForm, sealText } from './chain.ts'
import type { ChangeData, ChangeKind, ChangeText } from './kind.ts'
import { changeChannel } from './notification.ts'
import { isRevoked } from './record.ts'

export interface AtOnce<Data extends ChangeData, Text extends ChangeText> {
  readonly kind: ChangeKind<Data, Text>
  readonly incidentId: string
  readonly subjectId: string
  readonly data: Data
  readonly text: Text
  /** Rows that must be there, locked after the workspace's row: a SELECT from `head`, which is that row. None, and nothing is done. */
  readonly target: Prisma.Sql
  /** Writes the new state: an INSERT that selects from `target`. */
  readonly write: Prisma.Sql
}

/** Carries out a command of the viewer's and returns the sequence number of its change; undefined when nothing was done. */
export function commitAtOnce<Data extends ChangeData, Text extends ChangeText>(
  { core, viewer }: Session,
  prepare: (now: Date) => AtOnce<Data, Text>
): Promise<number | undefined> {
  return core.queue.run(viewer.workspaceId, async () => {
    const at = core.clock()
    if (viewer.expiresAt && viewer.expiresAt <= at) return undefined
    const { workspaceId, actorId, role } = viewer
    const { kind, incidentId, subjectId, data, text, target, write } = prepare(at)
    const { salt, textDigest } = sealText(text)
    const [start, middle, end] = hashedForm({ workspaceId, kind: kind.name, at, actorId, incidentId, subjectId, data, textDigest })
    const news = core.heads.observe()
    const [row] = await core.database.query<{ sequence: number }>(Prisma.sql`
      WITH head AS MATERIALIZED (
        SELECT w.id, w.sequence, w.head_hash FROM workspace w JOIN actor a ON a.workspace_id = w.id AND a.id = ${actorId}::uuid
        WHERE w.id = ${workspaceId}::uuid AND a.role >= ${role}::text::role AND NOT ${isRevoked(viewer)}
        FOR NO KEY UPDATE OF w FOR SHARE OF a
      ), target AS MATERIALIZED (${target}), written AS (${write}), appended AS (
        INSERT INTO change (workspace_id, sequence, kind, at, actor_id, incident_id, subject_id, data, text, salt, text_digest, previous_hash, hash)
        SELECT head.id, head.sequence + 1, ${kind.name}::text, ${at.toISOString()}::text::timestamptz, ${actorId}::uuid, ${incidentId}::uuid, ${subjectId}::uuid,
          ${JSON.stringify(data)}::text::jsonb, ${JSON.stringify(text)}::text::jsonb, ${salt}::bytea, ${textDigest}::bytea, head.head_hash,
          sha256(convert_to(${start}::text || encode(head.head_hash, 'hex') || ${middle}::text || (head.sequence + 1)::text || ${end}::text, 'UTF8'))
        FROM head, target
        RETURNING workspace_id, sequence, hash
      )
      UPDATE workspace w SET sequence = appended.sequence, head_hash = appended.hash FROM appended WHERE w.id = appended.workspace_id
      RETURNING w.sequence, pg_notify(${changeChannel}, concat_ws(' ', w.id, w.sequence, w.sequence))`)
    if (!row) return undefined
    news({ workspaceId, first: row.sequence, last: row.sequence, rights: accessChangeNames.has(kind.name) })
    return row.sequence
  })
}
