// What a node knows of how far workspaces have come, without asking. Where it could be wrong, it must know nothing.
import { expect, it } from 'vitest'
import { Heads, seenAt } from '../../src/change/heads.ts'
import { decodeMoved, encodeMoved } from '../../src/change/notification.ts'

const workspaceId = '019ab000-0000-7000-8000-000000000001'
const moved = (first: number, last = first, rights = false) => ({ workspaceId, first, last, rights })

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

it('names each workspace that was asked for once', () => {
  const heads = hearing()
  heads.newest(workspaceId)
  heads.newest(workspaceId)
  expect(heads.takeUsed()).toEqual([workspaceId])
  expect(heads.takeUsed()).toEqual([])
})

it('reads the notifications that it writes, and nothing else', () => {
  for (const each of [moved(1), moved(3, 9), moved(3, 3, true)]) expect(decodeMoved(encodeMoved(each))).toEqual(each)
  for (const rubbish of ['', workspaceId, `${workspaceId} 1`, `${workspaceId} 1 -2`, `${workspaceId} 1 2 wrongs`, `${workspaceId} 1 2 rights\n`])
    expect(decodeMoved(rubbish)).toBeUndefined()
})
