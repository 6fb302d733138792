// What the harm to some resources comes to: what lies downstream of them, and when it is looked at.
import type { Session } from '../core.ts'
import type { ResourceKind } from '../database/generated/client/client.ts'
import { durationMs } from '../duration.ts'
import { InvalidInput, NotFound } from '../errors.ts'
import { isActive } from '../incident/lifecycle.ts'
import type { ImpactTime, Reach } from './figures.ts'
import type { Node, Spread } from './graph/spread.ts'
import type { Subject } from './subject.ts'

/** A day, as far ahead as orchestrators plan by themselves. */
export const defaultHorizonMs = 86_400_000
const longestHorizonMs = 7 * 86_400_000

export interface Impact extends Reach {
  readonly originIds: readonly string[]
  readonly originKinds: readonly ResourceKind[]
  readonly spread: Spread
  readonly time: ImpactTime
  /** The ids of all resources that it reaches, the origins included. */
  readonly resourceIds: readonly string[]
}

const mostOrigins = 100

/** Milliseconds of a horizon; refuses what is no stretch of time ahead, and a longer one than orchestrators plan for. */
export function horizonOf(duration: string | null | undefined): number {
  const horizonMs = durationMs(duration, 'horizon') ?? defaultHorizonMs
  if (!(horizonMs > 0 && horizonMs <= longestHorizonMs)) throw new InvalidInput([{ field: 'horizon', rule: 'must be longer than nothing and at most P7D' }])
  return horizonMs
}

/** What would be hit if these resources failed now. */
export function impactOfResources(session: Session, resourceIds: readonly string[], horizonMs: number): Promise<Impact> {
  if (resourceIds.length === 0) throw new InvalidInput([{ field: 'resourceIds', rule: 'must name at least one resource' }])
  if (resourceIds.length > mostOrigins) throw new InvalidInput([{ field: 'resourceIds', rule: `must have at most ${mostOrigins} resources` }])
  const now = session.core.clock()
  return impactOf(session, [...new Set(resourceIds)], { now, since: now, endedAt: null, horizonEnd: new Date(now.getTime() + horizonMs) })
}

/** What an incident hits; of one that is over, what it hit. */
export function impactOfIncident(session: Session, subject: Subject, horizonMs: number): Promise<Impact> {
  return impactOf(session, subject.originIds, timeOf(subject, session.core.clock(), horizonMs))
}

/** The time of an incident's harm: from its start, and to its end where it is over. */
export function timeOf({ status, startedAt, resolvedAt, closedAt }: Subject, now: Date, horizonMs: number): ImpactTime {
  const endedAt = isActive(status) ? null : (resolvedAt ?? closedAt ?? now)
  return { now, since: startedAt, endedAt, horizonEnd: new Date(now.getTime() + horizonMs) }
}

async function impactOf({ core, viewer }: Session, originIds: readonly string[], time: ImpactTime): Promise<Impact> {
  const { graph } = await core.graphs.of(viewer.workspaceId)
  const originKinds = originIds.map((id) => {
    const node = graph.node(id)
    if (!node) throw new NotFound('There is no resource with this id.')
    return node.kind
  })
  const spread = graph.spread(originIds)
  return { originIds, originKinds, spread, time, resourceIds: idsOf(spread) }
}

export function idsOf(spread: Spread): string[] {
  return Array.from(spread.nodes(), ({ id }: Node) => id)
}
