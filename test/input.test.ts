// Input that makes no sense is answered with the field and the rule, never with an error of ours; and it changes nothing.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startEmbedded, type TestApp } from './kit/app.ts'
import { EditComment, RedactComment } from './kit/comment.ts'
import { AddComment, AllChanges, DeclareIncident, UpdateIncident, UpsertResources } from './kit/documents.ts'
import { readRecord, stepDocument } from './kit/incident.ts'
import { addResources, comment, declare } from './kit/seed.ts'

let app: TestApp
let ids: { incident: string; comment: string; resource: string }
let before: unknown

beforeAll(async () => {
  app = await startEmbedded()
  const [resource] = await addResources(app.admin, { kind: 'FLOW', externalId: 'prefect.flow.1', name: 'load-orders' })
  const incident = await declare(app.admin)
  ids = { incident: incident.id, comment: (await comment(app.admin, incident.id, 'hello')).id, resource: resource?.id ?? '' }
})
afterAll(() => app[Symbol.asyncDispose]())
beforeEach(async () => {
  before = await readRecord(app.admin)
})
afterEach(async () => {
  expect(await readRecord(app.admin)).toEqual(before)
  expect(app.logged).toEqual([])
})

const DeclareFromResource = 'mutation ($input: DeclareIncidentFromResourceInput!) { declareIncidentFromResource(input: $input) { __typename } }'
const List =
  'query ($filter: IncidentFilter, $first: Int, $last: Int, $after: String, $before: String, $orderBy: IncidentOrder) { incidents(filter: $filter, first: $first, last: $last, after: $after, before: $before, orderBy: $orderBy) { totalCount nodes { id } } }'
const Metrics = 'query ($filter: IncidentFilter) { incidentMetrics(filter: $filter) { count } }'
const Resources =
  'query ($filter: ResourceFilter, $first: Int, $after: String) { resources(filter: $filter, first: $first, after: $after) { totalCount nodes { id } } }'
const ResourceByExternalId = 'query ($externalId: String!) { resource(externalId: $externalId) { id } }'

/** Each place that takes text: the operation, its variables with the text in it, and what the place is called. */
const texts: [string, { toString(): string }, (text: string) => Record<string, unknown>][] = [
  ['input.title', DeclareIncident, (text) => ({ input: { title: text, severity: 'LOW' } })],
  ['input.summary', DeclareIncident, (text) => ({ input: { title: 'Late', severity: 'LOW', summary: text } })],
  ['input.tags.1', DeclareIncident, (text) => ({ input: { title: 'Late', severity: 'LOW', tags: ['a', text] } })],
  ['input.dedupKey', DeclareIncident, (text) => ({ input: { title: 'Late', severity: 'LOW', dedupKey: text } })],
  ['input.idempotencyKey', DeclareIncident, (text) => ({ input: { title: 'Late', severity: 'LOW', idempotencyKey: text } })],
  ['input.title', DeclareFromResource, (text) => ({ input: { resourceId: ids.resource, title: text } })],
  ['input.dedupKey', DeclareFromResource, (text) => ({ input: { resourceId: ids.resource, dedupKey: text } })],
  ['input.title', UpdateIncident, (text) => ({ input: { id: ids.incident, version: 1, title: text } })],
  ['input.summary', UpdateIncident, (text) => ({ input: { id: ids.incident, version: 1, summary: text } })],
  ['input.resolution', UpdateIncident, (text) => ({ input: { id: ids.incident, version: 1, resolution: text } })],
  ['input.rootCause', UpdateIncident, (text) => ({ input: { id: ids.incident, version: 1, rootCause: text } })],
  ['input.tags.0', UpdateIncident, (text) => ({ input: { id: ids.incident, version: 1, tags: [text] } })],
  ['input.note', stepDocument('acknowledgeIncident'), (text) => ({ input: { id: ids.incident, version: 1, note: text } })],
  ['input.note', stepDocument('changeIncidentStatus'), (text) => ({ input: { id: ids.incident, version: 1, status: 'IDENTIFIED', note: text } })],
  ['input.note', stepDocument('cancelIncident'), (text) => ({ input: { id: ids.incident, version: 1, note: text } })],
  ['input.note', stepDocument('mergeIncident'), (text) => ({ input: { id: ids.incident, version: 1, intoId: ids.incident, note: text } })],
  ['input.resolution', stepDocument('resolveIncident'), (text) => ({ input: { id: ids.incident, version: 1, resolution: text } })],
  ['input.rootCause', stepDocument('resolveIncident'), (text) => ({ input: { id: ids.incident, version: 1, rootCause: text } })],
  ['input.body', AddComment, (text) => ({ input: { incidentId: ids.incident, body: text } })],
  ['input.body', EditComment, (text) => ({ input: { id: ids.comment, version: 1, body: text } })],
  ['input.resources.0.externalId', UpsertResources, (text) => ({ input: { resources: [{ kind: 'FLOW', externalId: text, name: 'a' }] } })],
  ['input.resources.0.name', UpsertResources, (text) => ({ input: { resources: [{ kind: 'FLOW', externalId: 'a', name: text }] } })],
  ['input.resources.0.state', UpsertResources, (text) => ({ input: { resources: [{ kind: 'FLOW', externalId: 'a', name: 'a', state: text }] } })],
  ['input.resources.0.stateMessage', UpsertResources, (text) => ({ input: { resources: [{ kind: 'FLOW', externalId: 'a', name: 'a', stateMessage: text }] } })],
  [
    'input.resources.0.labels.team',
    UpsertResources,
    (text) => ({ input: { resources: [{ kind: 'FLOW', externalId: 'a', name: 'a', labels: { team: text } }] } })
  ],
  ['input.resources.0.labels', UpsertResources, (text) => ({ input: { resources: [{ kind: 'FLOW', externalId: 'a', name: 'a', labels: { [text]: 'x' } }] } })],
  ['input.resources.0.belongsTo.0', UpsertResources, (text) => ({ input: { resources: [{ kind: 'FLOW', externalId: 'a', name: 'a', belongsTo: [text] }] } })],
  ['filter.search', List, (text) => ({ filter: { search: text } })],
  ['filter.tags.all.0', List, (text) => ({ filter: { tags: { all: [text] } } })],
  ['filter.tags.any.0', Metrics, (text) => ({ filter: { tags: { any: [text] } } })],
  ['filter.search', Metrics, (text) => ({ filter: { search: text } })],
  ['filter.name', Resources, (text) => ({ filter: { name: text } })],
  ['filter.externalId.0', Resources, (text) => ({ filter: { externalId: [text] } })],
  ['externalId', ResourceByExternalId, (text) => ({ externalId: text })]
]

