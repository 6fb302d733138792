// Pure: which filters the table `incident_count` can answer, so that a total does not grow dearer with the incidents.
import type { IncidentFilter } from './filter.ts'

/**
 * The tag whose counts have the answer, '' for those of all incidents; undefined where only the incidents themselves
 * have it. A condition that is not named here counts as one of those.
 */
export function countedTag({ status, active, severity, tags, ...others }: IncidentFilter): string | undefined {
  if (Object.values(others).some((value) => value !== undefined && value !== null && value !== '')) return undefined
  const { all, any } = tags ?? {}
  const wanted = new Set([...(all ?? []), ...(any ?? [])])
  // Any of no tags means nothing, and nothing has the empty tag; neither is what the row of that name counts.
  if (any?.length === 0 || wanted.has('') || wanted.size > 1) return undefined
  return [...wanted][0] ?? ''
}
