// The only writer of changes. A command runs in `commit`: it holds its workspace's row from the first look to the
// commit, so changes are numbered without a gap, in the order in which they commit, on any number of nodes.
import { roleAllows } from '../access/role.ts'
import type { Viewer } from '../access/viewer.ts'
import type { Core, Session } from '../core.ts'
import { Prisma, type Role } from '../database/generated/client/client.ts'
import { whileAvailable } from '../database/unavailable.ts'
import { Forbidden, Unauthenticated } from '../errors.ts'
import { genesis, hashChange, sealText } from './chain.ts'
import type { ChangeData, ChangeKind, ChangeText } from './kind.ts'
import { type Moved, movedBy } from './moved.ts'
import { changeChannel, encodeMoved } from './notification.ts'

export type Transaction = Prisma.TransactionClient

/** What a command's function is given. */
export interface UnitOfWork {
  readonly tx: Transaction
  readonly now: Date
  /** Notes that something happened; written with the state when the command commits. */
  record<Data extends ChangeData, Text extends ChangeText>(
    kind: ChangeKind<Data, Text>,
    facts: { incidentId?: string; subjectId?: string; data: Data; text?: Text }
  ): void
}

/** What a command gave, and the sequence number of its last change (of the newest change, where it made none). */
export interface Committed<T> {
  readonly result: T
  readonly sequence: number
}

interface PendingChange {
  kind: string
  incidentId: string | null
  subjectId: string | null
  data: ChangeData
  text: ChangeText | null
}

/** Runs a command of the viewer's: all of it is committed, or nothing. Retried by nobody; an error leaves no trace. */
export function commit<T>({ core, viewer }: Session, work: (unit: UnitOfWork) => Promise<T>): Promise<Committed<T>> {
  return run(core, viewer.workspaceId, viewer.actorId, work, async (tx) => {
    const [row] = await tx.$queryRaw<({ sequence: bigint; headHash: Uint8Array } & Standing)[]>`
      SELECT w.sequence, w.head_hash AS "headHash", ${standingOf(viewer)}
      FROM workspace w JOIN actor a ON a.workspace_id = w.id AND a.id = ${viewer.actorId}::uuid
      WHERE w.id = ${viewer.workspaceId}::uuid
      FOR NO KEY UPDATE OF w FOR SHARE OF a`
    return stillStanding(row, viewer, core.clock())
  })
}

/** Holds the viewer's rights to the end of a transaction that is not in the viewer's workspace. */
export async function holdRights(tx: Transaction, { core, viewer }: Session): Promise<void> {
  const [row] = await tx.$queryRaw<Standing[]>`SELECT ${standingOf(viewer)} FROM actor a WHERE a.id = ${viewer.actorId}::uuid FOR SHARE`
  stillStanding(row, viewer, core.clock())
}

interface Standing {
  role: Role
  revoked: boolean
}

/** How the viewer's `actor a` stands: its role, and whether it or the secret that was presented has been ended. */
function standingOf(viewer: Viewer): Prisma.Sql {
  return Prisma.sql`a.role, ${isRevoked(Prisma.sql`${viewer.secretHash}::bytea`)} AS revoked`
}

