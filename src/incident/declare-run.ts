// Declaring an incident from a run: everything that is left out is taken from what the orchestrator told of it.
import { type Committed, commit, type UnitOfWork } from '../change/record.ts'
import type { Session } from '../core.ts'
import { Prisma, type Run, type Severity } from '../database/generated/client/client.ts'
import { NotFoundError } from '../errors.ts'
import { figuresOf } from '../impact/figures.ts'
import { defaultHorizonMs, impactOfResources } from '../impact/impact.ts'
import { suggestSeverity } from '../impact/severity.ts'
import { parseInput } from '../input.ts'
import { planDependencies } from '../resource/dependency/plan.ts'
import { recordDependencies, selectDependencies, writeDependencies } from '../resource/dependency/write.ts'
import { recordResource } from '../resource/events.ts'
import { ancestorsOf, loadResource } from '../resource/service.ts'
import { writeResources } from '../resource/write.ts'
import { runTable } from '../run/loader.ts'
import { isLate, isOver } from '../run/state.ts'
import { type Declared, declare, once } from './declare.ts'
import { fromRunInput, tagLimits } from './input.ts'
import { inTime } from './patience.ts'
import { linksOf, proposeFromResource } from './proposal.ts'
import { lineageFor } from './upstream.ts'

/** Declares an incident for a run: makes the run a resource, links it and what it is a run of as affected, and all else that it belongs to as context. */
export async function declareIncidentFromRun(session: Session, given: unknown): Promise<Committed<Declared>> {
  const input = parseInput(fromRunInput, given)
  const run = await findRun(session, input)
  const startedAt = input.startedAt ?? startOf(run, session.core.clock())
  // Counted before the workspace is held: others need not wait for it.
  const [severity, lineage] = await Promise.all([input.severity ?? inTime(session.core, severityOf(session, run, startedAt)), lineageFor(session, input)])
  return commit(session, (unit) =>
    once(unit, session, 'declareIncidentFromRun', input, async () => {
      const resource = await loadResource(unit.tx, session.viewer, await takeAsResource(unit, session, run))
      const ancestors = await ancestorsOf(unit.tx, [resource.id])
      const workflow = ancestors.find(({ id }) => id === run.resourceId)
      const proposal = proposeFromResource(resource, ancestors, workflow)
      const whole = {
        ...input,
        title: input.title ?? proposal.title,
        summary: input.summary || proposal.summary,
        severity: severity ?? proposal.severity,
        startedAt,
        tags: input.tags ?? tagsFrom([...run.tags, ...(workflow?.tags ?? [])]),
        dedupKey: input.dedupKey ?? proposal.dedupKey,
        ...linksOf(resource, ancestors, workflow)
      }
      return declare(unit, session, whole, lineage)
    })
  )
}

async function findRun({ core, viewer }: Session, { runId, externalId }: { runId?: string | null; externalId?: string | null }): Promise<Run> {
  const named = runId ? Prisma.sql`r.id = ${runId}::uuid` : Prisma.sql`r.external_id = ${externalId}`
  const [run] = await core.database.query<Run>(Prisma.sql`SELECT ${runTable.all} FROM run r WHERE r.workspace_id = ${viewer.workspaceId}::uuid AND ${named}`)
  if (!run) throw new NotFoundError('run', runId ?? externalId ?? '')
  return run
}

/** When the harm began: with the end of a run that is over, when a late one should have begun, else now. */
function startOf(run: Run, now: Date): Date {
  const start = isOver(run.state) ? run.stateAt : isLate(run, now) ? (run.expectedStartAt ?? run.stateAt) : now
  return start < now ? start : now
}

async function severityOf(session: Session, { resourceId }: Run, since: Date): Promise<Severity> {
  const impact = await impactOfResources(session, [resourceId], defaultHorizonMs)
  const figures = await figuresOf(session.core, { ...impact, time: { ...impact.time, since } })
  return suggestSeverity(impact.originKinds, { ...figures, affected: impact.resourceIds.length }, impact.time.now).severity
}

/** Makes the run one of the resources, as it is now, that belongs to what it is a run of. */
async function takeAsResource(unit: UnitOfWork, { viewer: { workspaceId } }: Session, run: Run): Promise<string> {
  const { externalId, name, stateName: state, stateMessage, url, tags, connectionId, resourceId: upstreamId } = run
  const resource = { kind: 'FLOW_RUN' as const, externalId, name, state, stateMessage, url, tags, ...(connectionId && { connectionId }) }
  const written = (await writeResources(unit, workspaceId, [resource])).get(externalId)
  if (!written) throw new Error('A resource that was given is written')
  recordResource(unit, resource, written, [upstreamId])
  const known = await unit.tx.$queryRaw<Parameters<typeof planDependencies>[0]>(selectDependencies(workspaceId, [written.id]))
  const told = [{ downstreamId: written.id, upstreamId, kind: 'BELONGS_TO' as const, confidence: 'CERTAIN' as const }]
  const plan = planDependencies(known, told, 'EVENT', unit.now, () => false)
  await writeDependencies(unit, workspaceId, 'EVENT', plan)
  if (!written.isNew) recordDependencies(unit, 'EVENT', plan)
  return written.id
}

/** Tags of orchestrators as tags of an incident: those that are too long, and too many, are left out. */
function tagsFrom(tags: readonly string[]): string[] {
  const possible = tags.map((tag) => tag.trim()).filter((tag) => tag !== '' && tag.length <= tagLimits.each)
  return [...new Set(possible)].slice(0, tagLimits.entries).sort()
}
