// Editing what an incident says of itself. Each attribute that really changes is one change in the record.
import { type Committed, commit, type UnitOfWork } from '../change/record.ts'
import type { Session } from '../core.ts'
import type { Incident, LinkRole, Prisma } from '../database/generated/client/client.ts'
import { parseInput } from '../input.ts'
import { loadResources } from '../resource/service.ts'
import { incidentEvents } from './events.ts'
import { assertLead, assertNotInFuture, loadForEdit, saveIncident } from './incident.ts'
import { linkInput, updateInput } from './input.ts'
import { linkAll } from './link.ts'

/** Changes what is given and leaves the rest; `leadId: null` removes the lead. What is equal already makes no change. */
export function updateIncident(session: Session, given: unknown): Promise<Committed<string>> {
  const input = parseInput(updateInput, given)
  return commit(session, async (unit) => {
    const incident = await loadForEdit(unit.tx, session.viewer, input.id, input.version)
    if (input.startedAt) assertNotInFuture(input.startedAt, unit.now)
    if (input.leadId && input.leadId !== incident.leadId) await assertLead(unit.tx, session.viewer, input.leadId)
    const changed = recordEdits(unit, incident, input)
    if (Object.keys(changed).length > 0) await saveIncident(unit, incident.id, changed)
    return incident.id
  })
}

type Edits = Omit<ReturnType<typeof updateInput.parse>, 'id' | 'version'>

function recordEdits({ record }: UnitOfWork, incident: Incident, edits: Edits): Prisma.IncidentUncheckedUpdateInput {
  const changed: Prisma.IncidentUncheckedUpdateInput = {}
  const incidentId = incident.id
  const { severity, startedAt, tags, leadId } = edits
  for (const field of ['title', 'summary', 'resolution', 'rootCause'] as const) {
    const from = incident[field] ?? ''
    const to = edits[field]
    if (typeof to !== 'string' || to === from) continue
    // A summary may be empty; what was done and why it happened are told, or are null.
    if (field === 'title' || field === 'summary') changed[field] = to
    else changed[field] = to || null
    record(incidentEvents[`${field}Changed`], { incidentId, data: {}, text: { from, to } })
  }
  if (severity && severity !== incident.severity) {
    changed.severity = severity
    record(incidentEvents.severityChanged, { incidentId, data: { from: incident.severity, to: severity } })
  }
  if (startedAt && startedAt.getTime() !== incident.startedAt.getTime()) {
    changed.startedAt = startedAt
    record(incidentEvents.startChanged, { incidentId, data: { from: incident.startedAt.toISOString(), to: startedAt.toISOString() } })
  }
  if (tags) {
    const added = tags.filter((tag) => !incident.tags.includes(tag))
    const removed = incident.tags.filter((tag) => !tags.includes(tag))
    if (added.length + removed.length > 0) {
      changed.tags = tags
      record(incidentEvents.tagsChanged, { incidentId, data: { added, removed } })
    }
  }
  if (leadId !== undefined && leadId !== incident.leadId) {
    changed.leadId = leadId
    record(incidentEvents.leadChanged, { incidentId, data: { from: incident.leadId, to: leadId } })
  }
  return changed
}

/** Links resources as affected; those that are so already stay so. */
export function linkResources(session: Session, given: unknown): Promise<Committed<string>> {
  return changeLinks(session, given, {
    kind: incidentEvents.resourcesLinked,
    concerns: (role) => role !== 'AFFECTED',
    write: (unit, incidentId, ids) => linkAll(unit, incidentId, ids)
  })
}

/** Unlinks resources; those that are not linked are passed over. */
export function unlinkResources(session: Session, given: unknown): Promise<Committed<string>> {
  return changeLinks(session, given, {
    kind: incidentEvents.resourcesUnlinked,
    concerns: (role) => role !== undefined,
    write: ({ tx }, incidentId, ids) => tx.incidentResource.deleteMany({ where: { incidentId, resourceId: { in: ids } } })
  })
}

interface LinkEdit {
  readonly kind: typeof incidentEvents.resourcesLinked
  /** Whether there is something to do for a resource that is linked so, or is not linked. */
  readonly concerns: (role: LinkRole | undefined) => boolean
  readonly write: (unit: UnitOfWork, incidentId: string, resourceIds: string[]) => Promise<unknown>
}

function changeLinks(session: Session, given: unknown, { kind, concerns, write }: LinkEdit): Promise<Committed<string>> {
  const input = parseInput(linkInput, given)
  return commit(session, async (unit) => {
    const { id: incidentId } = await loadForEdit(unit.tx, session.viewer, input.id, input.version)
    const resources = await loadResources(unit.tx, session.viewer, input.resourceIds)
    const links = await unit.tx.incidentResource.findMany({
      where: { incidentId, resourceId: { in: input.resourceIds } },
      select: { resourceId: true, role: true }
    })
    const roles = new Map(links.map(({ resourceId, role }) => [resourceId, role]))
    const concerned = resources.filter(({ id }) => concerns(roles.get(id)))
    if (concerned.length === 0) return incidentId
    const resourceIds = concerned.map(({ id }) => id)
    await write(unit, incidentId, resourceIds)
    await saveIncident(unit, incidentId, {})
    unit.record(kind, { incidentId, data: { resourceIds }, text: { names: concerned.map(({ name }) => name).join(', ') } })
    return incidentId
  })
}
