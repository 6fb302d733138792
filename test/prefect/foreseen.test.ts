// Runs that are foreseen from schedules, beside those that a server has made.
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startEmbedded, type TestApp } from '../kit/app.ts'
import { FakePrefect } from './fake-prefect.ts'
import { eventually, isLive, startFollowing } from './followed.ts'
import { type Row, recordedAt } from './recorded.ts'

/** Every half hour; the server has made the runs of 13:00, 13:30 and 14:00, and it is 12:38. */
const crm = 'prefect.deployment.b27ebe64-39e3-4af5-8de5-45302b9d8260'
const minute = 60_000
const brisk = { catalogueMs: 100, mostCatalogueMs: 100, runsMs: 100, mostAllRunsMs: 0 }

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

const deployment = () => fake.lists.deployments.find(({ id }) => crm.endsWith(id)) as Row
const theirs = (row: Row) => row.deployment_id === deployment().id && row.state.type === 'SCHEDULED'
const upcoming = (externalId = crm) =>
  app.database.prisma.run.findMany({ where: { resource: { externalId }, state: 'SCHEDULED' }, orderBy: [{ expectedStartAt: 'asc' }, { externalId: 'asc' }] })
const minutesAhead = async (externalId = crm) =>
  (await upcoming(externalId)).map(({ expectedStartAt }) => ((expectedStartAt?.getTime() ?? 0) - recordedAt.getTime()) / minute)
const isForeseen = ({ stateName }: { stateName: string }) => stateName === 'Foreseen'

/** A run as the scheduler makes it. */
function made(at: string): Row {
  const run = structuredClone(fake.lists.flow_runs.find(theirs) as Row)
  return { ...run, id: randomUUID(), expected_start_time: at, next_scheduled_start_time: at }
}

it('foresees what the schedule will make, behind what the server has made, as far as the horizon', async () => {
  await using followed = await startFollowing(app, fake.apiUrl)
  await isLive(followed)
  const runs = await upcoming()
  expect(runs).toHaveLength(48)
  expect(await minutesAhead()).toEqual(Array.from({ length: 48 }, (_, place) => expect.closeTo(22 - 10 / 60 + place * 30, 5)))
  expect(runs.map(isForeseen)).toEqual([false, false, false, ...Array(45).fill(true)])
  expect(runs[3]).toMatchObject({
    externalId: `${crm}@2026-11-23T14:30:00.000Z`,
    name: 'customer-360-sync/crm 2026-11-23 14:30Z',
    connectionId: followed.connectionId,
    url: expect.stringContaining('/deployments/deployment/b27ebe64'),
    tags: expect.arrayContaining(['auto-scheduled', ...deployment().tags])
  })
})

it('goes by each schedule of a deployment by itself, and by no run that somebody else asked for', async () => {
  const [schedule] = deployment().schedules
  deployment().schedules.push({ ...schedule, id: randomUUID(), schedule: { interval: 21_600, anchor_date: '2026-11-23T12:10:00Z', timezone: 'UTC' } })
  deployment().schedules.push(
    { ...schedule, id: randomUUID(), schedule: { cron: 'never' } },
    { ...schedule, id: randomUUID(), active: false, schedule: { cron: '1 * * * *' } },
    7
  )
  fake.lists.flow_runs.push({ ...made('2026-11-24T09:00:30Z'), auto_scheduled: false, created_by: null })
  await using followed = await startFollowing(app, fake.apiUrl)
  await isLive(followed)
  const times = (await upcoming()).map(({ expectedStartAt }) => expectedStartAt?.toISOString().slice(11, 19))
  expect(times).toHaveLength(48 + 1 + 4)
  expect(times).toEqual(expect.arrayContaining(['18:10:00', '00:10:00', '06:10:00', '12:10:00', '09:00:00', '09:00:30']))
})

it('has each run once when the server makes it, and does not foresee what was cancelled', async () => {
  await using followed = await startFollowing(app, fake.apiUrl, { pace: brisk })
  await isLive(followed)
  const run = made('2026-11-23T14:30:00.400Z')
  const cancelled = made('2026-11-23T15:00:00Z')
  const state = { ...cancelled.state, type: 'CANCELLED', name: 'Cancelled', timestamp: fake.now().toISOString() }
  fake.lists.flow_runs.push(run, { ...cancelled, state, end_time: fake.now().toISOString() })
  const runs = await eventually(upcoming, (all) => all.filter((each) => !isForeseen(each)).length === 4 && all.length === 47)
  expect(runs.map(isForeseen)).toEqual([false, false, false, false, ...Array(43).fill(true)])
  expect(runs[4]?.externalId).toBe(`${crm}@2026-11-23T15:30:00.000Z`)
})

it('foresees nothing of a deployment that is paused or gone, and all of another schedule', async () => {
  await using followed = await startFollowing(app, fake.apiUrl, { pace: brisk })
  await isLive(followed)
  const runs = fake.lists.flow_runs
  // Pausing takes away what was scheduled.
  fake.lists.flow_runs = runs.filter((row) => !theirs(row))
  deployment().paused = true
  await eventually(upcoming, ({ length }) => length === 0)
  deployment().paused = false
  deployment().schedules[0].schedule = { cron: '0 * * * *' }
  const hourly = await eventually(upcoming, ({ length }) => length === 24)
  expect(hourly.every(isForeseen)).toBe(true)
  fake.lists.deployments = fake.lists.deployments.filter((row) => row !== deployment())
  await eventually(upcoming, ({ length }) => length === 0)
})

it('keeps what it foresaw where the list of deployments is not whole', async () => {
  await using followed = await startFollowing(app, fake.apiUrl, { pace: brisk })
  await isLive(followed)
  deployment().flow_id = 'not an id'
  await eventually(followed.row, ({ state }) => state === 'DEGRADED')
  const readings = () => fake.called.filter((path) => path === '/flow_runs/filter').length
  const before = readings()
  await eventually(
    async () => readings(),
    (count) => count >= before + 8
  )
  expect(await upcoming()).toHaveLength(48)
})

it('takes away what did not come, also while the server is away, and with the others all when the connection has ended', async () => {
  await using followed = await startFollowing(app, fake.apiUrl, { pace: brisk })
  await isLive(followed)
  await fake.stop()
  const { prisma } = app.database
  const missed = `${crm}@2026-11-23T16:30:00.000Z`
  await prisma.run.updateMany({ where: { externalId: missed }, data: { expectedStartAt: new Date(recordedAt.getTime() - minute) } })
  await eventually(upcoming, (runs) => !runs.some(({ externalId }) => externalId === missed))
  expect(await upcoming()).toHaveLength(47)
  await prisma.prefectServer.update({ where: { id: followed.connectionId }, data: { disabledAt: fake.now() } })
  await followed.stop()
  expect(await upcoming()).toEqual([])
})

it('writes nothing when nothing is other than before', async () => {
  await using followed = await startFollowing(app, fake.apiUrl, { pace: brisk })
  await isLive(followed)
  const before = await upcoming()
  const readings = () => fake.called.filter((path) => path === '/flow_runs/filter').length
  const count = readings()
  await eventually(
    async () => readings(),
    (now) => now >= count + 8
  )
  expect(await upcoming()).toEqual(before)
})
