// How a stretch of changes becomes a frame of an incident's impact.
import type { ChangeRow } from '../change/change.ts'
import type { Range } from '../change/frame.ts'
import type { LiveFrame } from '../change/live.ts'
import type { Context } from '../context.ts'
import { incidentEvents } from '../incident/events.ts'
import type { Impact } from './impact.ts'
import { impactOfOne } from './queries.ts'

export interface ImpactFrame extends LiveFrame {
  impact: Impact
}

const everyChange = Number.MAX_SAFE_INTEGER

/** What an incident says of itself moves nothing. */
const texts = new Set(
  [
    incidentEvents.titleChanged,
    incidentEvents.summaryChanged,
    incidentEvents.resolutionChanged,
    incidentEvents.rootCauseChanged,
    incidentEvents.severityChanged,
    incidentEvents.tagsChanged,
    incidentEvents.leadChanged
  ].map(({ name }) => name as string)
)

/** The impact as it is now, when it has moved or its incident has. */
export async function impactFrame(context: Context, incidentId: string, horizonMs: number, range: Range): Promise<ImpactFrame | null> {
  const changes = range.from === null ? [] : await range.changes(everyChange)
  if (range.from !== null && !range.first && !changes.some((change) => moves(change, incidentId))) return null
  return { to: range.to, reset: range.from === null, impact: await impactOfOne(context, incidentId, horizonMs) }
}

function moves({ kind, incidentId }: ChangeRow, wanted: string): boolean {
  return incidentId === wanted && kind.startsWith('incident.') && !texts.has(kind)
}
