// What the API says of incidents, and the queries.
import { actorOf } from '../access/loader.ts'
import { Actor, Member } from '../access/schema.ts'
import { builder, ownState, ownTalk } from '../builder.ts'
import type { ChangeRow } from '../change/change.ts'
import { Change, ChangeConnection } from '../change/schema.ts'
import { timelineCountOfIncident, timelineOfIncident } from '../change/timeline.ts'
import { commentCountOfIncident, commentsOfIncident } from '../comment/loader.ts'
import { Comment, CommentConnection } from '../comment/schema.ts'
import { connectionOf } from '../connection.ts'
import type { Context } from '../context.ts'
import type { Comment as CommentRow } from '../database/generated/client/client.ts'
import { isoDuration } from '../duration.ts'
import { page, pageCost } from '../page.ts'
import { resourcePage } from '../resource/list.ts'
import { resourceCountByRole, resourceCountOfIncident, resourcesOfIncident } from '../resource/loader.ts'
import { Resource, ResourceConnection } from '../resource/schema.ts'
import { sevLabel } from './label.ts'
import { availableTransitions, elapsed, isActive } from './lifecycle.ts'
import { incidentsById, incidentsOfResource, mergedIntoIncident } from './loader.ts'

export const Severity = builder.enumType('Severity', {
  description: "How bad it is. The five of Prefect Cloud's incidents, shown as SEV-1 to SEV-5.",
  values: {
    CRITICAL: { description: 'SEV-1: everybody is hit, all hands.' },
    HIGH: { description: 'SEV-2: much is hit, at once.' },
    MODERATE: { description: 'SEV-3: some is hit, today.' },
    LOW: { description: 'SEV-4: little is hit, in working hours.' },
    MINOR: { description: 'SEV-5: a nuisance.' }
  }
})

export const IncidentStatus = builder.enumType('IncidentStatus', {
  description: 'Where an incident stands. *Active* are the first four. RESOLVED and CLOSED can be reopened; MERGED and CANCELED end it for good.',
  values: {
    TRIAGE: { description: 'Declared; nobody has taken it yet.' },
    INVESTIGATING: { description: 'Somebody looks for the cause.' },
    IDENTIFIED: { description: 'The cause is known, a fix is on its way.' },
    MONITORING: { description: 'A fix is in place and is watched.' },
    RESOLVED: { description: 'The harm is over.' },
    CLOSED: { description: 'Nothing is left to do.' },
    MERGED: { description: 'It was the same as another incident, where it goes on.' },
    CANCELED: { description: 'It was a false alarm.' }
  }
})

const LinkRole = builder.enumType('LinkRole', {
  description: 'What the link of an incident to a resource means.',
  values: {
    AFFECTED: { description: 'The harm starts there: its impact is the work on it and on all that lies downstream.' },
    CONTEXT: { description: 'It only tells where the affected resources are, such as the work pool of a deployment that failed, and carries no impact.' }
  }
})

