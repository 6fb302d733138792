// When schedules let runs begin. What is expected here is what Prefect 3.8's own scheduler gives.
import { describe, expect, it } from 'vitest'
import { mostTimes, timesOf } from '../../src/prefect/schedule.ts'

function times(schedule: unknown, after: string, until: string): string[] | undefined {
  return timesOf(schedule)?.(Date.parse(after), Date.parse(until)).map((at) => new Date(at).toISOString().replace(':00.000Z', 'Z'))
}

describe('cron', () => {
  const between = ['2026-11-24T00:00:00Z', '2026-11-24T02:00:00Z'] as const

  it('begins after the one moment and ends with the other', () => {
    expect(times({ cron: '*/30 * * * *', timezone: null, day_or: true }, ...between)).toEqual([
      '2026-11-24T00:30Z',
      '2026-11-24T01:00Z',
      '2026-11-24T01:30Z',
      '2026-11-24T02:00Z'
    ])
  })

  it('goes by the clock on the wall, across a change of it', () => {
    const nightly = { cron: '15 9 * * *', timezone: 'Europe/Berlin' }
    expect(times(nightly, '2026-10-23T20:00:00Z', '2026-10-26T20:00:00Z')).toEqual(['2026-10-24T07:15Z', '2026-10-25T08:15Z', '2026-10-26T08:15Z'])
    expect(times(nightly, '2026-03-27T20:00:00Z', '2026-03-30T20:00:00Z')).toEqual(['2026-03-28T08:15Z', '2026-03-29T07:15Z', '2026-03-30T07:15Z'])
  })

  it('takes an hour that is shown twice once, and one that is skipped never', () => {
    const hourly = { cron: '30 * * * *', timezone: 'Europe/Berlin' }
    expect(times(hourly, '2026-10-24T23:00:00Z', '2026-10-25T02:59:00Z')).toEqual(['2026-10-24T23:30Z', '2026-10-25T00:30Z', '2026-10-25T02:30Z'])
    // Until a moment at which the clock shows less than it did before.
    expect(times(hourly, '2026-10-24T23:00:00Z', '2026-10-25T01:10:00Z')).toEqual(['2026-10-24T23:30Z', '2026-10-25T00:30Z'])
    expect(times(hourly, '2026-03-28T23:50:00Z', '2026-03-29T02:00:00Z')).toEqual(['2026-03-29T00:30Z', '2026-03-29T01:30Z'])
  })

  it.each([
    ['days of the month or of the week', { cron: '0 9 13 * 5' }, ['2026-11-06T09:00Z', '2026-11-13T09:00Z', '2026-11-20T09:00Z', '2026-11-27T09:00Z']],
    ['days of both', { cron: '0 9 13 * 5', day_or: false }, ['2026-11-13T09:00Z']],
    ['Sunday as 7', { cron: '0 0 8-14 11 7', day_or: false }, ['2026-11-08T00:00Z']],
    ['a short form', { cron: '@monthly' }, ['2026-11-01T00:00Z', '2026-12-01T00:00Z']],
    ['seconds behind the other fields', { cron: '0 9 13 11 * 30' }, ['2026-11-13T09:00:30.000Z']]
  ])('knows %s', (_what, schedule, expected) => {
    expect(times(schedule, '2026-10-31T23:59:00Z', '2026-12-01T00:00:00Z')).toEqual(expected)
  })
})

