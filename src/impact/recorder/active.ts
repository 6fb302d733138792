// Where there are figures to keep.
import type { Database } from '../../database/engine.ts'
import { Prisma } from '../../database/generated/client/client.ts'
import { activeIncident } from '../../incident/filter.ts'
import { type Subject, subjectColumns } from '../subject.ts'

/** The workspaces with an active incident, of these or of all. */
export async function activeWorkspaces(database: Database, among: readonly string[] | null): Promise<string[]> {
  const rows = await database.query<{ workspaceId: string }>(Prisma.sql`
    SELECT DISTINCT i.workspace_id AS "workspaceId" FROM incident i
    WHERE ${activeIncident} AND ${among === null ? Prisma.sql`TRUE` : Prisma.sql`i.workspace_id = ANY(${among}::uuid[])`}`)
  return rows.map(({ workspaceId }) => workspaceId)
}

/** Incidents that ended while nobody kept their figures: these still tell of work ahead. */
export function endedUnsaid(database: Database): Promise<{ workspaceId: string; incidentId: string }[]> {
  return database.query(Prisma.sql`
    SELECT i.workspace_id AS "workspaceId", i.id AS "incidentId" FROM incident i
    WHERE NOT ${activeIncident} AND ((i.impact ->> 'running')::int > 0 OR (i.impact ->> 'upcoming')::int > 0 OR (i.impact ->> 'late')::int > 0)`)
}

/** The incidents of these ids that are over, and whose figures were ever told. */
export function endedSubjects(database: Database, ids: readonly string[]): Promise<Subject[]> {
  return database.query(Prisma.sql`
    SELECT ${subjectColumns} FROM incident i WHERE i.id = ANY(${ids}::uuid[]) AND NOT ${activeIncident} AND i.impact IS NOT NULL`)
}
