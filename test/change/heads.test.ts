// What a node knows of how far workspaces have come, without asking. Where it could be wrong, it must know nothing.
import { describe, expect, it } from 'vitest'
import { Heads } from '../../src/change/heads.ts'
import { type Moved, movedBy, seenAt } from '../../src/change/moved.ts'
import { decodeMoved, encodeMoved } from '../../src/change/notification.ts'

const workspaceId = '019ab000-0000-7000-8000-000000000001'
const moved = (first: number, last = first, what: Partial<Moved> = {}): Moved => ({
  workspaceId,
  first,
  last,
  rights: false,
  talk: false,
  incidentIds: null,
  ...what
})
const [one, other] = ['019ab000-0000-7000-8000-00000000000a', '019ab000-0000-7000-8000-00000000000b']

function hearing(): Heads {
  const heads = new Heads()
  heads.hear()
  return heads
}

it('knows nothing while it does not hear, and nothing of what it heard before', () => {
  const heads = new Heads()
  heads.advance(moved(5))
  expect(heads.newest(workspaceId)).toBeUndefined()
  heads.hear()
  expect(heads.newest(workspaceId)).toBeUndefined()
  heads.advance(moved(6))
  expect(heads.newest(workspaceId)).toBe(6)
  heads.deafen()
  expect(heads.newest(workspaceId)).toBeUndefined()
  expect(heads.sameRightsSince(workspaceId, 6)).toBe(false)
})

it('does not go back', () => {
  const heads = hearing()
  heads.advance(moved(7))
  heads.advance(moved(6))
  expect(heads.newest(workspaceId)).toBe(7)
})

it('takes rights for the same over changes that it was told of one by one, and not over a gap', () => {
  const heads = hearing()
  heads.advance(moved(5))
  expect(heads.sameRightsSince(workspaceId, 4)).toBe(false)
  expect(heads.sameRightsSince(workspaceId, 5)).toBe(true)
  heads.advance(moved(6, 8))
  expect(heads.sameRightsSince(workspaceId, 5)).toBe(true)
  heads.advance(moved(9, 9, { rights: true }))
  expect(heads.sameRightsSince(workspaceId, 8)).toBe(false)
  expect(heads.sameRightsSince(workspaceId, 9)).toBe(true)
  heads.advance(moved(11))
  expect(heads.sameRightsSince(workspaceId, 9)).toBe(false)
})

it('does not know by what a workspace has moved that it only looked at', () => {
  const heads = hearing()
  heads.advance(moved(5))
  heads.observe()(seenAt(workspaceId, 5))
  expect(heads.sameRightsSince(workspaceId, 5)).toBe(true)
  heads.observe()(seenAt(workspaceId, 6))
  expect(heads.newest(workspaceId)).toBe(6)
  expect(heads.sameRightsSince(workspaceId, 5)).toBe(false)
})

it('does not believe a look that began before it last lost or found its hearing', () => {
  const heads = hearing()
  const news = heads.observe()
  heads.deafen()
  heads.hear()
  news(seenAt(workspaceId, 5))
  expect(heads.newest(workspaceId)).toBeUndefined()
})

it('heeds that rights have moved, from wherever it hears it', () => {
  const heads = hearing()
  heads.advance(moved(5))
  heads.rightsMoved(workspaceId, 4)
  expect(heads.sameRightsSince(workspaceId, 5)).toBe(true)
  heads.rightsMoved(workspaceId, 6)
  expect(heads.sameRightsSince(workspaceId, 5)).toBe(false)
  expect(heads.newest(workspaceId)).toBe(5)
})

describe('of an incident', () => {
  const of = (incidentIds: string[] | null, first: number, last = first) => moved(first, last, { incidentIds })
  const part = (incidentId: string | null) => ({ incidentId, talk: true })

  it('knows that it stood still while others moved', () => {
    const heads = hearing()
    heads.advance(moved(5))
    expect(heads.sameSince(workspaceId, 4, part(one))).toBe(false)
    heads.advance(of([other], 6, 7))
    expect(heads.sameSince(workspaceId, 5, part(one))).toBe(true)
    expect(heads.sameSince(workspaceId, 5, part(other))).toBe(false)
    expect(heads.sameSince(workspaceId, 7, part(other))).toBe(true)
    expect(heads.sameSince(workspaceId, 5, part(null))).toBe(false)
    expect(heads.sameSince(workspaceId, 7, part(null))).toBe(true)
  })

  it.each([
    ['something moves that is no incident', of(null, 7)],
    ['it was not told of all', of([other], 8)],
    ['it only looked', seenAt(workspaceId, 7)]
  ])('takes it for moved when %s', (_what, news) => {
    const heads = hearing()
    heads.advance(moved(5))
    heads.advance(of([other], 6))
    heads.observe()(news)
    expect(heads.sameSince(workspaceId, 6, part(one))).toBe(false)
    expect(heads.sameSince(workspaceId, news.last, part(one))).toBe(true)
  })

  it('knows nothing while it does not hear', () => {
    const heads = hearing()
    heads.advance(moved(5))
    heads.deafen()
    expect(heads.sameSince(workspaceId, 5, part(one))).toBe(false)
  })

  it('remembers of so many when they moved, and then takes all for moved', () => {
    const heads = hearing()
    heads.advance(moved(5))
    for (let index = 0; index < 1_000; index++) heads.advance(of([`incident ${index}`], 6 + index))
    expect(heads.sameSince(workspaceId, 5, part(one))).toBe(true)
    heads.advance(of([other], 1_006))
    expect(heads.sameSince(workspaceId, 5, part(one))).toBe(false)
    expect(heads.sameSince(workspaceId, 1_006, part(one))).toBe(true)
  })
})

