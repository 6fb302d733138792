// Dependencies that users add and take away. Each is taken or refused by itself, and all that are taken are one change.
import { z } from 'zod'
import { type Committed, commit, type UnitOfWork } from '../../change/record.ts'
import type { Session } from '../../core.ts'
import { type Dependency, DependencyKind } from '../../database/generated/client/client.ts'
import { inOrder, parseEach, parseInput, type Rejected, requiredText } from '../../input.ts'
import { idsByExternalId } from '../ids.ts'
import { planDependencies, type ToldDependency } from './plan.ts'
import { recordDependencies, selectDependencies, writeDependencies } from './write.ts'

const dependencyInput = z.object({
  upstream: requiredText(300),
  downstream: requiredText(300),
  kind: z
    .enum(DependencyKind)
    .nullish()
    .transform((kind) => kind ?? 'DEPENDS_ON')
})

const batchInput = z.object({
  dependencies: z.array(z.unknown()).min(1, 'must name at least one dependency').max(500, 'must have at most 500 dependencies')
})

interface Batch {
  readonly given: readonly { readonly index: number; readonly told: ToldDependency }[]
  readonly rejected: Rejected[]
  /** All that is known of what the given ones are downstream of. */
  readonly known: readonly Dependency[]
}

/** Adds dependencies; one that is known for certain stays as it is. Gives those that are there now, in the order given. */
export function addDependencies(session: Session, input: unknown): Promise<Committed<{ dependencies: readonly Dependency[]; rejected: readonly Rejected[] }>> {
  const { workspaceId } = session.viewer
  return commit(session, async (unit) => {
    const { given, rejected, known } = await readBatch(unit, workspaceId, input)
    const told = given.map((each) => each.told)
    const plan = planDependencies(known, told, 'USER', unit.now, () => false)
    await writeDependencies(unit, workspaceId, 'USER', plan)
    recordDependencies(unit, 'USER', plan)
    const now = await unit.tx.$queryRaw<Dependency[]>(selectDependencies(workspaceId, [...new Set(told.map(({ downstreamId }) => downstreamId))]))
    return { dependencies: told.flatMap((each) => now.find((dependency) => isSame(dependency, each)) ?? []), rejected: inOrder(rejected) }
  })
}

/** Takes dependencies away; for one that is not there, nothing happens. */
export function removeDependencies(session: Session, input: unknown): Promise<Committed<{ removed: number; rejected: readonly Rejected[] }>> {
  const { workspaceId } = session.viewer
  return commit(session, async (unit) => {
    const { given, rejected, known } = await readBatch(unit, workspaceId, input)
    const removed = new Set<Dependency>()
    for (const { index, told } of given) {
      const dependency = known.find((each) => isSame(each, told))
      if (dependency?.source === 'CATALOG') rejected.push({ index, reason: 'dependency: the catalogue of the orchestrator tells of it, so it would come back' })
      else if (dependency) removed.add(dependency)
    }
    const plan = { added: [], updated: [], removed: [...removed], seen: [] }
    await writeDependencies(unit, workspaceId, 'USER', plan)
    recordDependencies(unit, 'USER', plan)
    return { removed: removed.size, rejected: inOrder(rejected) }
  })
}

async function readBatch({ tx }: UnitOfWork, workspaceId: string, input: unknown): Promise<Batch> {
  const { fit, rejected } = parseEach(dependencyInput, parseInput(batchInput, input).dependencies)
  const named = fit.flatMap(({ row }) => [row.upstream, row.downstream])
  const ids = await idsByExternalId({ query: (statement) => tx.$queryRaw(statement) }, workspaceId, named)
  const given = fit.flatMap(({ index, row: { upstream, downstream, kind } }) => {
    const [upstreamId, downstreamId] = [ids.get(upstream), ids.get(downstream)]
    if (upstreamId && downstreamId && upstreamId !== downstreamId) return [{ index, told: { upstreamId, downstreamId, kind, confidence: 'CERTAIN' as const } }]
    const [field, externalId] = upstreamId ? ['downstream', downstream] : ['upstream', upstream]
    const reason = upstreamId && downstreamId ? 'must not be the resource itself' : `must be the external id of a resource; there is no ${externalId}`
    rejected.push({ index, reason: `${field}: ${reason}` })
    return []
  })
  const downstreamIds = [...new Set(given.map(({ told }) => told.downstreamId))]
  const known = downstreamIds.length > 0 ? await tx.$queryRaw<Dependency[]>(selectDependencies(workspaceId, downstreamIds)) : []
  return { given, rejected, known }
}

function isSame(one: ToldDependency, other: ToldDependency): boolean {
  return one.downstreamId === other.downstreamId && one.upstreamId === other.upstreamId && one.kind === other.kind
}
