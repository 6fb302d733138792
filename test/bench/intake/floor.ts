// The floor of intake: the same rows of events and runs, made before, by one multi-row INSERT for each table.
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { v7 as uuid } from 'uuid'
import type { BenchEvent } from './events.ts'

const event = {
  text: 'INSERT INTO event (workspace_id, id, name, occurred_at, received_at, resource_external_id, resource, related, payload) VALUES',
  conflict: 'ON CONFLICT DO NOTHING'
}
const run = {
  text: 'INSERT INTO run (id, workspace_id, external_id, name, resource_id, state, state_name, state_message, state_at, started_at, ended_at, tags, created_at, updated_at) VALUES',
  conflict: `ON CONFLICT (workspace_id, external_id) DO UPDATE SET name = excluded.name, state = excluded.state, state_name = excluded.state_name,
    state_message = excluded.state_message, state_at = excluded.state_at, started_at = coalesce(run.started_at, excluded.started_at),
    ended_at = excluded.ended_at, tags = excluded.tags, updated_at = excluded.updated_at`
}

interface Insert {
  name: string
  text: string
  values: unknown[]
}

export type PreparedRows = readonly [Insert, Insert]

/** The rows of a batch, with all that can be made before. */
export function prepareRows(workspaceId: string, resourceId: string, events: readonly BenchEvent[]): PreparedRows {
  const now = new Date().toISOString()
  return [
    insert(
      'floor_event',
      event,
      events.map((each) => {
        const json = [each.resource, each.related, each.payload].map((value) => JSON.stringify(value))
        return [workspaceId, each.id, each.event, each.occurred, now, each.resource['prefect.resource.id'], ...json]
      })
    ),
    insert(
      'floor_run',
      run,
      events.map(({ resource, occurred }) => {
        const state = resource['prefect.state-type']
        const [startedAt, endedAt] = [state === 'RUNNING' ? occurred : null, state === 'COMPLETED' ? occurred : null]
        const [name, stateName, message] = [resource['prefect.resource.name'], resource['prefect.state-name'], resource['prefect.state-message'] || null]
        const tags = ['dbt', 'team:analytics-eng', 'tier:1']
        return [uuid(), workspaceId, resource['prefect.resource.id'], name, resourceId, state, stateName, message, occurred, startedAt, endedAt, tags, now, now]
      })
    )
  ]
}

function insert(name: string, { text, conflict }: { text: string; conflict: string }, rows: readonly (readonly unknown[])[]): Insert {
  let parameter = 0
  const places = rows.map((row) => `(${row.map(() => `$${++parameter}`).join(', ')})`)
  return { name, text: `${text} ${places.join(', ')} ${conflict}`, values: rows.flat() }
}

/** Sends rows as bare as each engine takes them. */
export async function openFloor(place: { DATABASE_URL?: string; MAYDAY_DATA?: string }): Promise<(rows: PreparedRows) => Promise<void>> {
  if (place.DATABASE_URL) {
    const pool = new pg.Pool({ connectionString: place.DATABASE_URL, max: 10 })
    return async (rows) => {
      for (const each of rows) await pool.query(each)
    }
  }
  const pglite = new PGlite(`${place.MAYDAY_DATA}/postgres`)
  return async (rows) => {
    for (const { text, values } of rows) await pglite.query(text, values)
  }
}
