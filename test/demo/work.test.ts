import { expect, test } from 'vitest'
import { Catalogue } from '../../src/demo/catalogue.ts'
import { assetEvents, Work } from '../../src/demo/work.ts'

const begin = Date.parse('2026-11-23T12:00:00Z')
const at = (minutes: number) => new Date(begin + minutes * 60_000)

test('at first some runs are under way and a day of them is scheduled; then each is told of again only when it begins or ends', () => {
  const work = new Work(new Catalogue(), at(0))
  const first = work.news(at(0))
  expect(new Set(first.map(({ state }) => state))).toEqual(new Set(['RUNNING', 'SCHEDULED']))
  expect(Math.max(...first.map(({ expectedStartAt }) => Date.parse(expectedStartAt)))).toBeGreaterThan(at(23 * 60).getTime())
  expect(work.news(at(0))).toEqual([])

  const states = new Map(first.map(({ externalId, state }) => [externalId, [state]]))
  for (let minute = 1; minute <= 600; minute++) {
    for (const { externalId, state } of work.news(at(minute))) states.set(externalId, [...(states.get(externalId) ?? []), state])
  }
  const whole = ['SCHEDULED', 'RUNNING', 'COMPLETED']
  for (const told of states.values()) expect(whole.join()).toContain(told.join())
  expect([...states.values()].filter((told) => told.length === 3).length).toBeGreaterThan(50)
  const times = first.map(({ externalId }) => externalId)
  expect(new Set(times).size).toBe(times.length)
})

test('the recorded events of assets come as of now', () => {
  const events = assetEvents(at(0)) as { event: string; occurred: string }[]
  expect(events.length).toBeGreaterThan(10)
  expect(new Set(events.map(({ occurred }) => occurred))).toEqual(new Set([at(0).toISOString()]))
})
