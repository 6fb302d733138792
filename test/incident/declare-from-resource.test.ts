import { afterAll, beforeAll, expect, it } from 'vitest'
import type { DeclareIncidentFromResourceInput, ResourceInput } from '../generated/graphql.ts'
import { graphql } from '../generated/index.ts'
import { startEmbedded, type TestApp } from '../kit/app.ts'
import { readIncident } from '../kit/incident.ts'
import { addMember, addResources, declare } from '../kit/seed.ts'

const DeclareFromResource = graphql(`
  mutation DeclareFromResource($input: DeclareIncidentFromResourceInput!) {
    declareIncidentFromResource(input: $input) {
      __typename
      ... on DeclareIncidentPayload { outcome incident { id reference title summary severity tags dedupKey lead { name } startedAt resources { nodes { externalId } } } }
      ... on DuplicateIncidentError { incident { reference } }
      ... on Error { message }
    }
  }
`)

let app: TestApp

beforeAll(async () => {
  app = await startEmbedded()
})
afterAll(() => app[Symbol.asyncDispose]())

/** A flow run with all that it belongs to, under names of its own. */
function workflow(name: string): ResourceInput[] {
  return [
    { kind: 'WORK_POOL', externalId: `prefect.work-pool.${name}`, name: 'night' },
    { kind: 'FLOW', externalId: `prefect.flow.${name}`, name: 'load-orders' },
    {
      kind: 'DEPLOYMENT',
      externalId: `prefect.deployment.${name}`,
      name: 'load-orders/nightly',
      belongsTo: [`prefect.flow.${name}`, `prefect.work-pool.${name}`]
    },
    {
      kind: 'FLOW_RUN',
      externalId: `prefect.flow-run.${name}`,
      name: 'amber-lynx',
      state: 'Failed',
      stateMessage: 'Flow run encountered an exception: KeyError',
      url: 'http://prefect.example/runs/1',
      belongsTo: [`prefect.deployment.${name}`, `prefect.flow.${name}`]
    }
  ]
}

async function declareFrom(resourceId: string | undefined, input: Partial<DeclareIncidentFromResourceInput> = {}) {
  const answer = (await app.admin.run(DeclareFromResource, { input: { resourceId: resourceId ?? '', ...input } })).declareIncidentFromResource
  if (answer.__typename !== 'DeclareIncidentPayload') throw new Error(JSON.stringify(answer))
  return { outcome: answer.outcome, ...answer.incident }
}

it('a failed flow run proposes title, summary and severity, and links all that it belongs to', async () => {
  const [, , , run] = await addResources(app.admin, ...workflow('one'))
  const incident = await declareFrom(run?.id)
  expect(incident).toMatchObject({
    outcome: 'DECLARED',
    title: 'Flow run amber-lynx of load-orders/nightly is Failed',
    severity: 'MODERATE',
    dedupKey: 'resource:prefect.deployment.one'
  })
  const [message, belongs, url] = incident.summary.split('\n\n')
  expect(message).toBe('Flow run encountered an exception: KeyError')
  expect(belongs).toMatch(/^Belongs to (deployment|flow) .*, work pool night\.$/)
  expect(belongs?.slice('Belongs to '.length, -1).split(', ').sort()).toEqual(['deployment load-orders/nightly', 'flow load-orders', 'work pool night'])
  expect(url).toBe('http://prefect.example/runs/1')
  expect(incident.resources.nodes.map(({ externalId }) => externalId).sort()).toEqual([
    'prefect.deployment.one',
    'prefect.flow-run.one',
    'prefect.flow.one',
    'prefect.work-pool.one'
  ])
})

it('another run of the same deployment is the same cause; a run of another one is not', async () => {
  const [, , , first] = await addResources(app.admin, ...workflow('two'))
  const [second] = await addResources(app.admin, {
    kind: 'FLOW_RUN',
    externalId: 'prefect.flow-run.two-again',
    name: 'blue-owl',
    state: 'Crashed',
    belongsTo: ['prefect.deployment.two']
  })
  const [, , , other] = await addResources(app.admin, ...workflow('three'))
  const declared = await declareFrom(first?.id)
  const attached = await declareFrom(second?.id)
  expect(attached).toMatchObject({ outcome: 'ATTACHED', id: declared.id, title: declared.title })
  expect(attached.resources.nodes.map(({ externalId }) => externalId)).toContain('prefect.flow-run.two-again')
  expect((await declareFrom(other?.id)).outcome).toBe('DECLARED')
})

