// Following a server from beginning to end: what is taken in, what is found later, and what happens when it goes away.
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startEmbedded, type TestApp } from '../kit/app.ts'
import { FakePrefect } from './fake-prefect.ts'
import { eventually, isLive, startFollowing } from './followed.ts'
import { type RecordedEvent, type Row, recordedAt } from './recorded.ts'

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

const runs = () => app.database.prisma.run.findMany({ where: { externalId: { startsWith: 'prefect.flow-run.' } }, orderBy: { externalId: 'asc' } })
const run = async (id: string) => app.database.prisma.run.findFirst({ where: { externalId: `prefect.flow-run.${id}` } })
const countEvents = () => app.database.prisma.event.count()

it('takes in the catalogue, the events and the runs, and is live', async () => {
  await using followed = await startFollowing(app, fake.apiUrl)
  expect(await isLive(followed)).toMatchObject({ error: null, lastSyncAt: expect.any(Date), eventsUntil: expect.any(Date) })
  const kinds = await app.database.prisma.resource.groupBy({ by: ['kind'], _count: true, where: { connectionId: followed.connectionId, goneAt: null } })
  expect(Object.fromEntries(kinds.map(({ kind, _count }) => [kind, _count]))).toMatchObject({
    FLOW: 9,
    DEPLOYMENT: 8,
    WORK_POOL: 2,
    WORK_QUEUE: 5,
    BLOCK: 3,
    AUTOMATION: 3
  })
  await eventually(countEvents, (count) => count === fake.events.length)
  // Of what is scheduled, as far as the horizon; of the rest all.
  const theirs = fake.lists.flow_runs.filter(({ state, expected_start_time }) => {
    return state.type !== 'SCHEDULED' || Date.parse(expected_start_time) <= recordedAt.getTime() + 86_400_000
  })
  const ours = await runs()
  expect(ours.map(({ externalId, state, stateName }) => `${externalId} ${state} ${stateName}`)).toEqual(
    theirs.map(({ id, state }) => `prefect.flow-run.${id} ${state.type} ${state.name}`).sort()
  )
  expect(ours.find(({ name }) => name === 'didactic-bumblebee')).toMatchObject({
    stateMessage: expect.stringContaining('invalid identifier'),
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/runs\/flow-run\//),
    startedAt: expect.any(Date),
    endedAt: expect.any(Date)
  })
})

it('knows which flow calls which as a subflow, and which run called which', async () => {
  await using followed = await startFollowing(app, fake.apiUrl)
  await isLive(followed)
  const calls = await app.database.prisma.dependency.findMany({ where: { kind: 'CALLS' }, include: { downstream: true, upstream: true } })
  expect(calls.map(({ downstream, upstream, source, confidence }) => `${downstream.name} ${upstream.name} ${source} ${confidence}`).sort()).toEqual([
    'ingest-orders/hourly validate-batch EVENT LIKELY',
    'ml-feature-refresh/churn feature-group EVENT LIKELY'
  ])
  const [parent] = (await runs()).filter(({ externalId }) => externalId === 'prefect.flow-run.792a11fc-d327-45c4-962e-fe4c75b2a41e')
  const children = (await runs()).filter(({ parentExternalId }) => parentExternalId === parent?.externalId)
  expect(children.map(({ name }) => name)).toContain('zealous-ferret')
})

it('makes no change when the same is read again', async () => {
  const first = await startFollowing(app, fake.apiUrl)
  await isLive(first)
  await first.stop()
  const sequence = async () => (await app.database.prisma.workspace.findUniqueOrThrow({ where: { id: app.workspace.workspaceId } })).sequence
  const before = await sequence()
  const events = await countEvents()
  await app.database.prisma.prefectServer.update({ where: { id: first.connectionId }, data: { state: 'CONNECTING', eventsUntil: null } })
  await using second = await startFollowing(app, fake.apiUrl, { connectionId: first.connectionId })
  await isLive(second)
  expect(await sequence()).toBe(before)
  expect(await countEvents()).toBe(events)
})

it('takes in what the stream says as it happens', async () => {
  await using followed = await startFollowing(app, fake.apiUrl)
  await isLive(followed)
  const event = fake.another('prefect.flow-run.Completed')
  fake.happen(event)
  await eventually(
    () => app.database.prisma.event.findFirst({ where: { id: event.id } }),
    (row) => row !== null
  )
  expect(await eventually(followed.row, ({ lagMs }) => lagMs !== null)).toMatchObject({ lagMs: expect.any(Number), state: 'LIVE' })
})

