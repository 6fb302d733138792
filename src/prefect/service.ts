// Connecting Prefect servers, changing how they are reached, and disconnecting them.
import { z } from 'zod'
import { answeredBefore, keepAnswer } from '../change/idempotency.ts'
import { type Committed, commit, type Transaction } from '../change/record.ts'
import type { Session } from '../core.ts'
import type { PrefectServer } from '../database/generated/client/client.ts'
import { InvalidInput, NotAllowedError, NotFoundError, VersionConflictError } from '../errors.ts'
import { httpAddress, idempotencyKey, parseInput, requiredText, version } from '../input.ts'
import { trimmedUrl } from './address.ts'
import { begin, begunAnew, end, ofAnotherServer } from './connecting.ts'
import { connectionEvents } from './events.ts'

/** Each is followed all the time. */
const mostConnections = 20

const name = requiredText(200)
const apiUrl = httpAddress.transform(trimmedUrl)
const apiKey = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(2_000, 'must have at most 2000 characters')
  .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces, as it is sent in a header')
const connectInput = z.object({ name, apiUrl, apiKey: apiKey.nullish(), idempotencyKey })
const updateInput = z.object({ id: z.string(), version, name: name.nullish(), apiUrl: apiUrl.nullish(), apiKey: apiKey.nullish() })
const disconnectInput = z.object({ id: z.string() })

/** Connects a server of Prefect, or a workspace of Prefect Cloud. Whether it can be reached is seen in its state soon after. */
export function connectPrefectServer(session: Session, given: unknown): Promise<Committed<string>> {
  const input = parseInput(connectInput, given)
  const { core, viewer } = session
  if (input.apiKey) assertSealable(session)
  // A fingerprint of the key would be a way to guess at it.
  const { apiKey: _, ...told } = input
  return commit(session, async (unit) => {
    const before = await answeredBefore(unit.tx, session, 'connectPrefectServer', input.idempotencyKey, told)
    if (before) return before
    const others = await followed(unit.tx, session)
    assertOnlyOne(others, input.apiUrl)
    if (others.length >= mostConnections) throw new NotAllowedError(`A workspace has at most ${mostConnections} connections; disconnect one first.`)
    const { name, apiUrl, apiKey } = input
    const wanted = { workspaceId: viewer.workspaceId, name, apiUrl, origin: 'API' as const, createdById: viewer.actorId }
    const id = await begin(unit, wanted, (id) => (apiKey ? core.vault.seal(apiKey, id) : null))
    await keepAnswer(unit, session, 'connectPrefectServer', input.idempotencyKey, told, id)
    return id
  })
}

/** Changes how a server is called or reached; following it is begun anew. */
export function updatePrefectServer(session: Session, given: unknown): Promise<Committed<string>> {
  const input = parseInput(updateInput, given)
  if (input.apiKey) assertSealable(session)
  return commit(session, async (unit) => {
    const known = await loadConnection(unit.tx, session, input.id)
    if (known.version !== input.version) throw new VersionConflictError('PrefectServer', known.id, known.version, input.version)
    const moved = input.apiUrl !== undefined && input.apiUrl !== null && input.apiUrl !== known.apiUrl
    // A key goes to no other place than the one it was given for.
    if (moved && known.sealedKey && input.apiKey === undefined)
      throw new InvalidInput([{ field: 'input.apiKey', rule: 'must be given again with another address (null where none is needed)' }])
    const next = { name: input.name ?? known.name, apiUrl: input.apiUrl ?? known.apiUrl }
    if (moved) assertOnlyOne(await followed(unit.tx, session), next.apiUrl)
    const fields = [
      ...(next.name === known.name ? [] : ['name']),
      ...(moved ? ['apiUrl'] : []),
      ...(input.apiKey || (input.apiKey === null && known.sealedKey) ? ['apiKey'] : [])
    ]
    if (fields.length === 0) return known.id
    await unit.tx.prefectServer.update({
      where: { id: known.id },
      data: {
        ...next,
        ...(input.apiKey === undefined ? {} : { sealedKey: input.apiKey === null ? null : session.core.vault.seal(input.apiKey, known.id) }),
        ...(moved ? ofAnotherServer : {}),
        ...begunAnew
      }
    })
    unit.record(connectionEvents.updated, { subjectId: known.id, data: { origin: known.origin, fields: fields.sort() }, text: next })
    return known.id
  })
}

/** Ends a connection and forgets its key. What was learned from it stays, but for runs that have not begun. */
export function disconnectPrefectServer(session: Session, given: unknown): Promise<Committed<string>> {
  const { id } = parseInput(disconnectInput, given)
  return commit(session, async (unit) => {
    const known = await loadConnection(unit.tx, session, id)
    await end(unit, known)
    return id
  })
}

function followed(tx: Transaction, { viewer }: Session): Promise<PrefectServer[]> {
  return tx.prefectServer.findMany({ where: { workspaceId: viewer.workspaceId, disabledAt: null } })
}

function assertOnlyOne(others: readonly PrefectServer[], apiUrl: string): void {
  if (others.some((other) => other.apiUrl === apiUrl))
    throw new NotAllowedError('The workspace is connected to this address already; change that connection instead.')
}

function assertSealable({ core }: Session): void {
  if (!core.vault.isThere)
    throw new InvalidInput([
      { field: 'input.apiKey', rule: 'can be kept only where MAYDAY_SECRET is set, under which it is encrypted; ask whoever runs Mayday' }
    ])
}

async function loadConnection(tx: Transaction, { viewer }: Session, id: string): Promise<PrefectServer> {
  const known = await tx.prefectServer.findFirst({ where: { id, workspaceId: viewer.workspaceId } })
  if (!known) throw new NotFoundError('connection', id)
  if (known.origin === 'ENVIRONMENT')
    throw new NotAllowedError('This connection comes from the environment of the server (MAYDAY_PREFECT_API_URL) and is changed there.')
  if (known.disabledAt) throw new NotAllowedError('This connection has ended. Connect the server anew.')
  return known
}
