// Values of every kind that a resolver may give, on a schema of its own: compiled they become what graphql-js makes of
// them, or graphql-js is left to say what is wrong.
import {
  GraphQLEnumType,
  GraphQLFloat,
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString
} from 'graphql'
import { DateTimeResolver, JSONResolver, SafeIntResolver } from 'graphql-scalars'
import { describe, expect, it } from 'vitest'
import { answerBothWays, type Both } from './both.ts'

const Colour = new GraphQLEnumType({ name: 'Colour', values: { RED: { value: 1 }, BLUE: { value: 'blue' } } })
const Odd = new GraphQLScalarType({ name: 'Odd', serialize: (value) => value })
const Named = new GraphQLInterfaceType({ name: 'Named', fields: { name: { type: GraphQLString } } })
const Plain = new GraphQLObjectType({ name: 'Plain', interfaces: [Named], fields: { name: { type: GraphQLString } } })
const Checked = new GraphQLObjectType<{ name: string }>({
  name: 'Checked',
  interfaces: [Named],
  isTypeOf: ({ name }) => name.startsWith('c'),
  fields: { name: { type: new GraphQLNonNull(GraphQLString) } }
})

/** A query that has one field, of this type, which gives this value. */
function ask(type: GraphQLOutputType, value: () => unknown, selection = ''): Promise<Both> {
  const query = new GraphQLObjectType({ name: 'Query', fields: { before: { type: GraphQLInt }, field: { type, resolve: value }, after: { type: GraphQLInt } } })
  const schema = new GraphQLSchema({ query, types: [Plain, Checked] })
  return answerBothWays({ schema, document: `{ before field ${selection} after }`, rootValue: { before: 1, after: () => 2 } })
}

const list = (type: GraphQLOutputType) => new GraphQLList(type)
const named = '{ __typename name ... on Checked { again: name } }'
const later = <T>(value: T) => Promise.resolve(value)

describe('gives the same for', () => {
  it.each<[string, GraphQLOutputType, () => unknown, string?]>([
    ['null', GraphQLString, () => null],
    ['undefined', GraphQLString, () => undefined],
    ['a number as a text', GraphQLString, () => 5],
    ['a boolean as a text', GraphQLString, () => true],
    ['an object that is a text', GraphQLString, () => ({ valueOf: () => 'text' })],
    ['an empty text', GraphQLString, () => ''],
    ['characters that JSON escapes', GraphQLString, () => '\u0000\b\t\n\f\r"\\/\u001f\u007f\u0080\u2028\u2029\ufeff'],
    ['characters beyond the first plane', GraphQLString, () => '🚒\u{10ffff}'],
    ['a half of a pair', GraphQLString, () => 'a\ud800b'],
    ['minus zero', GraphQLInt, () => -0],
    ['the ends of Int', list(GraphQLInt), () => [2_147_483_647, -2_147_483_648, true, '7']],
    ['numbers', list(GraphQLFloat), () => [0.1, 1e21, 1e-7, -0, 123456789.123]],
    ['large numbers', SafeIntResolver, () => Number.MAX_SAFE_INTEGER],
    ['moments', list(DateTimeResolver), () => [new Date(0), new Date('+012026-01-01T00:00:00Z'), '2026-11-23T03:04:05+02:00', 1_000]],
    ['JSON', JSONResolver, () => ({ a: [1, undefined, null, () => 1], b: undefined, c: new Date(0), '"': '\u2028', d: Number.NaN })],
    ['a scalar with a will of its own', Odd, () => ({ toJSON: () => 'as it likes' })],
    ['numbers that are none', list(Odd), () => [Number.NaN, Number.POSITIVE_INFINITY]],
    ['enums', list(Colour), () => [1, 'blue', null]],
    ['an empty list', list(GraphQLInt), () => []],
    ['a list of lists', list(list(GraphQLInt)), () => [[1], [], null, [2, null]]],
    ['a set', list(GraphQLString), () => new Set(['a', 'b'])],
    ['a generator', list(GraphQLString), () => ['a', 'b'].values()],
    ['a hole in a list', list(GraphQLInt), () => Array.from({ length: 3, 0: 1, 2: 3 })],
    ['promises, and what they settle to', list(GraphQLInt), () => later([later(1), 2, later(null), new Promise((resolve) => setImmediate(resolve, 4))])],
    // biome-ignore lint/suspicious/noThenProperty: graphql-js waits for whatever has one.
    ['what is not quite a promise', list(GraphQLInt), () => [1, { then: (settle: (value: number) => void) => settle(3) }, later(5), 7]],
    ['an object', Plain, () => ({ name: 'p' }), '{ __typename name }'],
    ['an object with methods', Plain, () => ({ name: () => later('p') }), '{ name }'],
    ['objects that name their type', list(Named), () => [{ __typename: 'Plain', name: 'p' }, later({ __typename: 'Checked', name: 'c' })], named],
    ['objects that are known by their look', list(Named), () => [{ name: 'c' }, null], named]
  ])('%s', async (_what, type, value, selection) => {
    const { text, expected, result } = await ask(type, value, selection)
    expect(result.errors).toBeUndefined()
    expect(text).toBe(expected)
  })
})

