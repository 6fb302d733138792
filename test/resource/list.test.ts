import { afterAll, beforeAll, expect, it } from 'vitest'
import { startEmbedded, type TestApp } from '../kit/app.ts'
import { addResources } from '../kit/seed.ts'

let app: TestApp

beforeAll(async () => {
  app = await startEmbedded()
  await addResources(
    app.admin,
    { kind: 'FLOW', externalId: 'prefect.flow.1', name: 'load-orders' },
    { kind: 'FLOW', externalId: 'prefect.flow.2', name: 'Load-Customers' },
    { kind: 'WORK_POOL', externalId: 'prefect.work-pool.1', name: '100% night_pool' },
    { kind: 'BLOCK', externalId: 'prefect.block-document.1', name: 'warehouse' }
  )
})
afterAll(() => app[Symbol.asyncDispose]())

it.each<[object | null, string[]]>([
  [null, ['100% night_pool', 'Load-Customers', 'load-orders', 'warehouse']],
  [{}, ['100% night_pool', 'Load-Customers', 'load-orders', 'warehouse']],
  [{ kind: ['FLOW'] }, ['Load-Customers', 'load-orders']],
  [{ kind: ['BLOCK', 'WORK_POOL'] }, ['100% night_pool', 'warehouse']],
  [{ kind: [] }, []],
  [{ name: 'LOAD' }, ['Load-Customers', 'load-orders']],
  [{ name: '%' }, ['100% night_pool']],
  [{ name: '_' }, ['100% night_pool']],
  [{ name: ' ' }, ['100% night_pool', 'Load-Customers', 'load-orders', 'warehouse']],
  [{ externalId: ['prefect.flow.1', 'prefect.block-document.1', 'nowhere'] }, ['load-orders', 'warehouse']],
  [{ kind: ['FLOW'], name: 'orders', externalId: ['prefect.flow.1'] }, ['load-orders']],
  [{ kind: ['BLOCK'], name: 'orders' }, []]
])('%j finds %j', async (filter, names) => {
  const { resources } = await app.admin.run<{ resources: { totalCount: number; nodes: { name: string }[] } }>(
    'query ($filter: ResourceFilter) { resources(filter: $filter) { totalCount nodes { name } } }',
    { filter }
  )
  expect(resources).toEqual({ totalCount: names.length, nodes: names.map((name) => ({ name })) })
})

it('one is found by its external id, to the letter', async () => {
  const read = async (externalId: string) =>
    (await app.admin.run<{ resource: unknown }>('query ($externalId: String!) { resource(externalId: $externalId) { name } }', { externalId })).resource
  expect(await read('prefect.flow.1')).toEqual({ name: 'load-orders' })
  expect(await read('PREFECT.flow.1')).toBeNull()
})
