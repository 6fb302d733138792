// Reads what a lineage is made of: all of it, in pages, and what some changes touched.

import type { ChangeRow } from '../../change/change.ts'
import { arrayOf } from '../../database/array.ts'
import type { Database } from '../../database/engine.ts'
import { Prisma } from '../../database/generated/client/client.ts'
import { incidentEvents } from '../../incident/events.ts'
import { activeIncident } from '../../incident/filter.ts'
import type { ActiveIncident, Arrow, News } from './lineage.ts'
import type { Node } from './spread.ts'

/** Rows that are read and taken in at once: some ten milliseconds of work, after which others have their turn. */
const pageSize = 5_000

const nodeColumns = Prisma.sql`id, external_id AS "externalId", kind, gone_at IS NOT NULL AS gone`
const arrowColumns = Prisma.sql`downstream_id AS "downstreamId", upstream_id AS "upstreamId", kind, source, confidence`

/** All of a workspace, bit by bit. What changes meanwhile may be there or not: whoever reads follows the changes from before on. */
export async function* wholeOf(database: Database, workspaceId: string): AsyncGenerator<News> {
  yield* nodesOf(database, workspaceId)
  yield* arrowsOf(database, workspaceId)
  const incidents = await incidentsOf(database, workspaceId, null)
  yield { ...nothing, incidents, incidentIds: incidents.map(({ id }) => id) }
}

/** The resources of which a change tells something, or of their dependencies. */
export function touchedResources({ kind, subjectId, data }: ChangeRow): readonly string[] {
  if (kind.startsWith('resource.') && subjectId) return [subjectId]
  return kind.startsWith('dependency.') && Array.isArray(data.downstreamIds) ? data.downstreamIds : []
}

/** What changes touched, as it is now: at the most three statements. */
export async function touchedBy(database: Database, workspaceId: string, changes: readonly ChangeRow[]): Promise<News> {
  const nodeIds = new Set<string>()
  const incidentsTouched = new Set<string>()
  for (const { kind, subjectId, incidentId } of changes) {
    if (kind.startsWith('resource.') && subjectId) nodeIds.add(subjectId)
    if (kind.startsWith('incident.') && kind !== incidentEvents.impactChanged.name && incidentId) incidentsTouched.add(incidentId)
  }
  // What a resource belongs to may have come, or have changed, with the resource itself.
  const downstreamIds = [...new Set(changes.flatMap(touchedResources))]
  const incidentIds = [...incidentsTouched]
  const [nodes, arrows, incidents] = await Promise.all([
    nodeIds.size === 0
      ? []
      : database.query<Node>(
          Prisma.sql`SELECT ${nodeColumns} FROM resource WHERE workspace_id = ${workspaceId}::uuid AND id = ANY(${arrayOf('uuid', [...nodeIds])})`,
          {
            prepared: true
          }
        ),
    downstreamIds.length === 0
      ? []
      : database.query<Arrow>(
          Prisma.sql`SELECT ${arrowColumns} FROM dependency WHERE workspace_id = ${workspaceId}::uuid AND downstream_id = ANY(${arrayOf('uuid', downstreamIds)})`,
          { prepared: true }
        ),
    incidentIds.length === 0 ? [] : incidentsOf(database, workspaceId, incidentIds)
  ])
  return { nodes, arrows, downstreamIds, incidents, incidentIds }
}

const nothing: News = { nodes: [], arrows: [], downstreamIds: [], incidents: [], incidentIds: [] }

async function* nodesOf(database: Database, workspaceId: string): AsyncGenerator<News> {
  for (let after = ''; ; ) {
    const nodes: Node[] = await database.query(Prisma.sql`
      SELECT ${nodeColumns} FROM resource
      WHERE workspace_id = ${workspaceId}::uuid AND external_id > ${after} ORDER BY external_id LIMIT ${pageSize}`)
    yield { ...nothing, nodes }
    if (nodes.length < pageSize) return
    after = nodes.at(-1)?.externalId ?? ''
  }
}

async function* arrowsOf(database: Database, workspaceId: string): AsyncGenerator<News> {
  const first = '00000000-0000-0000-0000-000000000000'
  let rest: Arrow[] = []
  for (let last: Pick<Arrow, 'downstreamId' | 'upstreamId' | 'kind'> = { downstreamId: first, upstreamId: first, kind: 'BELONGS_TO' }; ; ) {
    const page: Arrow[] = await database.query(Prisma.sql`
      SELECT ${arrowColumns} FROM dependency
      WHERE workspace_id = ${workspaceId}::uuid
        AND (downstream_id, upstream_id, kind) > (${last.downstreamId}::uuid, ${last.upstreamId}::uuid, ${last.kind}::dependency_kind)
      ORDER BY downstream_id, upstream_id, kind LIMIT ${pageSize}`)
    const arrows = [...rest, ...page]
    const end = page.at(-1)
    if (!end || page.length < pageSize) return yield whole(arrows)
    // The dependencies of the last one may go on in the next page.
    rest = arrows.filter(({ downstreamId }) => downstreamId === end.downstreamId)
    yield whole(arrows.slice(0, arrows.length - rest.length))
    last = end
  }
}

function whole(arrows: Arrow[]): News {
  return { ...nothing, arrows, downstreamIds: [...new Set(arrows.map(({ downstreamId }) => downstreamId))] }
}

/** The active ones among these, or of all. */
function incidentsOf(database: Database, workspaceId: string, ids: string[] | null): Promise<ActiveIncident[]> {
  return database.query(Prisma.sql`
    SELECT i.id, i.number, i.title, i.severity, i.status, i.started_at AS "startedAt", ARRAY(
      SELECT link.resource_id::text FROM incident_resource link
      WHERE link.incident_id = i.id AND link.role = 'AFFECTED' ORDER BY link.linked_at, link.resource_id
    ) AS "originIds"
    FROM incident i
    WHERE i.workspace_id = ${workspaceId}::uuid AND ${activeIncident}
      AND ${ids === null ? Prisma.sql`TRUE` : Prisma.sql`i.id = ANY(${ids}::uuid[])`}`)
}
