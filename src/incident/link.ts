// Which resources an incident is linked to, and as what.
import type { UnitOfWork } from '../change/record.ts'
import type { LinkRole } from '../database/generated/client/client.ts'

/** Links resources to an incident: those that it affects, and those that only tell where these are. A link is never made weaker. Gives the ids of those whose link is new, or says more than before. */
export async function linkAll(
  { tx, now }: UnitOfWork,
  incidentId: string,
  affectedIds: readonly string[],
  contextIds: readonly string[] = []
): Promise<string[]> {
  const roles = new Map<string, LinkRole>([...contextIds.map((id) => [id, 'CONTEXT'] as const), ...affectedIds.map((id) => [id, 'AFFECTED'] as const)])
  if (roles.size === 0) return []
  const rows = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO incident_resource AS known (incident_id, resource_id, linked_at, role)
    SELECT ${incidentId}::uuid, link.id, ${now}::timestamptz, link.role FROM unnest(${[...roles.keys()]}::uuid[], ${[...roles.values()]}::text[]::link_role[]) AS link (id, role)
    ON CONFLICT (incident_id, resource_id) DO UPDATE SET role = excluded.role WHERE excluded.role < known.role
    RETURNING resource_id::text AS id`
  return rows.map(({ id }) => id)
}
