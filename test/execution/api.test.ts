// On the real schema and an embedded database, compiled answers are those of graphql-js, byte for byte.
import { getNamedType, isLeafType, isObjectType } from 'graphql'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Viewer } from '../../src/access/viewer.ts'
import type { Range } from '../../src/change/frame.ts'
import type { LiveField } from '../../src/change/live.ts'
import { Context } from '../../src/context.ts'
import { Prisma } from '../../src/database/generated/client/client.ts'
import { schema } from '../../src/schema.ts'
import { rootFields } from '../access/root-fields.ts'
import { populate, type World } from '../access/world.ts'
import { quiet, startEmbedded, type TestApp } from '../kit/app.ts'
import * as documents from '../kit/documents.ts'
import { generousLimits, type RootField, rootFieldsOf } from '../kit/full-operation.ts'
import { IncidentInFull, take } from '../kit/incident.ts'
import { clientAs, comment, declare } from '../kit/seed.ts'
import { watchStatements } from '../kit/statements.ts'
import { answerBothWays } from './both.ts'

let app: TestApp
let world: World
let fields: RootField[]

const strange = 'Quotes " and \\, a tab\t, a line\n, \u2028 and \u2029, \u0001, \u007f, é, 漢, 🚒 and </script>'

beforeAll(async () => {
  const now = new Date()
  // Time stands still: what tells of it is made twice here.
  app = await startEmbedded({ environment: { ...generousLimits, ...quiet.environment }, clock: () => now })
  world = await populate(app.admin, 'Our')
  fields = await rootFieldsOf(app.admin)
  const responder = await clientAs(app.admin, 'RESPONDER')
  for (const client of [app.admin, responder]) await comment(client, world.ids.Incident, strange)
  const merged = await declare(app.admin, { title: strange, summary: '', severity: 'CRITICAL', tags: ['b "c"', 'a'] })
  await comment(app.admin, merged.id, 'Is it the same?')
  await take(app.admin, merged, 'acknowledgeIncident', ['mergeIncident', { intoId: world.ids.Incident }])
  await declare(app.admin, { severity: 'LOW', leadId: world.ids.Member })
})

afterAll(() => app[Symbol.asyncDispose]())

function contextAs(role: Viewer['role'] = 'ADMIN') {
  const { workspaceId, keyId } = app.workspace
  return new Context(app.app.core, { workspaceId, actorId: keyId, kind: 'API_KEY', role, expiresAt: null, secretHash: null } as Viewer, 'test')
}

function answer(document: string, variables: Record<string, unknown> = {}, more: { rootValue?: unknown; context?: () => Context } = {}) {
  return answerBothWays({ schema, document, variables, context: contextAs, ...more })
}

async function expectSame(document: string, variables?: Record<string, unknown>): Promise<string> {
  const { text, expected, result } = await answer(document, variables)
  expect(result.errors).toBeUndefined()
  expect(text).toBe(expected)
  return expected
}

describe('is the same', () => {
  it('for each query, with all that it can give', async () => {
    const queries = fields.filter(({ kind }) => kind === 'query')
    expect(queries.length).toBeGreaterThan(10)
    for (const { name, operation } of queries) {
      const variables = await rootFields[`query ${name}`]?.variables?.(world, app.admin)
      await expectSame(operation, variables)
    }
  })

  it('for each subscription, on a frame', async () => {
    const root = schema.getSubscriptionType()?.getFields() ?? {}
    const range: Range = { from: null, to: 3, first: true, occasion: {}, changes: async () => [] }
    for (const { name, operation } of fields.filter(({ kind }) => kind === 'subscription')) {
      const variables = (await rootFields[`subscription ${name}`]?.variables?.(world, app.admin)) ?? {}
      const live = root[name]?.extensions.live as LiveField
      const rootValue = await live.frame(contextAs(), variables, range)
      const { text, expected, result } = await answer(operation, variables, { rootValue })
      expect(result.errors).toBeUndefined()
      expect(text).toBe(expected)
    }
  })

  it('for the operations that other tests share', async () => {
    const answers = [
      await expectSame(String(documents.AllChanges), { filter: { kind: ['COMMENT_ADDED'] } }),
      await expectSame(String(documents.VerifyChanges)),
      await expectSame(String(IncidentInFull), { id: world.ids.Incident })
    ]
    expect(answers.join()).toContain(JSON.stringify(strange).slice(1, -1))
  })

  it.each([
    [
      'fragments, named and nested, that ask for the same in parts',
      `query ($id: ID!) {
         incident(id: $id) { ...Head ...Talk comments(last: 2) { nodes { id } } ... { title } ... on Incident { lead { ...Who } } }
       }
       fragment Head on Incident { reference lead { id } comments(last: 2) { totalCount nodes { author { ...Who } } } }
       fragment Talk on Incident { ...Head comments(last: 2) { nodes { body author { id } } } }
       fragment Who on Actor { __typename name ... on Member { email } ... on ApiKey { prefix } ...Node }
       fragment Node on Node { id __typename }`
    ],
    ['an interface', 'query ($id: ID!) { node(id: $id) { __typename id ... on Incident { number } ... on Comment { body } ... on Actor { name } } }'],
    ['aliases', 'query ($id: ID!) { a: incident(id: $id) { id: title title: id __proto__: number } b: incident(id: $id) { x: severity y: severity } }'],
    ['pages and cursors', '{ incidents(first: 2) { totalCount pageInfo { hasNextPage startCursor endCursor } edges { cursor node { number tags } } } }'],
    ['empty lists', '{ incidents(filter: { tags: { any: ["none"] } }) { totalCount nodes { title } edges { cursor } pageInfo { endCursor } } }'],
    ['nothing found', '{ incidentByNumber(number: 4711) { title } resource(externalId: "none") { name } }'],
    ['no more than the name of the type', '{ __typename viewer { __typename } }']
  ])('for %s', async (_what, document) => {
    await expectSame(document, { id: world.ids.Incident })
  })

  it('for what @skip and @include leave out, whatever order the answers come in', async () => {
    const document = `query ($id: ID!, $a: Boolean!, $b: Boolean = false) {
      incident(id: $id) { number @skip(if: $a) title @include(if: $a) ...More @include(if: $b) lead @skip(if: $a) { name @include(if: $b) email } }
      again: incident(id: $id) @skip(if: $a) { id @include(if: true) }
    }
    fragment More on Incident { status @skip(if: $a) ... @include(if: $a) { severity } }`
    const id = world.ids.Incident
    const answers: string[] = []
    for (const given of [{ a: true }, { a: false }, { a: true, b: true }, { a: false, b: true }, { a: true, b: false }]) {
      answers.push(await expectSame(document, { id, ...given }))
    }
    expect(new Set(answers).size).toBe(4)
  })
})

