// How an incident's impact grew and shrank: its headline figures, as they were recorded.
import type { ChangeRow } from '../change/change.ts'
import { listChanges, parseChangeFilter } from '../change/list.ts'
import type { Session } from '../core.ts'
import type { StoredFigures } from '../incident/events.ts'
import { incidentEvents } from '../incident/events.ts'
import type { PageArgs } from '../page.ts'
import type { ImpactFigures } from './figures.ts'
import { figuresFrom } from './recorder/record-figures.ts'

/** The recorded figures within a stretch of time, oldest first. */
export function impactHistory(session: Session, incidentId: string, at: unknown, args: PageArgs) {
  const filter = parseChangeFilter({ incidentIds: [incidentId], kind: [incidentEvents.impactChanged.name], at })
  return listChanges(session, filter, false, args)
}

export function figuresAt({ data }: ChangeRow): ImpactFigures {
  return figuresFrom(data as unknown as StoredFigures)
}
