// Editing what an incident says of itself. Each attribute that really changes is one change in the record.
import { type Committed, commit, type UnitOfWork } from '../change/record.ts'
import type { Session } from '../core.ts'
import type { Incident, Prisma } from '../database/generated/client/client.ts'
import { parseInput } from '../input.ts'
import { loadResources } from '../resource/service.ts'
import { incidentEvents } from './events.ts'
import { assertLead, assertNotInFuture, loadForEdit, saveIncident } from './incident.ts'
import { linkInput, updateInput } from './input.ts'

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

/** Links resources; those that are linked already stay so. */
export function linkResources(session: Session, given: unknown): Promise<Committed<string>> {
  const input = parseInput(linkInput, given)
  return commit(session, async (unit) => {
    const incident = await loadForEdit(unit.tx, session.viewer, input.id, input.version)
    const resources = await loadResources(unit.tx, session.viewer, input.resourceIds)
    const linked = await linkedAmong(unit, incident.id, input.resourceIds)
    const fresh = resources.filter(({ id }) => !linked.has(id))
    if (fresh.length === 0) return incident.id
    await unit.tx.incidentResource.createMany({ data: fresh.map(({ id }) => ({ incidentId: incident.id, resourceId: id, linkedAt: unit.now })) })
    await saveIncident(unit, incident.id, {})
    unit.record(incidentEvents.resourcesLinked, {
      incidentId: incident.id,
      data: { resourceIds: fresh.map(({ id }) => id) },
      text: { names: fresh.map(({ name }) => name).join(', ') }
    })
    return incident.id
  })
}

/** Unlinks resources; those that are not linked are passed over. */
export function unlinkResources(session: Session, given: unknown): Promise<Committed<string>> {
  const input = parseInput(linkInput, given)
  return commit(session, async (unit) => {
    const incident = await loadForEdit(unit.tx, session.viewer, input.id, input.version)
    const resources = await loadResources(unit.tx, session.viewer, input.resourceIds)
    const linked = await linkedAmong(unit, incident.id, input.resourceIds)
    const gone = resources.filter(({ id }) => linked.has(id))
    if (gone.length === 0) return incident.id
    await unit.tx.incidentResource.deleteMany({ where: { incidentId: incident.id, resourceId: { in: gone.map(({ id }) => id) } } })
    await saveIncident(unit, incident.id, {})
    unit.record(incidentEvents.resourcesUnlinked, {
      incidentId: incident.id,
      data: { resourceIds: gone.map(({ id }) => id) },
      text: { names: gone.map(({ name }) => name).join(', ') }
    })
    return incident.id
  })
}

async function linkedAmong({ tx }: UnitOfWork, incidentId: string, resourceIds: string[]): Promise<Set<string>> {
  const links = await tx.incidentResource.findMany({ where: { incidentId, resourceId: { in: resourceIds } }, select: { resourceId: true } })
  return new Set(links.map(({ resourceId }) => resourceId))
}
