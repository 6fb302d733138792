import { expect, it } from 'vitest'
import { durationMs, isoDuration } from '../src/duration.ts'

it.each([
  [0, 'PT0S'],
  [1, 'PT0.001S'],
  [1_500, 'PT1.5S'],
  [60_000, 'PT1M'],
  [3_600_000, 'PT1H'],
  [86_400_000, 'P1D'],
  [90_061_001, 'P1DT1H1M1.001S'],
  [400 * 86_400_000, 'P400D']
])('%i ms is %s, and back', (milliseconds, duration) => {
  expect(isoDuration(milliseconds)).toBe(duration)
  expect(durationMs(duration, 'field')).toBe(milliseconds)
})

it.each([
  ['P2W', 1_209_600_000],
  ['P1W1D', 691_200_000],
  ['PT0,5H', 1_800_000],
  ['PT90M', 5_400_000]
])('%s is %i ms', (duration, milliseconds) => {
  expect(durationMs(duration, 'field')).toBe(milliseconds)
})

it.each(['P1Y', 'P1M', '-PT1H', 'PT-1H', '1H', 'P1H', 'PT1D', '', 'PT1H ', 'P1DT1H1W'])('%j is refused with the field that it stood in', (duration) => {
  expect(() => durationMs(duration, 'input.window')).toThrow('input.window: must be a duration')
})

it('tells left out from null', () => {
  expect([durationMs(undefined, 'field'), durationMs(null, 'field')]).toEqual([undefined, null])
})
