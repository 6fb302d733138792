// The timelines of incidents: all that happened to one but how its impact grew and shrank, which may be something every second.
import { arrayOf } from '../database/array.ts'
import { Prisma } from '../database/generated/client/client.ts'
import { loadAheadByParent, loadByParent } from '../loader.ts'
import { keyset, type Slice } from '../page.ts'
import { bySequence, type ChangeRow, changeTable } from './change.ts'
import { visibleChanges } from './policy.ts'

/** Spelled out, as the index of timelines has it. */
const told = Prisma.sql`c.kind <> 'incident.impactChanged'`

export const timelineOfIncident = loadAheadByParent<Slice, readonly ChangeRow[]>(async (session, incidentIds, slice) => {
  const { where, orderBy, limit } = keyset(bySequence, false, slice, session.selected)
  const rows = await changeTable.find<{ parentId: string }>(
    session,
    (columns) => Prisma.sql`
        SELECT incident.id AS "parentId", c.* FROM unnest(${arrayOf('uuid', incidentIds)}) AS incident (id) CROSS JOIN LATERAL (
          SELECT ${columns} FROM change c
          WHERE ${visibleChanges(session.viewer)} AND c.incident_id = incident.id AND ${told} AND ${where}
          ORDER BY ${orderBy} LIMIT ${limit}
        ) c`
  )
  return Map.groupBy(rows, ({ parentId }) => parentId)
}, [])

export const timelineCountOfIncident = loadByParent<null, number>(async ({ core, viewer }, incidentIds) => {
  const rows = await core.database.query<{ id: string; count: number }>(Prisma.sql`
    SELECT c.incident_id AS id, count(*) AS count FROM change c
    WHERE ${visibleChanges(viewer)} AND c.incident_id = ANY(${arrayOf('uuid', incidentIds)}) AND ${told} GROUP BY c.incident_id`)
  return new Map(rows.map(({ id, count }) => [id, count]))
}, 0)
