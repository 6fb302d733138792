// The connection that the environment names. It is made and ended by starting Mayday with other options, not by the API.
import { commitAsSystem, type UnitOfWork } from '../change/record.ts'
import type { Core } from '../core.ts'
import { trimmedUrl } from './address.ts'
import { begin, begunAnew, end, ofAnotherServer } from './connecting.ts'
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
async function write(unit: UnitOfWork, workspaceId: string, apiUrl: string | undefined): Promise<void> {
  const { tx, record } = unit
  const known = await tx.prefectServer.findFirst({ where: { workspaceId, origin, disabledAt: null } })
  if (known?.apiUrl === apiUrl) return
  const there = apiUrl && (await tx.prefectServer.findFirst({ where: { workspaceId, apiUrl }, orderBy: { disabledAt: { sort: 'desc', nulls: 'first' } } }))
  if (known && apiUrl && !there) {
    const next = { name: new URL(apiUrl).host, apiUrl }
    await tx.prefectServer.update({ where: { id: known.id }, data: { ...next, ...ofAnotherServer, ...begunAnew } })
    const fields = next.name === known.name ? ['apiUrl'] : ['apiUrl', 'name']
    return record(connectionEvents.updated, { subjectId: known.id, data: { origin, fields }, text: next })
  }
  if (known) await end(unit, known)
  if (apiUrl === undefined) return
  if (!there || there.disabledAt) {
    await begin(unit, { workspaceId, name: new URL(apiUrl).host, apiUrl, origin }, () => null)
    return
  }
  // An admin has connected it already: from now on it goes by the options, with their key.
  await tx.prefectServer.update({ where: { id: there.id }, data: { origin, sealedKey: null, ...begunAnew } })
  const fields = there.sealedKey ? ['apiKey', 'origin'] : ['origin']
  record(connectionEvents.updated, { subjectId: there.id, data: { origin, fields }, text: { name: there.name, apiUrl } })
}
