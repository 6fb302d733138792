// Every list, walked page by page from both ends; and what is no page.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmbedded, type TestApp } from './kit/app.ts'
import { Clock } from './kit/clock.ts'
import { take } from './kit/incident.ts'
import { addMember, addResources, comment, declare } from './kit/seed.ts'
import { watchStatements } from './kit/statements.ts'

const clock = new Clock()
let app: TestApp
let incidentId: string

const severities = ['LOW', 'CRITICAL', 'MODERATE', 'HIGH', 'MINOR', 'HIGH', 'LOW'] as const

beforeAll(async () => {
  app = await startEmbedded({ clock: clock.read })
  const resources = await addResources(
    app.admin,
    ...Array.from({ length: 23 }, (_, index) => ({
      kind: 'FLOW' as const,
      externalId: `prefect.flow.${index}`,
      // Some names are equal, some differ in case and accents alone, one is made to look like SQL.
      name: ['load', 'Load', 'löad', "it's; --", 'load orders', '🔥'][index % 6] ?? '',
      belongsTo: index > 0 ? ['prefect.flow.0'] : []
    }))
  )
  const incidents = []
  for (const [index, severity] of [...severities, ...severities, ...severities].entries()) {
    // Three at a time are declared at the same moment; they began in another order.
    if (index % 3 === 0) clock.forward(1)
    incidents.push(await declare(app.admin, { severity, startedAt: clock.before((index * 7) % 11) }))
  }
  const [first = incidents[0]!] = incidents
  for (const incident of incidents.slice(5, 9)) await take(app.admin, incident, 'resolveIncident')
  await take(app.admin, first, ['linkResources', { resourceIds: resources.map(({ id }) => id) }])
  for (let index = 0; index < 19; index++) {
    if (index % 4 === 0) clock.forward(1)
    await comment(app.admin, first.id, `comment ${index}`)
  }
  for (const name of ['Ada', 'Bob', 'Cleo', 'Ada Two', 'ada']) await addMember(app.admin, name)
  incidentId = first.id
})
afterAll(() => app[Symbol.asyncDispose]())

interface Page {
  totalCount: number
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null }
  edges: { cursor: string; node: Record<string, unknown> }[]
}

interface Args {
  first?: number | null
  last?: number | null
  after?: string | null
  before?: string | null
}

const variables = '$first: Int, $last: Int, $after: String, $before: String'
const args = 'first: $first, last: $last, after: $after, before: $before'
const rows = (fields: string) => `{ totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { ${fields} } } }`

/** How a list is asked for, and by what its rows are told apart. */
interface List {
  name: string
  key: string
  byName?: boolean
  document: () => string
}

const orders = ['DECLARED_AT', 'STARTED_AT', 'UPDATED_AT', 'SEVERITY', 'NUMBER'].flatMap((field) => ['ASC', 'DESC'].map((direction) => ({ field, direction })))
const incidentLists: (List & { field: string; direction: string })[] = orders.map(({ field, direction }) => ({
  name: `incidents by ${field} ${direction}`,
  key: 'id',
  field,
  direction,
  document: () =>
    `query (${variables}) { list: incidents(orderBy: {field: ${field}, direction: ${direction}}, ${args}) ${rows('id number severity declaredAt startedAt updatedAt')} }`
}))
const ofIncident = (name: string, key: string): List => ({
  name: `${name} of an incident`,
  key,
  document: () => `query (${variables}) { node(id: "${incidentId}") { ... on Incident { list: ${name}(${args}) ${rows(key)} } } }`
})
const lists: List[] = [
  ...incidentLists,
  { name: 'incidents of a filter', key: 'id', document: () => `query (${variables}) { list: incidents(filter: {active: true}, ${args}) ${rows('id')} }` },
  { name: 'resources', key: 'id', byName: true, document: () => `query (${variables}) { list: resources(${args}) ${rows('id')} }` },
  {
    name: 'resources that belong to one',
    key: 'id',
    byName: true,
    document: () => `query (${variables}) { node: resource(externalId: "prefect.flow.0") { list: contains(${args}) ${rows('id')} } }`
  },
  { name: 'changes', key: 'sequence', document: () => `query (${variables}) { list: changes(${args}) ${rows('sequence')} }` },
  { name: 'changes, newest first', key: 'sequence', document: () => `query (${variables}) { list: changes(newestFirst: true, ${args}) ${rows('sequence')} }` },
  { name: 'members', key: 'id', byName: true, document: () => `query (${variables}) { list: members(${args}) ${rows('id')} }` },
  ofIncident('comments', 'id'),
  { ...ofIncident('resources', 'id'), byName: true },
  ofIncident('timeline', 'sequence')
]

