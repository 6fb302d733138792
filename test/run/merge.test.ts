// What a run becomes by messages in any order, any number of times, on both engines.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { GivenRun } from '../../src/run/write.ts'
import { writeRuns } from '../../src/run/write.ts'
import { engines, startOnServer, type TestApp } from '../kit/app.ts'
import { Clock } from '../kit/clock.ts'
import { addResources } from '../kit/seed.ts'
import { another, at, become, failed, given, life, read, retried, running, write } from './written.ts'

const dayMs = 86_400_000

describe.each(engines)('on $engine', ({ start }) => {
  const clock = new Clock()
  let app: TestApp
  let ids: Record<string, string>

  beforeAll(async () => {
    app = await start({ clock: clock.read })
    await addResources(app.admin, { kind: 'DEPLOYMENT', externalId: 'nightly', name: 'nightly' }, { kind: 'FLOW', externalId: 'load', name: 'load' })
    ids = Object.fromEntries((await app.database.prisma.resource.findMany()).map(({ externalId, id }) => [externalId, id]))
  })
  afterAll(() => app[Symbol.asyncDispose]())

  it('comes to the same in whatever order, in one batch or one by one, however often', async () => {
    const expected = await become(app, ...life)
    expect(expected).toMatchObject({
      name: 'amber-lynx',
      state: 'FAILED',
      stateName: 'Failed',
      stateMessage: 'KeyError',
      stateAt: at(12),
      expectedStartAt: expect.any(Date),
      startedAt: at(6),
      endedAt: at(11),
      parentExternalId: 'the parent',
      url: 'https://prefect.example/1',
      tags: ['etl', 'night']
    })
    const orders = [
      [5, 4, 3, 2, 1, 0],
      [5, 0, 1, 2, 3, 4],
      [2, 5, 0, 3, 1, 4],
      [0, 0, 5, 5, 4, 3, 2, 1, 0]
    ].map((order) => order.map((place) => life[place] ?? {}))
    for (const order of orders) {
      // Which of two older expected starts was the later one is not kept.
      expect(await become(app, ...order)).toEqual({ ...expected, expectedStartAt: expect.any(Date) })
      const externalId = another()
      expect(await write(app, ...order.map((message) => given(externalId, message)))).toEqual({ written: 1, unknownResources: [] })
      expect(await read(app, externalId)).toMatchObject({ ...expected, expectedStartAt: expect.any(Date) })
    }
  })

  it('takes the state that is further on, of two at the same moment', async () => {
    const [one, other] = [
      { state: 'PENDING', stateName: 'Pending' },
      { state: 'RUNNING', stateName: 'Running' }
    ] as const
    expect(await become(app, one, other)).toMatchObject(other)
    expect(await become(app, other, one)).toMatchObject(other)
    const [timedOut, plain] = [
      { state: 'FAILED', stateName: 'TimedOut' },
      { state: 'FAILED', stateName: 'Failed' }
    ] as const
    expect(await become(app, plain, timedOut)).toMatchObject(timedOut)
    expect(await become(app, timedOut, plain)).toMatchObject(timedOut)
  })

  it('has no end any more when it is retried, and keeps when it first began', async () => {
    expect(await become(app, running, { ...failed, stateAt: at(7), endedAt: at(7) }, retried)).toMatchObject({
      state: 'SCHEDULED',
      endedAt: null,
      startedAt: at(6),
      stateMessage: 'once more'
    })
  })

  it('ends when its state came, until somebody tells the end', async () => {
    const over = { state: 'COMPLETED', stateName: 'Completed', stateAt: at(12) } as const
    expect(await become(app, over)).toMatchObject({ endedAt: at(12) })
    for (const order of [
      [over, { ...over, endedAt: at(11) }],
      [{ ...over, endedAt: at(11) }, over]
    ])
      expect(await become(app, ...order)).toMatchObject({ endedAt: at(11) })
    expect(await become(app, { ...running, endedAt: at(11) })).toMatchObject({ endedAt: null })
  })

  it('never ends before it began, whatever the clocks say', async () => {
    const over = { state: 'COMPLETED', stateName: 'Completed', stateAt: at(12), endedAt: at(5) } as const
    for (const messages of [[{ ...over, startedAt: at(6) }], [running, over], [over, running]])
      expect(await become(app, ...messages)).toMatchObject({ endedAt: at(6), startedAt: at(6) })
  })

  it('what a newer state leaves out stays, and an older one fills only what is not known', async () => {
    const known = { name: 'new', parent: 'new', url: 'https://new.example', tags: ['new'], resource: 'load', expectedStartAt: at(30) }
    const old = { name: 'old', parent: 'old', url: 'https://old.example', tags: ['old'], resource: 'nightly', expectedStartAt: at(3), stateAt: at(2) }
    const said = { name: 'new', parentExternalId: 'new', url: 'https://new.example', tags: ['new'], resourceId: ids.load, expectedStartAt: at(30) }
    expect(await become(app, known, old)).toMatchObject(said)
    expect(await become(app, old, known)).toMatchObject(said)
    expect(await become(app, known, { resource: 'load', stateAt: at(20) })).toMatchObject(said)
    expect(await become(app, { resource: 'load' }, old)).toMatchObject({
      name: 'old',
      parentExternalId: 'old',
      url: 'https://old.example',
      tags: [],
      resourceId: ids.load,
      expectedStartAt: at(3)
    })
    expect(await become(app, known, { resource: 'load', tags: [], stateAt: at(20) })).toMatchObject({ ...said, tags: [] })
  })

  it('does not believe a clock that is more than a day ahead, nor a time that cannot be', async () => {
    const now = clock.read()
    const far = new Date(now.getTime() + dayMs + 1)
    expect(await become(app, { stateAt: far, startedAt: far })).toMatchObject({ stateAt: now, startedAt: null })
    expect(await become(app, { stateAt: new Date(now.getTime() + dayMs) })).toMatchObject({ stateAt: new Date(now.getTime() + dayMs) })
    expect(await become(app, { stateAt: new Date(Number.NaN), expectedStartAt: new Date(8.64e15), startedAt: new Date(-1) })).toMatchObject({
      stateAt: now,
      expectedStartAt: null,
      startedAt: null
    })
    expect(await become(app, { state: 'FAILED', stateName: 'Failed', stateAt: far, endedAt: far })).toMatchObject({ stateAt: now, endedAt: now })
    const externalId = another()
    const wrong = { stateAt: new Date('2062-03-02T08:00:00Z') }
    await write(app, given(externalId, wrong))
    clock.forward(1)
    expect((await write(app, given(externalId, wrong), given(externalId, wrong))).written).toBe(0)
    expect((await write(app, given(externalId, { ...wrong, state: 'FAILED', stateName: 'Failed' }))).written).toBe(1)
    const over = await read(app, externalId)
    expect(over).toMatchObject({ state: 'FAILED', stateAt: clock.read(), endedAt: clock.read() })
    clock.forward(1)
    expect((await write(app, given(externalId, { ...wrong, state: 'FAILED', stateName: 'Failed' }))).written).toBe(0)
    expect(await read(app, externalId)).toEqual(over)
  })
})

it('comes to the same when two nodes tell of the same runs at once, in opposite orders', async () => {
  await using one = await startOnServer()
  await using two = await startOnServer({ databaseUrl: one.databaseUrl ?? '' })
  await addResources(one.admin, { kind: 'DEPLOYMENT', externalId: 'nightly', name: 'nightly' })
  const batch = (message: Partial<GivenRun>) =>
    Array.from(
      { length: 200 },
      (_, index): GivenRun => ({ externalId: `run ${index}`, resource: 'nightly', state: 'RUNNING', stateName: '', stateAt: at(0), ...message })
    )
  await Promise.all(
    life.flatMap((message, index) =>
      [batch(message), batch(message).toReversed()].map((runs) =>
        writeRuns([one, two][index % 2]?.app.core ?? one.app.core, one.workspace.workspaceId, runs, null)
      )
    )
  )
  const runs = await one.database.prisma.run.findMany()
  expect(runs).toHaveLength(200)
  for (const run of runs) expect(run).toMatchObject({ state: 'FAILED', stateAt: at(12), startedAt: at(6), endedAt: at(11), name: 'amber-lynx' })
})
