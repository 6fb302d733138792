// Pure: what the kinds of resources have in common.
import type { ResourceKind } from '../database/generated/client/client.ts'

/** One run of something, rather than what runs. */
export function isRun(kind: ResourceKind): boolean {
  return kind === 'FLOW_RUN' || kind === 'TASK_RUN'
}