async function problemsOf(document: { toString(): string }, variables: Record<string, unknown>) {
  const { errors } = await app.admin.ask(String(document), variables)
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  return errors?.[0]?.extensions.problems
}

/** By an error, or as a row of a batch of which the others would be taken. */
async function expectRefused(field: string, document: { toString(): string }, variables: Record<string, unknown>, rule: string) {
  const [, place] = /^input\.resources\.0\.(.*)/.exec(field) ?? []
  if (place === undefined) expect(await problemsOf(document, variables)).toEqual([{ field, rule }])
  else {
    const { data } = await app.admin.ask(String(document), variables)
    expect(data).toMatchObject({ upsertResources: { resources: [], rejected: [{ index: 0, reason: `${place}: ${rule}` }] } })
  }
}

describe.each([
  ['a NUL character', 'a\0b', 'must not contain the character U+0000'],
  ['half of a surrogate pair', 'a\ud83d', 'must be well-formed Unicode'],
  ['the other half', '\udd25b', 'must be well-formed Unicode']
])('%s is refused', (_name, text, rule) => {
  it.each(texts)('as %s', async (field, document, variables) => {
    expect(await problemsOf(document, variables(text))).toEqual([{ field: `variables.${field}`, rule }])
  })
})

const most: Record<string, number> = {
  title: 200,
  summary: 10_000,
  resolution: 10_000,
  rootCause: 10_000,
  note: 2_000,
  dedupKey: 200,
  idempotencyKey: 200,
  body: 20_000,
  externalId: 300,
  name: 300,
  state: 100,
  stateMessage: 4_000,
  search: 500
}

const limited = texts.filter(([field]) => (field.startsWith('input') || field.endsWith('search')) && (field.split('.').at(-1) ?? '') in most)

it.each(limited)('a text that is one character too long is refused as %s', async (field, document, variables) => {
  const limit = most[field.split('.').at(-1) ?? ''] ?? 0
  await expectRefused(field, document, variables('a'.repeat(limit + 1)), `must have at most ${limit} characters`)
})

const required = limited.filter(([field]) => /title|dedupKey|idempotencyKey|body|externalId|name|state$/.test(field))

it.each(required)('a text of spaces alone is refused as %s', async (field, document, variables) => {
  await expectRefused(field, document, variables(' \n\t'), 'must not be empty')
})

