// With introspection switched off nobody reads the schema, not even piece by piece from well-meant error messages.
import { getIntrospectionQuery } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adminKey, startEmbedded, type TestApp } from '../kit/app.ts'
import { type Answer, Client } from '../kit/client.ts'
import { RawSocket } from '../kit/raw-socket.ts'

let closed: TestApp

beforeAll(async () => {
  closed = await startEmbedded({ environment: { MAYDAY_INTROSPECTION: 'false', MAYDAY_GRAPHIQL: 'false' } })
})

afterAll(() => closed[Symbol.asyncDispose]())

type Ask = (query: string, variables?: Record<string, unknown>) => Promise<Answer<unknown>>

const ways: [string, Ask][] = [
  ['POST', (query, variables) => closed.admin.ask(query, variables)],
  ['POST without a credential', (query, variables) => new Client(closed.url).ask(query, variables)],
  [
    'GET',
    async (query, variables) => {
      const address = `${closed.url}/graphql?${new URLSearchParams({ query, variables: JSON.stringify(variables ?? {}) })}`
      return (await (await fetch(address, { headers: { authorization: `Bearer ${adminKey}` } })).json()) as Answer<unknown>
    }
  ],
  [
    'websocket',
    async (query, variables) => {
      await using socket = await RawSocket.open(closed.url, adminKey)
      return await socket.ask('1', { query, variables })
    }
  ]
]

describe.each(ways)('by %s', (_name, ask) => {
  it.each([
    ['the whole schema', getIntrospectionQuery()],
    ['one type', '{ __type(name: "Query") { name } }'],
    ['the schema behind an alias', '{ harmless: __schema { queryType { name } } }'],
    ['the schema behind a fragment', '{ ...F } fragment F on Query { __schema { types { name } } }'],
    ['the schema behind a directive', 'query ($yes: Boolean = true) { __schema @include(if: $yes) { types { name } } }'],
    ['the schema from a mutation', 'mutation { __schema { types { name } } }']
  ])('%s cannot be asked for', async (_what, query) => {
    const { data, errors } = await ask(query)
    expect(data ?? null).toBeNull()
    expect(errors?.length).toBeGreaterThan(0)
    expect(JSON.stringify(errors)).not.toMatch(/IncidentConnection|"Query"/)
  })

  it.each<[string, string, Record<string, unknown>?]>([
    ['field', '{ incident { id } incidens { totalCount } }'],
    ['argument', '{ incident(idd: "x") { id } }'],
    ['type', 'query ($x: IncidentFilte) { incidents(filter: $x) { totalCount } }'],
    ['fragment type', '{ ...F } fragment F on Quer { viewer { role } }'],
    ['enum value', '{ incidents(filter: { severity: CRITICA }) { totalCount } }'],
    ['input field', '{ incidents(filter: { severit: CRITICAL }) { totalCount } }'],
    ['enum value in a variable', 'query ($x: IncidentFilter) { incidents(filter: $x) { totalCount } }', { x: { severity: 'CRITICA' } }],
    ['input field in a variable', 'query ($x: IncidentFilter) { incidents(filter: $x) { totalCount } }', { x: { severit: 'CRITICAL' } }],
    ['input field of a subscription', 'subscription ($x: IncidentFilter) { incidents(filter: $x) { cursor } }', { x: { severit: 'CRITICAL' } }]
  ])('a misspelt %s is refused without the right spelling', async (_what, query, variables) => {
    const { errors } = await ask(query, variables)
    expect(errors?.length).toBeGreaterThan(0)
    expect(JSON.stringify(errors)).not.toMatch(/did you mean/i)
  })

  it('the names of types in an answer can still be asked for', async () => {
    expect(await ask('{ __typename }')).toMatchObject({ data: { __typename: 'Query' } })
  })
})

it('serves no GraphiQL, and does not say that there is one', async () => {
  const response = await fetch(`${closed.url}/graphql`, { headers: { accept: 'text/html' } })
  expect(response.headers.get('content-type')).not.toContain('text/html')
  expect(await response.text()).not.toMatch(/graphiql/i)
  expect(await (await fetch(closed.url)).text()).not.toContain('in a browser: try queries')
})

it('helps with the schema and with misspelt names where both are switched on', async () => {
  await using open = await startEmbedded()
  expect((await open.admin.ask(getIntrospectionQuery())).errors).toBeUndefined()
  expect(JSON.stringify((await open.admin.ask('{ incidens { totalCount } }')).errors)).toContain('Did you mean')
  const response = await fetch(`${open.url}/graphql`, { headers: { accept: 'text/html' } })
  expect(response.headers.get('content-type')).toContain('text/html')
})
