// Pure: how bad an impact looks by its figures, and why.
import type { ResourceKind, Severity } from '../database/generated/client/client.ts'
import { severities } from '../incident/label.ts'
import type { ImpactFigures } from './figures.ts'

export interface SuggestedSeverity {
  readonly severity: Severity
  /** What speaks for it, the weightiest first. */
  readonly reasons: readonly string[]
}

/** Much else rests on these. */
const shared: readonly ResourceKind[] = ['WORK_POOL', 'WORK_QUEUE', 'BLOCK']
const hourMs = 3_600_000

interface Finding {
  readonly severity: Severity
  readonly reason: string
}

/**
 * The most severe of what is found:
 * - runs that are under way or to come: CRITICAL from 1000, HIGH from 100, MODERATE from 1;
 * - runs that failed, are late or were skipped: HIGH from 10, MODERATE from 1;
 * - resources that are reached: HIGH from 100;
 * - it starts at a work pool, work queue or block: HIGH, and CRITICAL when besides 100 runs are hit and the next harm is less than an hour away;
 * - nothing of this: LOW.
 */
export function suggestSeverity(originKinds: readonly ResourceKind[], figures: ImpactFigures, now: Date): SuggestedSeverity {
  const { running, upcoming, failed, late, skipped, affected, nextHarmAt } = figures
  const work = running + upcoming
  const harmed = failed + late + skipped
  const base = shared.find((kind) => originKinds.includes(kind))
  const soon = nextHarmAt !== null && nextHarmAt.getTime() - now.getTime() < hourMs
  const findings: (Finding | false)[] = [
    work > 0 && { severity: work >= 1_000 ? 'CRITICAL' : work >= 100 ? 'HIGH' : 'MODERATE', reason: `${runs(work)} under way or to come.` },
    harmed > 0 && {
      severity: harmed >= 10 ? 'HIGH' : 'MODERATE',
      reason: harmed === 1 ? 'So far 1 run has failed, is late or was skipped.' : `So far ${harmed} runs have failed, are late or were skipped.`
    },
    affected >= 100 && { severity: 'HIGH', reason: `It reaches ${affected} resources.` },
    base !== undefined && { severity: 'HIGH', reason: `It starts at a ${noun(base)}, on which other work rests.` },
    base !== undefined && soon && work >= 100 && { severity: 'CRITICAL', reason: 'The next of many runs is less than an hour away.' }
  ]
  const found = findings.filter((finding) => finding !== false).sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
  return {
    severity: found[0]?.severity ?? 'LOW',
    reasons: found.length > 0 ? found.map(({ reason }) => reason) : ['No run is hit so far, and none is to come.']
  }
}

function runs(count: number): string {
  return count === 1 ? '1 run is' : `${count} runs are`
}

function noun(kind: ResourceKind): string {
  return kind.toLowerCase().replace('_', ' ')
}
