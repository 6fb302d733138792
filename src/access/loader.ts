import { type Actor, Prisma } from '../database/generated/client/client.ts'
import { loadById } from '../loader.ts'
import { actorColumns } from './actor.ts'

/** Actors of the viewer's workspace, also those who were removed: what they did still bears their name. */
export const actorsById = loadById<Actor>(({ core, viewer }, ids) =>
  core.database.query(Prisma.sql`SELECT ${actorColumns} FROM actor a WHERE a.id = ANY(${ids}::uuid[]) AND a.workspace_id = ${viewer.workspaceId}::uuid`)
)
