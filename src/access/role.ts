import type { Role } from '../database/generated/client/client.ts'

const rank: Record<Role, number> = { VIEWER: 0, RESPONDER: 1, ADMIN: 2 }

/** Whether a role includes what another may do. */
export function roleAllows(role: Role, required: Role): boolean {
  return rank[role] >= rank[required]
}
