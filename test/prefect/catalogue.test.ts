import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { catalogueOf } from '../../src/prefect/catalogue.ts'
import { automationRow, blockRow, deploymentRow, flowRow, type Listed, workPoolRow, workQueueRow } from '../../src/prefect/rows.ts'
import { type ListName, type Row, recordedLists } from './recorded.ts'

const pages = 'http://prefect.test'

function listed(change: (lists: Record<ListName, Row[]>) => void = () => {}): Listed {
  const lists = recordedLists()
  change(lists)
  return {
    flows: z.array(flowRow).parse(lists.flows),
    deployments: z.array(deploymentRow).parse(lists.deployments),
    workPools: z.array(workPoolRow).parse(lists.work_pools),
    workQueues: z.array(workQueueRow).parse(lists.work_queues),
    blocks: z.array(blockRow).parse(lists.block_documents),
    automations: z.array(automationRow).parse(lists.automations)
  }
}

describe('the catalogue of the recorded server', () => {
  const { resources, dependencies } = catalogueOf(listed(), pages)
  const find = (name: string) => resources.find((resource) => resource.name === name)
  const upstreamOf = (name: string, kind?: string) =>
    dependencies
      .filter(({ downstream, kind: of }) => downstream === find(name)?.externalId && (!kind || of === kind))
      .map(({ upstream, kind: of, confidence }) => `${of} ${resources.find(({ externalId }) => externalId === upstream)?.name ?? upstream} ${confidence}`)

  it('has everything that the server lists', () => {
    const counts = Object.fromEntries([...Map.groupBy(resources, ({ kind }) => kind)].map(([kind, all]) => [kind, all.length]))
    expect(counts).toEqual({ FLOW: 9, DEPLOYMENT: 8, WORK_POOL: 2, WORK_QUEUE: 5, BLOCK: 3, AUTOMATION: 3 })
    expect(new Set(resources.map(({ externalId }) => externalId)).size).toBe(resources.length)
  })

  it('calls a deployment and a queue as Prefect does, with state, tags, owners, labels of people, and page', () => {
    expect(find('dbt-nightly/prod')).toEqual({
      kind: 'DEPLOYMENT',
      externalId: 'prefect.deployment.31704a22-7ec1-4ea4-ad86-c0b901f4ca03',
      name: 'dbt-nightly/prod',
      labels: { owner: 'analytics-eng' },
      tags: ['team:analytics-eng', 'tier:1', 'dbt'],
      owners: ['analytics-eng'],
      state: 'Ready',
      url: 'http://prefect.test/deployments/deployment/31704a22-7ec1-4ea4-ad86-c0b901f4ca03'
    })
    expect(find('batch-spot')).toMatchObject({ kind: 'WORK_POOL', state: 'Not ready', labels: { 'work-pool.type': 'process' } })
    expect(find('k8s-prod/critical')).toMatchObject({ url: 'http://prefect.test/work-pools/work-pool/k8s-prod/queue/critical' })
  })

  it('hangs deployments on flows and queues, and queues on pools', () => {
    expect(upstreamOf('dbt-nightly/prod', 'BELONGS_TO')).toEqual(['BELONGS_TO dbt-nightly CERTAIN', 'BELONGS_TO k8s-prod/critical CERTAIN'])
    expect(upstreamOf('k8s-prod/critical')).toEqual(['BELONGS_TO k8s-prod CERTAIN'])
  })

  it('puts an automation between what sets it off and what it runs; a reaction to failures that may come from any is only possible', () => {
    const automation = 'Tell on-call about tier-1 failures'
    expect(upstreamOf('tell-oncall/default', 'TRIGGERED_BY')).toEqual([`TRIGGERED_BY ${automation} CERTAIN`])
    expect(upstreamOf(automation).sort()).toEqual([
      'TRIGGERED_BY billing-export/bank POSSIBLE',
      'TRIGGERED_BY dbt-nightly/prod POSSIBLE',
      'TRIGGERED_BY ingest-orders/hourly POSSIBLE'
    ])
    expect(upstreamOf('Pause a deployment that failed twice')).toEqual([])
  })

  it('keeps nothing of what is in a block', () => {
    expect(JSON.stringify(resources)).not.toMatch(/acme-warehouse-backups|made-up|SVC_DBT/)
    expect(find('backup-bucket')).toMatchObject({ kind: 'BLOCK', labels: { 'block.type': 'Remote File System' } })
  })
})