export const Incident = builder.prismaNode('Incident', {
  description: 'A declared disruption.',
  id: { field: 'id', description: 'The id of the incident.' },
  findUnique: (id, { viewer }: Context) => ({ id, workspaceId: viewer.workspaceId }),
  nullable: true,
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'Its number in the workspace: 1, 2, 3 …' }),
    reference: t.string({ description: 'How people call it: `INC-42`.', resolve: ({ number }) => `INC-${number}` }),
    version: t.exposeInt('version', {
      description: 'Goes up with each change of the incident itself (not with comments); an edit names the version it was made on.'
    }),
    title: t.exposeString('title', { description: 'What is wrong, in a line.' }),
    summary: t.exposeString('summary', { description: 'What is known, in markdown; may be empty.' }),
    severity: t.expose('severity', { type: Severity, description: 'How bad it is.' }),
    severityLabel: t.string({ description: 'The severity as `SEV-1` to `SEV-5`.', resolve: ({ severity }) => sevLabel(severity) }),
    status: t.expose('status', { type: IncidentStatus, description: 'Where it stands.' }),
    active: t.boolean({
      description: 'Whether it still needs people: TRIAGE, INVESTIGATING, IDENTIFIED or MONITORING.',
      resolve: ({ status }) => isActive(status)
    }),
    availableTransitions: t.field({
      type: [IncidentStatus],
      description: 'The statuses it can go to from here. From RESOLVED and CLOSED, INVESTIGATING means `reopenIncident`.',
      resolve: ({ status }) => availableTransitions(status)
    }),
    tags: t.exposeStringList('tags', { description: 'Its tags, sorted.' }),
    lead: t.field({
      ...ownState,
      type: Member,
      nullable: true,
      description: 'Who leads the response; null when nobody does.',
      resolve: ({ leadId }, _args, context) => (leadId ? actorOf(context, leadId) : null)
    }),
    declaredBy: t.field({
      ...ownState,
      type: Actor,
      nullable: true,
      description: 'Who declared it.',
      resolve: ({ declaredById }, _args, context) => (declaredById ? actorOf(context, declaredById) : null)
    }),
    dedupKey: t.exposeString('dedupKey', {
      nullable: true,
      description: 'Names the cause: a second declaration with the same key is answered as its `dedupPolicy` says.'
    }),
    resolution: t.exposeString('resolution', { nullable: true, description: 'What was done, in markdown.' }),
    rootCause: t.exposeString('rootCause', { nullable: true, description: 'Why it happened, in markdown.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When the harm began.' }),
    declaredAt: t.expose('declaredAt', { type: 'DateTime', description: 'When it was declared.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When the incident itself (not its comments) last changed.' }),
    acknowledgedAt: t.expose('acknowledgedAt', { type: 'DateTime', nullable: true, description: 'When somebody first took it.' }),
    mitigatedAt: t.expose('mitigatedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the harm was contained: the move to MONITORING, or to RESOLVED without it. Going back to look for the cause takes it away.'
    }),
    resolvedAt: t.expose('resolvedAt', { type: 'DateTime', nullable: true, description: 'When the harm was over; null again after a reopening.' }),
    closedAt: t.expose('closedAt', { type: 'DateTime', nullable: true, description: 'When it was closed, merged or canceled.' }),
    timeToAcknowledge: t.field({
      type: 'Duration',
      nullable: true,
      description: 'From the declaration until somebody took it.',
      resolve: (incident) => duration(elapsed(incident.declaredAt, incident.acknowledgedAt))
    }),
    timeToMitigate: t.field({
      type: 'Duration',
      nullable: true,
      description: 'From the start of the harm until it was contained.',
      resolve: (incident) => duration(elapsed(incident.startedAt, incident.mitigatedAt))
    }),
    timeToResolve: t.field({
      type: 'Duration',
      nullable: true,
      description: 'From the start of the harm until it was over.',
      resolve: (incident) => duration(elapsed(incident.startedAt, incident.resolvedAt))
    }),
    resources: t.connection(
      {
        ...ownState,
        type: Resource,
        description: 'The resources that it is linked to, by name: those that it affects, and those that tell where these are.',
        complexity: pageCost,
        args: { role: t.arg({ type: LinkRole, description: 'Only those that are linked so; all when left out.' }) },
        resolve: async ({ id: parentId }, args, context) => {
          const { role } = args
          return {
            ...(await resourcePage(args, (slice) => context.loader(resourcesOfIncident).load({ parentId, args: role ? { ...slice, role } : slice }))),
            totalCount: () => context.loader(role ? resourceCountByRole[role] : resourceCountOfIncident).load({ parentId, args: null })
          }
        }
      },
      ResourceConnection
    ),
    comments: t.connection(
      {
        ...ownTalk,
        type: Comment,
        description: 'What was said on it, oldest first: `last: 3` gives the latest three. On the incident that others were merged into, theirs too.',
        complexity: pageCost,
        resolve: async ({ id: parentId }, args, context) => ({
          ...(await page(
            args,
            ({ createdAt, id }: CommentRow) => [createdAt, id],
            (slice) => context.loader(commentsOfIncident).load({ parentId, args: slice })
          )),
          totalCount: () => context.loader(commentCountOfIncident).load({ parentId, args: null })
        })
      },
      CommentConnection
    ),
    timeline: t.connection(
      {
        ...ownTalk,
        type: Change,
        description: 'Everything that happened to it, oldest first, but for how its impact grew and shrank: that is `impactHistory`.',
        complexity: pageCost,
        resolve: async ({ id: parentId }, args, context) => ({
          ...(await page(
            args,
            ({ sequence }: ChangeRow) => [sequence],
            (slice) => context.loader(timelineOfIncident).load({ parentId, args: slice })
          )),
          totalCount: () => context.loader(timelineCountOfIncident).load({ parentId, args: null })
        })
      },
      ChangeConnection
    )
  })
})

export const IncidentConnection = connectionOf('Incident', Incident)

builder.prismaObjectFields(Incident, (t) => ({
  mergedInto: t.field({
    type: Incident,
    nullable: true,
    description: 'The incident that this one goes on in; null when it was not merged.',
    resolve: ({ mergedIntoId }, _args, context) => (mergedIntoId ? context.loader(incidentsById).load(mergedIntoId) : null)
  }),
  mergedIncidents: t.field({
    type: [Incident],
    description:
      'The incidents that were merged into this one, oldest first: at most 100. Their comments and resources are found here; their timelines stay with them.',
    resolve: ({ id }, _args, context) => context.loader(mergedIntoIncident).load({ parentId: id, args: null })
  })
}))

builder.prismaObjectField(Comment, 'incident', (t) =>
  t.field({
    type: Incident,
    nullable: true,
    description: 'The incident that it is on; after a merge the one that goes on.',
    resolve: ({ incidentId }, _args, context) => context.loader(incidentsById).load(incidentId)
  })
)

builder.prismaObjectField(Comment, 'originalIncident', (t) =>
  t.field({
    type: Incident,
    nullable: true,
    description: 'The incident that it was written on, when a merge moved it.',
    resolve: ({ originalIncidentId }, _args, context) => (originalIncidentId ? context.loader(incidentsById).load(originalIncidentId) : null)
  })
)

builder.prismaObjectField(Resource, 'incidents', (t) =>
  t.field({
    type: [Incident],
    description: 'The incidents that are linked to it, newest first: at most 100.',
    args: { active: t.arg.boolean({ defaultValue: false, description: 'Only those that are active.' }) },
    resolve: ({ id }, { active }, context) => context.loader(incidentsOfResource).load({ parentId: id, args: { active: active ?? false } })
  })
)

builder.objectField(Change, 'incident', (t) =>
  t.field({
    type: Incident,
    nullable: true,
    description: 'The incident that it happened to, as it is now.',
    resolve: ({ incidentId }, _args, context) => (incidentId ? context.loader(incidentsById).load(incidentId) : null)
  })
)

/** A length of time as the API says it. */
export function duration(milliseconds: number | null): string | null {
  return milliseconds === null ? null : isoDuration(Math.round(milliseconds))
}