it.each<[ResourceInput, string, string]>([
  [{ kind: 'WORK_POOL', externalId: 'prefect.work-pool.a', name: 'night', state: 'Not Ready' }, 'Work pool night is Not Ready', 'HIGH'],
  [{ kind: 'WORK_QUEUE', externalId: 'prefect.work-queue.a', name: 'default' }, 'Work queue default is in trouble', 'HIGH'],
  [{ kind: 'BLOCK', externalId: 'prefect.block-document.a', name: 'warehouse' }, 'Block warehouse is in trouble', 'HIGH'],
  [{ kind: 'DEPLOYMENT', externalId: 'prefect.deployment.a', name: 'a/b' }, 'Deployment a/b is in trouble', 'MODERATE'],
  [{ kind: 'TASK_RUN', externalId: 'prefect.task-run.a', name: 'extract-1', state: 'Failed' }, 'Task run extract-1 is Failed', 'MODERATE'],
  [{ kind: 'CUSTOM', externalId: 'dbt.model.a', name: 'orders' }, 'Resource orders is in trouble', 'MODERATE']
])('%j proposes "%s", %s', async (resource, title, severity) => {
  const [{ id } = { id: '' }] = await addResources(app.admin, resource)
  expect(await declareFrom(id)).toMatchObject({ title, severity, summary: '', dedupKey: `resource:${resource.externalId}` })
})

it('what the caller says goes before what is proposed', async () => {
  const [, , , run] = await addResources(app.admin, ...workflow('four'))
  const ada = await addMember(app.admin, 'Ada')
  const incident = await declareFrom(run?.id, {
    title: 'Orders are late',
    summary: 'Nothing since midnight',
    severity: 'CRITICAL',
    tags: ['orders'],
    leadId: ada.id,
    dedupKey: 'orders',
    startedAt: '2026-03-02T09:00:00Z'
  })
  expect(incident).toMatchObject({
    title: 'Orders are late',
    summary: 'Nothing since midnight',
    severity: 'CRITICAL',
    tags: ['orders'],
    lead: { name: 'Ada' },
    dedupKey: 'orders',
    startedAt: '2026-03-02T09:00:00.000Z'
  })
})

it('keeps to the policy and the idempotency key as a declaration by hand does', async () => {
  const [, , , run] = await addResources(app.admin, ...workflow('five'))
  const resourceId = run?.id ?? ''
  const first = await declareFrom(resourceId, { idempotencyKey: 'run five' })
  expect(await declareFrom(resourceId, { idempotencyKey: 'run five' })).toMatchObject({ outcome: 'REPEATED', id: first.id })
  const { declareIncidentFromResource } = await app.admin.run(DeclareFromResource, { input: { resourceId, dedupPolicy: 'REFUSE' } })
  expect(declareIncidentFromResource).toEqual({
    __typename: 'DuplicateIncidentError',
    incident: { reference: first.reference },
    message: `${first.reference} is already open for this cause.`
  })
  expect((await declare(app.admin, { idempotencyKey: 'run five' })).number).toBeGreaterThan(0)
})

it('does not know a resource that is not there', async () => {
  const resourceId = Buffer.from(`Resource:${crypto.randomUUID()}`).toString('base64url')
  expect((await app.admin.run(DeclareFromResource, { input: { resourceId } })).declareIncidentFromResource).toEqual({
    __typename: 'NotFoundError',
    message: 'There is no resource with this id.'
  })
})

it('cuts a long proposal between characters, and keeps causes with long ids apart', async () => {
  const resources = ['x', 'yy'].map((end) => ({ kind: 'CUSTOM' as const, externalId: `${'a'.repeat(298)}${end}`, name: `${end}${'🔥'.repeat(149)}` }))
  const [first, second] = await addResources(app.admin, ...resources)
  for (const resource of [first, second]) {
    const incident = await declareFrom(resource?.id)
    expect(incident.outcome).toBe('DECLARED')
    expect(incident.title).toMatch(/^Resource (x|yy)🔥+$/u)
    expect(incident.title.length).toBeGreaterThan(198)
    expect(incident.title.length).toBeLessThanOrEqual(200)
    expect((await readIncident(app.admin, incident.id)).timeline.nodes[0]?.text).toMatchObject({ title: incident.title })
  }
})

it('resources that belong to each other in a circle are each linked once', async () => {
  const circle = ['a', 'b', 'c'].map((name, index) => ({
    kind: 'CUSTOM' as const,
    externalId: `circle.${name}`,
    name,
    belongsTo: [`circle.${['b', 'c', 'a'][index]}`]
  }))
  const [a] = await addResources(app.admin, ...circle)
  expect((await declareFrom(a?.id)).resources.nodes.map(({ externalId }) => externalId)).toEqual(['circle.a', 'circle.b', 'circle.c'])
})
