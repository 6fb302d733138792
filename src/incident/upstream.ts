// The incident that explains a new one, so that its resources are linked there instead of a second one being declared.
import type { UnitOfWork } from '../change/record.ts'
import type { Session } from '../core.ts'
import type { Incident } from '../database/generated/client/client.ts'
import type { Lineage } from '../impact/graph/lineage.ts'
import { type Suggestion, suggestIncident } from '../impact/suggestion/suggest.ts'
import { loadIncident } from './incident.ts'
import type { DeclareInput } from './input.ts'
import { isActive } from './lifecycle.ts'
import { inTime } from './patience.ts'

/** What is known when a declaration begins, where its policy asks for it; read before the workspace is locked. */
export async function lineageFor({ core, viewer }: Session, { upstreamPolicy }: Pick<DeclareInput, 'upstreamPolicy'>): Promise<Lineage | null> {
  if (upstreamPolicy !== 'ATTACH') return null
  return inTime(core, core.graphs.of(viewer.workspaceId))
}

/** What explains an incident that is active: another one, whose harm comes to all that it affects. Null also where that cannot be told in time. */
export async function suggestFor({ core, viewer }: Session, incidentId: string): Promise<Suggestion | null> {
  const lineage = await inTime(core, core.graphs.of(viewer.workspaceId))
  return lineage && suggestIncident(lineage, lineage.incidents.get(incidentId)?.originIds ?? [])
}

/** The incident to attach to: one that certainly or likely explains what is wrong with all of these resources, and is still active. */
export async function explaining(
  { tx }: UnitOfWork,
  { viewer }: Session,
  lineage: Lineage,
  resourceIds: readonly string[]
): Promise<{ incident: Incident; suggestion: Suggestion } | null> {
  const suggestion = suggestIncident(lineage, resourceIds)
  if (!suggestion || suggestion.confidence === 'POSSIBLE') return null
  const incident = await loadIncident(tx, viewer, suggestion.incident.id)
  return isActive(incident.status) ? { incident, suggestion } : null
}
