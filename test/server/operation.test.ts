// Requests that are known again by their bytes, so that they need not be parsed, validated and weighed again.
import { type DocumentNode, parse, validate } from 'graphql'
import { expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { schema } from '../../src/schema.ts'
import { Operations } from '../../src/server/operation.ts'

function counting() {
  let parsed = 0
  const pipeline = {
    config: readConfig({}),
    schema,
    validate,
    parse(query: string): DocumentNode {
      parsed++
      return parse(query)
    }
  }
  return { operations: new Operations(pipeline), parsed: () => parsed }
}

const body = (given: unknown) => (Buffer.isBuffer(given) ? given : Buffer.from(typeof given === 'string' ? given : JSON.stringify(given)))
const wall = { query: '{ incidents { totalCount } }' }

it('knows a query again by its bytes, and none that differs in one', () => {
  const { operations, parsed } = counting()
  const first = operations.read(body(wall))
  expect(operations.read(body(wall))).toBe(first)
  expect(parsed()).toBe(1)
  const other = operations.read(body({ ...wall, variables: {} }))
  expect(other?.shared).not.toBe(first?.shared)
})

it('does not keep mutations, which hardly come again', () => {
  const { operations, parsed } = counting()
  const mutation = body({ query: 'mutation { createWorkspace(name: "x") { __typename } }' })
  expect(operations.read(mutation)).toMatchObject({ kind: 'mutation', shared: undefined })
  operations.read(mutation)
  expect(parsed()).toBe(2)
})

it('forgets the oldest before what it keeps of them fills the memory', () => {
  const { operations, parsed } = counting()
  const large = (index: number) => body({ query: `{ incidents { totalCount } } # ${String(index).padEnd(9_000)}` })
  for (let index = 0; index < 400; index++) operations.read(large(index))
  expect(parsed()).toBe(400)
  operations.read(large(399))
  expect(parsed()).toBe(400)
  operations.read(large(0))
  expect(parsed()).toBe(401)
})

it.each([
  ['a subscription', { query: 'subscription { incidents { cursor } }' }],
  ['what is not JSON', '{'],
  ['what is not UTF-8', Buffer.from(JSON.stringify({ query: '{ __typename } # \u00ff' }), 'latin1')],
  ['a list of operations', [wall]],
  ['parameters that are unknown', { ...wall, quarry: 1 }],
  ['variables that are no object', { ...wall, variables: [1] }],
  ['a name that is no text', { ...wall, operationName: 1 }],
  ['an operation that is not there', { ...wall, operationName: 'Other' }],
  ['a syntax error', { query: '{' }],
  ['an unknown field', { query: '{ nothing }' }],
  ['too deep a document', { query: `{ incidents { nodes ${'{ mergedInto '.repeat(20)} { id } ${'} '.repeat(20)} } }` }]
])('leaves %s to the whole pipeline', (_what, given) => {
  expect(counting().operations.read(body(given))).toBeUndefined()
})
