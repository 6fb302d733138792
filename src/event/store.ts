// The table of events: what has been told, as it was told.
import { arrayOf } from '../database/array.ts'
import type { Database } from '../database/engine.ts'
import { Prisma } from '../database/generated/client/client.ts'
import type { IncomingEvent, Labels } from './event.ts'

/** Keeps events, each once, by one statement; returns the ids of those that are new. */
export async function storeEvents(
  database: Database,
  workspaceId: string,
  connectionId: string | null,
  receivedAt: Date,
  events: readonly IncomingEvent[]
): Promise<ReadonlySet<string>> {
  // In one order everywhere: two nodes that take in the same events would otherwise wait for each other.
  const rows = events.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(({ json }) => json)
  const stored = await database.query<{ id: string }>(
    Prisma.sql`
      INSERT INTO event (workspace_id, id, name, occurred_at, received_at, resource_external_id, connection_id, resource, related, payload)
      SELECT ${workspaceId}::uuid, id, name, occurred_at, ${receivedAt}::timestamptz, resource_external_id, ${connectionId}::uuid, resource, related, payload
      FROM jsonb_to_recordset(${`[${rows.join(',')}]`}::jsonb)
        AS given (id uuid, name text, occurred_at timestamptz, resource_external_id text, resource jsonb, related jsonb, payload jsonb)
      ON CONFLICT DO NOTHING RETURNING id`,
    { prepared: true }
  )
  return new Set(stored.map(({ id }) => id))
}

export interface NewestEvents {
  readonly externalId: string
  /** The name of the newest event that tells the resource's state. */
  readonly stateEvent: string | null
  /** What the newest event that describes the resource says of it. */
  readonly labels: Labels | null
}

/** The newest that has been told of each resource, whatever the order in which it came in. */
export function newestEvents(database: Database, workspaceId: string, externalIds: readonly string[], stateEvents: readonly string[]): Promise<NewestEvents[]> {
  const newest = (column: 'name' | 'resource', condition: Prisma.Sql) => Prisma.sql`
    (SELECT e.${Prisma.raw(column)} FROM event e
     WHERE e.workspace_id = ${workspaceId}::uuid AND e.resource_external_id = wanted.id AND ${condition} ORDER BY e.occurred_at DESC, e.id DESC LIMIT 1)`
  return database.query<NewestEvents>(
    Prisma.sql`
      SELECT wanted.id AS "externalId",
        ${newest('name', Prisma.sql`e.name = ANY(${stateEvents}::text[])`)} AS "stateEvent",
        ${newest('resource', Prisma.sql`e.resource - 'prefect.resource.id' <> '{}'`)} AS labels
      FROM unnest(${arrayOf('text', externalIds)}) AS wanted (id) ORDER BY 1`,
    { prepared: true }
  )
}
