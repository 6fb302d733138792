// What the walls of one batch ask about its changes, answered for all of them together.

import DataLoader from 'dataloader'
import type { ChangeRow } from '../change/change.ts'
import type { Session } from '../core.ts'
import { arrayOf } from '../database/array.ts'
import { find } from '../database/engine.ts'
import { type Incident, Prisma } from '../database/generated/client/client.ts'
import { resourceEvents } from '../resource/events.ts'
import { type IncidentFilter, matching, visible } from './filter.ts'
import { incidentColumns } from './loader.ts'

/** The ids of the incidents that changes happened to, also through a resource that they affect; found once for the same array of changes. */
export function touchedIncidents(session: Session) {
  return new DataLoader<readonly ChangeRow[], readonly string[]>((batches) => Promise.all(batches.map((changes) => touchedBy(session, changes))))
}

async function touchedBy({ core }: Session, changes: readonly ChangeRow[]): Promise<readonly string[]> {
  const ids = new Set(changes.flatMap(({ incidentId }) => incidentId ?? []))
  const resourceIds = changes.flatMap(({ kind, subjectId }) => (kind === resourceEvents.updated.name && subjectId ? subjectId : []))
  if (resourceIds.length > 0) {
    const links = await core.database.query<{ id: string }>(
      Prisma.sql`SELECT DISTINCT incident_id AS id FROM incident_resource WHERE resource_id = ANY(${resourceIds}::uuid[])`
    )
    for (const { id } of links) ids.add(id)
  }
  return [...ids]
}

interface Asked {
  readonly filter: IncidentFilter
  readonly ids: readonly string[]
}

interface Sorted {
  readonly matches: readonly Incident[]
  readonly others: readonly Incident[]
}

/** A statement has room for some thirty thousand values, and no filter holds more than twenty. */
const mostFilters = 500

/** Incidents by their ids, in the order of a wall: those that a filter means, and the others. One statement for all filters. */
export function sortedByFilter(session: Session) {
  return new DataLoader<Asked, Sorted, string>((asked) => sort(session, asked), {
    cacheKeyFn: ({ filter, ids }) => JSON.stringify([filter, ids]),
    maxBatchSize: mostFilters
  })
}

async function sort({ core, viewer }: Session, asked: readonly Asked[]): Promise<Sorted[]> {
  const ids = [...new Set(asked.flatMap((each) => each.ids))]
  const conditions = asked.map(({ filter }) => Prisma.sql`(${matching(viewer, filter)})`)
  const rows = await core.database.query<Incident & { matches: (boolean | null)[] }>(
    Prisma.sql`
      SELECT ${incidentColumns}, ARRAY[${Prisma.join(conditions)}] AS matches
      FROM incident i WHERE i.id = ANY(${arrayOf('uuid', ids)}) AND ${visible(viewer)} ORDER BY i.severity, i.declared_at DESC, i.id`,
    find
  )
  return asked.map((each, index) => {
    const mine = each.ids.length === ids.length ? rows : rows.filter(({ id }) => each.ids.includes(id))
    return { matches: mine.filter(({ matches }) => matches[index]), others: mine.filter(({ matches }) => !matches[index]) }
  })
}
