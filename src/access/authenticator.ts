// Who makes this request. Resolved anew for each operation, or known from a moment ago when nobody's rights have moved
// since, so that a revoked key or a lost role counts at once.
import type { Heads } from '../change/heads.ts'
import { seenAt } from '../change/moved.ts'
import type { Database } from '../database/engine.ts'
import { type Actor, Prisma } from '../database/generated/client/client.ts'
import { Unauthenticated } from '../errors.ts'
import { actorColumns } from './actor.ts'
import { hashKey, looksLikeKey } from './key.ts'
import { KnownViewers } from './known-viewers.ts'
import type { TokenIdentity, TokenVerifier } from './token.ts'
import type { Credential, Viewer } from './viewer.ts'

export interface Authenticator {
  /** The viewer of a credential. Throws Unauthenticated with the reason; nothing tells whether another workspace exists. */
  authenticate(credential: Credential): Promise<Viewer>
  /** The same viewer, looked up anew unless nobody's rights have moved. Throws Unauthenticated when the credential has ended. */
  current(viewer: Viewer): Promise<Viewer>
  /** The same viewer, looked up anew. Throws Unauthenticated when the credential has ended. */
  refresh(viewer: Viewer): Promise<Viewer>
}

/** Takes in a person whom nobody has invited, when just-in-time membership is on for the workspace that is named, if one is. */
export type Provision = (identity: TokenIdentity, workspaceId: string | null) => Promise<Actor | undefined>

const lastUsedEvery = 60_000
/** The asOf of an actor that was not looked up: it is, the next time. */
const neverSeen = -1

type Seen = Actor & { asOf: number }

export function createAuthenticator(options: {
  database: Database
  heads: Heads
  clock: () => Date
  verifyToken: TokenVerifier | undefined
  provision: Provision
}): Authenticator {
  const { database, heads, clock, verifyToken, provision } = options
  const knownViewers = new KnownViewers(heads, clock)

  /** Actors by a condition on `actor a`, with the place at which they were so. */
  async function look(condition: Prisma.Sql): Promise<Seen[]> {
    const news = heads.observe()
    const seen = await database.query<Seen>(
      Prisma.sql`SELECT ${actorColumns}, w.sequence AS "asOf" FROM actor a JOIN workspace w ON w.id = a.workspace_id WHERE ${condition}`
    )
    for (const { workspaceId, asOf } of seen) news(seenAt(workspaceId, asOf))
    return seen
  }

  async function byKey(secret: string): Promise<Viewer> {
    const hash = hashKey(secret)
    const [actor] = await look(Prisma.sql`a.secret_hash = ${hash}::bytea OR a.previous_hash = ${hash}::bytea`)
    if (!actor) throw new Unauthenticated('CREDENTIAL_INVALID', 'This API key is not valid here.')
    const viewer = standing(actor, hash)
    await noteUse(actor)
    return viewer
  }

  /** The viewer of a key as the actor's row has it now: the newest secret, or the one before within its grace period. */
  function standing(actor: Seen, hash: Buffer): Viewer {
    const isCurrent = hash.equals(actor.secretHash ?? Buffer.alloc(0))
    const isPrevious = hash.equals(actor.previousHash ?? Buffer.alloc(0))
    if (actor.disabledAt || !(isCurrent || isPrevious)) throw new Unauthenticated('CREDENTIAL_REVOKED', 'This API key has been revoked.')
    const viewer = viewerOf(actor, isCurrent ? actor.expiresAt : earliest(actor.expiresAt, actor.previousExpiresAt), hash)
    assertNotExpired(viewer)
    return viewer
  }

  async function byToken(token: string, workspaceId: string | null): Promise<Viewer> {
    if (!verifyToken) throw new Unauthenticated('CREDENTIAL_INVALID', 'This credential is not valid here: bearer tokens are not switched on.')
    const identity = await verifyToken(token)
    const memberships = await look(Prisma.sql`a.subject = ${identity.subject} AND a.kind = 'MEMBER' AND a.disabled_at IS NULL`)
    const mine = workspaceId === null ? memberships : memberships.filter((actor) => actor.workspaceId === workspaceId)
    if (mine.length > 1)
      throw new Unauthenticated(
        'WORKSPACE_REQUIRED',
        'You are a member of several workspaces: name one by its id in the header Mayday-Workspace (or `workspace` in connection_init).'
      )
    const actor = mine[0] ?? (memberships.length === 0 ? await join(identity, workspaceId) : undefined)
    if (!actor || (workspaceId !== null && actor.workspaceId !== workspaceId)) {
      throw new Unauthenticated('NOT_A_MEMBER', 'You are not a member of this workspace.')
    }
    return viewerOf(actor, identity.expiresAt, null)
  }

  async function join(identity: TokenIdentity, workspaceId: string | null): Promise<Seen | undefined> {
    const actor = await provision(identity, workspaceId)
    return actor && { ...actor, asOf: neverSeen }
  }

  /** To the minute is enough, and keeps a busy key from writing with every request. */
  async function noteUse(actor: Actor): Promise<void> {
    const now = clock()
    if (actor.lastUsedAt && now.getTime() - actor.lastUsedAt.getTime() < lastUsedEvery) return
    await database.prisma.actor.updateMany({ where: { id: actor.id }, data: { lastUsedAt: now } })
  }

  function assertNotExpired(viewer: Viewer): void {
    if (viewer.expiresAt && viewer.expiresAt <= clock()) throw new Unauthenticated('CREDENTIAL_EXPIRED', 'This credential has expired.')
  }

  async function lookUp({ authorization, workspaceId }: Credential): Promise<Viewer> {
    const [, token] = /^Bearer +([^\s]+)$/i.exec(authorization?.trim() ?? '') ?? []
    if (!authorization) throw new Unauthenticated('CREDENTIAL_MISSING', 'Send a credential: the header `Authorization: Bearer <API key or token>`.')
    if (!token) throw new Unauthenticated('CREDENTIAL_INVALID', 'The header Authorization must read `Bearer <API key or token>`.')
    if (!looksLikeKey(token)) return byToken(token, workspaceId)
    const viewer = await byKey(token)
    if (workspaceId !== null && workspaceId !== viewer.workspaceId) throw new Unauthenticated('NOT_A_MEMBER', 'This API key is of another workspace.')
    return viewer
  }

  const authenticator: Authenticator = {
    async authenticate(credential) {
      const known = knownViewers.get(credential)
      if (known) return known
      const viewer = await lookUp(credential)
      knownViewers.set(credential, viewer)
      return viewer
    },

    async current(viewer) {
      return knownViewers.stands(viewer) ? viewer : authenticator.refresh(viewer)
    },

    async refresh(viewer) {
      assertNotExpired(viewer)
      const [actor] = await look(Prisma.sql`a.id = ${viewer.actorId}::uuid`)
      if (!actor || actor.disabledAt) throw new Unauthenticated('CREDENTIAL_REVOKED', 'This credential has been revoked.')
      return viewer.secretHash ? standing(actor, viewer.secretHash) : viewerOf(actor, viewer.expiresAt, null)
    }
  }
  return authenticator
}

function viewerOf(actor: Seen, expiresAt: Date | null, secretHash: Buffer | null): Viewer {
  return { workspaceId: actor.workspaceId, actorId: actor.id, kind: actor.kind, role: actor.role, expiresAt, secretHash, asOf: actor.asOf }
}

function earliest(a: Date | null, b: Date | null): Date | null {
  if (!a || !b) return a ?? b
  return a < b ? a : b
}
