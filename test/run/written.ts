// Runs as somebody tells of them, and how they are kept.
import type { Run } from '../../src/database/generated/client/client.ts'
import { type GivenRun, writeRuns } from '../../src/run/write.ts'
import type { TestApp } from '../kit/app.ts'

export const at = (minute: number) => new Date(Date.parse('2026-03-02T08:00:00.000Z') + minute * 60_000)

export const scheduled: Partial<GivenRun> = {
  state: 'SCHEDULED',
  stateName: 'Scheduled',
  stateAt: at(1),
  expectedStartAt: at(5),
  name: 'amber-lynx',
  tags: ['etl']
}
const pending: Partial<GivenRun> = { state: 'PENDING', stateName: 'Pending', stateAt: at(5), parent: 'the parent' }
export const running: Partial<GivenRun> = { state: 'RUNNING', stateName: 'Running', stateAt: at(6), startedAt: at(6), url: 'https://prefect.example/1' }
export const retried: Partial<GivenRun> = { state: 'SCHEDULED', stateName: 'AwaitingRetry', stateAt: at(8), stateMessage: 'once more', expectedStartAt: at(9) }
const again: Partial<GivenRun> = { state: 'RUNNING', stateName: 'Retrying', stateAt: at(9), startedAt: at(6) }
export const failed: Partial<GivenRun> = {
  state: 'FAILED',
  stateName: 'Failed',
  stateAt: at(12),
  stateMessage: 'KeyError',
  endedAt: at(11),
  tags: ['etl', 'night']
}
export const life = [scheduled, pending, running, retried, again, failed]

let told = 0

/** The id of a run that nobody has told of. */
export const another = () => `run ${++told}`

export const given = (externalId: string, run: Partial<GivenRun> = {}): GivenRun => ({
  externalId,
  resource: 'nightly',
  state: 'RUNNING',
  stateName: 'Running',
  stateAt: at(10),
  ...run
})

export const write = (app: TestApp, ...runs: GivenRun[]) => writeRuns(app.app.core, app.workspace.workspaceId, runs, null)

export const read = (app: TestApp, externalId: string): Promise<Run | null> => app.database.prisma.run.findFirst({ where: { externalId } })

/** What a run becomes by these messages, one after the other. */
export async function become(app: TestApp, ...messages: Partial<GivenRun>[]) {
  const externalId = another()
  for (const message of messages) await write(app, given(externalId, message))
  const { id: _, externalId: __, ...run } = (await read(app, externalId)) as Run
  return run
}
