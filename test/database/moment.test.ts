import pg from 'pg'
import { expect, it } from 'vitest'
import { parseMoment } from '../../src/database/moment.ts'

const parseAny: (text: string) => unknown = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ)

it.each([
  '2026-11-23 03:04:05+00',
  '2026-11-23 03:04:05.6+00',
  '2026-11-23 03:04:05.67+00',
  '2026-11-23 03:04:05.678+00',
  '2026-11-23 03:04:05.008+00',
  '2026-12-31 23:59:59.999-08',
  '2028-02-29 00:00:00+14',
  '1000-01-01 00:00:00+00',
  '9999-12-31 23:59:59.999+00'
])('reads %s as the driver does', (text) => {
  expect(parseMoment(text)).toEqual(parseAny(text))
})

it.each([
  'infinity',
  '-infinity',
  '2026-11-23 03:04:05.678+05:30',
  '2026-11-23 03:04:05+05:30:15',
  '2026-11-23 03:04:05.678901+00',
  '12026-11-23 03:04:05+00',
  '0099-11-23 03:04:05+00',
  '2026-11-23 03:04:05+00 BC',
  '2026-11-23 03:04:05.678+00 BC',
  '2026-11-23 03:04:05',
  '2026-11-23',
  ''
])('leaves %s to the driver', (text) => {
  expect(parseMoment(text)).toBeUndefined()
})