it('finds what the stream dropped, and is not bothered by rubbish on it', async () => {
  await using followed = await startFollowing(app, fake.apiUrl, { pace: { reconcileMs: 200 } })
  await isLive(followed)
  for (const rubbish of ['not json', '[]', '{"type":"event"}', '{"type":"event","event":{"id":7}}', '{"type":"unheard-of"}', 'null']) fake.say(rubbish)
  fake.mute = true
  const dropped = Array.from({ length: 120 }, () => fake.another('prefect.flow-run.Completed'))
  fake.happen(...dropped)
  const ids = dropped.map(({ id }) => id)
  await eventually(
    () => app.database.prisma.event.count({ where: { id: { in: ids } } }),
    (count) => count === ids.length
  )
  const newest = Math.max(...dropped.map(({ occurred }) => Date.parse(occurred)))
  await eventually(followed.row, ({ lastEventAt, state }) => lastEventAt?.getTime() === newest && state === 'LIVE')
  expect(fake.streams).toBe(1)
})

it('says when the last event occurred by those that it took in, and no later than now', async () => {
  await using followed = await startFollowing(app, fake.apiUrl)
  await isLive(followed)
  fake.happen({ ...fake.another('prefect.flow-run.Completed'), occurred: '2999-01-01T00:00:00Z' })
  const taken = fake.another('prefect.flow-run.Completed')
  fake.happen(taken)
  await eventually(followed.row, ({ lastEventAt }) => lastEventAt?.getTime() === Date.parse(taken.occurred))
  const ahead = { ...fake.another('prefect.flow-run.Completed'), occurred: new Date(fake.now().getTime() + 3_600_000).toISOString() }
  fake.happen(ahead)
  const row = await eventually(followed.row, ({ lastEventAt }) => (lastEventAt?.getTime() ?? 0) > Date.parse(taken.occurred))
  expect(row.lastEventAt?.getTime()).toBeLessThan(fake.now().getTime() + 5_000)
  expect(await app.database.prisma.event.count({ where: { id: ahead.id } })).toBe(1)
})

it('says that a server which went away fails, and finds what happened meanwhile when it is back', async () => {
  await using followed = await startFollowing(app, fake.apiUrl)
  await isLive(followed)
  await fake.stop()
  expect(await eventually(followed.row, ({ state }) => state === 'FAILING')).toMatchObject({ error: 'The server cannot be reached (ECONNREFUSED).' })
  const missed = fake.another('prefect.flow-run.Failed')
  fake.happen(missed)
  await fake.listen()
  await eventually(
    () => app.database.prisma.event.findFirst({ where: { id: missed.id } }),
    (row) => row !== null
  )
  expect(await isLive(followed)).toMatchObject({ error: null })
})

it('goes on from where another node stopped', async () => {
  const first = await startFollowing(app, fake.apiUrl)
  const { eventsUntil } = await isLive(first)
  await first.stop()
  const missed = fake.another('prefect.flow-run.Failed')
  fake.happen(missed)
  await using _second = await startFollowing(app, fake.apiUrl, { connectionId: first.connectionId })
  await eventually(
    () => app.database.prisma.event.findFirst({ where: { id: missed.id } }),
    (row) => row !== null
  )
  expect(eventsUntil?.getTime()).toBeLessThan(Date.parse(missed.occurred))
})

it('reads the catalogue anew when an event tells of it, marks what is gone, and unmarks what is back', async () => {
  await using followed = await startFollowing(app, fake.apiUrl)
  await isLive(followed)
  const [deployment] = fake.lists.deployments.splice(0, 1) as [Row]
  const row = () => app.database.prisma.resource.findFirstOrThrow({ where: { externalId: `prefect.deployment.${deployment.id}` } })
  fake.happen(fake.another('prefect.deployment.updated'))
  await eventually(row, ({ goneAt }) => goneAt !== null)
  fake.lists.deployments.push({ ...deployment, paused: true })
  fake.happen(fake.another('prefect.deployment.updated'))
  expect(await eventually(row, ({ goneAt }) => goneAt === null)).toMatchObject({ state: 'Paused' })
})