describe('leaves to graphql-js', () => {
  const fails = () => {
    throw new Error('No')
  }
  it.each<[string, GraphQLOutputType, () => unknown, string?]>([
    ['an error', GraphQLString, fails],
    ['an error that is returned', GraphQLString, () => new Error('No')],
    ['a promise that is rejected', GraphQLString, () => Promise.reject(new Error('No'))],
    ['a promise of an error', GraphQLString, () => later(new Error('No'))],
    ['an error within a list', list(GraphQLString), () => ['a', Promise.reject(new Error('No')), 'c']],
    ['an error below', Plain, () => ({ name: fails }), '{ name }'],
    ['a null where none may be', new GraphQLNonNull(GraphQLString), () => null],
    ['a null in a list that has none', list(new GraphQLNonNull(GraphQLInt)), () => [1, null]],
    ['a promise of null where none may be', new GraphQLNonNull(GraphQLInt), () => later(undefined)],
    ['a number that is too large', GraphQLInt, () => 2 ** 31],
    ['half a number', GraphQLInt, () => 1.5],
    ['an object as a text', GraphQLString, () => ({})],
    ['a moment that is none', DateTimeResolver, () => new Date(Number.NaN)],
    ['a value that the enum lacks', Colour, () => 2],
    ['a scalar that gives nothing', Odd, () => Symbol('none')],
    ['a text as a list', list(GraphQLString), () => 'abc'],
    ['an object as a list', list(GraphQLString), () => ({ length: 0 })],
    ['a type that there is not', Named, () => ({ __typename: 'Nobody' }), named],
    ['a type that is another', Named, () => ({ __typename: 'Query' }), named],
    ['an object of no type', Named, () => ({ name: 'x' }), named],
    ['an object that is not of its type', Checked, () => ({ name: 'x' }), '{ name }']
  ])('%s', async (_what, type, value, selection) => {
    const { text, result } = await ask(type, value, selection)
    expect(text).toBeNull()
    // A scalar that gives a symbol is none to graphql-js either, once it is sent.
    expect(result.errors ?? JSON.stringify(result.data)).not.toBe('{}')
  })

  it('an operation that the document does not name, or that is not named where there are two', async () => {
    const schema = new GraphQLSchema({ query: new GraphQLObjectType({ name: 'Query', fields: { a: { type: GraphQLInt } } }) })
    const document = 'query A { a } query B { b: a }'
    expect(await answerBothWays({ schema, document, operationName: 'B', rootValue: { a: 1 } })).toMatchObject({ text: '{"data":{"b":1}}' })
    for (const operationName of ['C', undefined]) {
      expect(await answerBothWays({ schema, document, operationName })).toMatchObject({ text: null, result: { errors: [expect.anything()] } })
    }
  })
})

it('tells resolvers what graphql-js tells them, and leaves them to it when they ask for the path below a list', async () => {
  const heard: unknown[] = []
  const Item: GraphQLObjectType = new GraphQLObjectType({
    name: 'Item',
    fields: () => ({
      seen: {
        type: GraphQLString,
        args: { a: { type: GraphQLInt, defaultValue: 1 }, b: { type: GraphQLInt } },
        resolve: (_item, args, _context, { schema: _, fragments, operation, ...info }) => {
          heard.push({ args: { ...args }, fragments: Object.keys(fragments), operation: operation.name?.value, ...info })
          return 'seen'
        }
      },
      path: { type: GraphQLString, resolve: (_item, _args, _context, { path }) => JSON.stringify(path) },
      items: { type: list(Item), resolve: () => [{}, {}] },
      item: { type: Item, resolve: () => ({}) }
    })
  })
  const schema = new GraphQLSchema({ query: Item })
  const document = 'query Q($b: Int = 5) { ...Deep } fragment Deep on Item { item { it: seen(b: $b) seen(a: null) } }'
  expect(await answerBothWays({ schema, document, rootValue: 'root' })).toMatchObject({ text: '{"data":{"item":{"it":"seen","seen":"seen"}}}' })
  expect(heard).toHaveLength(4)
  expect(heard.slice(0, 2)).toEqual(heard.slice(2))
  expect(heard[0]).toMatchObject({
    args: { a: 1, b: 5 },
    path: { key: 'it', typename: 'Item', prev: { key: 'item' } },
    rootValue: 'root',
    variableValues: { b: 5 }
  })

  const single = await answerBothWays({ schema, document: '{ item { item { path } } }' })
  expect(single.text).toBe(single.expected)
  expect((await answerBothWays({ schema, document: '{ item { items { path } } }' })).text).toBeNull()
})
