// Mayday follows a real Prefect server: `npm run test:prefect`. Flows succeed, fail, crash, call others, are late; the
// server is killed in the middle and comes back; at the end Mayday knows what Prefect knows.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startEmbedded, type TestApp } from '../../kit/app.ts'
import { eventually } from '../followed.ts'
import { RealPrefect, type Row } from './real-prefect.ts'

const terminal = ['COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED']

let prefect: RealPrefect
let app: TestApp

beforeAll(async () => {
  prefect = await RealPrefect.start()
  app = await startEmbedded({ environment: { MAYDAY_PREFECT_API_URL: prefect.apiUrl } })
}, 400_000)

afterAll(async () => {
  await app?.[Symbol.asyncDispose]()
  await prefect?.[Symbol.asyncDispose]()
})

interface Connection {
  state: string
  error: string | null
}

const connection = async () => (await app.admin.run<{ connections: Connection[] }>('{ connections { state error } }')).connections[0]
const standing = (state: string) => eventually(connection, (each) => each?.state === state, 90_000)
const ourRun = (id: string) => app.database.prisma.run.findFirst({ where: { externalId: `prefect.flow-run.${id}` }, include: { resource: true } })
const ended = (ids: string[]) =>
  eventually(
    () => Promise.all(ids.map((id) => prefect.stateOf(id).catch(() => undefined))),
    (states) => states.every((state) => state && terminal.includes(state.type)),
    120_000
  )
const dependencies = async (kind: 'CALLS' | 'PRODUCED_BY' | 'DERIVED_FROM' | 'TRIGGERED_BY') => {
  const rows = await app.database.prisma.dependency.findMany({ where: { kind }, include: { upstream: true, downstream: true } })
  return rows.map(({ downstream, upstream, confidence }) => `${downstream.name} ${upstream.name} ${confidence}`).sort()
}

const hourly = () => app.database.prisma.run.count({ where: { state: 'SCHEDULED', resource: { name: 'succeed/hourly' } } })

it('reads the catalogue and what is scheduled', async () => {
  expect(await standing('LIVE')).toMatchObject({ error: null })
  const { resources } = await app.admin.run<{ resources: { nodes: { name: string; state: string | null; owners: string[] }[] } }>(
    '{ resources(filter: { kind: [DEPLOYMENT, WORK_POOL, AUTOMATION] }) { nodes { name state owners } } }'
  )
  expect(resources.nodes.map(({ name }) => name)).toEqual(
    ['succeed', 'fail', 'crash', 'parent', 'assets', 'slow']
      .map((name) => `${name}/test`)
      .concat('succeed/late', 'succeed/hourly', 'busy', 'halted', 'Revenue after assets')
      .sort()
  )
  expect(resources.nodes.find(({ name }) => name === 'halted')).toMatchObject({ state: 'Paused' })
  expect(resources.nodes.find(({ name }) => name === 'fail/test')).toMatchObject({ owners: ['test'] })
  // Prefect's scheduler makes the runs some time after the deployment, and says nothing of it.
  const upcoming = await prefect.all('flow_runs', {
    flow_runs: { state: { type: { any_: ['SCHEDULED'] } }, expected_start_time: { before_: new Date(Date.now() + 86_000_000).toISOString() } }
  })
  const scheduled = () => app.database.prisma.run.findMany({ where: { state: 'SCHEDULED', resource: { name: 'succeed/hourly' } } })
  const isMade = ({ stateName }: { stateName: string }) => stateName === 'Scheduled'
  // The others are foreseen, and none is there twice.
  const made = await eventually(scheduled, (runs) => runs.filter(isMade).length >= Math.max(upcoming.length, 3) && runs.length === 24, 90_000)
  expect(new Set(made.map(({ expectedStartAt }) => expectedStartAt?.toISOString())).size).toBe(24)
  expect(await dependencies('TRIGGERED_BY')).toEqual(['Revenue after assets assets/test CERTAIN', 'succeed/test Revenue after assets CERTAIN'])
})

