// Managing who may enter a workspace: members, API keys, and workspaces themselves.
import { v7 as uuid } from 'uuid'
import { z } from 'zod'
import { answeredBefore, keepAnswer } from '../change/idempotency.ts'
import { type Committed, commit, type Transaction } from '../change/record.ts'
import type { Session } from '../core.ts'
import { type Actor, type ActorKind, Role } from '../database/generated/client/client.ts'
import { DomainError, InvalidInput, NotFoundError, VersionConflictError } from '../errors.ts'
import { idempotencyKey, moment, parseInput, requiredText, version } from '../input.ts'
import { accessEvents } from './events.ts'
import { makeKey } from './key.ts'

const day = 86_400_000
const role = z.enum(Role)
const subject = requiredText(300)
const email = z.email('must be an email address').max(300).nullish()

const addMemberInput = z.object({ name: requiredText(200), subject, email, role, idempotencyKey })
const updateMemberInput = z.object({ id: z.string(), version, name: requiredText(200).nullish(), email, role: role.nullish() })
const actorInput = z.object({ id: z.string() })
const createKeyInput = z.object({ name: requiredText(200), role, expiresAt: moment.nullish() })
const rotateInput = z.object({
  id: z.string(),
  /** In milliseconds. */
  gracePeriod: z
    .number()
    .min(0, 'must not be negative')
    .max(7 * day, 'must be at most 7 days')
    .nullish()
    .transform((value) => value ?? 0)
})
const renameInput = z.object({ name: requiredText(200) })

/** The workspace would be left with nobody who can manage it. */
export class LastAdminError extends DomainError {
  constructor() {
    super('This is the last admin of the workspace. Make another one first.')
  }
}

/** Somebody with this subject is a member already. */
export class MemberExistsError extends DomainError {
  readonly memberId: string

  constructor(member: Actor) {
    super('A member with this subject exists already.')
    this.memberId = member.id
  }
}

/** Adds a person; one who was removed comes back under the same id, with the history. */
export function addMember(session: Session, given: unknown): Promise<Committed<string>> {
  const input = parseInput(addMemberInput, given)
  return commit(session, async (unit) => {
    const before = await answeredBefore(unit.tx, session, 'addMember', input.idempotencyKey, input)
    if (before) return before
    const { workspaceId } = session.viewer
    const known = await unit.tx.actor.findUnique({ where: { workspaceId_subject: { workspaceId, subject: input.subject } } })
    if (known && !known.disabledAt) throw new MemberExistsError(known)
    const fields = { name: input.name, email: input.email ?? null, role: input.role }
    const { id } = known
      ? await unit.tx.actor.update({ where: { id: known.id }, data: { ...fields, disabledAt: null, version: { increment: 1 } } })
      : await unit.tx.actor.create({
          data: { ...fields, id: uuid(), workspaceId, kind: 'MEMBER', subject: input.subject, createdAt: unit.now, createdById: session.viewer.actorId }
        })
    unit.record(accessEvents.memberAdded, { subjectId: id, data: { role: input.role, joined: false }, text: { name: input.name } })
    await keepAnswer(unit, session, 'addMember', input.idempotencyKey, input, id)
    return id
  })
}

/** Changes a member's name, email or role. */
export function updateMember(session: Session, given: unknown): Promise<Committed<string>> {
  const input = parseInput(updateMemberInput, given)
  return commit(session, async (unit) => {
    const member = await loadActor(unit.tx, session, 'MEMBER', input.id)
    if (member.version !== input.version) throw new VersionConflictError('Member', member.id, member.version, input.version)
    const next = { name: input.name ?? member.name, email: input.email === undefined ? member.email : input.email, role: input.role ?? member.role }
    const renamed = next.name !== member.name
    if (!renamed && next.email === member.email && next.role === member.role) return member.id
    if (next.role !== 'ADMIN') await assertNotLastAdmin(unit.tx, member)
    await unit.tx.actor.update({ where: { id: member.id }, data: { ...next, version: { increment: 1 } } })
    unit.record(accessEvents.memberUpdated, { subjectId: member.id, data: { role: next.role, renamed }, text: { name: next.name } })
    return member.id
  })
}

