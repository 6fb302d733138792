import { parse } from 'graphql'
import { expect, it } from 'vitest'
import { DocumentCache } from '../../src/server/document-cache.ts'

const text = (index: number) => `{ a${index}: __typename }`

it('keeps the 200 documents that were used last', () => {
  const cache = new DocumentCache()
  for (let index = 0; index < 200; index++) cache.set(text(index), parse(text(index)))
  const first = cache.get(text(0))
  cache.set(text(200), parse(text(200)))
  expect(cache.get(text(0))).toBe(first)
  expect(cache.get(text(1))).toBeUndefined()
  expect([2, 199, 200].map((index) => cache.get(text(index))?.kind)).toEqual(['Document', 'Document', 'Document'])
})

it('keeps no huge one', () => {
  const cache = new DocumentCache()
  const padded = (length: number) => text(1).padEnd(length)
  for (const length of [10_000, 10_001]) cache.set(padded(length), parse(padded(length)))
  expect([cache.get(padded(10_000))?.kind, cache.get(padded(10_001))]).toEqual(['Document', undefined])
})
