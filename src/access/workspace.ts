// Making workspaces: the first one at the first start, others by an admin, and members just in time.
import { v7 as uuid } from 'uuid'
import { z } from 'zod'
import { commitAsSystem, commitNewWorkspace, holdRights, type Transaction } from '../change/record.ts'
import type { Config } from '../config.ts'
import type { Core, Session } from '../core.ts'
import type { Actor, Role } from '../database/generated/client/client.ts'
import { parseInput, requiredText } from '../input.ts'
import type { Provision } from './authenticator.ts'
import { accessEvents } from './events.ts'
import { makeKey } from './key.ts'

/** A workspace that was just made, with the secret of its admin key, which is known only now. */
export interface NewWorkspace {
  workspaceId: string
  keyId: string
  secret: string
}

/** Makes the first workspace of an empty database; undefined when there is one already. */
export async function createFirstWorkspace(core: Core, adminKey: string | undefined): Promise<NewWorkspace | undefined> {
  if ((await core.database.prisma.workspace.count()) > 0) return undefined
  return makeWorkspace(core, 'Mayday', adminKey)
}

/** Makes another workspace, a world of its own, with an admin key. A person who makes one is its admin as well. */
export async function createWorkspace(session: Session, given: unknown): Promise<NewWorkspace> {
  const { core, viewer } = session
  const { name } = parseInput(z.object({ name: requiredText(200) }), given)
  const made = await makeWorkspace(core, name, undefined, (tx) => holdRights(tx, session))
  if (viewer.kind === 'MEMBER') {
    const { subject, name: memberName, email } = await core.database.prisma.actor.findUniqueOrThrow({ where: { id: viewer.actorId } })
    if (subject) await addMemberAsSystem(core, made.workspaceId, { subject, name: memberName, email }, 'ADMIN')
  }
  return made
}

/** A new admin key for a workspace whose keys were lost; for the operator at the machine, not for the API. */
export async function createRecoveryKey(core: Core, workspaceId: string): Promise<string> {
  const { result } = await commitAsSystem(core, workspaceId, async (unit) => {
    const { id, secret, prefix, data } = adminKey(workspaceId, `Recovery ${unit.now.toISOString().slice(0, 10)}`, unit.now)
    await unit.tx.actor.create({ data })
    unit.record(accessEvents.keyCreated, { subjectId: id, data: { role: 'ADMIN', prefix, expiresAt: null }, text: { name: data.name } })
    return secret
  })
  return result
}

/** Takes in an unknown person with a valid token, when the options name a workspace for that. */
export function provisionMember(core: Core, config: Config): Provision {
  return async (identity, wanted) => {
    const workspaceId = config.MAYDAY_JWT_PROVISION_WORKSPACE
    if (!workspaceId || (wanted !== null && wanted !== workspaceId)) return undefined
    // Looked up without the lock first: whoever was removed must not keep the workspace busy by knocking again and again.
    const known = await core.database.prisma.actor.findUnique({ where: { workspaceId_subject: { workspaceId, subject: identity.subject } } })
    if (known) return known.disabledAt ? undefined : known
    return addMemberAsSystem(core, workspaceId, identity, config.MAYDAY_JWT_PROVISION_ROLE)
  }
}

async function makeWorkspace(
  core: Core,
  name: string,
  secretOfFirst?: string,
  check: (tx: Transaction) => Promise<void> = async () => {}
): Promise<NewWorkspace> {
  const workspaceId = uuid()
  const { result } = await commitNewWorkspace(core, { id: workspaceId, name }, async (unit) => {
    await check(unit.tx)
    const { id, secret, prefix, data } = adminKey(workspaceId, 'First admin key', unit.now, secretOfFirst)
    await unit.tx.actor.create({ data })
    unit.record(accessEvents.workspaceCreated, { data: {}, text: { name } })
    unit.record(accessEvents.keyCreated, { subjectId: id, data: { role: 'ADMIN', prefix, expiresAt: null }, text: { name: data.name } })
    return { workspaceId, keyId: id, secret }
  })
  return result
}

function adminKey(workspaceId: string, name: string, createdAt: Date, given?: string) {
  const { secret, prefix, secretHash } = makeKey(given)
  const id = uuid()
  return {
    id,
    secret,
    prefix,
    data: { id, workspaceId, kind: 'API_KEY' as const, name, role: 'ADMIN' as const, prefix, secretHash: new Uint8Array(secretHash), createdAt }
  }
}

/** Somebody who was removed is not let in again by a token alone. */
async function addMemberAsSystem(
  core: Core,
  workspaceId: string,
  person: { subject: string; name: string; email: string | null },
  role: Role
): Promise<Actor | undefined> {
  const { result } = await commitAsSystem(core, workspaceId, async (unit) => {
    const known = await unit.tx.actor.findUnique({ where: { workspaceId_subject: { workspaceId, subject: person.subject } } })
    if (known) return known.disabledAt ? undefined : known
    const { subject, name, email } = person
    const member = await unit.tx.actor.create({ data: { id: uuid(), workspaceId, kind: 'MEMBER', subject, name, email, role, createdAt: unit.now } })
    unit.record(accessEvents.memberAdded, { subjectId: member.id, data: { role, joined: true }, text: { name } })
    return member
  })
  return result
}