/** Ends a membership; what the person did stays under the name. */
export function removeMember(session: Session, given: unknown): Promise<Committed<string>> {
  const input = parseInput(actorInput, given)
  return commit(session, async (unit) => {
    const member = await loadActor(unit.tx, session, 'MEMBER', input.id)
    await assertNotLastAdmin(unit.tx, member)
    await unit.tx.actor.update({ where: { id: member.id }, data: { disabledAt: unit.now, version: { increment: 1 } } })
    unit.record(accessEvents.memberRemoved, { subjectId: member.id, data: {}, text: { name: member.name } })
    return member.id
  })
}

/** Makes an API key. The secret is in the answer and nowhere else, so a repeated request makes another key. */
export function createApiKey(session: Session, given: unknown): Promise<Committed<{ id: string; secret: string }>> {
  const input = parseInput(createKeyInput, given)
  return commit(session, async (unit) => {
    if (input.expiresAt && input.expiresAt <= unit.now) throw new InvalidInput([{ field: 'input.expiresAt', rule: 'must lie in the future' }])
    const { secret, prefix, secretHash } = makeKey()
    const { name, expiresAt } = input
    const { id } = await unit.tx.actor.create({
      data: {
        id: uuid(),
        workspaceId: session.viewer.workspaceId,
        kind: 'API_KEY',
        name,
        role: input.role,
        prefix,
        secretHash: new Uint8Array(secretHash),
        expiresAt,
        createdAt: unit.now,
        createdById: session.viewer.actorId
      }
    })
    unit.record(accessEvents.keyCreated, { subjectId: id, data: { role: input.role, prefix, expiresAt: expiresAt?.toISOString() ?? null }, text: { name } })
    return { id, secret }
  })
}

/** Gives a key a new secret; the old one ends now, or after a time of grace. */
export function rotateApiKey(session: Session, given: unknown): Promise<Committed<{ id: string; secret: string }>> {
  const input = parseInput(rotateInput, given)
  return commit(session, async (unit) => {
    const key = await loadActor(unit.tx, session, 'API_KEY', input.id)
    const { secret, prefix, secretHash } = makeKey()
    const graceUntil = input.gracePeriod > 0 ? new Date(unit.now.getTime() + input.gracePeriod) : null
    await unit.tx.actor.update({
      where: { id: key.id },
      data: {
        prefix,
        secretHash: new Uint8Array(secretHash),
        previousHash: graceUntil && key.secretHash,
        previousExpiresAt: graceUntil,
        version: { increment: 1 }
      }
    })
    unit.record(accessEvents.keyRotated, { subjectId: key.id, data: { prefix, graceUntil: graceUntil?.toISOString() ?? null }, text: { name: key.name } })
    return { id: key.id, secret }
  })
}

/** Ends a key at once, with every subscription that runs under it. */
export function revokeApiKey(session: Session, given: unknown): Promise<Committed<string>> {
  const input = parseInput(actorInput, given)
  return commit(session, async (unit) => {
    const key = await loadActor(unit.tx, session, 'API_KEY', input.id)
    await assertNotLastAdmin(unit.tx, key)
    await unit.tx.actor.update({ where: { id: key.id }, data: { disabledAt: unit.now, previousHash: null, version: { increment: 1 } } })
    unit.record(accessEvents.keyRevoked, { subjectId: key.id, data: {}, text: { name: key.name } })
    return key.id
  })
}

export function updateWorkspace(session: Session, given: unknown): Promise<Committed<string>> {
  const { name } = parseInput(renameInput, given)
  return commit(session, async (unit) => {
    const { workspaceId } = session.viewer
    const { name: from } = await unit.tx.workspace.findUniqueOrThrow({ where: { id: workspaceId } })
    if (name === from) return workspaceId
    await unit.tx.workspace.update({ where: { id: workspaceId }, data: { name } })
    unit.record(accessEvents.workspaceRenamed, { data: {}, text: { from, to: name } })
    return workspaceId
  })
}

async function loadActor(tx: Transaction, { viewer }: Session, kind: ActorKind, id: string): Promise<Actor> {
  const actor = await tx.actor.findFirst({ where: { id, workspaceId: viewer.workspaceId, kind, disabledAt: null } })
  if (!actor) throw new NotFoundError(kind === 'MEMBER' ? 'member' : 'API key', id)
  return actor
}

async function assertNotLastAdmin(tx: Transaction, actor: Actor): Promise<void> {
  if (actor.role !== 'ADMIN') return
  const others = await tx.actor.count({ where: { workspaceId: actor.workspaceId, role: 'ADMIN', disabledAt: null, expiresAt: null, id: { not: actor.id } } })
  if (others === 0) throw new LastAdminError()
}