describe('a catalogue', () => {
  const deployment = (change: Record<string, unknown>) => (lists: Record<ListName, Row[]>) => {
    lists.deployments = [{ ...(lists.deployments[0] as Row), ...change }]
  }
  const upstream = (kind: string, change: (lists: Record<ListName, Row[]>) => void) => {
    const { dependencies } = catalogueOf(listed(change), pages)
    return dependencies.filter((each) => each.downstream.startsWith('prefect.deployment.') && each.kind === kind).map((each) => each.upstream)
  }

  it('says of a paused deployment that it is paused, whether it is ready or not', () => {
    const { resources } = catalogueOf(listed(deployment({ paused: true })), pages)
    expect(resources.find(({ kind }) => kind === 'DEPLOYMENT')).toMatchObject({ state: 'Paused' })
  })

  it('hangs a deployment without a queue on its pool, and one without either on its flow only', () => {
    expect(upstream('BELONGS_TO', deployment({ work_queue_id: null }))).toEqual([
      'prefect.flow.1c83a2ce-6876-446a-9281-6549567a7663',
      expect.stringMatching(/^prefect\.work-pool\./)
    ])
    expect(upstream('BELONGS_TO', deployment({ work_queue_id: null, work_pool_name: null }))).toEqual(['prefect.flow.1c83a2ce-6876-446a-9281-6549567a7663'])
  })

  it('finds the blocks that a deployment uses: by id, and by the names in its templates', () => {
    const [bucket, ...others] = recordedLists().block_documents
    const named = others[0] as Row
    const blocks = upstream('DEPENDS_ON', (lists) =>
      deployment({
        storage_document_id: bucket?.id,
        job_variables: { env: { TOKEN: `{{ prefect.blocks.${named.block_type.slug}.${named.name} }}`, NONE: '{{ prefect.blocks.secret.unknown }}' } }
      })(lists)
    )
    expect(blocks).toEqual([`prefect.block-document.${bucket?.id}`, `prefect.block-document.${named.id}`])
  })

  it('is certain where a trigger names the deployment whose success it waits for, also deep inside others', () => {
    const [first, second] = recordedLists().deployments.map(({ id }) => id)
    const { dependencies } = catalogueOf(
      listed((lists) => {
        const match_related = { 'prefect.resource.id': `prefect.deployment.${first}`, 'prefect.resource.role': 'deployment' }
        const inner = { type: 'event', expect: ['prefect.flow-run.Completed'], match: { 'prefect.resource.id': 'prefect.flow-run.*' }, match_related }
        lists.automations = [
          {
            id: 'dd664641-3af3-4d82-a7f7-9d2cfbb43073',
            name: 'After it',
            enabled: true,
            trigger: { type: 'compound', triggers: [{ type: 'sequence', triggers: [inner] }] },
            actions: [{ type: 'run-deployment', source: 'selected', deployment_id: second }]
          }
        ]
      }),
      pages
    )
    const automation = 'prefect.automation.dd664641-3af3-4d82-a7f7-9d2cfbb43073'
    expect(dependencies.filter(({ kind }) => kind === 'TRIGGERED_BY')).toEqual([
      { downstream: automation, upstream: `prefect.deployment.${first}`, kind: 'TRIGGERED_BY', confidence: 'CERTAIN' },
      { downstream: `prefect.deployment.${second}`, upstream: automation, kind: 'TRIGGERED_BY', confidence: 'CERTAIN' }
    ])
  })

  it.each([
    ['an owner', { owner: 'ops' }, [], ['ops']],
    ['several owners', { owners: 'ops, data ,' }, [], ['ops', 'data']],
    ['a team, and the same again as a tag', { team: 'ops' }, ['team:ops', 'owner:ada', 'teams:none'], ['ops', 'ada']]
  ])('reads %s', (_what, labels, tags, owners) => {
    const { resources } = catalogueOf(listed(deployment({ labels, tags })), pages)
    expect(resources.find(({ kind }) => kind === 'DEPLOYMENT')).toMatchObject({ owners })
  })
})