/** Each place that takes an id of one type. */
const idPlaces: [string, { toString(): string }, (id: string) => Record<string, unknown>, string][] = [
  ['id', 'query ($id: ID!) { incident(id: $id) { id } }', (id) => ({ id }), 'Incident'],
  ['input.resourceIds.1', DeclareIncident, (id) => ({ input: { title: 'Late', severity: 'LOW', resourceIds: [ids.resource, id] } }), 'Resource'],
  ['input.leadId', DeclareIncident, (id) => ({ input: { title: 'Late', severity: 'LOW', leadId: id } }), 'Member'],
  ['input.resourceId', DeclareFromResource, (id) => ({ input: { resourceId: id } }), 'Resource'],
  ['input.leadId', DeclareFromResource, (id) => ({ input: { resourceId: ids.resource, leadId: id } }), 'Member'],
  ['input.id', UpdateIncident, (id) => ({ input: { id, version: 1, title: 'Late' } }), 'Incident'],
  ['input.leadId', UpdateIncident, (id) => ({ input: { id: ids.incident, version: 1, leadId: id } }), 'Member'],
  ['input.id', stepDocument('linkResources'), (id) => ({ input: { id, version: 1, resourceIds: [ids.resource] } }), 'Incident'],
  ['input.resourceIds.0', stepDocument('unlinkResources'), (id) => ({ input: { id: ids.incident, version: 1, resourceIds: [id] } }), 'Resource'],
  ['input.id', stepDocument('acknowledgeIncident'), (id) => ({ input: { id, version: 1 } }), 'Incident'],
  ['input.id', stepDocument('resolveIncident'), (id) => ({ input: { id, version: 1 } }), 'Incident'],
  ['input.intoId', stepDocument('mergeIncident'), (id) => ({ input: { id: ids.incident, version: 1, intoId: id } }), 'Incident'],
  ['input.incidentId', AddComment, (id) => ({ input: { incidentId: id, body: 'hello' } }), 'Incident'],
  ['input.id', EditComment, (id) => ({ input: { id, version: 1, body: 'hello' } }), 'Comment'],
  ['id', RedactComment, (id) => ({ id }), 'Comment'],
  ['filter.resourceIds.0', List, (id) => ({ filter: { resourceIds: [id] } }), 'Resource'],
  ['filter.leadIds.0', List, (id) => ({ filter: { leadIds: [id] } }), 'Member'],
  ['filter.declaredByIds.0', Metrics, (id) => ({ filter: { declaredByIds: [id] } }), 'Member or ApiKey'],
  ['filter.incidentIds.0', AllChanges, (id) => ({ filter: { incidentIds: [id] } }), 'Incident'],
  ['filter.actorIds.0', AllChanges, (id) => ({ filter: { actorIds: [id] } }), 'Member or ApiKey']
]

const workspaceId = Buffer.from(`Workspace:${crypto.randomUUID()}`).toString('base64url')
const malformed = [
  '',
  'x',
  '42',
  'INC-1',
  crypto.randomUUID(),
  Buffer.from('Incident:42').toString('base64url'),
  Buffer.from(`Incident:${crypto.randomUUID()}'; --`).toString('base64url'),
  Buffer.from(`Incident:${crypto.randomUUID()}\n`).toString('base64url'),
  Buffer.from(`:${crypto.randomUUID()}`).toString('base64url'),
  'a'.repeat(100_000)
]

describe.each(idPlaces)('%s', (field, document, variables, type) => {
  it('refuses an id of another type', async () => {
    expect(await problemsOf(document, variables(workspaceId))).toEqual([{ field, rule: `must be the id of a ${type}, and is one of a Workspace` }])
  })

  it('refuses an id that is none', async () => {
    for (const id of malformed) expect(await problemsOf(document, variables(id)), id).toEqual([{ field, rule: 'must be an id that this API has given' }])
  })
})

it('node refuses an id that is none', async () => {
  for (const id of malformed)
    expect(await problemsOf('query ($id: ID!) { node(id: $id) { id } }', { id })).toEqual([{ field: 'id', rule: 'must be an id that this API has given' }])
})

it.each(['Change', 'Viewer', 'Query', 'Nonsense', 'ToString', 'constructor'])('node refuses the id of a %s, which is nothing with an id', async (type) => {
  const id = Buffer.from(`${type}:${crypto.randomUUID()}`).toString('base64url')
  expect(await problemsOf('query ($id: ID!) { node(id: $id) { id } }', { id })).toEqual([{ field: 'id', rule: 'must be an id that this API has given' }])
})

/** Each place that takes a moment. */
const moments: [string, { toString(): string }, (at: string) => Record<string, unknown>][] = [
  ['input.startedAt', DeclareIncident, (at) => ({ input: { title: 'Late', severity: 'LOW', startedAt: at } })],
  ['input.startedAt', DeclareFromResource, (at) => ({ input: { resourceId: ids.resource, startedAt: at } })],
  ['input.startedAt', UpdateIncident, (at) => ({ input: { id: ids.incident, version: 1, startedAt: at } })],
  ['filter.declaredAt.from', List, (at) => ({ filter: { declaredAt: { from: at } } })],
  ['filter.startedAt.until', List, (at) => ({ filter: { startedAt: { until: at } } })],
  ['filter.resolvedAt.from', Metrics, (at) => ({ filter: { resolvedAt: { from: at } } })],
  ['filter.at.until', AllChanges, (at) => ({ filter: { at: { until: at } } })]
]

