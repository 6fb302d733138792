import { parse } from 'graphql'
import { expect, it } from 'vitest'
import { EqualOperations } from '../../src/server/equal-operations.ts'

const document = parse('query A { __typename } query B { __typename }')
const missed = () => {
  throw new Error('Not known')
}

it('knows an operation again by its document, name and variables', () => {
  const known = new EqualOperations<string>()
  expect(known.get(document, 'A', { first: 1 }, () => 'found')).toBe('found')
  expect(known.get(document, 'A', { first: 1 }, missed)).toBe('found')
  expect(() => known.get(document, 'B', { first: 1 }, missed)).toThrow('Not known')
  expect(() => known.get(document, 'A', { first: 2 }, missed)).toThrow('Not known')
  expect(() => known.get(parse('query A { __typename }'), 'A', { first: 1 }, missed)).toThrow('Not known')
})

it('does not keep a failure, nor variables that are long', () => {
  const known = new EqualOperations<string>()
  expect(() => known.get(document, null, {}, missed)).toThrow('Not known')
  expect(known.get(document, null, {}, () => 'found')).toBe('found')
  const long = { text: 'x'.repeat(10_000) }
  known.get(document, null, long, () => 'found')
  expect(() => known.get(document, null, long, missed)).toThrow('Not known')
})

it('keeps the latest of a document only', () => {
  const known = new EqualOperations<number>()
  for (let first = 0; first < 150; first++) known.get(document, 'A', { first }, () => first)
  expect(known.get(document, 'A', { first: 149 }, missed)).toBe(149)
  expect(known.get(document, 'A', { first: 60 }, missed)).toBe(60)
  expect(() => known.get(document, 'A', { first: 0 }, missed)).toThrow('Not known')
})
