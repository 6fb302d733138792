// What states mean, said twice: by functions, and by conditions in SQL, which must agree about every run.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Prisma, type Run, RunState } from '../../src/database/generated/client/client.ts'
import { failed, harmedSince, isLateSql, ongoing, skipped, upcoming } from '../../src/run/conditions.ts'
import { isLate, isOver, lateAfterMs, ongoingStates } from '../../src/run/state.ts'
import { writeRuns } from '../../src/run/write.ts'
import { startEmbedded, type TestApp } from '../kit/app.ts'
import { Clock } from '../kit/clock.ts'
import { addResources } from '../kit/seed.ts'

const clock = new Clock()
const now = clock.read()
const from = (ms: number) => new Date(now.getTime() + ms)
const hour = 3_600_000
let app: TestApp

const told = Object.values(RunState).flatMap((state) =>
  [null, -hour, -lateAfterMs - 1, -lateAfterMs, 0, hour].flatMap((expected) =>
    ['Scheduled', 'Late', 'Skipped'].map((stateName) => ({
      externalId: `${state} ${stateName} ${expected}`,
      resource: 'flow',
      state,
      stateName,
      stateAt: from(-2 * hour),
      expectedStartAt: expected === null ? null : from(expected)
    }))
  )
)

beforeAll(async () => {
  app = await startEmbedded({ clock: clock.read })
  await addResources(app.admin, { kind: 'FLOW', externalId: 'flow', name: 'flow' })
  expect(await writeRuns(app.app.core, app.workspace.workspaceId, told, null)).toMatchObject({ written: told.length })
})
afterAll(() => app[Symbol.asyncDispose]())

/** The external ids of the runs that a condition holds for. */
async function which(condition: Prisma.Sql): Promise<string[]> {
  const rows = await app.database.query<{ externalId: string }>(Prisma.sql`SELECT r.external_id AS "externalId" FROM run r WHERE ${condition}`)
  return rows.map(({ externalId }) => externalId).sort()
}

function those(condition: (run: Pick<Run, 'state' | 'stateName' | 'expectedStartAt'>) => boolean): string[] {
  return told
    .filter(condition)
    .map(({ externalId }) => externalId)
    .sort()
}

it('is late when it is scheduled and named so, or should have begun more than 15 seconds ago', async () => {
  expect(await which(isLateSql(now))).toEqual(those((run) => isLate(run, now)))
  expect(those((run) => isLate(run, now))).toEqual(
    [
      'Late -15000',
      'Late -15001',
      'Late -3600000',
      'Late 0',
      'Late 3600000',
      'Late null',
      'Scheduled -15001',
      'Scheduled -3600000',
      'Skipped -15001',
      'Skipped -3600000'
    ].map((each) => `SCHEDULED ${each}`)
  )
})

it('is scheduled, under way or over', async () => {
  expect(await which(ongoing)).toEqual(those(({ state }) => ongoingStates.includes(state)))
  for (const state of Object.values(RunState)) expect([state === 'SCHEDULED', ongoingStates.includes(state), isOver(state)].filter(Boolean)).toEqual([true])
  expect(Object.values(RunState).filter(isOver)).toEqual(['COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED'])
})

it('is to come when it begins before the end of the horizon, or at a time that nobody told', async () => {
  expect(await which(upcoming(from(hour)))).toEqual(
    those(({ state, expectedStartAt }) => state === 'SCHEDULED' && expectedStartAt?.getTime() !== from(hour).getTime())
  )
  expect(await which(upcoming(from(hour + 1)))).toEqual(those(({ state }) => state === 'SCHEDULED'))
})

it('was harmed when it failed, was skipped or became late since', async () => {
  const isFailed = (state: RunState) => state === 'FAILED' || state === 'CRASHED'
  expect(await which(failed)).toEqual(those(({ state }) => isFailed(state)))
  expect(await which(skipped)).toEqual(those(({ state, stateName }) => state === 'CANCELLED' || stateName === 'Skipped'))
  const harmed = those((run) => isFailed(run.state) || run.state === 'CANCELLED' || run.stateName === 'Skipped' || isLate(run, now))
  expect(await which(harmedSince(from(-2 * hour), now))).toEqual(harmed)
  const since = from(-2 * hour + lateAfterMs + 1)
  // Of these only what became late later: their state is older.
  expect(await which(harmedSince(since, now))).toEqual(those((run) => isLate(run, now) && run.expectedStartAt !== null))
  expect(await which(harmedSince(now, now))).toEqual(
    those((run) => isLate(run, now) && run.expectedStartAt !== null && run.expectedStartAt.getTime() >= now.getTime() - lateAfterMs)
  )
})
