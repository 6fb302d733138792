// What is refused before anything runs: the same over HTTP and websocket, for queries, mutations and subscriptions.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adminKey, startEmbedded, type TestApp } from '../kit/app.ts'
import type { Answer } from '../kit/client.ts'
import { RawSocket } from '../kit/raw-socket.ts'
import { comment, declare } from '../kit/seed.ts'

let app: TestApp
let socket: RawSocket
let incidentId: string

beforeAll(async () => {
  app = await startEmbedded()
  socket = await RawSocket.open(app.url, adminKey)
  incidentId = (await declare(app.admin)).id
  await socket.ask('healthy', { query: 'subscription ($id: ID!) { comments(incidentId: $id) { comments { body } } }', variables: { id: incidentId } })
})

afterAll(async () => {
  await socket[Symbol.asyncDispose]()
  await app[Symbol.asyncDispose]()
})

interface Request {
  query: string
  variables?: Record<string, unknown>
}

let asked = 0

const transports = {
  HTTP: ({ query, variables }: Request) => app.admin.ask<Record<string, unknown>>(query, variables),
  websocket: (request: Request) => socket.ask(`asked ${asked++}`, { ...request })
}

/** An operation of each kind around the same selection on an incident. */
const kinds = {
  query: (selection: string) => `{ incidents(first: 1) { nodes { ${selection} } } }`,
  mutation: (selection: string) =>
    `mutation { declareIncident(input: { title: "Never", severity: LOW }) { ... on DeclareIncidentPayload { incident { ${selection} } } } }`,
  subscription: (selection: string) => `subscription { incidents { incidents { ${selection} } } }`
}

interface Attack {
  selection: string
  /** Definitions beside the operation. */
  beside?: string
  refusal: { code: string; [extension: string]: unknown }
  says: RegExp
}

const nested = (levels: number) => `${'mergedInto { '.repeat(levels)}id${' }'.repeat(levels)}`
const bomb = Array.from({ length: 30 }, (_, level) => `fragment F${level} on Incident { id ...F${level + 1} ...F${level + 1} }`).join(' ')

const attacks: Record<string, Attack> = {
  'more tokens than allowed': { selection: 'id '.repeat(2_000), refusal: { code: 'GRAPHQL_PARSE_FAILED' }, says: /2000 tokens/ },
  'a deep document': { selection: nested(12), refusal: { code: 'OPERATION_TOO_LARGE', limit: 'MAX_DEPTH' }, says: /levels deep; at most 12/ },
  'a document that is deep by its fragments': {
    selection: '...F0',
    beside: `${Array.from({ length: 12 }, (_, level) => `fragment F${level} on Incident { mergedInto { ...F${level + 1} } }`).join(' ')} fragment F12 on Incident { id }`,
    refusal: { code: 'OPERATION_TOO_LARGE', limit: 'MAX_DEPTH' },
    says: /levels deep; at most 12/
  },
  'too many aliases': {
    selection: Array.from({ length: 31 }, (_, index) => `a${index}: title`).join(' '),
    refusal: { code: 'OPERATION_TOO_LARGE', limit: 'MAX_ALIASES' },
    says: /more than 30 aliases/
  },
  'lists in lists': {
    selection: 'comments(first: 100) { nodes { incident { comments(first: 100) { nodes { id body version } } } } }',
    refusal: { code: 'OPERATION_TOO_LARGE', limit: 'MAX_COST' },
    says: /costs \d+; at most 20000/
  },
  'the same list again and again': {
    selection: 'comments(first: 100) { nodes { body } } '.repeat(120),
    refusal: { code: 'OPERATION_TOO_LARGE', limit: 'MAX_COST' },
    says: /costs \d+; at most 20000/
  },
  'fragments that double on each level': {
    selection: '...F0',
    beside: `${bomb} fragment F30 on Incident { id }`,
    refusal: { code: 'OPERATION_TOO_LARGE', limit: 'MAX_COST' },
    says: /costs \d+; at most 20000/
  },
  'fragments in a circle': {
    selection: '...A',
    beside: 'fragment A on Incident { mergedInto { ...B } } fragment B on Incident { mergedInto { ...A } }',
    refusal: { code: 'GRAPHQL_VALIDATION_FAILED' },
    says: /Cannot spread fragment "A" within itself/
  },
  'a page that is too large': {
    selection: 'comments(first: 101) { nodes { id } }',
    refusal: { code: 'BAD_USER_INPUT', problems: [{ field: 'first', rule: 'must be between 0 and 100' }] },
    says: /first: must be between 0 and 100/
  },
  'a page of less than nothing': {
    selection: 'resources(last: -1) { nodes { id } }',
    refusal: { code: 'BAD_USER_INPUT', problems: [{ field: 'last', rule: 'must be between 0 and 100' }] },
    says: /last: must be between 0 and 100/
  },
  'a page from both ends': {
    selection: 'timeline(first: 1, last: 1) { nodes { sequence } }',
    refusal: { code: 'BAD_USER_INPUT', problems: [{ field: 'last', rule: 'must not stand beside first' }] },
    says: /must not stand beside first/
  },
  'a cursor that nobody has given': {
    selection: 'comments(after: "yesterday") { nodes { id } }',
    refusal: { code: 'BAD_USER_INPUT', problems: [{ field: 'after', rule: 'must be a cursor that this list has given' }] },
    says: /must be a cursor/
  },
  'a number that is none': { selection: 'comments(first: 99999999999) { nodes { id } }', refusal: { code: 'GRAPHQL_VALIDATION_FAILED' }, says: /32-bit/ },
  'a text with a NUL': {
    selection: 'comments(after: "\\u0000") { nodes { id } }',
    refusal: { code: 'BAD_USER_INPUT' },
    says: /must not contain the character U\+0000/
  },
  'half a character': {
    selection: 'comments(after: "\\ud800") { nodes { id } }',
    refusal: { code: 'GRAPHQL_PARSE_FAILED' },
    says: /Invalid Unicode escape sequence/
  },
  'a field that is not there': { selection: 'password', refusal: { code: 'GRAPHQL_VALIDATION_FAILED' }, says: /Cannot query field "password"/ },
  'no end': { selection: 'id {', refusal: { code: 'GRAPHQL_PARSE_FAILED' }, says: /Syntax Error/ }
}