it('follows runs as they succeed, fail, crash, call others, make assets, and wait', async () => {
  prefect.startWorker()
  const late = await prefect.run('late')
  const ids = Object.fromEntries(
    await Promise.all(['succeed', 'fail', 'crash', 'parent', 'assets'].map(async (name) => [name, await prefect.run(name)] as const))
  )
  await ended(Object.values(ids) as string[])
  const states = { succeed: 'COMPLETED', fail: 'FAILED', crash: 'CRASHED', parent: 'COMPLETED', assets: 'COMPLETED' }
  for (const [name, state] of Object.entries(states)) {
    const run = await eventually(
      () => ourRun(ids[name] ?? ''),
      (row) => row?.state === state,
      30_000
    )
    expect(run?.resource.name).toBe(`${name}/test`)
  }
  expect(await ourRun(ids.fail ?? '')).toMatchObject({ stateMessage: expect.stringContaining('the warehouse is on fire'), endedAt: expect.any(Date) })
  await eventually(
    () => ourRun(late),
    (row) => row?.stateName === 'Late',
    30_000
  )
  const producers = await eventually(
    () => dependencies('PRODUCED_BY'),
    (rows) => rows.length === 2
  )
  expect(producers).toEqual(['s3://mayday-test/orders assets/test LIKELY', 's3://mayday-test/revenue assets/test LIKELY'])
  expect(await dependencies('DERIVED_FROM')).toEqual(['s3://mayday-test/revenue s3://mayday-test/orders LIKELY'])
})

it('says so when the server is gone, and misses nothing of what happens around that', async () => {
  const slow = await prefect.run('slow')
  await eventually(
    () => ourRun(slow),
    (row) => row?.state === 'RUNNING',
    60_000
  )
  expect(await hourly()).toBeGreaterThanOrEqual(3)
  // Prefect takes scheduled runs away then, and says nothing of it.
  await prefect.call('POST', `/deployments/${prefect.deployments.hourly}/pause_deployment`)
  await prefect.kill('server')
  expect(await standing('FAILING')).toMatchObject({ error: expect.stringContaining('cannot be reached') })
  await prefect.startServer()
  const after = await Promise.all([prefect.run('fail'), prefect.run('succeed'), prefect.run('parent')])
  await ended([...after, slow])
  expect(await standing('LIVE')).toMatchObject({ error: null })

  // Prefect writes events down in batches, a moment after they happened.
  const theirs = new Set(await prefect.eventIds())
  expect(theirs.size).toBeGreaterThan(100)
  await eventually(
    async () => {
      const ours = new Set((await app.database.prisma.event.findMany({ select: { id: true } })).map(({ id }) => id))
      return [...theirs].filter((id) => !ours.has(id))
    },
    (missing) => missing.length === 0,
    60_000
  )
  const told = ({ id, name, state, start_time, end_time }: Row) =>
    `${id} ${name} ${state.type} ${state.name} ${moment(start_time)} ${terminal.includes(state.type) ? moment(end_time) : null}`
  await eventually(
    async () => {
      const known = new Map(
        (await app.database.prisma.run.findMany()).map((run) => [
          run.externalId,
          `${run.externalId.slice('prefect.flow-run.'.length)} ${run.name} ${run.state} ${run.stateName} ${run.startedAt?.toISOString() ?? null} ${run.endedAt?.toISOString() ?? null}`
        ])
      )
      const horizon = Date.now() + 86_000_000
      const rows = (await prefect.all('flow_runs')).filter(
        ({ state, expected_start_time }) => state.type !== 'SCHEDULED' || Date.parse(expected_start_time) < horizon
      )
      expect(rows.length).toBeGreaterThan(12)
      return rows.map((row) => ({ theirs: told(row), ours: known.get(`prefect.flow-run.${row.id}`) })).filter(({ theirs, ours }) => theirs !== ours)
    },
    (others) => others.length === 0,
    90_000
  )
  expect(await dependencies('CALLS')).toEqual(['parent/test child LIKELY'])
  await eventually(hourly, (count) => count === 0, 90_000)
  await eventually(
    () => app.database.prisma.resource.findFirst({ where: { name: 'succeed/hourly' } }),
    (resource) => resource?.state === 'Paused',
    90_000
  )
})

/** To the millisecond, as the database has it. */
function moment(text: string | null): string | null {
  return text && new Date(text).toISOString()
}
