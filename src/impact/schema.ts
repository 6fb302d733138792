// What the API says of impact: what harm to some resources comes to.
import { builder } from '../builder.ts'
import { connectionOf } from '../connection.ts'
import type { Context } from '../context.ts'
import type { ResourceKind as Kind, Run as RunRow } from '../database/generated/client/client.ts'
import { Severity } from '../incident/schema.ts'
import { pageCost } from '../page.ts'
import { resourcesById } from '../resource/loader.ts'
import { Confidence, Resource, ResourceKind } from '../resource/schema.ts'
import { Run, RunConnection } from '../run/schema.ts'
import { type AffectedResource, affectedByKind, affectedResources } from './affected.ts'
import type { ImpactFigures as Figures } from './figures.ts'
import type { Impact as Shape } from './impact.ts'
import { nextHarmOfImpact, ownersOfImpact, runFigures, tagsOfImpact } from './loader.ts'
import { harmedRuns, ongoingRuns, type Share, upcomingRuns } from './runs.ts'
import { type SuggestedSeverity, suggestSeverity } from './severity.ts'
import { ImpactStep } from './step/schema.ts'

export const ImpactFigures = builder.objectRef<Figures>('ImpactFigures').implement({
  description: 'The headline figures of an impact.',
  fields: (t) => ({
    affected: t.exposeInt('affected', { description: 'How many resources the harm reaches, those where it starts included.' }),
    running: t.exposeInt('running', { description: 'How many of their runs are under way: pending, running, paused or being cancelled.' }),
    upcoming: t.exposeInt('upcoming', { description: 'How many of their runs are to begin before the end of the horizon; those that are late count too.' }),
    failed: t.exposeInt('failed', { description: 'How many of their runs failed or crashed since the harm began, and before it was over.' }),
    late: t.exposeInt('late', { description: 'How many of their runs should have begun since the harm began, and have not; 0 when it is over.' }),
    skipped: t.exposeInt('skipped', { description: 'How many of their runs were cancelled or skipped since the harm began, and before it was over.' }),
    nextHarmAt: t.expose('nextHarmAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the next harm lands: the expected start of the next upcoming run that is not late already. Null when there is none.'
    }),
    movedAt: t.expose('movedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When Mayday last heard something new of one of the runs counted; null when there are none.'
    })
  })
})

const AffectedResourceType = builder.objectRef<AffectedResource>('AffectedResource').implement({
  description: 'A resource that some harm reaches, and how.',
  fields: (t) => ({
    resource: t.field({ type: Resource, description: 'The resource.', resolve: ({ id }, _args, context) => resourceOf(context, id) }),
    distance: t.exposeInt('distance', { description: 'How many dependencies lead there; 0 where the harm starts.' }),
    confidence: t.field({
      type: Confidence,
      description: 'How sure it is that the harm gets there: as sure as the least sure dependency on the way.',
      resolve: ({ confidence }) => confidence
    }),
    path: t.field({
      type: [ImpactStep],
      description: 'The dependencies that lead there, from where the harm starts: the surest way, and of equally sure ones the shortest. At most the last 100.',
      resolve: ({ path }) => path
    })
  })
})

const AffectedResourceConnection = connectionOf('AffectedResource', AffectedResourceType)

const KindCount = builder.objectRef<{ kind: Kind; count: number }>('KindCount').implement({
  description: 'How many resources there are of a kind.',
  fields: (t) => ({
    kind: t.field({ type: ResourceKind, description: 'The kind.', resolve: ({ kind }) => kind }),
    count: t.exposeInt('count', { description: 'How many.' })
  })
})

const ImpactShare = builder.objectRef<Share>('ImpactShare').implement({
  description: 'An owner or a tag of affected resources.',
  fields: (t) => ({
    name: t.exposeString('name', { description: "The owner or tag, in the orchestrator's words." }),
    resources: t.exposeInt('resources', { description: 'How many affected resources have it.' }),
    runs: t.exposeInt('runs', { description: 'How many runs of these are under way or upcoming.' })
  })
})

const NextHarm = builder.objectRef<RunRow>('NextHarm').implement({
  description: 'Where the next harm lands.',
  fields: (t) => ({
    at: t.field({
      type: 'DateTime',
      description: 'When the run is expected to begin.',
      resolve: ({ expectedStartAt, stateAt }) => expectedStartAt ?? stateAt
    }),
    run: t.field({ type: Run, description: 'The run.', resolve: (run) => run })
  })
})

const SuggestedSeverityType = builder.objectRef<SuggestedSeverity>('SuggestedSeverity').implement({
  description:
    'How bad an impact looks. The most severe of: runs under way or to come (CRITICAL from 1000, HIGH from 100, MODERATE from 1), runs failed, late or skipped so far (HIGH from 10, MODERATE from 1), resources reached (HIGH from 100), and a start at a work pool, work queue or block (HIGH, and CRITICAL when besides 100 runs are hit and the next harm is less than an hour away); else LOW.',
  fields: (t) => ({
    severity: t.field({ type: Severity, description: 'The severity.', resolve: ({ severity }) => severity }),
    reasons: t.stringList({ description: 'What speaks for it, the weightiest first.', resolve: ({ reasons }) => [...reasons] })
  })
})

