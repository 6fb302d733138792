import { expect, it } from 'vitest'
import { ToldLately } from '../../src/event/told-lately.ts'
import { Clock } from '../kit/clock.ts'

it('knows what was told within the hour', () => {
  const clock = new Clock()
  const told = new ToldLately()
  expect(told.knows('a', clock.read())).toBe(false)
  told.remember(['a'], clock.read())
  clock.forward(59)
  told.remember(['b'], clock.read())
  expect([told.knows('a', clock.read()), told.knows('b', clock.read())]).toEqual([true, true])
  clock.forward(1)
  expect([told.knows('a', clock.read()), told.knows('b', clock.read())]).toEqual([false, true])
})

it('forgets the oldest when it is too much', () => {
  const clock = new Clock()
  const told = new ToldLately()
  const facts = (from: number, until: number) => Array.from({ length: until - from }, (_, index) => `fact ${from + index}`)
  told.remember(facts(0, 50_000), clock.read())
  told.remember(facts(0, 10), clock.read())
  told.remember(facts(50_000, 50_020), clock.read())
  const known = (from: number, until: number) => facts(from, until).filter((fact) => told.knows(fact, clock.read())).length
  expect([known(0, 10), known(10, 30), known(30, 50_000), known(50_000, 50_020)]).toEqual([10, 0, 49_970, 20])
})
