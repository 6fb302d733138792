// Pure: how an incident moves through its statuses, and which moments that fixes.
import type { Incident, IncidentStatus } from '../database/generated/client/client.ts'
import { DomainError } from '../errors.ts'

export const activeStatuses: readonly IncidentStatus[] = ['TRIAGE', 'INVESTIGATING', 'IDENTIFIED', 'MONITORING']

const allowed: Record<IncidentStatus, readonly IncidentStatus[]> = {
  TRIAGE: ['INVESTIGATING', 'IDENTIFIED', 'MONITORING', 'RESOLVED', 'MERGED', 'CANCELED'],
  INVESTIGATING: ['IDENTIFIED', 'MONITORING', 'RESOLVED', 'MERGED', 'CANCELED'],
  IDENTIFIED: ['INVESTIGATING', 'MONITORING', 'RESOLVED', 'MERGED', 'CANCELED'],
  MONITORING: ['INVESTIGATING', 'IDENTIFIED', 'RESOLVED', 'MERGED', 'CANCELED'],
  RESOLVED: ['CLOSED', 'INVESTIGATING'],
  CLOSED: ['INVESTIGATING'],
  MERGED: [],
  CANCELED: []
}

/** The statuses that an incident can go to from where it is. From RESOLVED and CLOSED, INVESTIGATING means reopening. */
export function availableTransitions(status: IncidentStatus): readonly IncidentStatus[] {
  return allowed[status]
}

export function isActive(status: IncidentStatus): boolean {
  return activeStatuses.includes(status)
}

/** The incident cannot go from its status to the one asked for. */
export class TransitionError extends DomainError {
  readonly from: IncidentStatus
  readonly to: IncidentStatus
  readonly available: readonly IncidentStatus[]

  constructor(from: IncidentStatus, to: IncidentStatus) {
    super(refusal(from, to))
    this.from = from
    this.to = to
    this.available = allowed[from]
  }
}

function refusal(from: IncidentStatus, to: IncidentStatus): string {
  // The way is open, but not to the mutation that was sent.
  if (allowed[from].includes(to)) return `The incident is ${from}: ${isActive(from) ? 'changeIncidentStatus' : 'reopenIncident'} takes it to ${to}.`
  const ways = allowed[from].length > 0 ? `It can go to ${allowed[from].join(', ')}.` : 'It has ended for good.'
  return `The incident is ${from} and cannot become ${to}. ${ways}`
}

type Moments = Pick<Incident, 'acknowledgedAt' | 'mitigatedAt' | 'resolvedAt' | 'closedAt'>

/** The status and moments of the incident after it has gone to another status; TransitionError where that is not allowed. */
export function transition(incident: Moments & { status: IncidentStatus }, to: IncidentStatus, now: Date): Moments & { status: IncidentStatus } {
  if (!allowed[incident.status].includes(to)) throw new TransitionError(incident.status, to)
  const { acknowledgedAt, mitigatedAt, resolvedAt } = incident
  switch (to) {
    case 'MERGED':
    case 'CANCELED':
    case 'CLOSED':
      return { status: to, acknowledgedAt, mitigatedAt, resolvedAt, closedAt: now }
    case 'RESOLVED':
      return { status: to, acknowledgedAt: acknowledgedAt ?? now, mitigatedAt: mitigatedAt ?? now, resolvedAt: now, closedAt: null }
    case 'MONITORING':
      return { status: to, acknowledgedAt: acknowledgedAt ?? now, mitigatedAt: mitigatedAt ?? now, resolvedAt: null, closedAt: null }
    default:
      // Whoever goes back to look for the cause has not mitigated it after all; the same for a reopened incident.
      return { status: to, acknowledgedAt: acknowledgedAt ?? now, mitigatedAt: null, resolvedAt: null, closedAt: null }
  }
}

/** Milliseconds from one moment to another, never negative; null while the second has not come. */
export function elapsed(from: Date, to: Date | null): number | null {
  return to && Math.max(0, to.getTime() - from.getTime())
}
