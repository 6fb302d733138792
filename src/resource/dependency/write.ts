// Carries out what was planned for dependencies: as few statements for many as for one.
import type { UnitOfWork } from '../../change/record.ts'
import { columns } from '../../database/columns.ts'
import type { Sql } from '../../database/engine.ts'
import { type DependencySource, Prisma } from '../../database/generated/client/client.ts'
import { dependencyEvents } from '../events.ts'
import type { DependencyPlan, ToldDependency } from './plan.ts'

/** A SELECT of all dependencies of these resources on others. */
export function selectDependencies(workspaceId: string, downstreamIds: readonly string[]): Sql {
  return Prisma.sql`
    SELECT ${columns(Prisma.DependencyScalarFieldEnum, 'd')} FROM dependency d
    WHERE d.workspace_id = ${workspaceId}::uuid AND d.downstream_id = ANY(${[...downstreamIds]}::uuid[])`
}

export async function writeDependencies(
  { tx, now }: UnitOfWork,
  workspaceId: string,
  source: DependencySource,
  { added, updated, removed, seen }: DependencyPlan
): Promise<void> {
  const put = [...added, ...updated]
  if (put.length > 0) {
    await tx.$executeRaw`
      INSERT INTO dependency (workspace_id, downstream_id, upstream_id, kind, source, confidence, created_at, last_seen_at)
      SELECT ${workspaceId}::uuid, "downstreamId", "upstreamId", kind, ${source}::dependency_source, confidence, ${now}::timestamptz, ${now}::timestamptz FROM ${given(put)}
      ON CONFLICT (workspace_id, downstream_id, upstream_id, kind) DO UPDATE SET source = excluded.source, confidence = excluded.confidence, last_seen_at = excluded.last_seen_at`
  }
  if (removed.length > 0) await tx.$executeRaw`DELETE FROM dependency d USING ${given(removed)} WHERE ${isGiven(workspaceId)}`
  if (seen.length > 0) await tx.$executeRaw`UPDATE dependency d SET last_seen_at = ${now}::timestamptz FROM ${given(seen)} WHERE ${isGiven(workspaceId)}`
}

/** Puts what was done to dependencies into the record, where no change of a resource tells of it. */
export function recordDependencies({ record }: UnitOfWork, source: DependencySource, { added, updated, removed }: DependencyPlan): void {
  for (const [kind, moved] of [
    [dependencyEvents.added, added],
    [dependencyEvents.updated, updated],
    [dependencyEvents.removed, removed]
  ] as const) {
    if (moved.length > 0) record(kind, { data: { source, downstreamIds: [...new Set(moved.map(({ downstreamId }) => downstreamId))], count: moved.length } })
  }
}

function given(dependencies: readonly ToldDependency[]): Sql {
  const rows = dependencies.map(({ downstreamId, upstreamId, kind, confidence }) => ({ downstreamId, upstreamId, kind, confidence }))
  return Prisma.sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS g ("downstreamId" uuid, "upstreamId" uuid, kind dependency_kind, confidence confidence)`
}

function isGiven(workspaceId: string): Sql {
  return Prisma.sql`d.workspace_id = ${workspaceId}::uuid AND d.downstream_id = g."downstreamId" AND d.upstream_id = g."upstreamId" AND d.kind = g.kind`
}
