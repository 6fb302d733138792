// Loading incidents within what the viewer may see, and the one way to write an edit.
import type { Viewer } from '../access/viewer.ts'
import type { Transaction, UnitOfWork } from '../change/record.ts'
import type { Incident, Prisma } from '../database/generated/client/client.ts'
import { InvalidInput, NotFoundError, VersionConflictError } from '../errors.ts'

/** The incident of this id in the viewer's workspace; one of another workspace does not exist. */
export async function loadIncident(tx: Transaction, viewer: Viewer, id: string): Promise<Incident> {
  const incident = await tx.incident.findFirst({ where: { id, workspaceId: viewer.workspaceId } })
  if (!incident) throw new NotFoundError('incident', id)
  return incident
}

/** The same for an edit, which must have been made on the present version. */
export async function loadForEdit(tx: Transaction, viewer: Viewer, id: string, version: number): Promise<Incident> {
  const incident = await loadIncident(tx, viewer, id)
  if (incident.version !== version) throw new VersionConflictError('Incident', id, incident.version, version)
  return incident
}

export function saveIncident({ tx, now }: UnitOfWork, id: string, data: Prisma.IncidentUncheckedUpdateInput): Promise<Incident> {
  return tx.incident.update({ where: { id }, data: { ...data, version: { increment: 1 }, updatedAt: now } })
}

/** The lead must be a person who still belongs to the workspace. */
export async function assertLead(tx: Transaction, viewer: Viewer, leadId: string): Promise<void> {
  const member = await tx.actor.findFirst({ where: { id: leadId, workspaceId: viewer.workspaceId, kind: 'MEMBER', disabledAt: null } })
  if (!member) throw new NotFoundError('member', leadId)
}

/** Clocks of two machines may differ a little, so a minute is let through. */
export function assertNotInFuture(startedAt: Date, now: Date): void {
  if (startedAt.getTime() > now.getTime() + 60_000) throw new InvalidInput([{ field: 'input.startedAt', rule: 'must not lie in the future' }])
}
