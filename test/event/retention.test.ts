import { expect, it } from 'vitest'
import { takeEvents } from '../../src/event/intake.ts'
import { deleteOld } from '../../src/event/retention.ts'
import { engines, startOnServer } from '../kit/app.ts'
import { Clock } from '../kit/clock.ts'

const dayMinutes = 24 * 60
const untilDone = new AbortController().signal

const flowRun = (number: number, state: string, occurred: string) => ({
  occurred,
  event: `acme.flow-run.${state}`,
  resource: { 'prefect.resource.id': `run ${number}`, 'prefect.state-type': state },
  related: [{ 'prefect.resource.id': 'flow', 'prefect.resource.role': 'flow' }],
  payload: { number }
})

it.each(engines)('deletes events by when they came in, and runs by when they were over, in batches, on $engine', async ({ start }) => {
  const clock = new Clock()
  await using app = await start({ clock: clock.read, environment: { MAYDAY_EVENT_RETENTION_DAYS: '0', MAYDAY_RUN_RETENTION_DAYS: '0' } })
  const { database, workspace } = app
  const { core } = app.app
  const left = async () => ({
    events: await database.prisma.event.count(),
    runs: (await database.prisma.run.findMany()).map(({ externalId }) => externalId).sort()
  })
  const take = (events: unknown[]) => takeEvents(core, workspace.workspaceId, events, null)
  for (let batch = 0; batch < 5; batch++) await take(Array.from({ length: 500 }, (_, index) => flowRun(batch * 500 + index, 'COMPLETED', clock.before(1))))
  await take([flowRun(9_001, 'RUNNING', clock.before(1)), flowRun(9_002, 'SCHEDULED', clock.before(1))])
  clock.forward(20 * dayMinutes)
  await take([flowRun(9_003, 'FAILED', clock.before(1)), flowRun(9_004, 'FAILED', clock.before(40 * dayMinutes))])
  const keepsAll = { eventDays: 0, runDays: 0 }
  expect(await deleteOld(core, keepsAll, untilDone)).toBe(0)
  expect(await deleteOld(core, { eventDays: 21, runDays: 41 }, untilDone)).toBe(0)
  expect(await left()).toMatchObject({ events: 2_504, runs: { length: 2_504 } })

  const { query } = database
  const batches: number[] = []
  database.query = async <Row>(statement: Parameters<typeof query>[0]) => {
    const rows = await query<Row>(statement)
    if (/DELETE FROM/.test(statement.text)) batches.push((rows[0] as { count: number }).count)
    return rows
  }
  expect(await deleteOld(core, { eventDays: 10, runDays: 10 }, untilDone)).toBe(2_502 + 2_501)
  database.query = query
  expect(batches).toEqual([1_000, 1_000, 502, 1_000, 1_000, 501])
  // An event from long ago that came in a moment ago stays; a run that ended long ago does not, and one that goes on does.
  expect(await left()).toEqual({ events: 2, runs: ['run 9001', 'run 9002', 'run 9003'] })
  expect(await deleteOld(core, { eventDays: 10, runDays: 10 }, untilDone)).toBe(0)
})

it('stops between two batches when it is told to', async () => {
  const clock = new Clock()
  await using app = await startOnServer({ clock: clock.read, environment: { MAYDAY_EVENT_RETENTION_DAYS: '0', MAYDAY_RUN_RETENTION_DAYS: '0' } })
  const { core } = app.app
  for (let batch = 0; batch < 3; batch++) {
    const events = Array.from({ length: 500 }, (_, index) => ({ ...flowRun(batch * 500 + index, '', clock.before(1)), related: [] }))
    await takeEvents(core, app.workspace.workspaceId, events, null)
  }
  clock.forward(20 * dayMinutes)
  const stop = new AbortController()
  const deleting = deleteOld(core, { eventDays: 1, runDays: 1 }, stop.signal)
  await expect.poll(() => app.database.prisma.event.count(), { interval: 5 }).toBe(500)
  stop.abort()
  expect(await deleting).toBe(1_000)
})

it('is done by a node from its start on, for as long as its options say', async () => {
  const clock = new Clock()
  const first = await startOnServer({ clock: clock.read })
  const { databaseUrl } = first
  await takeEvents(first.app.core, first.workspace.workspaceId, [flowRun(1, 'COMPLETED', clock.before(1))], null)
  await first[Symbol.asyncDispose]()
  clock.forward(29 * dayMinutes)
  const count = async (environment: Record<string, string>, settled: (left: [number, number]) => boolean) => {
    await using app = await startOnServer({ clock: clock.read, databaseUrl, environment })
    const left = async (): Promise<[number, number]> => [await app.database.prisma.event.count(), await app.database.prisma.run.count()]
    await expect.poll(async () => settled(await left()), { timeout: 10_000 }).toBe(true)
    return left()
  }
  expect(await count({ MAYDAY_EVENT_RETENTION_DAYS: '28', MAYDAY_RUN_RETENTION_DAYS: '0' }, ([events]) => events === 0)).toEqual([0, 1])
  clock.forward(62 * dayMinutes)
  expect(await count({}, ([, runs]) => runs === 0)).toEqual([0, 0])
})
