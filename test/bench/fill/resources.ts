// What an orchestrator has: few flows, deployments and pools, and a great many runs.
import { createHash } from 'node:crypto'
import { resourceEvents } from '../../../src/resource/events.ts'
import type { Chance } from './random.ts'
import { type Happening, idAt, iso, type Workspace } from './rows.ts'
import { flows, pools, runName } from './texts.ts'

export interface ResourceRow {
  id: string
  workspace_id: string
  kind: string
  external_id: string
  name: string
  labels: Record<string, string>
  state: string | null
  state_message: string | null
  url: null
  created_at: string
  updated_at: string
}

interface DependencyRow {
  workspace_id: string
  downstream_id: string
  upstream_id: string
  kind: string
  source: string
  confidence: string
  created_at: string
  last_seen_at: string
}

export function makeResources(workspace: Workspace, count: number, from: number, until: number, chance: Chance) {
  const resources: ResourceRow[] = []
  const dependencies: DependencyRow[] = []
  const happenings: Happening[] = []

  function add(kind: string, prefix: string, name: string, belongsTo: (ResourceRow | undefined)[] = [], state: string | null = null): ResourceRow {
    const at = Math.round(from + ((until - from) * resources.length) / count)
    const id = idAt(at, chance)
    const externalId = `prefect.${prefix}.${uuidLike(`${prefix} ${resources.length}`)}`
    const parentIds = belongsTo.flatMap((parent) => parent?.id ?? [])
    const row = {
      id,
      workspace_id: workspace.id,
      kind,
      external_id: externalId,
      name,
      labels: { owner: chance.of(['data-platform', 'finance-systems', 'analytics-eng', 'ml-platform']) },
      state,
      state_message: state === 'Failed' ? 'Flow run encountered an exception: TimeoutError: the warehouse did not answer within 300 seconds' : null,
      url: null,
      created_at: iso(at),
      updated_at: iso(at)
    }
    resources.push(row)
    dependencies.push(
      ...parentIds.map((upstreamId) => ({
        workspace_id: workspace.id,
        downstream_id: id,
        upstream_id: upstreamId,
        kind: 'BELONGS_TO',
        source: 'USER',
        confidence: 'CERTAIN',
        created_at: iso(at),
        last_seen_at: iso(at)
      }))
    )
    happenings.push({
      kind: resourceEvents.created.name,
      at,
      actorId: workspace.keyId,
      incidentId: null,
      subjectId: id,
      data: { kind, externalId, parentIds },
      text: { name }
    })
    return row
  }

  const poolRows = pools.map((name) => add('WORK_POOL', 'work-pool', name, [], 'Ready'))
  const deployments = flows.map((name, index) => {
    const flow = add('FLOW', 'flow', name)
    return add('DEPLOYMENT', 'deployment', `${name}/prod`, [flow, poolRows[index % poolRows.length]], 'Ready')
  })
  while (resources.length < count) add('FLOW_RUN', 'flow-run', runName(chance), [chance.of(deployments)], chance.next() < 0.3 ? 'Failed' : 'Completed')
  return { resources, dependencies, happenings }
}

function uuidLike(text: string): string {
  const digits = createHash('sha256').update(text).digest('hex')
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20, 32)}`
}
