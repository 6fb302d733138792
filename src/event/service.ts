// Events from whoever has a key: by GraphQL, or as plain JSON.
import { z } from 'zod'
import type { Session } from '../core.ts'
import { InvalidInput } from '../errors.ts'
import { parseInput, type Rejected } from '../input.ts'
import { admissionOf } from './admission.ts'
import { type IntakeOutcome, mostEvents, takeEvents } from './intake.ts'

const ingestInput = z.object({
  events: z.array(z.unknown()).min(1, 'must have at least one event').max(mostEvents, `must have at most ${mostEvents} events`)
})

export function ingestEvents(session: Session, given: unknown): Promise<IntakeOutcome> {
  const { events } = parseInput(ingestInput, given)
  return takeBatch(session, events)
}

/** What is said of each event that is refused is longer than the shortest body of one. */
const mostEventsInBody = 10_000

/** Takes the body of a request: one event, a list of them, or `{"events": […]}`, in batches of which each is taken or not. */
export async function ingestBody(session: Session, body: unknown): Promise<IntakeOutcome> {
  const events = eventsIn(body)
  if (events.length > mostEventsInBody) throw new InvalidInput([{ field: 'body', rule: `must have at most ${mostEventsInBody} events` }])
  const rejected: Rejected[] = []
  let [accepted, duplicates] = [0, 0]
  for (let from = 0; from < events.length; from += mostEvents) {
    const outcome = await takeBatch(session, events.slice(from, from + mostEvents))
    accepted += outcome.accepted
    duplicates += outcome.duplicates
    rejected.push(...outcome.rejected.map(({ index, reason }) => ({ index: from + index, reason })))
  }
  return { accepted, duplicates, rejected }
}

function takeBatch({ core, viewer }: Session, events: readonly unknown[]): Promise<IntakeOutcome> {
  return admissionOf(core).admit(() => takeEvents(core, viewer.workspaceId, events, null))
}

function eventsIn(body: unknown): readonly unknown[] {
  if (Array.isArray(body)) return body
  if (body !== null && typeof body === 'object') {
    const { events } = body as { events?: unknown }
    if (Array.isArray(events)) return events
    if (events === undefined) return [body]
  }
  throw new InvalidInput([{ field: 'body', rule: 'must be an event, a list of events, or an object with a list `events`' }])
}