async function ask(list: List, page: Args): Promise<Page> {
  const data = await app.admin.run<{ list?: Page; node?: { list: Page } }>(list.document(), page as Record<string, unknown>)
  const found = data.list ?? data.node?.list
  if (!found) throw new Error(`No list: ${JSON.stringify(data)}`)
  return found
}

const keys = (list: List, { edges }: Page) => edges.map(({ node }) => node[list.key])

describe.each(lists)('$name', (list) => {
  it('has each row once in the full list, and counts them', async () => {
    const full = await ask(list, { first: 100 })
    expect(full.edges.length).toBe(full.totalCount)
    expect(new Set(keys(list, full)).size).toBe(full.totalCount)
    expect(full.totalCount).toBeGreaterThanOrEqual(5)
    expect(full.pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: full.edges[0]?.cursor,
      endCursor: full.edges.at(-1)?.cursor
    })
    expect(keys(list, await ask(list, { last: 100 }))).toEqual(keys(list, full))
    expect(keys(list, await ask(list, {}))).toEqual(keys(list, full).slice(0, 50))
  })

  it.each([1, 4, 7])('forward in pages of %i: all pages make the full list', async (size) => {
    const full = await ask(list, { first: 100 })
    const walked: unknown[] = []
    let after: string | null = null
    for (let more = true; more; ) {
      const page: Page = await ask(list, { first: size, after })
      expect(page.pageInfo.hasPreviousPage).toBe(walked.length > 0)
      expect(page.totalCount).toBe(full.totalCount)
      walked.push(...keys(list, page))
      more = page.pageInfo.hasNextPage
      expect(more).toBe(walked.length < full.totalCount)
      after = page.pageInfo.endCursor
    }
    expect(walked).toEqual(keys(list, full))
  })

  it.each([1, 4, 7])('backward in pages of %i: all pages make the full list', async (size) => {
    const full = await ask(list, { first: 100 })
    const walked: unknown[] = []
    let before: string | null = null
    for (let more = true; more; ) {
      const page: Page = await ask(list, { last: size, before })
      expect(page.pageInfo.hasNextPage).toBe(walked.length > 0)
      walked.unshift(...keys(list, page))
      more = page.pageInfo.hasPreviousPage
      expect(more).toBe(walked.length < full.totalCount)
      before = page.pageInfo.startCursor
    }
    expect(walked).toEqual(keys(list, full))
  })

  it('between two cursors lies what lies between them, from either end', async () => {
    const full = await ask(list, { first: 100 })
    const [after, before] = [full.edges[0]?.cursor, full.edges.at(-1)?.cursor]
    const between = keys(list, full).slice(1, -1)
    expect(keys(list, await ask(list, { first: 100, after, before }))).toEqual(between)
    expect(keys(list, await ask(list, { last: 2, after, before }))).toEqual(between.slice(-2))
    expect(keys(list, await ask(list, { first: 2, after, before }))).toEqual(between.slice(0, 2))
  })

  it('has an empty page behind its end, before its start, and of no rows', async () => {
    const { edges } = await ask(list, { first: 100 })
    for (const page of [{ first: 5, after: edges.at(-1)?.cursor }, { last: 5, before: edges[0]?.cursor }, { first: 0 }, { last: 0 }]) {
      expect(await ask(list, page)).toMatchObject({ edges: [], pageInfo: { startCursor: null, endCursor: null } })
    }
  })

  it.each([
    [{ first: -1 }, 'first', 'must be between 0 and 100'],
    [{ first: 101 }, 'first', 'must be between 0 and 100'],
    [{ last: -1 }, 'last', 'must be between 0 and 100'],
    [{ last: 101 }, 'last', 'must be between 0 and 100'],
    [{ first: 2, last: 2 }, 'last', 'must not stand beside first']
  ])('refuses the page %j', async (page, field, rule) => {
    const { errors } = await app.admin.ask(list.document(), page)
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', problems: [{ field, rule }] } }])
  })

  it('refuses cursors that no list has given, or that one of another kind has', async () => {
    const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const id = crypto.randomUUID()
    const none = [
      null,
      1,
      {},
      [],
      [1],
      [null],
      ['', ''],
      ['a', 'b', 'c', 'd'],
      [[id]],
      ['-1'],
      ['1e9'],
      ['NaN'],
      ['9'.repeat(30)],
      ["1'; --"],
      ['load', `${id}0`]
    ]
    const impossible = ['2026-02-30T00:00:00.000Z', '0000-01-01T00:00:00.000Z', '2026-01-01T25:00:00.000Z', 'now', '9'.repeat(10), '-1', 'TRIAGE', id]
    // To a list by name any text is a name.
    const strangers = ['', 'x', 'null', '%', ...[...none, ...(list.byName ? [] : impossible.map((key) => [key, id]))].map(cursor)]
    const logged = app.logged.length
    for (const stranger of strangers) {
      for (const field of ['after', 'before']) {
        const { errors } = await app.admin.ask(list.document(), { [field]: stranger })
        expect(errors, `${field}: ${Buffer.from(stranger, 'base64url')}`).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', problems: [{ field }] } }])
      }
    }
    expect(app.logged.slice(logged)).toEqual([])
  })
})

