// The recording of a real Prefect server as the resources of a workspace: its own names, ids, tags, states and messages.
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** A resource as `upsertResources` takes it. */
export interface DemoResource {
  kind: 'FLOW' | 'FLOW_RUN' | 'DEPLOYMENT' | 'WORK_POOL' | 'WORK_QUEUE' | 'BLOCK'
  externalId: string
  name: string
  labels: Record<string, string>
  state: string | null
  stateMessage: string | null
  belongsTo: string[]
}

interface Recorded {
  id: string
  name: string
  tags?: string[]
  labels?: Record<string, string>
}

interface Recording {
  flows: Recorded[]
  deployments: (Recorded & { flow_id: string; work_queue_id: string | null; status: string })[]
  flow_runs: (Recorded & {
    flow_id: string
    deployment_id: string | null
    work_queue_id: string | null
    parent_task_run_id: string | null
    state: { name: string; message: string | null }
  })[]
  task_runs: (Recorded & { flow_run_id: string | null })[]
  work_pools: (Recorded & { status: string; type: string })[]
  work_queues: (Recorded & { work_pool_id: string; work_pool_name: string; status: string })[]
  block_documents: (Recorded & { block_type_name: string })[]
}

const place = new URL('../../test/prefect/recording/catalogue.json', import.meta.url)

export class Catalogue {
  readonly resources: readonly DemoResource[]

  constructor(recording = JSON.parse(readFileSync(place, 'utf8')) as Recording) {
    this.resources = resourcesOf(recording)
  }

  /** The resource of a kind and name, such as `FLOW_RUN` and `noble-lemming`; of runs that share a name, the one that failed. */
  find(kind: DemoResource['kind'], name: string): DemoResource {
    const alike = this.resources.filter((resource) => resource.kind === kind && resource.name === name)
    const found = alike.find(({ state }) => state !== 'Completed') ?? alike[0]
    if (!found) throw new Error(`The recording has no ${kind} ${name}`)
    return found
  }

  /** A new run that ends as a recorded one did, so that what failed can fail again. It has a name of its own, where Prefect makes those up. */
  another(run: DemoResource): DemoResource {
    return { ...run, externalId: idOf('flow-run', randomUUID()), name: isMadeUp(run) ? this.makeUpName() : run.name }
  }

  /** A name such as Prefect makes up for a run. */
  makeUpName(): string {
    const names = this.resources.filter(isMadeUp).map(({ name }) => name.split('-'))
    const pick = () => names[Math.floor(Math.random() * names.length)] ?? []
    return `${pick()[0]}-${pick()[1]}`
  }
}

/** Prefect calls a run `noble-lemming`, unless its flow says how runs are called (those of subflows here do). */
function isMadeUp({ kind, name, belongsTo }: DemoResource): boolean {
  return kind === 'FLOW_RUN' && /^[a-z]+-[a-z]+$/.test(name) && belongsTo.some((id) => id.startsWith('prefect.deployment.'))
}

function resourcesOf(recording: Recording): DemoResource[] {
  const flowName = new Map(recording.flows.map(({ id, name }) => [id, name]))
  const parentRun = new Map(recording.task_runs.map(({ id, flow_run_id }) => [id, flow_run_id]))
  return [
    ...recording.work_pools.map((pool) => resource('WORK_POOL', 'work-pool', pool, { state: pool.status, labels: { 'work-pool.type': pool.type } })),
    // Queues and deployments are called as in Prefect's own commands; `default` or `prod` alone says little.
    ...recording.work_queues.map((queue) =>
      resource('WORK_QUEUE', 'work-queue', queue, {
        name: `${queue.work_pool_name}/${queue.name}`,
        state: queue.status,
        belongsTo: [idOf('work-pool', queue.work_pool_id)]
      })
    ),
    ...recording.block_documents.map((block) => resource('BLOCK', 'block-document', block, { labels: { 'block.type': block.block_type_name } })),
    ...recording.flows.map((flow) => resource('FLOW', 'flow', flow)),
    ...recording.deployments.map((deployment) =>
      resource('DEPLOYMENT', 'deployment', deployment, {
        name: `${flowName.get(deployment.flow_id)}/${deployment.name}`,
        state: deployment.status,
        belongsTo: present(['flow', deployment.flow_id], ['work-queue', deployment.work_queue_id])
      })
    ),
    ...recording.flow_runs.map((run) =>
      resource('FLOW_RUN', 'flow-run', run, {
        state: run.state.name,
        stateMessage: run.state.message,
        belongsTo: run.deployment_id
          ? present(['deployment', run.deployment_id], ['work-queue', run.work_queue_id])
          : present(['flow', run.flow_id], ['flow-run', parentRun.get(run.parent_task_run_id ?? '')])
      })
    )
  ]
}

function resource(kind: DemoResource['kind'], prefix: string, { id, name, tags = [], labels = {} }: Recorded, more: Partial<DemoResource> = {}): DemoResource {
  const tagged = Object.fromEntries(
    tags.map((tag) => {
      const [key = tag, ...value] = tag.split(':')
      return [key, value.join(':') || 'yes']
    })
  )
  return { kind, externalId: idOf(prefix, id), name, state: null, stateMessage: null, belongsTo: [], ...more, labels: { ...labels, ...tagged, ...more.labels } }
}

function present(...parents: [prefix: string, id: string | null | undefined][]): string[] {
  return parents.flatMap(([prefix, id]) => (id ? idOf(prefix, id) : []))
}

function idOf(prefix: string, id: string): string {
  return `prefect.${prefix}.${id}`
}
