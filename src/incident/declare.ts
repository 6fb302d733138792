// Declaring an incident: by hand or from a resource, once for a request, and once for a cause.
import { v7 as uuid } from 'uuid'
import { answeredBefore, keepAnswer } from '../change/idempotency.ts'
import { type Committed, commit, type UnitOfWork } from '../change/record.ts'
import type { Session } from '../core.ts'
import type { Incident } from '../database/generated/client/client.ts'
import { DomainError } from '../errors.ts'
import type { Lineage } from '../impact/graph/lineage.ts'
import type { Suggestion } from '../impact/suggestion/suggest.ts'
import { parseInput } from '../input.ts'
import { ancestorsOf, loadResource, loadResources } from '../resource/service.ts'
import { incidentEvents } from './events.ts'
import { activeIncident } from './filter.ts'
import { assertLead, assertNotInFuture, saveIncident } from './incident.ts'
import { type DeclareInput, declareInput, fromResourceInput } from './input.ts'
import { isActive, transition } from './lifecycle.ts'
import { linkAll } from './link.ts'
import { linksOf, proposeFromResource } from './proposal.ts'
import { explaining, lineageFor } from './upstream.ts'

/** What a declaration came to: a new incident, or one that was there. */
export type DeclareOutcome = 'DECLARED' | 'ATTACHED' | 'REOPENED' | 'REPEATED'

/** An incident for the same cause is open, and the policy is to refuse a second. */
export class DuplicateIncidentError extends DomainError {
  readonly incidentId: string

  constructor(incident: Incident) {
    super(`INC-${incident.number} is already open for this cause.`)
    this.incidentId = incident.id
  }
}

export interface Declared {
  incidentId: string
  outcome: DeclareOutcome
  /** Why it was attached to an incident upstream. */
  suggestion?: Suggestion
}

/** Declares an incident; `dedupKey` and `idempotencyKey` say when the answer is one that is there already. */
export async function declareIncident(session: Session, given: unknown): Promise<Committed<Declared>> {
  const input = parseInput(declareInput, given)
  const lineage = await lineageFor(session, input)
  return commit(session, (unit) => once(unit, session, 'declareIncident', input, () => declare(unit, session, input, lineage)))
}

/** Declares an incident for a resource: links it and all that it belongs to, and proposes what the caller leaves out. */
export async function declareIncidentFromResource(session: Session, given: unknown): Promise<Committed<Declared>> {
  const input = parseInput(fromResourceInput, given)
  const lineage = await lineageFor(session, input)
  return commit(session, (unit) =>
    once(unit, session, 'declareIncidentFromResource', input, async () => {
      const resource = await loadResource(unit.tx, session.viewer, input.resourceId)
      const ancestors = await ancestorsOf(unit.tx, [resource.id])
      const proposal = proposeFromResource(resource, ancestors)
      const whole = {
        ...input,
        title: input.title ?? proposal.title,
        summary: input.summary || proposal.summary,
        severity: input.severity ?? proposal.severity,
        dedupKey: input.dedupKey ?? proposal.dedupKey,
        ...linksOf(resource, ancestors)
      }
      return declare(unit, session, whole, lineage)
    })
  )
}

/** Answers a repeated request with what came of the first. */
export async function once(
  unit: UnitOfWork,
  session: Session,
  operation: string,
  input: { idempotencyKey?: string | null },
  work: () => Promise<Declared>
): Promise<Declared> {
  const before = await answeredBefore(unit.tx, session, operation, input.idempotencyKey, input)
  if (before) return { incidentId: before, outcome: 'REPEATED' }
  const declared = await work()
  await keepAnswer(unit, session, operation, input.idempotencyKey, input, declared.incidentId)
  return declared
}

