// Lineage through automations: one that runs deployment Y after an event of X makes Y downstream of X, with the
// automation in the middle. Pure.
import type { Confidence } from '../database/generated/client/client.ts'
import type { GivenDependency } from '../resource/catalogue.ts'
import { externalId } from './external-id.ts'
import { type AutomationRow, actionRow, type Listed, triggerRow } from './rows.ts'

/** Triggers within triggers deeper than this are not looked at, nor are more deployments than this that one automation may wait for. */
const deepest = 5
const mostSources = 500

/** Events that tell of trouble: who waits for them is set off by a failure, and not harmed by it. */
const trouble = /\.(Failed|Crashed|TimedOut|Late|Cancelled|Cancelling|failed|not-ready)$/

/** What it is triggered by, and what it runs. Nothing when it runs no deployment of its choosing. */
export function automationLineage(automation: AutomationRow, listed: Listed): GivenDependency[] {
  const downstream = externalId('automation', automation.id)
  const runs = actionsOf(automation).map((id) => externalId('deployment', id))
  if (runs.length === 0 || automation.enabled === false) return []
  const sources = [...sourcesOf(automation.trigger, listed, deepest)].filter(([source]) => !runs.includes(source)).slice(0, mostSources)
  return [
    ...sources.map(([upstream, confidence]) => ({ downstream, upstream, kind: 'TRIGGERED_BY' as const, confidence })),
    ...runs.map((run) => ({ downstream: run, upstream: downstream, kind: 'TRIGGERED_BY' as const, confidence: 'CERTAIN' as const }))
  ]
}

/** The deployments that it runs. */
function actionsOf({ actions, actions_on_trigger, actions_on_resolve }: AutomationRow): string[] {
  const ids = [...(actions ?? []), ...(actions_on_trigger ?? []), ...(actions_on_resolve ?? [])].flatMap((given) => {
    const { data } = actionRow.safeParse(given)
    return data?.type === 'run-deployment' && data.deployment_id ? [data.deployment_id] : []
  })
  return [...new Set(ids)]
}

/** External ids of what a trigger waits for, each with how sure that is. */
function sourcesOf(given: unknown, listed: Listed, depth: number): Map<string, Confidence> {
  const sources = new Map<string, Confidence>()
  const { data: trigger } = triggerRow.safeParse(given)
  if (!trigger || depth === 0) return sources
  const add = (source: string, confidence: Confidence) => {
    if (sources.get(source) !== 'CERTAIN') sources.set(source, confidence)
  }
  for (const inner of trigger.triggers ?? []) for (const [source, confidence] of sourcesOf(inner, listed, depth - 1)) add(source, confidence)
  const awaited = [...trigger.expect, ...trigger.after]
  const sure: Confidence = awaited.length > 0 && awaited.every((event) => trouble.test(event)) ? 'POSSIBLE' : 'CERTAIN'
  const matched = labelsOf(trigger.match)
  const related = labelsOf(trigger.match_related)
  const exact = [...matched, ...related].filter(isExact)
  for (const source of exact) add(source, sure)
  // Only where nothing is named is everything that fits a source; a tag narrows it.
  if (exact.length === 0) for (const source of anyOf([...matched, ...related], listed)) add(source, 'POSSIBLE')
  return sources
}

/** The resource ids that the labels of a match ask for; one that begins with `!` asks for all others. */
function labelsOf(match: unknown): string[] {
  if (Array.isArray(match)) return match.flatMap(labelsOf)
  if (typeof match !== 'object' || match === null) return []
  const ids = (match as Record<string, unknown>)['prefect.resource.id']
  return [ids].flat().filter((id): id is string => typeof id === 'string' && !id.startsWith('!'))
}

/** Whether it names one thing that is a resource, or an asset by its own address. */
function isExact(id: string): boolean {
  return !id.includes('*') && (/^prefect\.(deployment|flow|work-pool|work-queue|block-document|automation)\./.test(id) || !id.startsWith('prefect.'))
}

/** The deployments that patterns such as `prefect.flow-run.*` may mean; of those that ask for a tag, the ones that have it. */
function anyOf(patterns: readonly string[], { deployments }: Listed): string[] {
  if (!patterns.some((pattern) => /^prefect\.(flow-run|deployment|tag)\b/.test(pattern))) return []
  const tags = patterns.flatMap((pattern) => /^prefect\.tag\.([^*]+)$/.exec(pattern)?.[1] ?? [])
  return deployments
    .filter((deployment) => tags.length === 0 || deployment.tags.some((tag) => tags.includes(tag)))
    .map(({ id }) => externalId('deployment', id))
}
