// What Prefect's lists say, in Mayday's words: things, and what they hang on. Pure.
import type { GivenDependency, GivenResource } from '../resource/catalogue.ts'
import { automationLineage } from './automation.ts'
import { externalId } from './external-id.ts'
import { ownersOf } from './owners.ts'
import type { BlockRow, Listed } from './rows.ts'

export interface Mapped {
  readonly resources: readonly GivenResource[]
  readonly dependencies: readonly GivenDependency[]
}

/** `pages` is where Prefect's own pages are. */
export function catalogueOf(listed: Listed, pages: string): Mapped {
  const flowNames = new Map(listed.flows.map(({ id, name }) => [id, name]))
  const poolsByName = new Map(listed.workPools.map(({ id, name }) => [name, id]))
  const poolsById = new Map(listed.workPools.map(({ id, name }) => [id, name]))
  const resources: GivenResource[] = []
  const dependencies: GivenDependency[] = []
  const hang = (downstream: string, kind: 'BELONGS_TO' | 'DEPENDS_ON', upstream: string | undefined) => {
    if (upstream !== undefined) dependencies.push({ downstream, upstream, kind, confidence: 'CERTAIN' })
  }

  for (const flow of listed.flows) resources.push(resource('FLOW', 'flow', flow, { url: `${pages}/flows/flow/${flow.id}` }))
  for (const pool of listed.workPools) {
    const given = resource('WORK_POOL', 'work-pool', pool, { state: readiness(pool), url: `${pages}/work-pools/work-pool/${encodeURIComponent(pool.name)}` })
    resources.push({ ...given, labels: { ...given.labels, ...(pool.type ? { 'work-pool.type': pool.type } : {}) } })
    for (const block of blocksNamed(pool.base_job_template, listed.blocks)) hang(given.externalId, 'DEPENDS_ON', block)
  }
  for (const queue of listed.workQueues) {
    const pool = queue.work_pool_name ?? poolsById.get(queue.work_pool_id ?? '')
    // Each pool has a queue called `default`, so Prefect's own commands name the pool with it.
    const given = resource('WORK_QUEUE', 'work-queue', queue, {
      name: pool ? `${pool}/${queue.name}` : queue.name,
      state: readiness(queue),
      url: pool ? `${pages}/work-pools/work-pool/${encodeURIComponent(pool)}/queue/${encodeURIComponent(queue.name)}` : null
    })
    resources.push(given)
    const poolId = queue.work_pool_id ?? poolsByName.get(queue.work_pool_name ?? '')
    hang(given.externalId, 'BELONGS_TO', poolId && externalId('work-pool', poolId))
  }
  for (const block of listed.blocks) {
    const given = resource('BLOCK', 'block-document', block, { url: `${pages}/blocks/block/${block.id}` })
    resources.push({ ...given, labels: { ...given.labels, ...(block.block_type_name ? { 'block.type': block.block_type_name } : {}) } })
  }
  for (const deployment of listed.deployments) {
    const flow = flowNames.get(deployment.flow_id)
    const given = resource('DEPLOYMENT', 'deployment', deployment, {
      name: flow ? `${flow}/${deployment.name}` : deployment.name,
      state: readiness({ is_paused: deployment.paused, status: deployment.status }),
      url: `${pages}/deployments/deployment/${deployment.id}`
    })
    resources.push(given)
    hang(given.externalId, 'BELONGS_TO', externalId('flow', deployment.flow_id))
    const poolId = poolsByName.get(deployment.work_pool_name ?? '')
    if (deployment.work_queue_id) hang(given.externalId, 'BELONGS_TO', externalId('work-queue', deployment.work_queue_id))
    else hang(given.externalId, 'BELONGS_TO', poolId && externalId('work-pool', poolId))
    const blocks = [deployment.storage_document_id, deployment.infrastructure_document_id].flatMap((id) => (id ? externalId('block-document', id) : []))
    const named = blocksNamed([...(deployment.job_variables ?? []), ...(deployment.pull_steps ?? [])], listed.blocks)
    for (const block of new Set([...blocks, ...named])) hang(given.externalId, 'DEPENDS_ON', block)
  }
  for (const automation of listed.automations) {
    const state = automation.enabled === false ? 'Paused' : 'Ready'
    resources.push(resource('AUTOMATION', 'automation', automation, { state, url: `${pages}/automations/automation/${automation.id}` }))
    dependencies.push(...automationLineage(automation, listed))
  }
  return { resources, dependencies }
}

interface Thing {
  readonly id: string
  readonly name: string
  readonly tags: readonly string[]
  readonly labels: Readonly<Record<string, unknown>>
}

function resource(kind: GivenResource['kind'], type: string, thing: Thing, more: Partial<GivenResource>): GivenResource {
  const labels = ownLabels(thing)
  return { kind, externalId: externalId(type, thing.id), name: thing.name, labels, tags: thing.tags, owners: ownersOf(labels, thing.tags), ...more }
}

/** External ids of the blocks of these names. */
function blocksNamed(names: readonly string[] = [], blocks: readonly BlockRow[]): string[] {
  if (names.length === 0) return []
  const named = new Set(names)
  return blocks.filter(({ block_type, name }) => named.has(`${block_type?.slug} ${name}`)).map(({ id }) => externalId('block-document', id))
}

/** The labels that people gave; Prefect's own repeat what the dependencies say. */
function ownLabels({ labels }: Thing): Record<string, string> {
  const own = Object.entries(labels).filter(([name, value]) => !name.startsWith('prefect.') && ['string', 'number', 'boolean'].includes(typeof value))
  return Object.fromEntries(own.map(([name, value]) => [name, String(value)]))
}

/** What Prefect says of whether runs are taken on. */
function readiness({ is_paused, status }: { is_paused?: boolean | null | undefined; status?: string | null | undefined }): string | null {
  if (is_paused || status === 'PAUSED') return 'Paused'
  if (status === 'NOT_READY') return 'Not ready'
  return status === 'READY' ? 'Ready' : null
}
