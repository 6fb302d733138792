// Grows the filled workspace in place, by set-based SQL: as if it had years behind it. What is hot stays as it is (the
// active incidents, their comments, their timelines); the past becomes long. The changes keep their numbers without a
// gap, but have no true hashes: the record does not verify any more.
import pg from 'pg'
import { dropIndexes } from './indexes.ts'

export interface Grown {
  incidents: number
  changes: number
}

/** Two at once, since one statement keeps one core busy. */
const sessions = 2

/**
 * Grows the one filled workspace of a PostgreSQL database to these totals. `ours` says that the server is the bench's own,
 * which then need not write to the disk at every step what only a crash of the machine would lose.
 */
export async function grow(url: string, { incidents, changes }: Grown, ours: boolean): Promise<void> {
  const client = await connect(url)
  try {
    const [workspace] = (await client.query<{ id: string; sequence: string; count: number }>(workspaceQuery)).rows
    if (!workspace) throw new Error('There is no workspace to grow')
    const { id, sequence, count } = workspace
    if (ours) await hasten(client)
    const restore = [await dropIndexes(client, 'incident'), await dropIndexes(client, 'change')]
    await client.query(moreIncidents, [id, incidents - count, count])
    await client.query('ANALYZE incident')
    const each = Math.ceil((changes - Number(sequence)) / (incidents - count))
    await inSessions(url, count, incidents, (session, from, to) => session.query(moreChanges, [id, from, to, count, sequence, each, changes]))
    await client.query('UPDATE workspace SET sequence = $2, incident_count = $3 WHERE id = $1', [id, changes, incidents])
    // Before the indexes are there, so that it has none to look through.
    await client.query('VACUUM incident, change, workspace')
    for (const each of restore) await each()
    await client.query('ANALYZE')
    if (ours) await asDurableAsBefore(client)
    // As a commit would: what nodes keep of the workspace is old now.
    await client.query(`SELECT pg_notify('mayday_change', $1)`, [id])
  } finally {
    await client.end()
  }
}

const workspaceQuery = `SELECT id, sequence, incident_count AS count FROM workspace ORDER BY incident_count DESC LIMIT 1`

/** Copies of those that are over, from the months before; ids begin with their time, as the server makes them. */
const moreIncidents = `
  INSERT INTO incident (id, workspace_id, number, version, title, summary, severity, status, tags, lead_id, declared_by_id, resolution,
    started_at, declared_at, updated_at, acknowledged_at, mitigated_at, resolved_at, closed_at)
  SELECT overlay(md5(id::text || month) PLACING lpad(to_hex((extract(epoch FROM declared_at - past) * 1000)::bigint), 12, '0') FROM 1 FOR 12)::uuid,
    workspace_id, $3 + row_number() OVER (), version, title, summary, severity, status, tags, lead_id, declared_by_id, resolution,
    started_at - past, declared_at - past, updated_at - past, acknowledged_at - past, mitigated_at - past, resolved_at - past, closed_at - past
  FROM generate_series(1, 10000) month
  CROSS JOIN LATERAL (SELECT month * interval '1 month' AS past) shift
  CROSS JOIN (SELECT * FROM incident WHERE workspace_id = $1 AND status = 'CLOSED' ORDER BY number) old
  LIMIT $2`

/** So many comments on each of the incidents with these numbers. */
const moreChanges = `
  INSERT INTO change (workspace_id, sequence, kind, at, actor_id, incident_id, subject_id, data, text, salt, text_digest, previous_hash, hash)
  SELECT $1::uuid, sequence, 'comment.added', now() - ($7::bigint - sequence) * interval '1 millisecond', declared_by_id, id,
    lpad(to_hex(sequence), 32, '0')::uuid, '{"version": 1}'::jsonb,
    '{"body": "Restarted 12 workers of k8s-prod. The queue drains, slowly; I look again in ten minutes."}'::jsonb,
    decode('00000000000000000000000000000000', 'hex'), hash, hash, hash
  FROM (SELECT id, number, declared_by_id, sha256(uuid_send(id)) AS hash FROM incident WHERE workspace_id = $1 AND number > $2 AND number <= $3 ORDER BY number) i
  CROSS JOIN generate_series(1, $6::int) nth
  CROSS JOIN LATERAL (SELECT $5::bigint + (number - 1 - $4::int)::bigint * $6::int + nth AS sequence) place
  WHERE sequence <= $7::bigint`

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'mayday bench' })
  await client.connect()
  await client.query(`SET synchronous_commit = off`)
  await client.query(`SET maintenance_work_mem = '1GB'`)
  return client
}

/** Hands each session an equal stretch of the numbers after `from`, up to `to`. */
async function inSessions(url: string, from: number, to: number, work: (client: pg.Client, from: number, to: number) => Promise<unknown>): Promise<void> {
  const edge = (index: number) => from + Math.round(((to - from) * index) / sessions)
  await Promise.all(
    Array.from({ length: sessions }, async (_, index) => {
      const client = await connect(url)
      try {
        await work(client, edge(index), edge(index + 1))
      } finally {
        await client.end()
      }
    })
  )
}

const hasty = { fsync: 'off', full_page_writes: 'off', max_wal_size: '16GB' }

async function hasten(client: pg.Client): Promise<void> {
  for (const [name, value] of Object.entries(hasty)) await client.query(`ALTER SYSTEM SET ${name} = '${value}'`)
  await client.query('SELECT pg_reload_conf()')
}

async function asDurableAsBefore(client: pg.Client): Promise<void> {
  for (const name of Object.keys(hasty)) await client.query(`ALTER SYSTEM RESET ${name}`)
  await client.query('SELECT pg_reload_conf()')
  // Its writing must not fall into what is measured next.
  await client.query('CHECKPOINT')
}
