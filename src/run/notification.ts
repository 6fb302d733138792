// How a node tells the others that runs have moved, so that the impact on them is found anew.
import { Prisma } from '../database/generated/client/client.ts'

export const runChannel = 'mayday_run'

/** More resources than this are told of as "any": a notification holds 8000 bytes. */
const mostNamed = 100

export interface RunsMoved {
  readonly workspaceId: string
  /** The resources that the runs are of; null stands for any. */
  readonly resourceIds: readonly string[] | null
}

/** A SELECT's expression that tells of runs of these resources (a uuid[]), and nothing when there are none. */
export function tellRunsMoved(workspaceId: string, resourceIds: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`CASE WHEN cardinality(${resourceIds}) > 0 THEN pg_notify(${runChannel},
    ${workspaceId}::text || ' ' || CASE WHEN cardinality(${resourceIds}) > ${mostNamed} THEN '*' ELSE array_to_string(${resourceIds}, ',') END)::text END`
}

export function decodeRunsMoved(payload: string): RunsMoved | undefined {
  const [workspaceId, named] = payload.split(' ')
  if (!workspaceId || !named) return undefined
  return { workspaceId, resourceIds: named === '*' ? null : named.split(',') }
}
