// What Prefect says of a flow run, in Mayday's words. Pure.
import type { GivenRun } from '../run/write.ts'
import { externalId } from './external-id.ts'
import type { RunRow } from './rows.ts'

const over: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED'])

/** The run; `parentRunId` is the run that called it as a subflow, where that is known. */
export function runOf(row: RunRow, pages: string, parentRunId: string | undefined): GivenRun {
  const { state } = row
  return {
    externalId: externalId('flow-run', row.id),
    name: row.name,
    resource: runsOf(row),
    parent: parentRunId && externalId('flow-run', parentRunId),
    state: state.type,
    stateName: state.name,
    stateMessage: state.message ?? null,
    stateAt: new Date(state.timestamp),
    // One that waits for its next try is expected then, and no more when it was first due.
    expectedStartAt: (state.type === 'SCHEDULED' ? row.next_scheduled_start_time : null) ?? row.expected_start_time,
    startedAt: row.start_time,
    endedAt: over.has(state.type) ? row.end_time : null,
    tags: row.tags,
    url: `${pages}/runs/flow-run/${row.id}`
  }
}

/** The external id of what it is a run of. */
export function runsOf({ deployment_id, flow_id }: Pick<RunRow, 'deployment_id' | 'flow_id'>): string {
  return deployment_id ? externalId('deployment', deployment_id) : externalId('flow', flow_id)
}