describe.each(moments)('%s', (field, document, variables) => {
  it.each([
    ['0000-01-01T00:00:00Z', 'must not be before 1970'],
    ['0001-01-01T00:00:00Z', 'must not be before 1970'],
    ['1969-12-31T23:59:59.999Z', 'must not be before 1970'],
    ['3000-01-01T00:00:00Z', 'must not be after 2999'],
    ['9999-12-31T23:59:59Z', 'must not be after 2999']
  ])('refuses %s', async (at, rule) => {
    expect(await problemsOf(document, variables(at))).toEqual([{ field, rule }])
  })

  it.each([
    '',
    'now',
    '2026-13-01T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-03-02',
    '2026-03-02T09:00:00',
    '+099999-01-01T00:00:00Z',
    '-000001-01-01T00:00:00Z'
  ])('refuses %j, which is no moment', async (at) => {
    const { errors } = await app.admin.ask(String(document), variables(at))
    expect(errors).toMatchObject([{ message: expect.stringContaining(at), extensions: { code: 'BAD_USER_INPUT' } }])
  })
})

it.each([
  ['PT0.999S', 'must be at least one second'],
  ['PT0S', 'must be at least one second'],
  ['P90DT1S', 'must be at most 90 days'],
  ['P99999999999999999W', 'must be at most 90 days'],
  ['P1Y', 'must be a duration in weeks, days, hours, minutes and seconds, such as P1DT12H'],
  ['P1M', 'must be a duration in weeks, days, hours, minutes and seconds, such as P1DT12H']
])('a reopenWindow of %s is refused', async (reopenWindow, rule) => {
  const input = { title: 'Late', severity: 'LOW', dedupKey: 'a', dedupPolicy: 'REOPEN', reopenWindow }
  expect(await problemsOf(DeclareIncident, { input })).toEqual([{ field: 'input.reopenWindow', rule }])
})

it('a grace period of more than a week is refused', async () => {
  const id = Buffer.from(`ApiKey:${crypto.randomUUID()}`).toString('base64url')
  const document = 'mutation ($input: RotateApiKeyInput!) { rotateApiKey(input: $input) { __typename } }'
  expect(await problemsOf(document, { input: { id, gracePeriod: 'P7DT1S' } })).toEqual([{ field: 'input.gracePeriod', rule: 'must be at most 7 days' }])
})

it.each<[string, { toString(): string }, () => Record<string, unknown>, string]>([
  ['input.version', UpdateIncident, () => ({ input: { id: ids.incident, version: 0 } }), 'must be at least 1'],
  ['input.version', EditComment, () => ({ input: { id: ids.comment, version: -1, body: 'a' } }), 'must be at least 1'],
  ['input.resourceIds', stepDocument('linkResources'), () => ({ input: { id: ids.incident, version: 1, resourceIds: [] } }), 'must name at least one resource'],
  [
    'input.resourceIds',
    stepDocument('linkResources'),
    () => ({ input: { id: ids.incident, version: 1, resourceIds: Array(101).fill(ids.resource) } }),
    'must have at most 100 resources'
  ],
  ['input.tags.0', UpdateIncident, () => ({ input: { id: ids.incident, version: 1, tags: ['a'.repeat(51)] } }), 'must have at most 50 characters'],
  ['filter.status', List, () => ({ filter: { status: Array(101).fill('TRIAGE') } }), 'must have at most 100 entries'],
  [
    'filter.leadIds',
    List,
    () => ({ filter: { leadIds: Array(101).fill(Buffer.from(`Member:${crypto.randomUUID()}`).toString('base64url')) } }),
    'must have at most 100 entries'
  ],
  ['filter.tags.any', List, () => ({ filter: { tags: { any: Array(101).fill('a') } } }), 'must have at most 100 entries'],
  ['filter.externalId', Resources, () => ({ filter: { externalId: Array(101).fill('a') } }), 'must have at most 100 entries'],
  ['filter.name', Resources, () => ({ filter: { name: 'a'.repeat(301) } }), 'must have at most 300 characters'],
  ['filter.incidentIds', AllChanges, () => ({ filter: { incidentIds: Array(101).fill(ids.incident) } }), 'must have at most 100 entries']
])('%s is refused outside its bounds', async (field, document, variables, rule) => {
  expect(await problemsOf(document, variables())).toEqual([{ field, rule }])
})
