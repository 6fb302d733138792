// What can happen to an incident: the kinds of change, what they carry and how they read.
import { changeKind } from '../change/kind.ts'
import { isoOf, listOf, sevLabel } from './label.ts'

type Note = { note: string }
type Moved = { from: string; to: string }

/** The headline figures of an impact as the record and the incident hold them: numbers and ISO texts. */
export type StoredFigures = {
  affected: number
  running: number
  upcoming: number
  failed: number
  late: number
  skipped: number
  nextHarmAt: string | null
  movedAt: string | null
}

const noted = (text: Partial<Note>) => (text.note ? `: ${text.note}` : '')

export const incidentEvents = {
  declared: changeKind<
    {
      number: number
      severity: string
      status: string
      startedAt: string
      leadId: string | null
      tags: string[]
      resourceIds: string[]
      dedupKey: string | null
    },
    { title: string; summary: string }
  >('incident.declared', ({ data, text }) => `declared INC-${data.number} as ${sevLabel(data.severity)}: ${text.title ?? ''}`),
  redeclared: changeKind<{ resourceIds: string[] }, { title: string; summary: string }>(
    'incident.redeclared',
    ({ text }) => `declared it again: ${text.title ?? ''}`
  ),
  titleChanged: changeKind<Record<never, never>, { from: string; to: string }>(
    'incident.titleChanged',
    ({ text }) => `changed the title to "${text.to ?? ''}"`
  ),
  summaryChanged: changeKind<Record<never, never>, { from: string; to: string }>('incident.summaryChanged', () => 'changed the summary'),
  resolutionChanged: changeKind<Record<never, never>, { from: string; to: string }>('incident.resolutionChanged', () => 'changed what was done'),
  rootCauseChanged: changeKind<Record<never, never>, { from: string; to: string }>('incident.rootCauseChanged', () => 'changed the root cause'),
  severityChanged: changeKind<Moved>('incident.severityChanged', ({ data }) => `changed the severity from ${sevLabel(data.from)} to ${sevLabel(data.to)}`),
  startChanged: changeKind<Moved>('incident.startChanged', ({ data }) => `changed the start from ${isoOf(data.from)} to ${isoOf(data.to)}`),
  tagsChanged: changeKind<{ added: string[]; removed: string[] }>('incident.tagsChanged', ({ data }) =>
    listOf([data.added.length > 0 && `added the tags ${data.added.join(', ')}`, data.removed.length > 0 && `removed the tags ${data.removed.join(', ')}`])
  ),
  leadChanged: changeKind<{ from: string | null; to: string | null }>('incident.leadChanged', ({ data }) =>
    data.to ? 'changed the lead' : 'removed the lead'
  ),
  resourcesLinked: changeKind<{ resourceIds: string[] }, { names: string }>('incident.resourcesLinked', ({ text }) => `linked ${text.names ?? ''}`),
  resourcesUnlinked: changeKind<{ resourceIds: string[] }, { names: string }>('incident.resourcesUnlinked', ({ text }) => `unlinked ${text.names ?? ''}`),
  acknowledged: changeKind<Moved, Note>('incident.acknowledged', ({ text }) => `acknowledged it${noted(text)}`),
  statusChanged: changeKind<Moved, Note>('incident.statusChanged', ({ data, text }) => `changed the status from ${data.from} to ${data.to}${noted(text)}`),
  resolved: changeKind<Moved, Note & { resolution: string; rootCause: string }>(
    'incident.resolved',
    ({ text }) => `resolved it${text.resolution ? `: ${text.resolution}` : ''}`
  ),
  closed: changeKind<Moved, Note>('incident.closed', ({ text }) => `closed it${noted(text)}`),
  reopened: changeKind<Moved, Note>('incident.reopened', ({ text }) => `reopened it${noted(text)}`),
  canceled: changeKind<Moved, Note>('incident.canceled', ({ text }) => `canceled it as a false alarm${noted(text)}`),
  merged: changeKind<Moved & { into: string; intoNumber: number }, Note>(
    'incident.merged',
    ({ data, text }) => `merged it into INC-${data.intoNumber}${noted(text)}`
  ),
  absorbed: changeKind<{ merged: string; mergedNumber: number; comments: number; resourceIds: string[] }>(
    'incident.absorbed',
    ({ data }) => `merged INC-${data.mergedNumber} into this incident`
  ),
  impactChanged: changeKind<StoredFigures>(
    'incident.impactChanged',
    ({ data }) =>
      `found ${data.affected} resources affected, with ${data.running} runs under way and ${data.upcoming} to come; ${data.failed} failed, ${data.late} late, ${data.skipped} skipped`
  )
} as const
