// Moving an incident through its statuses. The rules are in lifecycle.ts.
import { type Committed, commit, type UnitOfWork } from '../change/record.ts'
import type { Session } from '../core.ts'
import type { Incident, IncidentStatus, LinkRole } from '../database/generated/client/client.ts'
import { InvalidInput } from '../errors.ts'
import { parseInput } from '../input.ts'
import { incidentEvents } from './events.ts'
import { loadForEdit, loadIncident, saveIncident } from './incident.ts'
import { changeStatusInput, mergeInput, moveInput, resolveInput } from './input.ts'
import { isActive, TransitionError, transition } from './lifecycle.ts'
import { linkAll } from './link.ts'

/** Somebody has it: TRIAGE → INVESTIGATING. A member who acknowledges an incident without a lead becomes its lead. */
export function acknowledgeIncident(session: Session, given: unknown): Promise<Committed<string>> {
  const input = parseInput(moveInput, given)
  return commit(session, async (unit) => {
    const incident = await loadForEdit(unit.tx, session.viewer, input.id, input.version)
    if (incident.status !== 'TRIAGE') throw new TransitionError(incident.status, 'INVESTIGATING')
    const leadId = incident.leadId ?? (session.viewer.kind === 'MEMBER' ? session.viewer.actorId : null)
    await saveIncident(unit, incident.id, { ...transition(incident, 'INVESTIGATING', unit.now), leadId })
    unit.record(incidentEvents.acknowledged, { incidentId: incident.id, data: moved(incident, 'INVESTIGATING'), text: { note: input.note } })
    if (leadId !== incident.leadId) unit.record(incidentEvents.leadChanged, { incidentId: incident.id, data: { from: incident.leadId, to: leadId } })
    return incident.id
  })
}

/** Between the active statuses, forward or back. */
export function changeIncidentStatus(session: Session, given: unknown): Promise<Committed<string>> {
  const input = parseInput(changeStatusInput, given)
  return commit(session, async (unit) => {
    const incident = await loadForEdit(unit.tx, session.viewer, input.id, input.version)
    if (!isActive(incident.status)) throw new TransitionError(incident.status, input.status)
    await saveIncident(unit, incident.id, transition(incident, input.status, unit.now))
    unit.record(incidentEvents.statusChanged, { incidentId: incident.id, data: moved(incident, input.status), text: { note: input.note } })
    return incident.id
  })
}

/** The harm is over. What was done and the root cause may be given now, or later by an edit. */
export function resolveIncident(session: Session, given: unknown): Promise<Committed<string>> {
  const input = parseInput(resolveInput, given)
  return commit(session, async (unit) => {
    const incident = await loadForEdit(unit.tx, session.viewer, input.id, input.version)
    const { resolution, rootCause, note } = input
    await saveIncident(unit, incident.id, {
      ...transition(incident, 'RESOLVED', unit.now),
      resolution: resolution || incident.resolution,
      rootCause: rootCause || incident.rootCause
    })
    unit.record(incidentEvents.resolved, { incidentId: incident.id, data: moved(incident, 'RESOLVED'), text: { note, resolution, rootCause } })
    return incident.id
  })
}

/** Nothing is left to do: RESOLVED → CLOSED. */
export function closeIncident(session: Session, given: unknown): Promise<Committed<string>> {
  return move(session, given, 'CLOSED', incidentEvents.closed)
}

/** It was not over: RESOLVED or CLOSED → INVESTIGATING. */
export function reopenIncident(session: Session, given: unknown): Promise<Committed<string>> {
  return move(session, given, 'INVESTIGATING', incidentEvents.reopened, (incident) => {
    if (isActive(incident.status)) throw new TransitionError(incident.status, 'INVESTIGATING')
  })
}

/** It was a false alarm; this ends it for good. */
export function cancelIncident(session: Session, given: unknown): Promise<Committed<string>> {
  return move(session, given, 'CANCELED', incidentEvents.canceled)
}

/** It is the same as another; this ends it for good. Its comments move to the other, which also affects its resources. */
export function mergeIncident(session: Session, given: unknown): Promise<Committed<string>> {
  const input = parseInput(mergeInput, given)
  return commit(session, async (unit) => {
    if (input.intoId === input.id) throw new InvalidInput([{ field: 'input.intoId', rule: 'must be another incident' }])
    const incident = await loadForEdit(unit.tx, session.viewer, input.id, input.version)
    const survivor = await loadIncident(unit.tx, session.viewer, input.intoId)
    if (!isActive(survivor.status)) {
      throw new InvalidInput([{ field: 'input.intoId', rule: `must be an active incident; INC-${survivor.number} is ${survivor.status}` }])
    }
    await saveIncident(unit, incident.id, { ...transition(incident, 'MERGED', unit.now), mergedIntoId: survivor.id })
    const { comments, resourceIds } = await handOver(unit, incident, survivor)
    await saveIncident(unit, survivor.id, {})
    unit.record(incidentEvents.merged, {
      incidentId: incident.id,
      data: { ...moved(incident, 'MERGED'), into: survivor.id, intoNumber: survivor.number },
      text: { note: input.note }
    })
    unit.record(incidentEvents.absorbed, { incidentId: survivor.id, data: { merged: incident.id, mergedNumber: incident.number, comments, resourceIds } })
    return incident.id
  })
}

async function handOver(unit: UnitOfWork, incident: Incident, survivor: Incident): Promise<{ comments: number; resourceIds: string[] }> {
  const { tx } = unit
  await tx.comment.updateMany({ where: { incidentId: incident.id, originalIncidentId: null }, data: { originalIncidentId: incident.id } })
  const { count: comments } = await tx.comment.updateMany({ where: { incidentId: incident.id }, data: { incidentId: survivor.id } })
  const links = await tx.incidentResource.findMany({ where: { incidentId: incident.id }, select: { resourceId: true, role: true } })
  const idsOf = (role: LinkRole) => links.filter((link) => link.role === role).map(({ resourceId }) => resourceId)
  await linkAll(unit, survivor.id, idsOf('AFFECTED'), idsOf('CONTEXT'))
  return { comments, resourceIds: links.map(({ resourceId }) => resourceId) }
}

type PlainMove = typeof incidentEvents.closed

function move(
  session: Session,
  given: unknown,
  to: IncidentStatus,
  kind: PlainMove,
  check: (incident: Incident) => void = () => {}
): Promise<Committed<string>> {
  const input = parseInput(moveInput, given)
  return commit(session, async (unit) => {
    const incident = await loadForEdit(unit.tx, session.viewer, input.id, input.version)
    check(incident)
    await saveIncident(unit, incident.id, transition(incident, to, unit.now))
    unit.record(kind, { incidentId: incident.id, data: moved(incident, to), text: { note: input.note } })
    return incident.id
  })
}

function moved(incident: Incident, to: IncidentStatus): { from: string; to: string } {
  return { from: incident.status, to }
}
