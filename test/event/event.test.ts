import { describe, expect, it } from 'vitest'
import { type IncomingEvent, readEvent } from '../../src/event/event.ts'
import { recordedEvents } from './recorded.ts'

const now = new Date('2026-11-23T12:00:00Z')
const valid = {
  id: '01a20868-5af4-72e2-8793-887312763938',
  occurred: '2026-11-23T11:59:00.123456Z',
  event: 'acme.table.checked',
  resource: { 'prefect.resource.id': 'acme.table.orders', 'prefect.resource.name': 'orders' },
  related: [{ 'prefect.resource.id': 'acme.team.1', 'prefect.resource.role': 'team' }],
  payload: { rows: 12 }
}
const read = (changed: object) => readEvent({ ...valid, ...changed }, now)
const accepted = (changed: object) => {
  const event = read(changed)
  if (typeof event === 'string') throw new Error(event)
  return event
}

describe('an event that keeps the rules', () => {
  it('is read with its row as JSON', () => {
    const event = accepted({})
    expect(event).toMatchObject({ id: valid.id, name: 'acme.table.checked', resource: valid.resource, related: valid.related, payload: valid.payload })
    expect(event.occurredAt.toISOString()).toBe('2026-11-23T11:59:00.123Z')
    expect(JSON.parse(event.json)).toEqual({
      id: valid.id,
      name: valid.event,
      occurred_at: '2026-11-23T11:59:00.123Z',
      resource_external_id: 'acme.table.orders',
      resource: valid.resource,
      related: valid.related,
      payload: valid.payload
    })
  })

  it('may leave out what is beside it, or give null, and say what nobody knows', () => {
    expect(accepted({ related: undefined, payload: undefined })).toMatchObject({ related: [], payload: {} })
    expect(accepted({ related: null, payload: null, follows: null, received: 'whenever', account: 7 })).toMatchObject({ related: [], payload: {} })
  })

  it('has its id in lower case, so that it is the same in both', () => {
    expect(accepted({ id: valid.id.toUpperCase() }).id).toBe(valid.id)
  })

  it('without an id has one by what it says', () => {
    const { id } = accepted({ id: undefined })
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(accepted({ id: null }).id).toBe(id)
    expect(accepted({ id: undefined, payload: { rows: 13 } }).id).not.toBe(id)
    expect(accepted({ id: undefined, occurred: '2026-11-23T11:59:00.124Z' }).id).not.toBe(id)
  })

  it('may be from within a day of the future, and from long ago', () => {
    expect(accepted({ occurred: '2026-11-24T12:00:00Z' }).occurredAt.getTime()).toBe(now.getTime() + 86_400_000)
    expect(accepted({ occurred: '1970-01-01T00:00:00Z' }).occurredAt.getTime()).toBe(0)
  })

  it('may speak of escapes, and have characters of every plane and control characters', () => {
    for (const text of ['\\u0000', '\\ud800', '𝄞', '\u001b[31m', '\\\\u0000', '\ufffe'])
      expect(JSON.parse(accepted({ payload: { text } }).json).payload).toEqual({ text })
  })

  it('may be as large as the rules allow', () => {
    expect(accepted({ event: 'e'.repeat(300), related: Array.from({ length: 100 }, () => valid.related[0]) }).related).toHaveLength(100)
    expect(accepted({ resource: { 'prefect.resource.id': 'i'.repeat(512) } }).resource).toEqual({ 'prefect.resource.id': 'i'.repeat(512) })
    const frame = Buffer.byteLength(accepted({ payload: { text: '' } }).json) - `"id":"${valid.id}",`.length
    expect(accepted({ payload: { text: 'x'.repeat(256_000 - frame) } }).name).toBe(valid.event)
    expect(read({ payload: { text: 'x'.repeat(256_001 - frame) } })).toBe('must have at most 256000 bytes as JSON')
  })

  it('is every one that a real Prefect server sent', () => {
    const after = new Date('2026-11-24T00:00:00Z')
    expect(recordedEvents.map((event) => readEvent(event, after)).filter((event) => typeof event === 'string')).toEqual([])
    expect(new Set(recordedEvents.map((event) => (readEvent(event, after) as IncomingEvent).id)).size).toBe(687)
  })
})

