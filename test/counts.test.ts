// How many statements the hot operations take on a PostgreSQL server, each counted where it leaves the process, or joins those that it leaves with. The
// numbers are pinned: one more is a decision, and none may come with more rows.
import pg from 'pg'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Batch } from '../src/database/postgresql/batch.ts'
import { Batches } from '../src/database/postgresql/batches.ts'
import { type Operation, prepareOperations, requestBody } from './bench/operations.ts'
import { adminKey, quiet, startOnServer, type TestApp } from './kit/app.ts'
import { ResolveIncident } from './kit/documents.ts'
import { addMember, addResources, clientAs, comment, declare } from './kit/seed.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

describe.each([5, 50])('with %i active incidents, and as many that are over', (incidents) => {
  it('the wall list, one incident in full, a filtered list with its total, and adding a comment take the same few statements', {
    timeout: 120_000
  }, async () => {
    // The clock stands still: the use of a key is noted once a minute, by a statement more.
    const now = new Date()
    await using app = await startOnServer({ ...quiet, clock: () => now })
    await fill(app, incidents)
    const operations = await prepareOperations(app.admin)

    // Whoever leads and writes is read once, by this at the latest, and known while nobody's rights move.
    await statementsOf(app, operations.wall)
    const wall = await statementsOf(app, operations.wall, { 'cache-control': 'no-cache' })
    expect(wall.answer.incidents.nodes).toHaveLength(incidents)
    expect(wall.answer.incidents.nodes[0]).toMatchObject({
      lead: { name: expect.any(String) },
      comments: { nodes: { length: 3 } },
      resources: { nodes: { length: 5 } }
    })
    const rows = ['SELECT comment', 'SELECT incident', 'SELECT incident_resource, resource']
    expect(wall.statements).toEqual(rows)
    expect((await statementsOf(app, operations.wall)).statements).toEqual([])

    const incident = await statementsOf(app, operations.incident)
    expect(incident.answer.incident).toMatchObject({
      comments: { nodes: { length: 4 } },
      resources: { nodes: { length: 6 } },
      timeline: { nodes: { length: 5 } }
    })
    expect(incident.statements).toEqual(['SELECT change', ...rows])

    const list = await statementsOf(app, { ...operations.list, variables: [{ tags: ['finance'] }] })
    expect(list.answer.incidents).toMatchObject({ totalCount: incidents, nodes: { length: Math.min(25, incidents) } })
    const total = 'SELECT incident_count'
    expect(list.statements).toEqual(['SELECT incident', total])

    const added = await statementsOf(app, operations.comment)
    expect(added.answer.addComment.__typename).toBe('CommentPayload')
    const command = 'WITH actor, change, comment, idempotency_key, incident, workspace'
    expect(added.statements).toEqual([command])

    const input = { ...operations.comment.variables[0]?.input, idempotencyKey: 'once' }
    const keyed = await statementsOf(app, { ...operations.comment, variables: [{ input }] })
    expect(keyed.answer.addComment.__typename).toBe('CommentPayload')
    expect(keyed.statements).toEqual([command])
  })
})

/** Incidents with leads, comments by two, and resources: half of them active, half over. */
async function fill(app: TestApp, incidents: number): Promise<void> {
  const second = await clientAs(app.admin, 'RESPONDER')
  const leads = await Promise.all(['Ada', 'Grace', 'Edsger'].map((name) => addMember(app.admin, name)))
  const resources = await addResources(
    app.admin,
    ...Array.from({ length: 6 }, (_, index) => ({ kind: 'FLOW' as const, externalId: `flow ${index}`, name: `Flow ${index}` }))
  )
  await Promise.all(
    Array.from({ length: 2 * incidents }, async (_, index) => {
      const { id, version } = await declare(app.admin, {
        severity: 'HIGH',
        tags: ['finance'],
        leadId: leads[index % 3]?.id,
        resourceIds: resources.map((resource) => resource.id)
      })
      for (const client of [app.admin, second, app.admin, second]) await comment(client, id, 'Looking')
      if (index % 2 === 1) await app.admin.run(ResolveIncident, { input: { id, version, resolution: 'Done' } })
    })
  )
}

/** What a node does by itself may fall into any request. */
const heartbeat = /^SELECT id, sequence FROM workspace|\bINTO lease\b|FROM prefect_server WHERE disabled_at IS NULL$|DELETE FROM (event|run) WHERE/

/** Asks, and tells what was sent to the database for it: the verbs and the tables. */
// biome-ignore lint/suspicious/noExplicitAny: each operation has an answer of its own.
async function statementsOf(app: TestApp, operation: Operation, headers: Record<string, string> = {}): Promise<{ answer: any; statements: string[] }> {
  const sent = vi.spyOn(pg.Client.prototype, 'query')
  const found = vi.spyOn(Batches.prototype, 'query')
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${adminKey}`, ...headers },
    body: requestBody(operation, operation.variables[0] ?? {})
  })
  const { data } = (await response.json()) as { data: unknown }
  const alone = sent.mock.calls.map(([statement]) => statement as unknown).filter((statement) => !(statement instanceof Batch))
  const statements = [
    ...alone.map((statement) => (typeof statement === 'string' ? statement : (statement as { text: string }).text)),
    ...found.mock.calls.map(([{ text }]) => text)
  ]
    .filter((statement) => !heartbeat.test(statement))
    .map(summary)
  vi.restoreAllMocks()
  // In no order: those that go out together may take each other's place.
  return { answer: data, statements: statements.sort() }
}

/** `SELECT … FROM comment c JOIN actor a …` is `SELECT actor, comment`. */
function summary(statement: string): string {
  const [verb = ''] = /\w+/.exec(statement) ?? []
  const named = new Set([...statement.matchAll(/\b([a-z_]+) AS (?:MATERIALIZED )?\(/g)].map(([, name]) => name))
  const tables = [...statement.matchAll(/\b(?:FROM|JOIN|INTO|UPDATE)\s+(?:"public"\.)?"?([a-z_]+)"?(?!\w|\()/g)]
    .map(([, table = '']) => table)
    .filter((table) => !named.has(table))
  return [verb, [...new Set(tables)].sort().join(', ')].filter(Boolean).join(' ')
}
