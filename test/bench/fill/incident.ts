// The life of one incident: what happens to it, in order, and the rows that come of it.
import type { ChangeData, ChangeText } from '../../../src/change/kind.ts'
import { commentEvents } from '../../../src/comment/events.ts'
import { incidentEvents } from '../../../src/incident/events.ts'
import { severities } from '../../../src/incident/label.ts'
import type { Chance } from './random.ts'
import type { ResourceRow } from './resources.ts'
import { type Happening, idAt, iso, type Workspace } from './rows.ts'
import * as texts from './texts.ts'

export interface Plan {
  number: number
  declaredAt: number
  /** When it was over; for one that is active, now. */
  until: number
  /** How often it has moved on: 0 is TRIAGE, 3 MONITORING, 5 CLOSED. */
  moves: number
  comments: number
  /** Edits beside its moves: of severity, lead and resources. */
  edits: number
  /** The cause by which it can be declared again. */
  dedupKey: string | null
}

const path = ['TRIAGE', 'INVESTIGATING', 'IDENTIFIED', 'MONITORING', 'RESOLVED', 'CLOSED'] as const
const moveKinds = [incidentEvents.acknowledged, incidentEvents.statusChanged, incidentEvents.statusChanged, incidentEvents.resolved, incidentEvents.closed]

/** The moves that an incident ends with, after everything else but a few late words. */
const lastMoves = 2

export function live(workspace: Workspace, plan: Plan, members: readonly string[], all: readonly ResourceRow[], chance: Chance) {
  const { number, declaredAt, until, dedupKey } = plan
  const id = idAt(declaredAt, chance)
  const responders = chance.some(members, chance.between(2, 5))
  const linked = chance.some(all, plan.moves < 4 ? chance.between(5, 8) : chance.between(1, 6))
  const spare = all.filter((resource) => !linked.includes(resource))
  const times = new Map<string, number>()
  const happenings: Happening[] = []
  const comments: object[] = []
  const links = linked.map((resource) => ({ incident_id: id, resource_id: resource.id, linked_at: iso(declaredAt) }))
  const first = { title: texts.title(chance), severity: chance.of(severities), tags: chance.some(texts.tags, chance.between(1, 3)).sort() }
  const incident = {
    id,
    workspace_id: workspace.id,
    number,
    version: 1,
    ...first,
    summary: texts.summary(chance),
    status: 'TRIAGE' as string,
    lead_id: null as string | null,
    declared_by_id: chance.of(members),
    dedup_key: dedupKey,
    resolution: null as string | null,
    root_cause: null,
    merged_into_id: null,
    started_at: iso(declaredAt - chance.between(1, 90) * 60_000)
  }
  const happen = (at: number, kind: { name: string }, data: ChangeData, text: ChangeText | null, actorId: string, subjectId: string | null = null) =>
    happenings.push({ kind: kind.name, at, actorId, incidentId: id, subjectId, data, text })

  const { severity, status, started_at: startedAt, tags, title, summary } = incident
  const resourceIds = linked.map((resource) => resource.id)
  happen(
    declaredAt,
    incidentEvents.declared,
    { number, severity, status, startedAt, leadId: null, tags, resourceIds, dedupKey },
    { title, summary },
    incident.declared_by_id
  )

  const doings = {
    comment(at: number, actorId: string) {
      const comment = { id: idAt(at, chance), body: texts.commentBody(chance) }
      const more = { redacted_at: null, redacted_by_id: null, edited_at: null, original_incident_id: null }
      comments.push({ ...comment, workspace_id: workspace.id, incident_id: id, author_id: actorId, version: 1, created_at: iso(at), ...more })
      happen(at, commentEvents.added, { version: 1 }, { body: comment.body }, actorId, comment.id)
    },
    move(at: number, actorId: string) {
      const step = path.indexOf(incident.status as (typeof path)[number])
      const [from, to] = [incident.status, path[step + 1] as string]
      incident.status = to
      times.set(to, at)
      if (to === 'RESOLVED') incident.resolution = texts.resolution(chance)
      if (to === 'INVESTIGATING') incident.lead_id = actorId
      happen(at, moveKinds[step] as { name: string }, { from, to }, to === 'RESOLVED' ? { resolution: incident.resolution ?? '' } : null, actorId)
      incident.version++
    },
    edit(at: number, actorId: string) {
      const resource = spare.length > 0 && chance.next() < 0.4 ? spare.splice(chance.between(0, spare.length - 1), 1)[0] : undefined
      const from = incident.severity
      if (resource) {
        links.push({ incident_id: id, resource_id: resource.id, linked_at: iso(at) })
        happen(at, incidentEvents.resourcesLinked, { resourceIds: [resource.id] }, { names: resource.name }, actorId)
      } else if (chance.next() < 0.5 && incident.lead_id) {
        const to = chance.of(responders.filter((person) => person !== incident.lead_id))
        happen(at, incidentEvents.leadChanged, { from: incident.lead_id, to }, null, actorId)
        incident.lead_id = to
      } else {
        incident.severity = chance.of(severities.filter((each) => each !== from))
        happen(at, incidentEvents.severityChanged, { from, to: incident.severity }, null, actorId)
      }
      incident.version++
    }
  }

  const ending = Math.max(0, Math.min(lastMoves, plan.moves - 3))
  const order = chance.shuffle<keyof typeof doings>([
    ...Array<'comment'>(plan.comments).fill('comment'),
    ...Array<'edit'>(plan.edits).fill('edit'),
    ...Array<'move'>(plan.moves - ending).fill('move')
  ])
  order.push(...Array<'move'>(ending).fill('move'))
  const moments = order.map(() => chance.between(declaredAt + 1, until)).sort((a, b) => a - b)
  for (const [index, doing] of order.entries()) doings[doing](moments[index] as number, chance.of(responders))

  const when = (to: string) => (times.has(to) ? iso(times.get(to) as number) : null)
  const edited = happenings.findLast(({ kind }) => kind !== commentEvents.added.name)
  return {
    incident: {
      ...incident,
      declared_at: iso(declaredAt),
      updated_at: iso(edited?.at ?? declaredAt),
      acknowledged_at: when('INVESTIGATING'),
      mitigated_at: when('MONITORING'),
      resolved_at: when('RESOLVED'),
      closed_at: when('CLOSED')
    },
    comments,
    links,
    happenings
  }
}