describe('an event is refused, with the rule, that', () => {
  const related = valid.related[0]
  const nested = (levels: number): object => (levels === 0 ? {} : { in: nested(levels - 1) })

  it.each([
    ['is a text', 'rubbish', /^must be an object$/],
    ['is nothing', null, /^must be an object$/],
    ['is a list', [valid], /^must be an object$/],
    ['has a number for an id', { ...valid, id: 7 }, /^id: must be a UUID/],
    ['has a word for an id', { ...valid, id: 'first' }, /^id: must be a UUID/],
    ['has no name', { ...valid, event: undefined }, /^event: must be a text of 1 to 300 characters$/],
    ['has an empty name', { ...valid, event: '' }, /^event: /],
    ['has a long name', { ...valid, event: 'e'.repeat(301) }, /^event: /],
    ['has no time', { ...valid, occurred: undefined }, /^occurred: must be a date and time/],
    ['has a number for a time', { ...valid, occurred: 1_795_000_000 }, /^occurred: must be a date and time/],
    ['happens the day after tomorrow', { ...valid, occurred: '2026-11-24T12:00:00.001Z' }, /^occurred: .* future/],
    ['is about nothing', { ...valid, resource: undefined }, /^resource: must be an object$/],
    ['is about a list', { ...valid, resource: [] }, /^resource: must be an object$/],
    ['is about something without an id', { ...valid, resource: { 'prefect.resource.name': 'x' } }, /^resource: must have the label prefect\.resource\.id/],
    ['has too long an id in its resource', { ...valid, resource: { 'prefect.resource.id': 'i'.repeat(513) } }, /^resource: must have the label/],
    ['has a number in a label', { ...valid, resource: { ...valid.resource, size: 3 } }, /^resource: must have texts only; size is none$/],
    [
      'has too many labels',
      { ...valid, resource: { ...valid.resource, ...Object.fromEntries(Array.from({ length: 499 }, (_, index) => [`l${index}`, ''])) } },
      /^resource: must have at most 500 labels$/
    ],
    ['has something else for its related resources', { ...valid, related: {} }, /^related: must be a list/],
    ['has too many related resources', { ...valid, related: Array.from({ length: 101 }, () => related) }, /^related: must be a list of at most 100/],
    ['has a related text', { ...valid, related: [related, 'x'] }, /^related\.1: must be an object$/],
    [
      'has a related resource without a role',
      { ...valid, related: [{ 'prefect.resource.id': 'x' }] },
      /^related\.0: must have the label prefect\.resource\.role$/
    ],
    ['has a list for a payload', { ...valid, payload: [1] }, /^payload: must be an object$/],
    ['has a text for a payload', { ...valid, payload: 'x' }, /^payload: must be an object$/],
    ['is nested too deeply', { ...valid, payload: nested(101) }, /^payload: must not be nested deeper than 100 levels$/],
    ['is nested much too deeply', { ...valid, payload: { a: JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) } }, /^payload: .* deeper/],
    ['is huge', { ...valid, payload: { text: 'x'.repeat(300_000) } }, /^must have at most 256000 bytes as JSON$/],
    ['is huge in bytes', { ...valid, payload: { text: '…'.repeat(90_000) } }, /^must have at most 256000 bytes as JSON$/],
    ['has the NUL character in its payload', { ...valid, payload: { text: 'a\0b' } }, /U\+0000/],
    ['has the NUL character behind a backslash', { ...valid, payload: { text: '\\\0' } }, /U\+0000/],
    ['has the NUL character in its name', { ...valid, event: 'a\0' }, /U\+0000/],
    ['has the NUL character in a label', { ...valid, resource: { ...valid.resource, 'a\0': 'b' } }, /U\+0000/],
    ['has half of a surrogate pair', { ...valid, payload: { text: '\ud834' } }, /surrogate/],
    ['has the other half', { ...valid, related: [{ ...related, x: '\udd1e' }] }, /surrogate/]
  ])('%s', (_what, given, reason) => {
    expect(readEvent(given, now)).toMatch(reason)
  })
})