describe('reads', () => {
  const { salt: _salt, previousHash: _previousHash, ...shownOfChange } = Prisma.ChangeScalarFieldEnum
  const ofIncident = (field: string) => (selection: string) => `query ($id: ID!) { incident(id: $id) { ${field} { ${selection} } } }`

  it.each([
    ['Incident', 'i', Prisma.IncidentScalarFieldEnum, (selection: string) => `{ incidents { nodes { ${selection} } } }`],
    ['Comment', 'c', Prisma.CommentScalarFieldEnum, (selection: string) => ofIncident('comments')(`nodes { ${selection} }`)],
    ['Resource', 'r', Prisma.ResourceScalarFieldEnum, (selection: string) => ofIncident('resources')(`nodes { ${selection} }`)],
    ['Change', 'c', shownOfChange, (selection: string) => ofIncident('timeline')(`nodes { ${selection} }`)],
    ['Event', 'e', Prisma.EventScalarFieldEnum, (selection: string) => `{ events { nodes { ${selection} } } }`]
  ] as const)('of each %s the columns that a field needs, and not all', async (typename, alias, columns, document) => {
    const type = schema.getType(typename)
    if (!isObjectType(type)) throw new Error(`${typename} is no object type`)
    for (const { name, type: fieldType } of Object.values(type.getFields())) {
      const sent = vi.spyOn(app.database, 'query')
      await expectSame(document(isLeafType(getNamedType(fieldType)) ? name : `${name} { __typename }`), { id: world.ids.Incident })
      const table = new RegExp(`(FROM|JOIN) ${typename.toLowerCase()} ${alias}\\b`)
      const selects = sent.mock.calls.flatMap(([{ text }]) => (table.test(text) ? text.split(`${alias}."`).length - 1 || [] : []))
      sent.mockRestore()
      // Compiled first, and then by graphql-js with all columns.
      expect(selects[0], name).toBeLessThan(Object.keys(columns).length)
      expect(selects.at(-1), name).toBe(Object.keys(columns).length)
    }
  })

  it('what all items of a list ask for by the same few statements', async () => {
    const document = `{ incidents { nodes {
      lead { name } comments(last: 3) { totalCount nodes { author { name } } } resources { nodes { belongsTo { nodes { name } } } }
    } } }`
    // Whoever is named there is known from now on.
    await expectSame(document)
    // But for what the node does by itself, such as its heartbeat, which may fall into this.
    using sent = watchStatements(app.database)
    await expectSame(document)
    const tables = sent.texts.map((text) => [...text.matchAll(/(?:FROM|JOIN) ([a-z_]+)/g)].map(([, table]) => table).join())
    const once = ['comment', 'comment', 'incident', 'unnest,incident_resource,resource', 'unnest,dependency,resource']
    expect(tables.map((each) => each.replace('unnest,comment', 'comment')).sort()).toEqual([...once, ...once].sort())
  })
})

describe('is left to graphql-js', () => {
  it.each([
    ['a right that is missing', '{ apiKeys { nodes { name } } }', {}],
    ['an id that is none', 'query ($id: ID!) { incident(id: $id) { title } }', { id: 'none' }],
    ['a page that cannot be cut', '{ incidents(first: 101) { nodes { title } } }', {}],
    ['variables of another type', 'query ($first: Int) { incidents(first: $first) { nodes { title } } }', { first: 'two' }],
    ['a variable that is missing', 'query ($id: ID!) { incident(id: $id) { title } }', {}]
  ])('%s', async (_what, document, variables) => {
    const { text, result } = await answer(document, variables, { context: () => contextAs('VIEWER') })
    expect(text).toBeNull()
    expect(result.errors).toHaveLength(1)
  })

  it.each([
    ['introspection', '{ __schema { queryType { name } } }'],
    ['introspection of one type', '{ viewer { role } __type(name: "Incident") { name } }']
  ])('%s', async (_what, document) => {
    expect(await answer(document)).toMatchObject({ text: null, result: { data: expect.anything() } })
  })

  it('a mutation, and nothing of it is done before', async () => {
    const document = 'mutation ($input: AddCommentInput!) { addComment(input: $input) { __typename } }'
    const { text } = await answer(document, { input: { incidentId: world.ids.Incident, body: 'Once' } })
    expect(text).toBeNull()
    const { text: after } = await answer('query ($id: ID!) { incident(id: $id) { comments { nodes { body } } } }', { id: world.ids.Incident })
    expect(after?.match(/"Once"/g)).toHaveLength(1)
  })
})
