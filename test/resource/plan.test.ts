// Which source has the word on a dependency: a user, then the catalogue, then events.
import { expect, it } from 'vitest'
import type { Dependency } from '../../src/database/generated/client/client.ts'
import { planDependencies, type ToldDependency } from '../../src/resource/dependency/plan.ts'

const now = new Date('2026-03-02T09:00:00.000Z')
type Told = Pick<Dependency, 'source' | 'confidence'>

const told = (confidence: Dependency['confidence'], upstreamId = 'up'): ToldDependency => ({ downstreamId: 'down', upstreamId, kind: 'READS', confidence })
const known = ({ source, confidence }: Told, upstreamId = 'up'): Dependency => ({
  ...told(confidence, upstreamId),
  workspaceId: 'w',
  source,
  createdAt: now,
  lastSeenAt: now
})

function become(before: Told, { source, confidence }: Told): string {
  const { added, updated, removed, seen } = planDependencies([known(before)], [told(confidence)], source, now, () => true)
  expect([added, removed, seen]).toEqual([[], [], []])
  return updated.length > 0 ? `${source} ${updated[0]?.confidence}` : 'the same'
}

it.each<[Dependency['source'], Dependency['confidence'], Dependency['source'], Dependency['confidence'], string]>([
  ['USER', 'CERTAIN', 'CATALOG', 'POSSIBLE', 'the same'],
  ['USER', 'CERTAIN', 'CATALOG', 'CERTAIN', 'the same'],
  ['USER', 'CERTAIN', 'EVENT', 'LIKELY', 'the same'],
  ['USER', 'CERTAIN', 'USER', 'CERTAIN', 'the same'],
  ['CATALOG', 'CERTAIN', 'USER', 'CERTAIN', 'the same'],
  ['CATALOG', 'POSSIBLE', 'USER', 'CERTAIN', 'USER CERTAIN'],
  ['CATALOG', 'CERTAIN', 'CATALOG', 'POSSIBLE', 'CATALOG POSSIBLE'],
  ['CATALOG', 'POSSIBLE', 'CATALOG', 'CERTAIN', 'CATALOG CERTAIN'],
  ['CATALOG', 'POSSIBLE', 'EVENT', 'LIKELY', 'the same'],
  ['EVENT', 'LIKELY', 'USER', 'CERTAIN', 'USER CERTAIN'],
  ['EVENT', 'LIKELY', 'CATALOG', 'CERTAIN', 'CATALOG CERTAIN'],
  ['EVENT', 'LIKELY', 'CATALOG', 'LIKELY', 'CATALOG LIKELY'],
  ['EVENT', 'LIKELY', 'CATALOG', 'POSSIBLE', 'the same'],
  ['EVENT', 'POSSIBLE', 'EVENT', 'LIKELY', 'EVENT LIKELY'],
  ['EVENT', 'LIKELY', 'EVENT', 'POSSIBLE', 'the same']
])('%s %s, told by %s as %s, becomes %s', (source, confidence, teller, sureness, becomes) => {
  expect(become({ source, confidence }, { source: teller, confidence: sureness })).toBe(becomes)
})

it('adds what is new, each once and as sure as it was told, and never what depends on itself', () => {
  const given = [told('POSSIBLE'), told('LIKELY'), told('POSSIBLE'), told('CERTAIN', 'down')]
  expect(planDependencies([], given, 'EVENT', now, () => true)).toEqual({ added: [told('LIKELY')], updated: [], removed: [], seen: [] })
})

it('removes what is stale and was not told', () => {
  const before = [
    known({ source: 'CATALOG', confidence: 'CERTAIN' }),
    known({ source: 'CATALOG', confidence: 'CERTAIN' }, 'other'),
    known({ source: 'EVENT', confidence: 'LIKELY' }, 'third')
  ]
  const { removed } = planDependencies(before, [told('CERTAIN')], 'CATALOG', now, ({ source }) => source === 'CATALOG')
  expect(removed.map(({ upstreamId }) => upstreamId)).toEqual(['other'])
})