const order: Record<string, (row: Record<string, unknown>) => number> = {
  DECLARED_AT: ({ declaredAt }) => Date.parse(String(declaredAt)),
  STARTED_AT: ({ startedAt }) => Date.parse(String(startedAt)),
  UPDATED_AT: ({ updatedAt }) => Date.parse(String(updatedAt)),
  SEVERITY: ({ severity }) => ['CRITICAL', 'HIGH', 'MODERATE', 'LOW', 'MINOR'].indexOf(String(severity)),
  NUMBER: ({ number }) => Number(number)
}

it.each(incidentLists)('$name are in that order, and the other way is the same turned round', async (list) => {
  const values = (await ask(list, { first: 100 })).edges.map(({ node }) => order[list.field]?.(node) ?? Number.NaN)
  const sorted = values.toSorted((a, b) => (list.direction === 'ASC' ? a - b : b - a))
  expect(values).toEqual(sorted)
  expect(new Set(values).size).toBeGreaterThan(1)
  const other = incidentLists.find(({ field, direction }) => field === list.field && direction !== list.direction) ?? list
  expect(keys(list, await ask(other, { first: 100 })).reverse()).toEqual(keys(list, await ask(list, { first: 100 })))
})

it.each(['comments', 'resources', 'timeline'])(
  'of the %s of an incident, the row that shows whether more follow is read when that is asked, and else not',
  async (list) => {
    const read = async (selection: string) => {
      using watched = watchStatements(app.database)
      const { incident } = await app.admin.run<{ incident: Record<string, { nodes: unknown[] }> }>(
        `query ($id: ID!) { incident(id: $id) { ${list}(first: 4) { nodes { __typename } ${selection} } } }`,
        { id: incidentId }
      )
      expect(incident[list]?.nodes).toHaveLength(4)
      return watched.rows
    }
    expect(await read('')).toEqual([1, 4])
    expect(await read('pageInfo { endCursor }')).toEqual([1, 5])
  }
)

it('rows that come or go while somebody pages move no other', async () => {
  const list = incidentLists.find(({ name }) => name === 'incidents by NUMBER DESC') ?? lists[0]!
  const full = keys(list, await ask(list, { first: 100 }))
  const one = await ask(list, { first: 5 })
  await declare(app.admin)
  const two = await ask(list, { first: 5, after: one.pageInfo.endCursor })
  expect([...keys(list, one), ...keys(list, two)]).toEqual(full.slice(0, 10))
})
