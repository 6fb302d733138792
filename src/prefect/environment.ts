// The connection that the environment names. It is made and ended by starting Mayday with other options, not by the API.
import { v7 as uuid } from 'uuid'
import { commitAsSystem, type UnitOfWork } from '../change/record.ts'
import type { Core } from '../core.ts'
import { trimmedUrl } from './address.ts'
import { connectionEvents } from './events.ts'

const origin = 'ENVIRONMENT'

/** Makes the row of the server that the environment names what the options say, in the oldest workspace; without one, what was there is ended. */
export async function followEnvironment(core: Core, given: string | undefined): Promise<void> {
  const { prisma } = core.database
  const apiUrl = given === undefined ? undefined : trimmedUrl(given)
  const known = await prisma.prefectServer.findFirst({ where: { origin, disabledAt: null } })
  if (known?.apiUrl === apiUrl) return
  const workspace = await prisma.workspace.findFirst({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }], select: { id: true } })
  const workspaceId = known?.workspaceId ?? workspace?.id
  if (workspaceId) await commitAsSystem(core, workspaceId, (unit) => write(unit, workspaceId, apiUrl))
}

/** Looks again under the workspace's lock: nodes that start together do it once. */
async function write({ tx, now, record }: UnitOfWork, workspaceId: string, apiUrl: string | undefined): Promise<void> {
  const known = await tx.prefectServer.findFirst({ where: { workspaceId, origin, disabledAt: null } })
  if (known?.apiUrl === apiUrl) return
  if (known) {
    await tx.prefectServer.update({ where: { id: known.id }, data: { disabledAt: now, state: 'STOPPED', error: null, version: { increment: 1 } } })
    await tx.run.deleteMany({ where: { connectionId: known.id, state: 'SCHEDULED', externalId: { startsWith: 'prefect.deployment.' } } })
    record(connectionEvents.removed, { subjectId: known.id, data: { origin }, text: { name: known.name, apiUrl: known.apiUrl } })
  }
  if (apiUrl === undefined) return
  const name = new URL(apiUrl).host
  const { id } = await tx.prefectServer.create({ data: { id: uuid(), workspaceId, name, apiUrl, origin, createdAt: now } })
  record(connectionEvents.created, { subjectId: id, data: { origin, hasKey: false }, text: { name, apiUrl } })
}
