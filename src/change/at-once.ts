// The quick way for commands that one statement can carry out: lock, check, write, append and notify in one round trip,
// and one wait for the disk, for all of a kind that stand in line together. Each is done wholly or not at all; for one
// that was not done, `commit` finds out why and says so.
import { actorColumns } from '../access/actor.ts'
import type { Session } from '../core.ts'
import { type Actor, Prisma } from '../database/generated/client/client.ts'
import { hashedForm, hex, sealText } from './chain.ts'
import type { ChangeRow } from './change.ts'
import type { KeyOfRequest } from './idempotency.ts'
import type { ChangeData, ChangeKind, ChangeText } from './kind.ts'
import { whatMoves } from './moved.ts'
import { changeChannel, encodeWhat } from './notification.ts'
import { isRevoked } from './record.ts'

export interface AtOnce<Data extends ChangeData, Text extends ChangeText> {
  readonly kind: ChangeKind<Data, Text>
  /** The incidents, out of those that `command` names, that such a command can be about: a SELECT of ids from `head`, which is the workspace's row. It locks them. */
  readonly target: Prisma.Sql
  /** Writes the new state: an INSERT that selects from `granted`, which has a row for each command that is carried out. */
  readonly write: Prisma.Sql
}

export interface Command<Data extends ChangeData, Text extends ChangeText> {
  readonly incidentId: string
  readonly subjectId: string
  readonly data: Data
  readonly text: Text
  /** A command whose key was used before is not carried out. */
  readonly idempotency?: KeyOfRequest | undefined
}

/** What became of a command: the sequence number of its change, its time, and whoever gave it. */
export interface Done {
  readonly sequence: number
  readonly at: Date
  readonly actor: Actor
}

/** Of each command that was carried out, beside the columns of whoever gave it. */
interface Written {
  readonly place: number
  readonly sequence: number
  readonly changeHash: Uint8Array
}

interface Item {
  readonly session: Session
  readonly command: Command<ChangeData, ChangeText>
}

/** Makes the function that carries out commands of a kind at once. It gives undefined for a command that was not done. */
export function atOnce<Data extends ChangeData, Text extends ChangeText>(definition: AtOnce<Data, Text>) {
  const { kind } = definition
  const statement = statementOf(definition)

  // All of one core and one workspace: the queue keeps these apart.
  async function carryOut(items: readonly Item[]): Promise<readonly (Done | undefined)[]> {
    const { core, viewer } = (items[0] as Item).session
    const at = core.clock()
    const facts = items.map((item) => factsOf(item, kind.name, at))
    const rows = items.flatMap((item, place) => (hasExpired(item.session, at) ? [] : [{ place, ...rowOf(item, facts[place] as Facts) }]))
    const answers: (Done | undefined)[] = items.map(() => undefined)
    if (rows.length === 0) return answers
    const news = core.heads.observe()
    // Also what commands would have moved that were not carried out, which does no harm.
    const what = whatMoves(facts)
    const done = await core.database.query<Written & Actor>(statement(viewer.workspaceId, JSON.stringify(rows), encodeWhat(what)), { prepared: true })
    const changes = done.map(({ place, sequence, changeHash, ...actor }) => {
      answers[place] = { sequence, at, actor }
      return { ...(facts[place] as Facts), sequence, hash: changeHash }
    })
    const [first, last] = [changes[0], changes.at(-1)]
    if (first && last) {
      const moved = { workspaceId: viewer.workspaceId, first: first.sequence, last: last.sequence, ...what }
      news(moved)
      core.feed.committed(moved, changes)
    }
    return answers
  }

  return (session: Session, command: Command<Data, Text>): Promise<Done | undefined> =>
    session.core.queue.runTogether(session.viewer.workspaceId, carryOut, { session, command })
}

function hasExpired({ viewer }: Session, at: Date): boolean {
  return viewer.expiresAt !== null && viewer.expiresAt <= at
}

/** What is known of a change before it has its place. */
type Facts = Omit<ChangeRow, 'sequence' | 'hash'> & { text: ChangeText; salt: Uint8Array; textDigest: Uint8Array }

function factsOf({ session, command }: Item, kind: string, at: Date): Facts {
  const { workspaceId, actorId } = session.viewer
  const { incidentId, subjectId, data, text } = command
  return { workspaceId, kind, at, actorId, incidentId, subjectId, data, text, ...sealText(text) }
}

