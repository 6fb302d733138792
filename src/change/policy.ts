import { accessChangeNames } from '../access/events.ts'
import { roleAllows } from '../access/role.ts'
import { Prisma, type Role } from '../database/generated/client/client.ts'

/** Who manages members and keys, and how, is for admins; all else in the record is for everyone in the workspace. */
export function seesChange(role: Role, kind: string): boolean {
  return roleAllows(role, 'ADMIN') || !accessChangeNames.has(kind)
}

/** The same as a condition on `change c`. */
export function visibleChanges({ workspaceId, role }: { workspaceId: string; role: Role }): Prisma.Sql {
  const own = Prisma.sql`c.workspace_id = ${workspaceId}::uuid`
  return roleAllows(role, 'ADMIN') ? own : Prisma.sql`${own} AND c.kind <> ALL(${[...accessChangeNames]}::text[])`
}