it('finds runs that a schedule made, moved on or took away without a word', async () => {
  await using followed = await startFollowing(app, fake.apiUrl, { pace: { runsMs: 100, mostAllRunsMs: 0 } })
  await isLive(followed)
  const due = fake.lists.flow_runs.filter(({ state, expected_start_time }) => {
    return state.name === 'Scheduled' && Date.parse(expected_start_time) < recordedAt.getTime() + 80_000_000
  })
  const running = fake.lists.flow_runs.find(({ state }) => state.type === 'RUNNING') as Row
  const [moved, removed] = due as [Row, Row]
  const made = { ...structuredClone(moved), id: randomUUID(), name: 'new-heron' }
  const at = new Date(recordedAt.getTime() + 1_000).toISOString()
  moved.state = { ...moved.state, type: 'CANCELLED', name: 'Cancelled', timestamp: at }
  moved.end_time = null
  fake.lists.flow_runs = [...fake.lists.flow_runs.filter(({ id }) => id !== removed.id && id !== running.id), made]
  await eventually(
    () => run(made.id),
    (row) => row?.state === 'SCHEDULED'
  )
  await eventually(
    () => run(moved.id),
    (row) => row?.state === 'CANCELLED'
  )
  await eventually(
    () => run(removed.id),
    (row) => row === null
  )
  expect(
    await eventually(
      () => run(running.id),
      (row) => row?.state === 'CANCELLED'
    )
  ).toMatchObject({ stateName: 'Deleted' })
})

it('finds out when a run is due that only an event told of, or that the server has it no more', async () => {
  await using followed = await startFollowing(app, fake.apiUrl, { pace: { runsMs: 100, mostAllRunsMs: 0 } })
  await isLive(followed)
  const model = fake.lists.flow_runs.find(({ state, deployment_id }) => state.type === 'SCHEDULED' && deployment_id) as Row
  const [later, deleted] = [randomUUID(), randomUUID()]
  const at = new Date(recordedAt.getTime() + 3 * 86_400_000).toISOString()
  fake.lists.flow_runs.push({ ...model, id: later, expected_start_time: at, next_scheduled_start_time: at, auto_scheduled: false })
  // Whoever knows of the second has been told of the first.
  fake.happen(scheduled(deleted), scheduled(later))
  await eventually(
    () => run(later),
    (row) => row?.expectedStartAt?.toISOString() === at
  )
  await eventually(
    () => run(deleted),
    (row) => row === null
  )
})

it('leaves to another connection what that one keeps up to date, until it has ended', async () => {
  const brisk = { catalogueMs: 100, mostCatalogueMs: 100, runsMs: 100, mostAllRunsMs: 0 }
  const { prisma } = app.database
  const first = await startFollowing(app, fake.apiUrl, { pace: brisk })
  await isLive(first)
  await using second = await startFollowing(app, fake.apiUrl.replace('127.0.0.1', 'localhost'), { pace: brisk })
  await isLive(second)
  const readings = (path: string) => fake.called.filter((called) => called === path).length
  const everything = async () => [
    await prisma.workspace.findMany({ select: { sequence: true } }),
    await prisma.resource.findMany({ orderBy: { id: 'asc' } }),
    // Every half hour, so that none is due now.
    await prisma.run.findMany({ where: { stateName: 'Foreseen', resource: { name: 'customer-360-sync/crm' } }, orderBy: { id: 'asc' } })
  ]
  const before = await everything()
  const [automations, flowRuns] = [readings('/automations/filter'), readings('/flow_runs/filter')]
  await eventually(
    async () => Math.min(readings('/automations/filter') - automations, (readings('/flow_runs/filter') - flowRuns) / 3),
    (count) => count >= 6
  )
  expect(await everything()).toEqual(before)
  expect(before[2]).toHaveLength(45)
  expect(await prisma.resource.count({ where: { connectionId: second.connectionId } })).toBe(0)
  expect(await prisma.run.count({ where: { connectionId: second.connectionId } })).toBe(0)

  await prisma.prefectServer.update({ where: { id: first.connectionId }, data: { disabledAt: fake.now(), version: { increment: 1 } } })
  await first.stop()
  const lefts = async () => [
    await prisma.resource.count({ where: { connectionId: first.connectionId } }),
    await prisma.run.count({ where: { connectionId: first.connectionId, state: 'SCHEDULED' } })
  ]
  await eventually(lefts, (counts) => counts.every((count) => count === 0))
  const { url } = await prisma.resource.findFirstOrThrow({ where: { connectionId: second.connectionId, kind: 'FLOW' } })
  expect(url).toContain('http://localhost:')
})

it('only reads: no call that has an effect over there', async () => {
  await using followed = await startFollowing(app, fake.apiUrl)
  await isLive(followed)
  expect(new Set(fake.called.map((path) => path.replace(/^\/\w+\/filter$/, '*/filter')))).toEqual(new Set(['*/filter', '/events/filter/next']))
})

/** What the server says of a run that it has just scheduled: not when it is due. */
function scheduled(id: string): RecordedEvent {
  const event = fake.another('prefect.flow-run.Scheduled')
  return { ...event, resource: { ...event.resource, 'prefect.resource.id': `prefect.flow-run.${id}`, 'prefect.state-timestamp': event.occurred } }
}