/** The condition that the viewer's `actor a`, or the secret that was presented (its hash, NULL for a person), has been ended. */
export function isRevoked(secretHash: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(a.disabled_at IS NOT NULL OR NOT coalesce(${secretHash} IN (a.secret_hash, a.previous_hash), ${secretHash} IS NULL))`
}

/** The rights were checked before the lock; whoever lost them since must not write under the old ones. */
function stillStanding<Row extends Standing>(row: Row | undefined, viewer: Viewer, now: Date): Row {
  if (!row || row.revoked) throw new Unauthenticated('CREDENTIAL_REVOKED', 'This credential has been revoked.')
  if (viewer.expiresAt && viewer.expiresAt <= now) throw new Unauthenticated('CREDENTIAL_EXPIRED', 'This credential has expired.')
  if (!roleAllows(row.role, viewer.role)) throw new Forbidden(`Your role has become ${row.role}.`, { reason: 'ROLE_CHANGED' })
  return row
}

/** Runs a command of Mayday's own (first start, just-in-time membership), which no actor stands behind. */
export function commitAsSystem<T>(core: Core, workspaceId: string, work: (unit: UnitOfWork) => Promise<T>): Promise<Committed<T>> {
  return run(core, workspaceId, null, work, async (tx) => {
    const [row] = await tx.$queryRaw<{ sequence: bigint; headHash: Uint8Array }[]>`
      SELECT sequence, head_hash AS "headHash" FROM workspace WHERE id = ${workspaceId}::uuid FOR NO KEY UPDATE`
    if (!row) throw new Error(`There is no workspace ${workspaceId}`)
    return row
  })
}

/** Makes a workspace together with its first changes. */
export function commitNewWorkspace<T>(core: Core, workspace: { id: string; name: string }, work: (unit: UnitOfWork) => Promise<T>): Promise<Committed<T>> {
  return run(core, workspace.id, null, work, async (tx) => {
    const headHash = new Uint8Array(genesis)
    await tx.workspace.create({ data: { ...workspace, headHash, createdAt: core.clock() } })
    return { sequence: 0n, headHash }
  })
}

function run<T>(
  core: Core,
  workspaceId: string,
  actorId: string | null,
  work: (unit: UnitOfWork) => Promise<T>,
  lock: (tx: Transaction) => Promise<{ sequence: bigint; headHash: Uint8Array }>
): Promise<Committed<T>> {
  const transact = () =>
    core.database.prisma.$transaction(async (tx) => {
      const head = await lock(tx)
      const now = core.clock()
      const pending: PendingChange[] = []
      const result = await work({
        tx,
        now,
        record: (kind, { incidentId, subjectId, data, text }) => {
          const written = Object.fromEntries(Object.entries(text ?? {}).filter(([, value]) => value !== ''))
          pending.push({
            kind: kind.name,
            incidentId: incidentId ?? null,
            subjectId: subjectId ?? null,
            data,
            text: Object.keys(written).length > 0 ? written : null
          })
        }
      })
      const moved = movedBy(workspaceId, Number(head.sequence) + 1, pending)
      if (pending.length > 0) await append(tx, moved, { actorId, at: now, hash: head.headHash }, pending)
      return { result, moved }
    })
  return core.queue.run(workspaceId, async () => {
    const news = core.heads.observe()
    const { result, moved } = await whileAvailable(transact)
    news(moved)
    core.feed.committed(moved, [])
    return { result, sequence: moved.last }
  })
}

async function append(tx: Transaction, moved: Moved, head: { actorId: string | null; at: Date; hash: Uint8Array }, pending: PendingChange[]): Promise<void> {
  const { workspaceId } = moved
  let { hash } = head
  let sequence = moved.first - 1
  const rows = pending.map(({ kind, incidentId, subjectId, data, text }) => {
    const { salt, textDigest } = text ? sealText(text) : { salt: null, textDigest: null }
    const previousHash = hash
    sequence++
    hash = hashChange({ workspaceId, sequence, kind, at: head.at, actorId: head.actorId, incidentId, subjectId, data, textDigest }, previousHash)
    return Prisma.sql`(${workspaceId}::uuid, ${sequence}, ${kind}, ${head.at}::timestamptz, ${head.actorId}::uuid, ${incidentId}::uuid, ${subjectId}::uuid,
      ${JSON.stringify(data)}::jsonb, ${text && JSON.stringify(text)}::jsonb, ${salt}::bytea, ${textDigest}::bytea, ${previousHash}::bytea, ${hash}::bytea)`
  })
  await tx.$queryRaw`
    WITH appended AS (
      INSERT INTO change (workspace_id, sequence, kind, at, actor_id, incident_id, subject_id, data, text, salt, text_digest, previous_hash, hash)
      VALUES ${Prisma.join(rows)}
    )
    UPDATE workspace SET sequence = ${sequence}, head_hash = ${hash}::bytea WHERE id = ${workspaceId}::uuid
    RETURNING pg_notify(${changeChannel}, ${encodeMoved(moved)})::text`
}

/**
 * Takes the text out of every change about a subject. The salt goes with it, so the text cannot be guessed from its
 * digest; the hashes stay, and the caller's own change tells who did it. Verification asks for that change.
 */
export async function eraseText(tx: Transaction, workspaceId: string, subjectId: string): Promise<void> {
  await tx.change.updateMany({ where: { workspaceId, subjectId, textDigest: { not: null } }, data: { text: Prisma.DbNull, salt: null } })
}