describe('of all but what is said', () => {
  const state = { incidentId: null, talk: false }
  const said = (first: number, last = first) => moved(first, last, { talk: true, incidentIds: [one] })

  it('knows that it stood still while people talked', () => {
    const heads = hearing()
    heads.advance(moved(5))
    heads.advance(said(6, 7))
    expect(heads.sameSince(workspaceId, 5, state)).toBe(true)
    expect(heads.sameSince(workspaceId, 5, { ...state, talk: true })).toBe(false)
    expect(heads.sameSince(workspaceId, 5, { incidentId: one, talk: false })).toBe(false)
  })

  it.each([
    ['more was done', moved(7, 7, { incidentIds: [one] })],
    ['it was not told of all', said(8)],
    ['it only looked', seenAt(workspaceId, 7)]
  ])('takes it for moved when %s', (_what, news) => {
    const heads = hearing()
    heads.advance(moved(5))
    heads.advance(said(6))
    heads.observe()(news)
    expect(heads.sameSince(workspaceId, 6, state)).toBe(false)
    expect(heads.sameSince(workspaceId, news.last, state)).toBe(true)
  })
})

describe('the news of changes', () => {
  const change = (kind: string, incidentId: string | null) => ({ kind, incidentId })

  it('name their incidents, each once', () => {
    expect(movedBy(workspaceId, 3, [change('comment.added', one), change('comment.added', other), change('incident.resolved', one)])).toEqual(
      moved(3, 5, { incidentIds: [one, other] })
    )
  })

  it.each([
    ['are of no incident', [change('comment.added', one), change('resource.updated', null)]],
    // Its text may stand in the timeline of the incident that it was written on, before a merge.
    ['take a text out', [change('comment.redacted', one)]],
    ['are of more than a notification has room for', Array.from({ length: 101 }, (_, index) => change('comment.added', `incident ${index}`))]
  ])('name none when some %s', (_what, changes) => {
    expect(movedBy(workspaceId, 3, changes)).toMatchObject({ incidentIds: null, rights: false })
  })

  it('say when there was nothing but talk', () => {
    expect(movedBy(workspaceId, 3, [change('comment.added', one), change('comment.redacted', one)])).toMatchObject({ talk: true })
    expect(movedBy(workspaceId, 3, [change('comment.added', one), change('incident.resolved', one)])).toMatchObject({ talk: false })
  })

  it('say when rights may have moved', () => {
    expect(movedBy(workspaceId, 3, [change('member.added', null)])).toEqual(moved(3, 3, { rights: true }))
  })
})

it('names each workspace that was asked for once', () => {
  const heads = hearing()
  heads.newest(workspaceId)
  heads.newest(workspaceId)
  expect(heads.takeUsed()).toEqual([workspaceId])
  expect(heads.takeUsed()).toEqual([])
})

it('reads the notifications that it writes, and nothing else', () => {
  for (const each of [
    moved(1),
    moved(3, 9),
    moved(3, 3, { rights: true }),
    moved(3, 3, { talk: true }),
    moved(3, 3, { incidentIds: [one] }),
    moved(3, 9, { talk: true, incidentIds: [one, other] })
  ])
    expect(decodeMoved(encodeMoved(each))).toEqual(each)
  for (const rubbish of [
    '',
    workspaceId,
    `${workspaceId} 1`,
    `${workspaceId} 1 -2`,
    `${workspaceId} 1 2 wrongs`,
    `${workspaceId} 1 2 rights\n`,
    `${workspaceId} 1 2 ${one},`
  ])
    expect(decodeMoved(rubbish)).toBeUndefined()
})
