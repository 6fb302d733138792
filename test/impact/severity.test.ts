import { describe, expect, it } from 'vitest'
import type { ResourceKind } from '../../src/database/generated/client/client.ts'
import { suggestSeverity } from '../../src/impact/severity.ts'

const now = new Date('2026-03-02T09:00:00Z')
const nothing = { affected: 1, running: 0, upcoming: 0, failed: 0, late: 0, skipped: 0, nextHarmAt: null, movedAt: null }
const soon = new Date('2026-03-02T09:59:59Z')
const later = new Date('2026-03-02T10:00:00Z')

const suggest = (figures: Partial<typeof nothing> | object, ...kinds: ResourceKind[]) => suggestSeverity(kinds, { ...nothing, ...figures }, now)

describe('the suggested severity', () => {
  it.each([
    [{}, 'LOW'],
    [{ running: 1 }, 'MODERATE'],
    [{ upcoming: 99 }, 'MODERATE'],
    [{ running: 50, upcoming: 50 }, 'HIGH'],
    [{ upcoming: 999 }, 'HIGH'],
    [{ upcoming: 1_000 }, 'CRITICAL'],
    [{ failed: 1 }, 'MODERATE'],
    [{ failed: 4, late: 3, skipped: 3 }, 'HIGH'],
    [{ affected: 99 }, 'LOW'],
    [{ affected: 100 }, 'HIGH']
  ])('of %j is %s', (figures, severity) => {
    expect(suggest(figures, 'DEPLOYMENT').severity).toBe(severity)
  })

  it.each(['WORK_POOL', 'WORK_QUEUE', 'BLOCK'] as const)('is HIGH at a %s, and CRITICAL when much is hit within the hour', (kind) => {
    expect(suggest({}, 'FLOW_RUN', kind).severity).toBe('HIGH')
    expect(suggest({ upcoming: 100, nextHarmAt: later }, kind).severity).toBe('HIGH')
    expect(suggest({ upcoming: 99, nextHarmAt: soon }, kind).severity).toBe('HIGH')
    expect(suggest({ upcoming: 100, nextHarmAt: soon }, kind).severity).toBe('CRITICAL')
    expect(suggest({ upcoming: 100, nextHarmAt: soon }, 'FLOW').severity).toBe('HIGH')
  })

  it('gives a reason for each, the weightiest first', () => {
    expect(suggest({ running: 1, failed: 12, affected: 3 }, 'BLOCK').reasons).toEqual([
      'So far 12 runs have failed, are late or were skipped.',
      'It starts at a block, on which other work rests.',
      '1 run is under way or to come.'
    ])
    expect(suggest({}).reasons).toEqual(['No run is hit so far, and none is to come.'])
  })
})
