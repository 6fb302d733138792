// The orchestrator's things that incidents affect, as the commands of other domains look them up.
import type { Viewer } from '../access/viewer.ts'
import type { Transaction } from '../change/record.ts'
import { Prisma, type Resource } from '../database/generated/client/client.ts'
import { NotFoundError } from '../errors.ts'

/** The resource of this id in the viewer's workspace. */
export async function loadResource(tx: Transaction, viewer: Viewer, id: string): Promise<Resource> {
  const [resource] = await loadResources(tx, viewer, [id])
  return resource as Resource
}

/** All of these resources; NotFoundError names the first that the viewer's workspace does not have. */
export async function loadResources(tx: Transaction, viewer: Viewer, ids: string[]): Promise<Resource[]> {
  if (ids.length === 0) return []
  const resources = await tx.resource.findMany({ where: { id: { in: ids }, workspaceId: viewer.workspaceId } })
  const missing = ids.find((id) => !resources.some((resource) => resource.id === id))
  if (missing !== undefined) throw new NotFoundError('resource', missing)
  return resources
}

/** All that these resources belong to, directly or through others, nearest first; cycles end. */
export async function ancestorsOf(tx: Transaction, ids: string[]): Promise<Resource[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>(Prisma.sql`
    WITH RECURSIVE ancestor (id, distance) AS (
      SELECT upstream_id, 1 FROM dependency WHERE downstream_id = ANY(${ids}::uuid[]) AND kind = 'BELONGS_TO'
      UNION
      SELECT d.upstream_id, a.distance + 1 FROM ancestor a JOIN dependency d ON d.downstream_id = a.id AND d.kind = 'BELONGS_TO' WHERE a.distance < 10
    )
    SELECT id::text FROM ancestor WHERE id <> ALL(${ids}::uuid[]) GROUP BY id ORDER BY min(distance), id LIMIT 99`)
  const resources = await tx.resource.findMany({ where: { id: { in: rows.map(({ id }) => id) } } })
  return rows.flatMap(({ id }) => resources.find((resource) => resource.id === id) ?? [])
}
