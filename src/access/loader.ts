import { seenAt } from '../change/moved.ts'
import type { Context } from '../context.ts'
import { arrayOf } from '../database/array.ts'
import { find } from '../database/engine.ts'
import { type Actor, Prisma } from '../database/generated/client/client.ts'
import { loadById } from '../loader.ts'
import { actorColumns } from './actor.ts'

/**
 * Actors of the viewer's workspace, also those who were removed: what they did still bears their name. They may have
 * been read by an earlier request, so when a key was last used is asked of `lastUses`.
 */
export const actorsById = loadById<Actor>(async ({ core, viewer: { workspaceId } }, ids) => {
  const known = ids.flatMap((id) => core.actors.get(workspaceId, id) ?? [])
  if (known.length === ids.length) return known
  const knownIds = new Set(known.map(({ id }) => id))
  const news = core.heads.observe()
  const read = await core.database.query<Actor & { asOf: number }>(
    Prisma.sql`
      SELECT ${actorColumns}, w.sequence AS "asOf" FROM actor a JOIN workspace w ON w.id = a.workspace_id
      WHERE a.id = ANY(${arrayOf(
        'uuid',
        ids.filter((id) => !knownIds.has(id))
      )}) AND w.id = ${workspaceId}::uuid`,
    find
  )
  for (const { asOf, ...actor } of read) {
    news(seenAt(workspaceId, asOf))
    core.actors.set(actor, asOf)
  }
  return [...known, ...read]
})

/** An actor, at once when it is known: most are, and an answer names hundreds. */
export function actorOf(context: Context, id: string): Actor | Promise<Actor | null> {
  return context.core.actors.get(context.viewer.workspaceId, id) ?? context.loader(actorsById).load(id)
}

/** When keys were last used. That is no change, so it is read each time. */
export const lastUses = loadById<Pick<Actor, 'id' | 'lastUsedAt'>>(({ core, viewer }, ids) =>
  core.database.query(
    Prisma.sql`SELECT id, last_used_at AS "lastUsedAt" FROM actor WHERE id = ANY(${ids}::uuid[]) AND workspace_id = ${viewer.workspaceId}::uuid`
  )
)
