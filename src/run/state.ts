// What the states of a run mean. Pure; conditions.ts says the same in SQL.
import type { Run, RunState } from '../database/generated/client/client.ts'

/** How long after its expected start a run that has not begun is late: Prefect's own default. */
export const lateAfterMs = 15_000

/** The states that a run can still leave, in which work is under way. */
export const ongoingStates: readonly RunState[] = ['PENDING', 'RUNNING', 'PAUSED', 'CANCELLING']

const overStates: ReadonlySet<RunState> = new Set(['COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED'])

export function isOver(state: RunState): boolean {
  return overStates.has(state)
}

/** Whether it should have begun by now and has not. */
export function isLate({ state, stateName, expectedStartAt }: Pick<Run, 'state' | 'stateName' | 'expectedStartAt'>, now: Date): boolean {
  if (state !== 'SCHEDULED') return false
  return stateName === 'Late' || (expectedStartAt !== null && expectedStartAt.getTime() < now.getTime() - lateAfterMs)
}
