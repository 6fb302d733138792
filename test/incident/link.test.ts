import { afterAll, beforeAll, expect, it } from 'vitest'
import { startEmbedded, type TestApp } from '../kit/app.ts'
import { readIncident, readRecord, take, tryStep } from '../kit/incident.ts'
import { addResources, declare } from '../kit/seed.ts'

const three = [
  { kind: 'FLOW', externalId: 'prefect.flow.1', name: 'load-orders' },
  { kind: 'WORK_POOL', externalId: 'prefect.work-pool.1', name: 'night' },
  { kind: 'BLOCK', externalId: 'prefect.block-document.1', name: 'warehouse' }
] as const

let app: TestApp

beforeAll(async () => {
  app = await startEmbedded()
})
afterAll(() => app[Symbol.asyncDispose]())

it('links resources and unlinks them; each is one new version and one change that names them', async () => {
  const ids = (await addResources(app.admin, ...three)).map(({ id }) => id)
  const declared = await declare(app.admin)
  const linked = await take(app.admin, declared, ['linkResources', { resourceIds: ids }])
  expect(await readIncident(app.admin, declared.id)).toMatchObject({
    version: 2,
    resources: { totalCount: 3, nodes: [{ name: 'load-orders' }, { name: 'night' }, { name: 'warehouse' }] }
  })
  await take(app.admin, linked, ['unlinkResources', { resourceIds: ids.slice(0, 2) }])
  const incident = await readIncident(app.admin, declared.id)
  expect(incident).toMatchObject({ version: 3, resources: { totalCount: 1, nodes: [{ name: 'warehouse' }] } })
  const names = incident.timeline.nodes.slice(1).map(({ kind, text }) => [kind, (text as { names: string }).names.split(', ').sort()])
  expect(names).toEqual([
    ['INCIDENT_RESOURCES_LINKED', ['load-orders', 'night', 'warehouse']],
    ['INCIDENT_RESOURCES_UNLINKED', ['load-orders', 'night']]
  ])
})

it('makes no change where the resources are linked already, or are not linked', async () => {
  const [flow = '', pool = ''] = (await addResources(app.admin, ...three)).map(({ id }) => id)
  const declared = await declare(app.admin, { resourceIds: [flow] })
  const before = await readRecord(app.admin)
  expect(await tryStep(app.admin, 'linkResources', { id: declared.id, version: 1, resourceIds: [flow, flow] })).toMatchObject({
    cursor: declared.cursor,
    incident: { version: 1 }
  })
  expect(await tryStep(app.admin, 'unlinkResources', { id: declared.id, version: 1, resourceIds: [pool] })).toMatchObject({
    cursor: declared.cursor,
    incident: { version: 1 }
  })
  expect(await readRecord(app.admin)).toEqual(before)
})

it('takes only what is new of resources that are linked in part', async () => {
  const [flow = '', pool = ''] = (await addResources(app.admin, ...three)).map(({ id }) => id)
  const declared = await declare(app.admin, { resourceIds: [flow] })
  await take(app.admin, declared, ['linkResources', { resourceIds: [flow, pool] }])
  expect((await readIncident(app.admin, declared.id)).timeline.nodes.at(-1)).toMatchObject({
    message: 'First admin key linked night',
    text: { names: 'night' }
  })
})

it.each(['linkResources', 'unlinkResources'] as const)('%s takes all of the resources or none', async (step) => {
  const [flow = ''] = (await addResources(app.admin, ...three)).map(({ id }) => id)
  const declared = await declare(app.admin, step === 'unlinkResources' ? { resourceIds: [flow] } : {})
  const before = await readIncident(app.admin, declared.id)
  const stranger = Buffer.from(`Resource:${crypto.randomUUID()}`).toString('base64url')
  expect(await tryStep(app.admin, step, { id: declared.id, version: 1, resourceIds: [flow, stranger] })).toEqual({
    __typename: 'NotFoundError',
    message: 'There is no resource with this id.'
  })
  expect(await readIncident(app.admin, declared.id)).toEqual(before)
})

it('a resource tells the incidents that affect it, newest first, or the active ones alone', async () => {
  const [asset] = await addResources(app.admin, { kind: 'ASSET', externalId: 's3://orders', name: 'orders' })
  const resourceIds = [asset?.id ?? '']
  const [first, second] = [await declare(app.admin, { resourceIds }), await declare(app.admin, { resourceIds })]
  await declare(app.admin)
  await take(app.admin, first, 'resolveIncident')
  const { resource } = await app.admin.run<Record<'resource', unknown>>(
    '{ resource(externalId: "s3://orders") { all: incidents { reference } active: incidents(active: true) { reference } } }'
  )
  const [{ reference: older }, { reference: newer }] = [first, second]
  expect(resource).toEqual({ all: [{ reference: newer }, { reference: older }], active: [{ reference: newer }] })
})