describe('an interval', () => {
  it('counts from its anchor, also before it', () => {
    const schedule = { interval: 21_600, anchor_date: '2026-11-23T12:36:15.485629Z', timezone: 'UTC' }
    expect(times(schedule, '2026-11-23T12:38:10Z', '2026-11-24T01:00:00Z')).toEqual(['2026-11-23T18:36:15.485Z', '2026-11-24T00:36:15.485Z'])
    expect(times(schedule, '2026-11-23T00:00:00Z', '2026-11-23T12:36:15.485Z')).toEqual([
      '2026-11-23T00:36:15.485Z',
      '2026-11-23T06:36:15.485Z',
      '2026-11-23T12:36:15.485Z'
    ])
  })

  it('is elapsed time when it is shorter than a day, and days on the calendar otherwise', () => {
    const anchor = { anchor_date: '2026-10-20T07:00:00Z', timezone: 'Europe/Berlin' }
    expect(times({ interval: 43_200, ...anchor }, '2026-10-24T18:00:00Z', '2026-10-26T00:00:00Z')).toEqual([
      '2026-10-24T19:00Z',
      '2026-10-25T07:00Z',
      '2026-10-25T19:00Z'
    ])
    expect(times({ interval: 86_400, ...anchor }, '2026-10-23T18:00:00Z', '2026-10-26T18:00:00Z')).toEqual([
      '2026-10-24T07:00Z',
      '2026-10-25T08:00Z',
      '2026-10-26T08:00Z'
    ])
  })

  it('gives no more times than so many', () => {
    expect(times({ interval: 1, anchor_date: '2020-01-01T00:00:00Z' }, '2026-11-24T00:00:00Z', '2026-12-24T00:00:00Z')).toHaveLength(mostTimes)
  })
})

describe('a recurrence rule', () => {
  it('goes by the clock on the wall, and leaves out what it says', () => {
    const schedule = { rrule: 'DTSTART:20260101T090000\nRRULE:FREQ=WEEKLY;BYDAY=SA,SU,MO\nEXDATE:20261031T090000', timezone: 'Europe/Berlin' }
    expect(times(schedule, '2026-10-23T20:00:00Z', '2026-11-01T20:00:00Z')).toEqual([
      '2026-10-24T07:00Z',
      '2026-10-25T08:00Z',
      '2026-10-26T08:00Z',
      '2026-11-01T08:00Z'
    ])
  })

  it.each([
    ['begins at the start of 2020 when it tells no start', 'FREQ=DAILY;INTERVAL=5', ['2026-11-25T00:00Z', '2026-11-30T00:00Z']],
    ['of minutes is as quick as others', 'FREQ=MINUTELY;INTERVAL=7000', ['2026-11-27T22:00Z']],
    ['ends after so many', 'DTSTART:20261120T000000\nRRULE:FREQ=DAILY;COUNT=6', ['2026-11-25T00:00Z']],
    ['ends at a time', 'RRULE:FREQ=DAILY;UNTIL=20261126T000000', ['2026-11-25T00:00Z', '2026-11-26T00:00Z']]
  ])('%s', (_what, rrule, expected) => {
    expect(times({ rrule, timezone: 'UTC' }, '2026-11-24T12:00:00Z', '2026-11-30T12:00:00Z')).toEqual(expected)
  })

  it.each(['FREQ=MINUTELY;INTERVAL=60;BYMINUTE=30', 'FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30'])('that nothing ever fits (%s) is given up', (rrule) => {
    const schedule = timesOf({ rrule, timezone: 'UTC' })
    const day = [Date.parse('2026-11-24T00:00:00Z'), Date.parse('2026-11-25T00:00:00Z')] as const
    expect(schedule?.(...day)).toEqual([])
    const began = performance.now()
    for (let again = 0; again < 1_000; again++) schedule?.(...day)
    expect(performance.now() - began).toBeLessThan(150)
  })
})

it.each([
  null,
  7,
  {},
  { cron: '' },
  { cron: '61 * * * *' },
  { cron: 'soon' },
  { cron: '* * * * *', timezone: 'Mars/Olympus' },
  { interval: 0, anchor_date: '2026-01-01T00:00:00Z' },
  { interval: -60, anchor_date: '2026-01-01T00:00:00Z' },
  { interval: 60, anchor_date: 'then' },
  { interval: 60, anchor_date: null },
  { rrule: '' },
  { rrule: 'FREQ=SOMETIMES' },
  { rrule: `RRULE:FREQ=DAILY;BYHOUR=${'1,'.repeat(4_000)}1` }
])('foresees nothing by what cannot be read (%#)', (schedule) => {
  expect(times(schedule, '2026-11-24T00:00:00Z', '2026-11-25T00:00:00Z') ?? []).toEqual([])
})
