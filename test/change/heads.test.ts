// What a node knows of how far workspaces have come, without asking. Where it could be wrong, it must know nothing.
import { describe, expect, it } from 'vitest'
import { Heads } from '../../src/change/heads.ts'
import { movedBy, seenAt } from '../../src/change/moved.ts'
import { decodeMoved, encodeMoved } from '../../src/change/notification.ts'

const workspaceId = '019ab000-0000-7000-8000-000000000001'
const moved = (first: number, last = first, rights = false, incidentIds: string[] | null = null) => ({ workspaceId, first, last, rights, incidentIds })
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
  heads.advance(moved(9, 9, true))
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
  const of = (incidentIds: string[] | null, first: number, last = first) => moved(first, last, false, incidentIds)

  it('knows that it stood still while others moved', () => {
    const heads = hearing()
    heads.advance(moved(5))
    expect(heads.sameSince(workspaceId, 4, one)).toBe(false)
    heads.advance(of([other], 6, 7))
    expect(heads.sameSince(workspaceId, 5, one)).toBe(true)
    expect(heads.sameSince(workspaceId, 5, other)).toBe(false)
    expect(heads.sameSince(workspaceId, 7, other)).toBe(true)
    expect(heads.sameSince(workspaceId, 5, null)).toBe(false)
    expect(heads.sameSince(workspaceId, 7, null)).toBe(true)
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
    expect(heads.sameSince(workspaceId, 6, one)).toBe(false)
    expect(heads.sameSince(workspaceId, news.last, one)).toBe(true)
  })

  it('knows nothing while it does not hear', () => {
    const heads = hearing()
    heads.advance(moved(5))
    heads.deafen()
    expect(heads.sameSince(workspaceId, 5, one)).toBe(false)
  })

  it('remembers of so many when they moved, and then takes all for moved', () => {
    const heads = hearing()
    heads.advance(moved(5))
    for (let index = 0; index < 1_000; index++) heads.advance(of([`incident ${index}`], 6 + index))
    expect(heads.sameSince(workspaceId, 5, one)).toBe(true)
    heads.advance(of([other], 1_006))
    expect(heads.sameSince(workspaceId, 5, one)).toBe(false)
    expect(heads.sameSince(workspaceId, 1_006, one)).toBe(true)
  })
})

describe('the news of changes', () => {
  const change = (kind: string, incidentId: string | null) => ({ kind, incidentId })

  it('name their incidents, each once', () => {
    expect(movedBy(workspaceId, 3, [change('comment.added', one), change('comment.added', other), change('incident.resolved', one)])).toEqual(
      moved(3, 5, false, [one, other])
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

  it('say when rights may have moved', () => {
    expect(movedBy(workspaceId, 3, [change('member.added', null)])).toEqual(moved(3, 3, true))
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
  for (const each of [moved(1), moved(3, 9), moved(3, 3, true), moved(3, 3, false, [one]), moved(3, 9, false, [one, other])])
    expect(decodeMoved(encodeMoved(each))).toEqual(each)
  for (const rubbish of [
    '',
    workspaceId,
    `${workspaceId} 1`,
    `${workspaceId} 1 -2`,
    `${workspaceId} 1 2 wrongs`,
    `${workspaceId} 1 2 rights\n`,
    `${workspaceId} 1 2 ${one},`,
    `${workspaceId} 1 2 rights ${one}`
  ])
    expect(decodeMoved(rubbish)).toBeUndefined()
})
