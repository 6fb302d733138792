import { arrayOf } from '../database/array.ts'
import { Table } from '../database/columns.ts'
import { type Incident, Prisma } from '../database/generated/client/client.ts'
import { loadById, loadByParent } from '../loader.ts'
import { activeIncident, visible } from './filter.ts'

export const incidentTable = new Table<Incident>({
  fields: Prisma.IncidentScalarFieldEnum,
  alias: 'i',
  types: ['Incident', 'Node'],
  reads: {
    reference: ['number'],
    severityLabel: ['severity'],
    active: ['status'],
    availableTransitions: ['status'],
    lead: ['leadId'],
    declaredBy: ['declaredById'],
    timeToAcknowledge: ['declaredAt', 'acknowledgedAt'],
    timeToMitigate: ['startedAt', 'mitigatedAt'],
    timeToResolve: ['startedAt', 'resolvedAt'],
    resources: ['id'],
    comments: ['id'],
    timeline: ['id'],
    mergedInto: ['mergedIntoId'],
    mergedIncidents: ['id'],
    impact: ['id'],
    impactFigures: ['impact'],
    impactHistory: ['id']
  },
  order: ['id', 'number', 'severity', 'declaredAt', 'startedAt', 'updatedAt']
})

export const incidentColumns = incidentTable.all

export const incidentsById = loadById<Incident>((session, ids) =>
  incidentTable.find(
    session,
    (columns) => Prisma.sql`SELECT ${columns} FROM incident i WHERE i.id = ANY(${arrayOf('uuid', ids)}) AND ${visible(session.viewer)}`,
    { needs: ['id'] }
  )
)

/** The incidents that were merged into others, oldest first: at most 100 for each. */
export const mergedIntoIncident = loadByParent<null, readonly Incident[]>(async (session, survivorIds) => {
  const rows = await incidentTable.find<{ survivorId: string }>(
    session,
    (columns) => Prisma.sql`
      SELECT survivor.id AS "survivorId", merged.* FROM unnest(${arrayOf('uuid', survivorIds)}) AS survivor (id) CROSS JOIN LATERAL (
        SELECT ${columns} FROM incident i WHERE i.merged_into_id = survivor.id AND ${visible(session.viewer)} ORDER BY i.number LIMIT 100
      ) merged`
  )
  return Map.groupBy(rows, ({ survivorId }) => survivorId)
}, [])

/** The incidents that affect resources, newest first: at most 100 for each. */
export const incidentsOfResource = loadByParent<{ active: boolean }, readonly Incident[]>(async (session, resourceIds, { active }) => {
  const rows = await incidentTable.find<{ resourceId: string }>(
    session,
    (columns) => Prisma.sql`
      SELECT resource.id AS "resourceId", affecting.* FROM unnest(${arrayOf('uuid', resourceIds)}) AS resource (id) CROSS JOIN LATERAL (
        SELECT ${columns} FROM incident_resource link JOIN incident i ON i.id = link.incident_id
        WHERE link.resource_id = resource.id AND ${visible(session.viewer)}
          AND (NOT ${active}::boolean OR ${activeIncident})
        ORDER BY i.number DESC LIMIT 100
      ) affecting`
  )
  return Map.groupBy(rows, ({ resourceId }) => resourceId)
}, [])
