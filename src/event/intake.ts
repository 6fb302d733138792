// The way in for all events, whoever brings them.
import type { Core } from '../core.ts'
import type { Rejected } from '../input.ts'
import { writeRuns } from '../run/write.ts'
import { type IncomingEvent, readEvent } from './event.ts'
import { type Facts, project } from './projection.ts'
import { storeEvents } from './store.ts'
import { addThings, bringUpThings } from './things.ts'

/** Whoever has more brings them in several batches. */
export const mostEvents = 500

export interface IntakeOutcome {
  /** New events that were taken in. */
  readonly accepted: number
  /** Events that were known already; they changed nothing. */
  readonly duplicates: number
  /** Those that were not taken, by their place in the batch. */
  readonly rejected: readonly Rejected[]
}

/** Takes in at most 500 events of Prefect's shape, in any order and any number of times: keeps them, and brings runs, resources and dependencies up to what they tell. */
export async function takeEvents(core: Core, workspaceId: string, events: readonly unknown[], connectionId: string | null): Promise<IntakeOutcome> {
  if (events.length > mostEvents) throw new Error(`At most ${mostEvents} events are taken in at once, not ${events.length}`)
  const now = core.clock()
  const taken = new Map<string, IncomingEvent>()
  const rejected: Rejected[] = []
  events.forEach((given, index) => {
    const event = readEvent(given, now)
    if (typeof event === 'string') rejected.push({ index, reason: event })
    else if (!taken.has(event.id)) taken.set(event.id, event)
  })
  if (taken.size === 0) return { accepted: 0, duplicates: 0, rejected }
  const fresh = await storeEvents(core.database, workspaceId, connectionId, now, [...taken.values()])
  // One that is known is followed up again: its first delivery may have broken off after it was kept. But a run that was
  // scheduled then may have been taken away since, and must not come back.
  const told = [...taken.values()].filter(({ id, resource }) => fresh.has(id) || resource['prefect.state-type'] !== 'SCHEDULED')
  await bringUp(core, workspaceId, project(told, { catalogued: connectionId !== null }), connectionId)
  return { accepted: fresh.size, duplicates: events.length - rejected.length - fresh.size, rejected }
}

async function bringUp(core: Core, workspaceId: string, facts: Facts, connectionId: string | null): Promise<void> {
  await bringUpThings(core, workspaceId, facts, connectionId)
  if (facts.runs.length === 0) return
  const { unknownResources } = await writeRuns(core, workspaceId, facts.runs, connectionId)
  if (unknownResources.length === 0) return
  const unknown = new Set(unknownResources)
  const missing = unknownResources.flatMap((externalId) => facts.things.get(externalId) ?? [])
  await addThings(core, workspaceId, missing, connectionId)
  await writeRuns(
    core,
    workspaceId,
    facts.runs.filter(({ resource }) => unknown.has(resource)),
    connectionId
  )
}
