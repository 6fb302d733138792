// Beginning and ending a connection, whoever wants it: an admin or the environment.
import { v7 as uuid } from 'uuid'
import type { UnitOfWork } from '../change/record.ts'
import type { ConnectionOrigin, PrefectServer } from '../database/generated/client/client.ts'
import { removalOfEnded } from '../run/write.ts'
import { connectionEvents } from './events.ts'

interface Wanted {
  readonly workspaceId: string
  readonly name: string
  readonly apiUrl: string
  readonly origin: ConnectionOrigin
  readonly createdById?: string
}

/** What is not so of another server: it has told nothing yet. */
export const ofAnotherServer = { eventsUntil: null, lastEventAt: null, lastSyncAt: null, lagMs: null }

/** A connection that is begun anew, for as long as nothing is known of how it goes. */
export const begunAnew = { state: 'CONNECTING', error: null, version: { increment: 1 } } as const

/**
 * Connects a server. Where a connection to this address has ended, that one goes on: what is gone over there since then is
 * looked for among what came from it. The key is sealed for the connection.
 */
export async function begin({ tx, now, record }: UnitOfWork, wanted: Wanted, sealedFor: (id: string) => Uint8Array<ArrayBuffer> | null): Promise<string> {
  const { workspaceId, name, apiUrl, origin } = wanted
  const ended = await tx.prefectServer.findFirst({ where: { workspaceId, apiUrl, disabledAt: { not: null } }, orderBy: { disabledAt: 'desc' } })
  const id = ended?.id ?? uuid()
  const sealedKey = sealedFor(id)
  if (ended) await tx.prefectServer.update({ where: { id }, data: { name, origin, sealedKey, disabledAt: null, ...begunAnew } })
  else await tx.prefectServer.create({ data: { ...wanted, id, sealedKey, createdAt: now } })
  record(connectionEvents.created, { subjectId: id, data: { origin, hasKey: sealedKey !== null }, text: { name, apiUrl } })
  return id
}

/** Ends a connection. Its runs that have not begun are taken away: whether they ever do, nobody would tell. */
export async function end({ tx, now, record }: UnitOfWork, { id, workspaceId, origin, name, apiUrl }: PrefectServer): Promise<void> {
  await tx.prefectServer.update({ where: { id }, data: { disabledAt: now, sealedKey: null, state: 'STOPPED', error: null, version: { increment: 1 } } })
  await tx.$executeRaw(removalOfEnded(workspaceId, id))
  record(connectionEvents.removed, { subjectId: id, data: { origin }, text: { name, apiUrl } })
}