/** Declares an incident, or finds the one that is there for the same cause; with a lineage, also one that explains this one. */
export async function declare(unit: UnitOfWork, session: Session, input: DeclareInput, lineage: Lineage | null): Promise<Declared> {
  const { tx, now } = unit
  if (input.startedAt) assertNotInFuture(input.startedAt, now)
  if (input.leadId) await assertLead(tx, session.viewer, input.leadId)
  await loadResources(tx, session.viewer, input.resourceIds)
  const same = input.dedupKey ? await findSameCause(unit, session, input.dedupKey) : null
  if (same && isActive(same.status)) {
    if (input.dedupPolicy === 'REFUSE') throw new DuplicateIncidentError(same)
    return attach(unit, same, input)
  }
  if (same?.resolvedAt && input.dedupPolicy === 'REOPEN' && now.getTime() - same.resolvedAt.getTime() <= input.reopenWindow) {
    return reopen(unit, same, input)
  }
  const upstream = lineage && (await explaining(unit, session, lineage, input.resourceIds))
  if (upstream) return { ...(await attach(unit, upstream.incident, input)), suggestion: upstream.suggestion }
  return { incidentId: await create(unit, session, input), outcome: 'DECLARED' }
}

/** The incident declared for a cause: the open one, else the newest. Where it was merged, the one that it lives on in. */
async function findSameCause({ tx }: UnitOfWork, { viewer }: Session, dedupKey: string): Promise<Incident | null> {
  const [same] = await tx.$queryRaw<{ id: string }[]>`
    WITH RECURSIVE same (id, merged_into_id, status, number) AS (
      SELECT id, merged_into_id, status, number FROM incident WHERE workspace_id = ${viewer.workspaceId}::uuid AND dedup_key = ${dedupKey}
      UNION
      SELECT i.id, i.merged_into_id, i.status, i.number FROM incident i JOIN same s ON i.id = s.merged_into_id
    )
    SELECT i.id::text FROM same i WHERE i.status NOT IN ('MERGED', 'CANCELED') ORDER BY ${activeIncident} DESC, i.number DESC LIMIT 1`
  return same ? tx.incident.findUnique({ where: { id: same.id } }) : null
}

async function attach(unit: UnitOfWork, incident: Incident, input: DeclareInput): Promise<Declared> {
  const linked = await linkAll(unit, incident.id, input.resourceIds, input.contextIds)
  if (linked.length > 0) await saveIncident(unit, incident.id, {})
  recordAgain(unit, incident, input)
  return { incidentId: incident.id, outcome: 'ATTACHED' }
}

async function reopen(unit: UnitOfWork, incident: Incident, input: DeclareInput): Promise<Declared> {
  await saveIncident(unit, incident.id, transition(incident, 'INVESTIGATING', unit.now))
  await linkAll(unit, incident.id, input.resourceIds, input.contextIds)
  unit.record(incidentEvents.reopened, { incidentId: incident.id, data: { from: incident.status, to: 'INVESTIGATING' } })
  recordAgain(unit, incident, input)
  return { incidentId: incident.id, outcome: 'REOPENED' }
}

function recordAgain({ record }: UnitOfWork, incident: Incident, input: DeclareInput): void {
  const { title, summary } = input
  record(incidentEvents.redeclared, { incidentId: incident.id, data: { resourceIds: linkedIds(input) }, text: { title, summary } })
}

async function create(unit: UnitOfWork, { viewer }: Session, input: DeclareInput): Promise<string> {
  const { tx, now } = unit
  const { incidentCount: number } = await tx.workspace.update({
    where: { id: viewer.workspaceId },
    data: { incidentCount: { increment: 1 } },
    select: { incidentCount: true }
  })
  const { title, summary, severity, tags, leadId, dedupKey, resourceIds, contextIds } = input
  const startedAt = input.startedAt ?? now
  const { id } = await tx.incident.create({
    data: {
      id: uuid(),
      workspaceId: viewer.workspaceId,
      number,
      title,
      summary,
      severity,
      status: 'TRIAGE',
      tags,
      leadId,
      dedupKey,
      declaredById: viewer.actorId,
      startedAt,
      declaredAt: now,
      updatedAt: now
    },
    select: { id: true }
  })
  await linkAll(unit, id, resourceIds, contextIds)
  unit.record(incidentEvents.declared, {
    incidentId: id,
    data: {
      number,
      severity,
      status: 'TRIAGE',
      startedAt: startedAt.toISOString(),
      leadId: leadId ?? null,
      tags,
      resourceIds: linkedIds(input),
      dedupKey: dedupKey ?? null
    },
    text: { title, summary }
  })
  return id
}

function linkedIds({ resourceIds, contextIds = [] }: DeclareInput): string[] {
  return [...resourceIds, ...contextIds]
}
