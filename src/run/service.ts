// Taking in runs that people and tools tell of. Each is taken or refused by itself: a batch is what a client has at hand.
import { z } from 'zod'
import type { Session } from '../core.ts'
import { RunState } from '../database/generated/client/client.ts'
import { inOrder, moment, parseEach, parseInput, type Rejected, requiredText, webAddress } from '../input.ts'
import { isOver } from './state.ts'
import { type GivenRun, mostAheadMs, writeRuns } from './write.ts'

const runInput = z.object({
  externalId: requiredText(300),
  name: requiredText(300).nullish(),
  resource: requiredText(300),
  parent: requiredText(300).nullish(),
  state: z.enum(RunState),
  stateName: requiredText(100).nullish(),
  stateMessage: z.string().trim().max(4_000, 'must have at most 4000 characters').nullish(),
  stateAt: moment,
  expectedStartAt: moment.nullish(),
  startedAt: moment.nullish(),
  endedAt: moment.nullish(),
  tags: z.array(requiredText(100)).max(50, 'must have at most 50 entries').nullish(),
  url: webAddress.nullish()
})

const upsertInput = z.object({ runs: z.array(z.unknown()).min(1, 'must name at least one run').max(500, 'must have at most 500 runs') })

export interface UpsertedRuns {
  readonly written: number
  readonly rejected: readonly Rejected[]
}

/** Takes in the runs that are in order, and says of the others why not. */
export async function upsertRuns({ core, viewer }: Session, given: unknown): Promise<UpsertedRuns> {
  const { fit, rejected } = parseEach(runInput, parseInput(upsertInput, given).runs)
  const taken = fit.flatMap(({ index, row }) => {
    const reason = impossible(row, core.clock())
    if (reason !== undefined) rejected.push({ index, reason })
    return reason === undefined ? [{ index, run: givenBy(row) }] : []
  })
  const { written, unknownResources } = await writeRuns(
    core,
    viewer.workspaceId,
    taken.map(({ run }) => run),
    null
  )
  for (const { index, run } of taken) if (unknownResources.includes(run.resource)) rejected.push({ index, reason: noResource(run.resource) })
  return { written, rejected: inOrder(rejected) }
}

function noResource(externalId: string): string {
  return `resource: must be the external id of a resource; there is no ${externalId}`
}

/** What cannot be of the times that a run is told to have. */
function impossible(run: z.output<typeof runInput>, now: Date): string | undefined {
  const ahead = (['stateAt', 'startedAt', 'endedAt'] as const).find((field) => (run[field]?.getTime() ?? 0) > now.getTime() + mostAheadMs)
  if (ahead) return `${ahead}: must not be more than a day ahead`
  return run.endedAt && !isOver(run.state) ? 'endedAt: must not be given of a run that is not over' : undefined
}

function givenBy({ name, stateName, tags, ...run }: z.output<typeof runInput>): GivenRun {
  return { ...run, name: name ?? undefined, stateName: stateName ?? run.state, tags: tags ?? undefined }
}