/** A command as a row of `command` in the statement. */
function rowOf({ session, command }: Item, facts: Facts) {
  const { role, secretHash } = session.viewer
  const { idempotency } = command
  const { at, actorId, incidentId, subjectId, data, text, salt, textDigest } = facts
  const [start, middle, end] = hashedForm(facts)
  return {
    at,
    actor_id: actorId,
    role,
    secret_hash: secretHash && bytea(secretHash),
    incident_id: incidentId,
    subject_id: subjectId,
    data,
    text,
    salt: bytea(salt),
    text_digest: bytea(textDigest),
    form_start: start,
    form_middle: middle,
    form_end: end,
    ...(idempotency && { operation: idempotency.operation, key: idempotency.key, fingerprint: bytea(idempotency.fingerprint) })
  }
}

function bytea(bytes: Uint8Array): string {
  return `\\x${hex(bytes)}`
}

/** The statement for any number of commands; always of the same text, so that a server has it prepared. */
function statementOf({ kind, target, write }: AtOnce<never, never>): (workspaceId: string, rows: string, moves: string | null) => Prisma.Sql {
  return (workspaceId, rows, moves) => Prisma.sql`
    WITH RECURSIVE command AS MATERIALIZED (
      SELECT * FROM json_to_recordset(${rows}::text::json) AS c (
        place int, at timestamptz, actor_id uuid, role role, secret_hash bytea, incident_id uuid, subject_id uuid, data jsonb, text jsonb,
        salt bytea, text_digest bytea, form_start text, form_middle text, form_end text, operation text, key text, fingerprint bytea
      )
    ), head AS MATERIALIZED (
      SELECT id, sequence, head_hash FROM workspace WHERE id = ${workspaceId}::uuid FOR NO KEY UPDATE
    ), standing AS MATERIALIZED (
      SELECT a.* FROM head JOIN actor a ON a.workspace_id = head.id WHERE a.id = ANY (ARRAY(SELECT actor_id FROM command)) FOR SHARE OF a
    ), target AS MATERIALIZED (${target}), ready AS MATERIALIZED (
      SELECT command.*, a.workspace_id FROM command JOIN standing a ON a.id = command.actor_id JOIN target ON target.id = command.incident_id
      WHERE a.role >= command.role AND NOT ${isRevoked(Prisma.sql`command.secret_hash`)}
    ), keyed AS (
      INSERT INTO idempotency_key (workspace_id, actor_id, operation, key, fingerprint, subject_id, created_at)
      SELECT workspace_id, actor_id, operation, key, fingerprint, subject_id, at FROM ready WHERE key IS NOT NULL
      ON CONFLICT DO NOTHING RETURNING subject_id
    ), granted AS MATERIALIZED (
      SELECT *, row_number() OVER (ORDER BY place) AS nth FROM ready WHERE key IS NULL OR subject_id IN (SELECT subject_id FROM keyed)
    ), chained AS (
      SELECT 0::bigint AS nth, sequence, head_hash AS previous_hash, head_hash AS hash FROM head
      UNION ALL
      SELECT g.nth, c.sequence + 1, c.hash,
        sha256(convert_to(g.form_start || encode(c.hash, 'hex') || g.form_middle || (c.sequence + 1)::text || g.form_end, 'UTF8'))
      FROM chained c JOIN granted g ON g.nth = c.nth + 1
    ), written AS (${write}), appended AS (
      INSERT INTO change (workspace_id, sequence, kind, at, actor_id, incident_id, subject_id, data, text, salt, text_digest, previous_hash, hash)
      SELECT g.workspace_id, c.sequence, ${kind.name}::text, g.at, g.actor_id, g.incident_id, g.subject_id, g.data, g.text, g.salt, g.text_digest, c.previous_hash, c.hash
      FROM granted g JOIN chained c USING (nth)
    ), moved AS (
      UPDATE workspace w SET sequence = last.sequence, head_hash = last.hash
      FROM head, (SELECT * FROM chained WHERE nth > 0 AND nth = (SELECT count(*) FROM granted)) last WHERE w.id = head.id
      RETURNING pg_notify(${changeChannel}, concat_ws(' ', w.id, head.sequence + 1, w.sequence, ${moves}::text))
    )
    SELECT g.place, c.sequence, c.hash AS "changeHash", ${actorColumns}
    FROM moved, granted g JOIN chained c USING (nth) JOIN standing a ON a.id = g.actor_id ORDER BY c.sequence`
}
