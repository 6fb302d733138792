import { columns } from '../database/columns.ts'
import { type Incident, Prisma } from '../database/generated/client/client.ts'
import { loadById, loadByParent } from '../loader.ts'
import { visible } from './filter.ts'

export const incidentColumns = columns(Prisma.IncidentScalarFieldEnum, 'i')

export const incidentsById = loadById<Incident>(({ core, viewer }, ids) =>
  core.database.query(Prisma.sql`SELECT ${incidentColumns} FROM incident i WHERE i.id = ANY(${ids}::uuid[]) AND ${visible(viewer)}`)
)

/** The incidents that were merged into others, oldest first: at most 100 for each. */
export const mergedIntoIncident = loadByParent<null, readonly Incident[]>(async ({ core, viewer }, survivorIds) => {
  const rows = await core.database.query<Incident>(Prisma.sql`
    SELECT merged.* FROM unnest(${survivorIds}::uuid[]) AS survivor (id) CROSS JOIN LATERAL (
      SELECT ${incidentColumns} FROM incident i WHERE i.merged_into_id = survivor.id AND ${visible(viewer)} ORDER BY i.number LIMIT 100
    ) merged`)
  return Map.groupBy(rows, ({ mergedIntoId }) => mergedIntoId ?? '')
}, [])

/** The incidents that affect resources, newest first: at most 100 for each. */
export const incidentsOfResource = loadByParent<{ active: boolean }, readonly Incident[]>(async ({ core, viewer }, resourceIds, { active }) => {
  const rows = await core.database.query<Incident & { resourceId: string }>(Prisma.sql`
    SELECT resource.id AS "resourceId", affecting.* FROM unnest(${resourceIds}::uuid[]) AS resource (id) CROSS JOIN LATERAL (
      SELECT ${incidentColumns} FROM incident_resource link JOIN incident i ON i.id = link.incident_id
      WHERE link.resource_id = resource.id AND ${visible(viewer)} AND (NOT ${active}::boolean OR i.status IN ('TRIAGE', 'INVESTIGATING', 'IDENTIFIED', 'MONITORING'))
      ORDER BY i.number DESC LIMIT 100
    ) affecting`)
  return Map.groupBy(rows, ({ resourceId }) => resourceId)
}, [])
