// Marks what an orchestrator has no more. It stays, since incidents may refer to it.
import { commitAsSystem } from '../change/record.ts'
import type { Core } from '../core.ts'
import { Prisma, type Resource, type ResourceKind } from '../database/generated/client/client.ts'
import { recordResource } from './events.ts'

interface Present {
  readonly connectionId: string
  readonly kinds: readonly ResourceKind[]
  /** The external ids of all that there are of these kinds. */
  readonly present: readonly string[]
}

const batchSize = 200

/** Marks the others of a connection's resources of these kinds; says how many those are. */
export async function markGone(core: Core, workspaceId: string, { connectionId, kinds, present }: Present): Promise<number> {
  const missing = await core.database.query<{ id: string }>(Prisma.sql`
    SELECT r.id FROM resource r
    WHERE r.workspace_id = ${workspaceId}::uuid AND r.connection_id = ${connectionId}::uuid AND r.gone_at IS NULL AND r.kind = ANY(${[...kinds]}::text[]::resource_kind[])
      AND NOT EXISTS (SELECT FROM unnest(${[...present]}::text[]) AS there (external_id) WHERE there.external_id = r.external_id)
    ORDER BY r.id`)
  let count = 0
  for (let from = 0; from < missing.length; from += batchSize) {
    const ids = missing.slice(from, from + batchSize).map(({ id }) => id)
    const { result } = await commitAsSystem(core, workspaceId, async (unit) => {
      const { tx, now } = unit
      const gone = await tx.$queryRaw<Pick<Resource, 'id' | 'kind' | 'externalId' | 'name'>[]>`
        UPDATE resource SET gone_at = ${now}::timestamptz, updated_at = ${now}::timestamptz WHERE id = ANY(${ids}::uuid[]) AND gone_at IS NULL
        RETURNING id, kind, external_id AS "externalId", name`
      for (const resource of gone) recordResource(unit, resource, { id: resource.id, isNew: false, fields: ['goneAt'] }, [])
      return gone.length
    })
    count += result
  }
  return count
}