/** Each is a statement of its own. */
const statementCost = 20
const runsCost = (args: Parameters<typeof pageCost>[0]) => ({ ...pageCost(args), field: statementCost })

export const Impact = builder.objectRef<Shape>('Impact').implement({
  description:
    'What harm to some resources comes to, as Mayday knows the work on them: theirs, and that of all that lies downstream of them. Harm goes from upstream to downstream along dependencies. Of an incident that is over, what it did; nothing is under way or upcoming then.',
  fields: (t) => ({
    computedAt: t.field({ type: 'DateTime', description: 'When it was computed.', resolve: ({ time }) => time.now }),
    horizonEnd: t.field({ type: 'DateTime', description: 'Runs that are to begin before this moment are upcoming.', resolve: ({ time }) => time.horizonEnd }),
    figures: t.field({ type: ImpactFigures, complexity: statementCost, description: 'The headline figures.', resolve: figuresOf }),
    origins: t.field({
      type: [Resource],
      description: 'The resources where the harm starts: those given, or those that the incident is linked to as AFFECTED.',
      resolve: ({ originIds }, _args, context) => Promise.all(originIds.map((id) => resourceOf(context, id)))
    }),
    affected: t.connection(
      {
        type: AffectedResourceType,
        description: 'The resources that the harm reaches: first where it starts, then the surer and the nearer before the others.',
        complexity: pageCost,
        args: { kind: t.arg({ type: [ResourceKind], description: 'Of one of these kinds; of any when left out.' }) },
        resolve: (impact, { kind, ...args }) => affectedResources(impact, kind ?? null, args)
      },
      AffectedResourceConnection
    ),
    affectedByKind: t.field({
      type: [KindCount],
      description: 'How many resources of each kind the harm reaches, the most first.',
      resolve: affectedByKind
    }),
    ongoingRuns: t.connection(
      {
        type: Run,
        description: 'Runs under way, the newest state first.',
        complexity: runsCost,
        resolve: async (impact, args, context) => ({
          ...(await ongoingRuns(context.session, impact, args)),
          totalCount: async () => (await figuresOf(impact, {}, context)).running
        })
      },
      RunConnection
    ),
    upcomingRuns: t.connection(
      {
        type: Run,
        description: 'Runs that are to begin before the end of the horizon, the next first; those that are late stand before them.',
        complexity: runsCost,
        resolve: async (impact, args, context) => ({
          ...(await upcomingRuns(context.session, impact, args)),
          totalCount: async () => (await figuresOf(impact, {}, context)).upcoming
        })
      },
      RunConnection
    ),
    harmedRuns: t.connection(
      {
        type: Run,
        description: 'Runs that failed, crashed, were cancelled or skipped, or are late, since the harm began and before it was over; the newest state first.',
        complexity: runsCost,
        resolve: async (impact, args, context) => ({
          ...(await harmedRuns(context.session, impact, args)),
          totalCount: async () => {
            const { failed, late, skipped } = await figuresOf(impact, {}, context)
            return failed + late + skipped
          }
        })
      },
      RunConnection
    ),
    owners: t.field({
      type: [ImpactShare],
      complexity: statementCost,
      description: 'Whom to tell: the owners of what is affected, those with the most runs under way or upcoming first; at most 50.',
      resolve: (impact, _args, context) => context.loader(ownersOfImpact).load(impact)
    }),
    tags: t.field({
      type: [ImpactShare],
      complexity: statementCost,
      description: 'The tags of what is affected, those with the most runs under way or upcoming first; at most 50.',
      resolve: (impact, _args, context) => context.loader(tagsOfImpact).load(impact)
    }),
    nextHarm: t.field({
      type: NextHarm,
      nullable: true,
      complexity: statementCost,
      description: 'Where the next harm lands: the next upcoming run that is not late already; null when there is none.',
      resolve: (impact, _args, context) => context.loader(nextHarmOfImpact).load(impact)
    }),
    suggestedSeverity: t.field({
      type: SuggestedSeverityType,
      complexity: statementCost,
      description: 'How bad it looks by the figures, and why.',
      resolve: async (impact, args, context) => suggestSeverity(impact.originKinds, await figuresOf(impact, args, context), impact.time.now)
    })
  })
})

async function figuresOf(impact: Shape, _args: object, context: Context): Promise<Figures> {
  return { ...(await context.loader(runFigures).load(impact)), affected: impact.resourceIds.length }
}

async function resourceOf(context: Context, id: string) {
  const resource = await context.loader(resourcesById).load(id)
  if (!resource) throw new Error(`The resource ${id} is gone`)
  return resource
}