describe.each(Object.keys(transports) as (keyof typeof transports)[])('over %s', (transport) => {
  const ask = transports[transport]

  describe.each(Object.keys(kinds) as (keyof typeof kinds)[])('a %s', (kind) => {
    it.each(Object.entries(attacks))('with %s is refused', async (_name, { selection, beside = '', refusal, says }) => {
      expectRefusal(await ask({ query: `${kinds[kind](selection)} ${beside}` }), refusal, says)
    })

    it('with a page that a variable makes too expensive is refused, also after a small one was let through', async () => {
      const list = 'comments(first: $first) { nodes { incident { comments(first: 100) { nodes { id body version } } } } }'
      const query = kinds[kind](list).replace(/^(\w*)/, (word) => `${word || 'query'} ($first: Int!)`)
      if (kind === 'query') expect((await ask({ query, variables: { first: 1 } })).errors).toBeUndefined()
      expectRefusal(await ask({ query, variables: { first: 100 } }), { code: 'OPERATION_TOO_LARGE', limit: 'MAX_COST' }, /costs \d+; at most 20000/)
    })

    it.each([
      ['a missing variable', {}],
      ['a variable of another type', { first: 'many' }],
      ['a variable that is too large', { first: 1e300 }],
      ['a variable for a page that is too large', { first: 1_000_000 }]
    ])('with %s is refused', async (_name, variables) => {
      const query = kinds[kind]('comments(first: $first) { nodes { id } }').replace(/^(\w*)/, (word) => `${word || 'query'} ($first: Int!)`)
      expectRefusal(await ask({ query, variables }), { code: 'BAD_USER_INPUT' }, /first/)
    })
  })

  it('a mutation with a broken text, an unknown field or a tower of lists in its input is refused', async () => {
    const query = 'mutation ($input: DeclareIncidentInput!) { declareIncident(input: $input) { __typename } }'
    const declareWith = (input: Record<string, unknown>) => ask({ query, variables: { input: { title: 'Never', severity: 'LOW', ...input } } })
    expectRefusal(
      await declareWith({ summary: 'a \0 b' }),
      { code: 'BAD_USER_INPUT', problems: [{ field: 'variables.input.summary', rule: 'must not contain the character U+0000' }] },
      /U\+0000/
    )
    expectRefusal(
      await declareWith({ tags: ['\ud800'] }),
      { code: 'BAD_USER_INPUT', problems: [{ field: 'variables.input.tags.0', rule: 'must be well-formed Unicode' }] },
      /Unicode/
    )
    expectRefusal(await declareWith({ status: 'CLOSED' }), { code: 'BAD_USER_INPUT' }, /Field "status" is not defined/)
    expectRefusal(await declareWith({ severity: 'WORST' }), { code: 'BAD_USER_INPUT' }, /does not exist in "Severity" enum/)
    expectRefusal(
      await declareWith({ tags: JSON.parse('['.repeat(1_000) + ']'.repeat(1_000)) as unknown }),
      { code: 'BAD_USER_INPUT' },
      /nested more than 20 levels/
    )
  })

  it.each([
    ['of many levels', '{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }', { code: 'GRAPHQL_VALIDATION_FAILED' }],
    ['under many names', '{ a: __schema { types { name } } b: __schema { types { name } } }', { code: 'OPERATION_TOO_LARGE', limit: 'MAX_ALIASES' }],
    ['multiplied within', '{ __schema { types { a: fields { name } b: fields { name } } } }', { code: 'OPERATION_TOO_LARGE', limit: 'MAX_ALIASES' }]
  ])('an introspection %s is refused', async (_name, query, refusal) => {
    expectRefusal(await ask({ query }), refusal, /./)
  })

  it('names the operation that it cannot find', async () => {
    expectRefusal(await ask({ query: 'query A { __typename } query B { __typename }' }), { code: expect.any(String) }, /operation/)
  })

  it('refuses a subscription that selects nothing, and takes one whose field stands in a fragment', async () => {
    expectRefusal(await ask({ query: 'subscription { incidents @skip(if: true) { cursor } }' }), { code: 'BAD_USER_INPUT' }, /no field to follow/)
    if (transport === 'HTTP') return
    const { data } = await ask({ query: 'subscription { ... on Subscription { ...Wall } } fragment Wall on Subscription { incidents { reset } }' })
    expect(data).toEqual({ incidents: { reset: true } })
  })
})

it('has executed none of them, logged none as its own fault, and the other subscription on that socket goes on', async () => {
  expect((await app.admin.run<{ incidents: { totalCount: number } }>('{ incidents { totalCount } }')).incidents.totalCount).toBe(1)
  await comment(app.admin, incidentId, 'Still here')
  await socket.first(({ id, payload }) => id === 'healthy' && JSON.stringify(payload).includes('Still here'))
  expect(app.logged).toEqual([])
})

function expectRefusal(answer: Answer<unknown>, refusal: Attack['refusal'], says: RegExp): void {
  // An answer without `data` is one to a request that was never executed.
  expect(answer).not.toHaveProperty('data')
  expect(answer.errors?.[0]?.message).toMatch(says)
  expect(answer.errors?.[0]?.extensions).toMatchObject({ ...refusal, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) })
}
