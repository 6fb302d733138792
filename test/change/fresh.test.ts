import { expect, it } from 'vitest'
import type { ChangeRow } from '../../src/change/change.ts'
import { Fresh } from '../../src/change/fresh.ts'

const changes = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => ({ sequence: from + index }) as ChangeRow)

it('gives all after a place, and nothing when one of them is missing', () => {
  const fresh = new Fresh()
  fresh.keep('a', changes(5, 6))
  fresh.keep('a', changes(7, 7))
  expect(fresh.after('a', 4, 7)).toEqual(changes(5, 7))
  expect(fresh.after('a', 5, 6)).toEqual(changes(6, 7))
  expect(fresh.after('a', 3, 7)).toBeUndefined()
  expect(fresh.after('a', 6, 8)).toBeUndefined()
  expect(fresh.after('a', 6, Number.POSITIVE_INFINITY)).toBeUndefined()
  expect(fresh.after('b', 4, 7)).toBeUndefined()
})

it('begins anew behind a gap, keeps no more than a hundred, and drops what it is told to', () => {
  const fresh = new Fresh()
  fresh.keep('a', changes(1, 3))
  fresh.keep('a', changes(5, 5))
  expect(fresh.after('a', 2, 5)).toBeUndefined()
  expect(fresh.after('a', 4, 5)).toEqual(changes(5, 5))
  fresh.keep('a', changes(6, 200))
  expect(fresh.after('a', 99, 200)).toBeUndefined()
  expect(fresh.after('a', 100, 200)).toEqual(changes(101, 200))
  fresh.drop('a')
  expect(fresh.after('a', 150, 200)).toBeUndefined()
})
