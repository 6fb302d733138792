// How a stretch of changes becomes a frame of an incident's impact.
import type { ChangeRow } from '../change/change.ts'
import type { Range } from '../change/frame.ts'
import type { LiveFrame } from '../change/live.ts'
import type { Context } from '../context.ts'
import { incidentEvents } from '../incident/events.ts'
import { touchedResources } from './graph/reading.ts'
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

/** The impact as it is now, when it has moved, or its incident has, or something that it reaches. What it reaches no more has moved its figures. */
export async function impactFrame(context: Context, incidentId: string, horizonMs: number, range: Range): Promise<ImpactFrame | null> {
  const changes = range.from === null ? [] : await range.changes(everyChange)
  const certain = range.from === null || range.first || changes.some((change) => moves(change, incidentId))
  const touched = certain ? [] : changes.flatMap(touchedResources)
  if (!certain && touched.length === 0) return null
  const impact = await impactOfOne(context, incidentId, horizonMs)
  return certain || touched.some((id) => impact.spread.reaches(id)) ? { to: range.to, reset: range.from === null, impact } : null
}

function moves({ kind, incidentId }: ChangeRow, wanted: string): boolean {
  return incidentId === wanted && kind.startsWith('incident.') && !texts.has(kind)
}
