// What a server withholds, or tells otherwise than Prefect does: it is said, and nothing is taken for gone because of it.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startEmbedded, type TestApp } from '../kit/app.ts'
import { FakePrefect } from './fake-prefect.ts'
import { eventually, isLive, startFollowing } from './followed.ts'
import type { Row } from './recorded.ts'

let app: TestApp
let fake: FakePrefect

beforeEach(async () => {
  fake = await FakePrefect.start()
  app = await startEmbedded({ clock: () => fake.now() })
})

afterEach(async () => {
  await app[Symbol.asyncDispose]()
  await fake[Symbol.asyncDispose]()
})

const run = async (id: string) => app.database.prisma.run.findFirst({ where: { externalId: `prefect.flow-run.${id}` } })

it('says that events were refused, and why, until those of late are all taken', async () => {
  await using followed = await startFollowing(app, fake.apiUrl, { pace: { reconcileMs: 200 } })
  await isLive(followed)
  const large = fake.another('prefect.flow-run.Completed')
  fake.happen({ ...large, payload: { pad: 'x'.repeat(300_000) } })
  expect(await eventually(followed.row, ({ error }) => error !== null)).toMatchObject({
    state: 'DEGRADED',
    error: '1 event was refused: must have at most 256000 bytes as JSON.'
  })
  fake.events.pop()
  expect(await isLive(followed)).toMatchObject({ error: null })
})

it('says that runs were not understood, for as long as they are there', async () => {
  await using followed = await startFollowing(app, fake.apiUrl, { pace: { runsMs: 100 } })
  await isLive(followed)
  const running = fake.lists.flow_runs.find(({ state }) => state.type === 'RUNNING') as Row
  const { name } = running
  running.name = ''
  expect(await eventually(followed.row, ({ error }) => error !== null)).toMatchObject({
    state: 'DEGRADED',
    error: 'The runs are not whole: 1 of flow_runs are not as Prefect has them.'
  })
  expect(await run(running.id)).toMatchObject({ state: 'RUNNING', name })
  running.name = name
  expect(await isLive(followed)).toMatchObject({ error: null })
})

it('does not take for gone what it could not read in full', async () => {
  await using followed = await startFollowing(app, fake.apiUrl, { pace: { catalogueMs: 100 } })
  await isLive(followed)
  fake.lists.deployments[0] = { ...(fake.lists.deployments[0] as Row), flow_id: 'not an id' }
  const degraded = await eventually(followed.row, ({ state }) => state === 'DEGRADED')
  expect(degraded.error).toBe('The catalogue is not whole: 1 of deployments are not as Prefect has them.')
  fake.troubles.set('/automations/', 'forbidden')
  await eventually(followed.row, ({ error }) => error?.includes('automations cannot be read') ?? false)
  expect(await app.database.prisma.resource.count({ where: { goneAt: { not: null }, kind: { in: ['DEPLOYMENT', 'AUTOMATION'] } } })).toBe(0)
})

it.each(['automations', 'block_documents', 'work_pools'] as const)(
  'keeps the lineage that comes from %s while one of them, or all, cannot be read',
  async (list) => {
    const [deployment, pool, block] = [fake.lists.deployments[0] as Row, fake.lists.work_pools[0] as Row, fake.lists.block_documents[0] as Row]
    const job_variables = { secret: `{{ prefect.blocks.${block.block_type.slug}.${block.name} }}` }
    Object.assign(deployment, { work_queue_id: null, work_pool_name: pool.name, job_variables })
    await using followed = await startFollowing(app, fake.apiUrl, { pace: { catalogueMs: 100 } })
    await isLive(followed)
    const lineage = () =>
      app.database.prisma.dependency.findMany({ where: { source: 'CATALOG' }, omit: { lastSeenAt: true }, orderBy: { downstreamId: 'asc' } })
    const before = await lineage()
    const rows = fake.lists[list]
    fake.lists[list] = rows.map(({ id }) => ({ id, name: '' }))
    await eventually(followed.row, ({ error }) => error?.includes(`${rows.length} of ${list} are not`) ?? false)
    expect(new Set(await lineage())).toEqual(new Set(before))
    fake.troubles.set(`/${list}/`, 'forbidden')
    await eventually(followed.row, ({ error }) => error?.includes(`${list} cannot be read`) ?? false)
    expect(new Set(await lineage())).toEqual(new Set(before))
  }
)
