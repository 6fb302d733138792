// Pure: what an incident declared from a resource is called, and how bad it looks, before anyone has looked.
import type { Resource, ResourceKind, Severity } from '../database/generated/client/client.ts'
import { isRun } from '../resource/kind.ts'

const nouns: Record<ResourceKind, string> = {
  FLOW: 'Flow',
  FLOW_RUN: 'Flow run',
  TASK_RUN: 'Task run',
  DEPLOYMENT: 'Deployment',
  WORK_POOL: 'Work pool',
  WORK_QUEUE: 'Work queue',
  BLOCK: 'Block',
  ASSET: 'Asset',
  AUTOMATION: 'Automation',
  CUSTOM: 'Resource'
}

/** Work stands still for all that runs on these, so they weigh more than one run. */
const shared: readonly ResourceKind[] = ['WORK_POOL', 'WORK_QUEUE', 'BLOCK']

/** Title, summary, severity and dedup key for an incident on a resource, given all that it belongs to, nearest first; for a run, what it is a run of, where that is known. */
export function proposeFromResource(
  resource: Resource,
  ancestors: readonly Resource[],
  owner = workflowOf(ancestors)
): { title: string; summary: string; severity: Severity; dedupKey: string } {
  const subject = `${nouns[resource.kind]} ${resource.name}${owner && isRun(resource.kind) ? ` of ${owner.name}` : ''}`
  const state = resource.state ? `is ${resource.state}` : 'is in trouble'
  const lines = [
    resource.stateMessage ?? '',
    ancestors.length > 0 ? `Belongs to ${ancestors.map(({ kind, name }) => `${nouns[kind].toLowerCase()} ${name}`).join(', ')}.` : '',
    resource.url ?? ''
  ]
  return {
    title: cut(`${subject} ${state}`, 200),
    summary: cut(lines.filter((line) => line !== '').join('\n\n'), 10_000),
    severity: shared.includes(resource.kind) ? 'HIGH' : 'MODERATE',
    // A deployment that fails every five minutes is one cause, not one for each run.
    dedupKey: `resource:${(isRun(resource.kind) && owner ? owner : resource).externalId}`
  }
}

/** How an incident on a resource is linked: a run is harmed where what it is a run of is, and whatever else it belongs to tells where that is. */
export function linksOf(resource: Resource, ancestors: readonly Resource[], owner = workflowOf(ancestors)): { resourceIds: string[]; contextIds: string[] } {
  const workflow = isRun(resource.kind) ? owner : undefined
  const contextIds = ancestors.filter((ancestor) => ancestor !== workflow).map(({ id }) => id)
  return { resourceIds: [resource.id, ...(workflow ? [workflow.id] : [])], contextIds }
}

/** What a run is most likely a run of. */
function workflowOf(ancestors: readonly Resource[]): Resource | undefined {
  return ancestors.find(({ kind }) => kind === 'DEPLOYMENT') ?? ancestors.find(({ kind }) => kind === 'FLOW')
}

/** The beginning of a text, never with half of a character at its end. */
function cut(text: string, most: number): string {
  const beginning = text.slice(0, most)
  return beginning.isWellFormed() ? beginning : beginning.slice(0, -1)
}
