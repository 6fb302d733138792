// Runs as they are taken in: from messages in any order, any number of times, on both engines.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Run } from '../../src/database/generated/client/client.ts'
import { decodeRunsMoved, type RunsMoved, runChannel } from '../../src/run/notification.ts'
import { type GivenRun, removeRuns, writeRuns } from '../../src/run/write.ts'
import { engines, startOnServer, type TestApp } from '../kit/app.ts'
import { Clock } from '../kit/clock.ts'
import { readRecord } from '../kit/incident.ts'
import { addResources, otherWorkspace } from '../kit/seed.ts'
import { watchStatements } from '../kit/statements.ts'

const at = (minute: number) => new Date(Date.parse('2026-03-02T08:00:00.000Z') + minute * 60_000)
const dayMs = 86_400_000

const scheduled: Partial<GivenRun> = { state: 'SCHEDULED', stateName: 'Scheduled', stateAt: at(1), expectedStartAt: at(5), name: 'amber-lynx', tags: ['etl'] }
const pending: Partial<GivenRun> = { state: 'PENDING', stateName: 'Pending', stateAt: at(5), parent: 'the parent' }
const running: Partial<GivenRun> = { state: 'RUNNING', stateName: 'Running', stateAt: at(6), startedAt: at(6), url: 'https://prefect.example/1' }
const retried: Partial<GivenRun> = { state: 'SCHEDULED', stateName: 'AwaitingRetry', stateAt: at(8), stateMessage: 'once more', expectedStartAt: at(9) }
const again: Partial<GivenRun> = { state: 'RUNNING', stateName: 'Retrying', stateAt: at(9), startedAt: at(6) }
const failed: Partial<GivenRun> = { state: 'FAILED', stateName: 'Failed', stateAt: at(12), stateMessage: 'KeyError', endedAt: at(11), tags: ['etl', 'night'] }
const life = [scheduled, pending, running, retried, again, failed]

/** More resources than a notification names. */
const many = Array.from({ length: 101 }, (_, index) => `many ${index}`)

describe.each(engines)('on $engine', ({ start }) => {
  const clock = new Clock()
  const moved: RunsMoved[] = []
  let app: TestApp
  let ids: Record<string, string>
  let runs = 0

  beforeAll(async () => {
    app = await start({ clock: clock.read })
    await addResources(
      app.admin,
      { kind: 'DEPLOYMENT', externalId: 'nightly', name: 'nightly' },
      { kind: 'FLOW', externalId: 'load', name: 'load' },
      { kind: 'CUSTOM', externalId: 'mark', name: 'mark' },
      ...many.map((externalId) => ({ kind: 'CUSTOM' as const, externalId, name: 'one of many' }))
    )
    await addResources(await otherWorkspace(app.admin), { kind: 'FLOW', externalId: 'theirs', name: 'theirs' })
    ids = Object.fromEntries((await app.database.prisma.resource.findMany()).map(({ externalId, id }) => [externalId, id]))
    await app.database.listen(runChannel, { notified: (payload) => void moved.push(decodeRunsMoved(payload) as RunsMoved), lost() {}, reconnected() {} })
  })
  afterAll(() => app[Symbol.asyncDispose]())

  /** A run that no test has told of. */
  const another = () => `run ${++runs}`
  const given = (externalId: string, run: Partial<GivenRun> = {}): GivenRun => ({
    externalId,
    resource: 'nightly',
    state: 'RUNNING',
    stateName: 'Running',
    stateAt: at(10),
    ...run
  })
  const write = (...each: GivenRun[]) => writeRuns(app.app.core, app.workspace.workspaceId, each, null)
  const read = (externalId: string): Promise<Run | null> => app.database.prisma.run.findFirst({ where: { externalId } })
  /** What all nodes were told during this work, each time: the external ids of the resources. */
  async function toldBy(work: () => Promise<unknown>): Promise<string[][]> {
    const mark = async () => {
      const before = moved.filter(isMark).length
      await write(given(another(), { resource: 'mark' }))
      await expect.poll(() => moved.filter(isMark).length).toBe(before + 1)
      return moved.length
    }
    const isMark = ({ resourceIds }: RunsMoved) => resourceIds?.[0] === ids.mark
    const from = await mark()
    await work()
    const names = Object.fromEntries(Object.entries(ids).map(([name, id]) => [id, name]))
    return moved.slice(from, (await mark()) - 1).map(({ workspaceId, resourceIds }) => {
      expect(workspaceId).toBe(app.workspace.workspaceId)
      return (resourceIds ?? ['any']).map((id) => names[id] ?? id).sort()
    })
  }

  /** What a run becomes by these messages, one after the other. */
  async function become(...messages: Partial<GivenRun>[]) {
    const externalId = another()
    for (const message of messages) await write(given(externalId, message))
    const { id: _, externalId: __, ...run } = (await read(externalId)) as Run
    return run
  }

  it('writes a new run with all that is told of it, and nothing into the record', async () => {
    const before = await readRecord(app.admin)
    const externalId = another()
    const told = {
      stateMessage: 'on it',
      expectedStartAt: at(9),
      startedAt: at(10),
      tags: ['etl', 'etl', ' '],
      url: 'https://prefect.example/1',
      parent: 'run 0'
    }
    expect(await write(given(externalId, { ...told, name: ' amber-lynx ' }))).toEqual({ written: 1, unknownResources: [] })
    expect(await read(externalId)).toMatchObject({
      resourceId: ids.nightly,
      connectionId: null,
      name: 'amber-lynx',
      state: 'RUNNING',
      stateName: 'Running',
      stateMessage: 'on it',
      stateAt: at(10),
      expectedStartAt: at(9),
      startedAt: at(10),
      endedAt: null,
      tags: ['etl'],
      url: 'https://prefect.example/1',
      parentExternalId: 'run 0',
      createdAt: clock.read(),
      updatedAt: clock.read()
    })
    expect(await readRecord(app.admin)).toEqual(before)
  })

  it('comes to the same in whatever order, in one batch or one by one, however often', async () => {
    const expected = await become(...life)
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
      expect(await become(...order)).toEqual({ ...expected, expectedStartAt: expect.any(Date) })
      const externalId = another()
      expect(await write(...order.map((message) => given(externalId, message)))).toEqual({ written: 1, unknownResources: [] })
      expect(await read(externalId)).toMatchObject({ ...expected, expectedStartAt: expect.any(Date) })
    }
  })

  it('what was told already changes nothing, is not counted and is told to nobody', async () => {
    const externalId = another()
    for (const message of life) await write(given(externalId, message))
    const known = await read(externalId)
    clock.forward(1)
    const told = await toldBy(async () => {
      for (const message of [...life, ...life.toReversed()]) expect((await write(given(externalId, message))).written).toBe(0)
    })
    expect(told).toEqual([])
    expect(await read(externalId)).toEqual(known)
  })

  it('tells all nodes which resources the runs are of', async () => {
    expect(await toldBy(() => write(given(another()), given(another(), { resource: 'load' }), given(another())))).toEqual([['load', 'nightly']])
    expect(await toldBy(() => write(...many.map((resource) => given(another(), { resource }))))).toEqual([['any']])
  })

  it('takes the state that is further on, of two at the same moment', async () => {
    const [one, other] = [
      { state: 'PENDING', stateName: 'Pending' },
      { state: 'RUNNING', stateName: 'Running' }
    ] as const
    expect(await become(one, other)).toMatchObject(other)
    expect(await become(other, one)).toMatchObject(other)
    const [timedOut, plain] = [
      { state: 'FAILED', stateName: 'TimedOut' },
      { state: 'FAILED', stateName: 'Failed' }
    ] as const
    expect(await become(plain, timedOut)).toMatchObject(timedOut)
    expect(await become(timedOut, plain)).toMatchObject(timedOut)
  })

  it('has no end any more when it is retried, and keeps when it first began', async () => {
    expect(await become(running, { ...failed, stateAt: at(7), endedAt: at(7) }, retried)).toMatchObject({
      state: 'SCHEDULED',
      endedAt: null,
      startedAt: at(6),
      stateMessage: 'once more'
    })
  })

  it('ends when its state came, until somebody tells the end', async () => {
    const over = { state: 'COMPLETED', stateName: 'Completed', stateAt: at(12) } as const
    expect(await become(over)).toMatchObject({ endedAt: at(12) })
    for (const order of [
      [over, { ...over, endedAt: at(11) }],
      [{ ...over, endedAt: at(11) }, over]
    ])
      expect(await become(...order)).toMatchObject({ endedAt: at(11) })
    expect(await become({ ...running, endedAt: at(11) })).toMatchObject({ endedAt: null })
  })

  it('never ends before it began, whatever the clocks say', async () => {
    const over = { state: 'COMPLETED', stateName: 'Completed', stateAt: at(12), endedAt: at(5) } as const
    for (const messages of [[{ ...over, startedAt: at(6) }], [running, over], [over, running]])
      expect(await become(...messages)).toMatchObject({ endedAt: at(6), startedAt: at(6) })
  })

  it('what a newer state leaves out stays, and an older one fills only what is not known', async () => {
    const known = { name: 'new', parent: 'new', url: 'https://new.example', tags: ['new'], resource: 'load', expectedStartAt: at(30) }
    const old = { name: 'old', parent: 'old', url: 'https://old.example', tags: ['old'], resource: 'nightly', expectedStartAt: at(3), stateAt: at(2) }
    const said = { name: 'new', parentExternalId: 'new', url: 'https://new.example', tags: ['new'], resourceId: ids.load, expectedStartAt: at(30) }
    expect(await become(known, old)).toMatchObject(said)
    expect(await become(old, known)).toMatchObject(said)
    expect(await become(known, { resource: 'load', stateAt: at(20) })).toMatchObject(said)
    expect(await become({ resource: 'load' }, old)).toMatchObject({
      name: 'old',
      parentExternalId: 'old',
      url: 'https://old.example',
      tags: [],
      resourceId: ids.load,
      expectedStartAt: at(3)
    })
    expect(await become(known, { resource: 'load', tags: [], stateAt: at(20) })).toMatchObject({ ...said, tags: [] })
  })

  it('leaves a run to the connection that told of it first, until that one has ended', async () => {
    const { prisma } = app.database
    const [first, second] = [randomUUID(), randomUUID()]
    const server = {
      workspaceId: app.workspace.workspaceId,
      name: 'Prefect',
      apiUrl: 'http://127.0.0.1:9/api',
      origin: 'API' as const,
      createdAt: clock.read()
    }
    await prisma.prefectServer.createMany({ data: [first, second].map((id) => ({ ...server, id })) })
    const externalId = another()
    const tell = (connectionId: string, url: string | null) => writeRuns(app.app.core, app.workspace.workspaceId, [given(externalId, { url })], connectionId)
    await write(given(externalId))
    await tell(first, null)
    expect(await read(externalId)).toMatchObject({ connectionId: first, url: null })
    await tell(second, 'http://second.example/1')
    expect(await read(externalId)).toMatchObject({ connectionId: first, url: 'http://second.example/1' })
    await tell(first, 'http://first.example/1')
    expect(await tell(second, 'http://second.example/1')).toMatchObject({ written: 0 })
    expect(await write(given(externalId))).toMatchObject({ written: 0 })
    expect(await read(externalId)).toMatchObject({ connectionId: first, url: 'http://first.example/1' })
    await prisma.prefectServer.update({ where: { id: first }, data: { disabledAt: clock.read() } })
    await tell(second, 'http://second.example/1')
    expect(await read(externalId)).toMatchObject({ connectionId: second, url: 'http://second.example/1' })
  })

  it('does not believe a clock that is more than a day ahead, nor a time that cannot be', async () => {
    const now = clock.read()
    const far = new Date(now.getTime() + dayMs + 1)
    expect(await become({ stateAt: far, startedAt: far })).toMatchObject({ stateAt: now, startedAt: null })
    expect(await become({ stateAt: new Date(now.getTime() + dayMs) })).toMatchObject({ stateAt: new Date(now.getTime() + dayMs) })
    expect(await become({ stateAt: new Date(Number.NaN), expectedStartAt: new Date(8.64e15), startedAt: new Date(-1) })).toMatchObject({
      stateAt: now,
      expectedStartAt: null,
      startedAt: null
    })
    expect(await become({ state: 'FAILED', stateName: 'Failed', stateAt: far, endedAt: far })).toMatchObject({ stateAt: now, endedAt: now })
    const externalId = another()
    const wrong = { stateAt: new Date('2062-03-02T08:00:00Z') }
    await write(given(externalId, wrong))
    clock.forward(1)
    expect((await write(given(externalId, wrong), given(externalId, wrong))).written).toBe(0)
    expect((await write(given(externalId, { ...wrong, state: 'FAILED', stateName: 'Failed' }))).written).toBe(1)
    const over = await read(externalId)
    expect(over).toMatchObject({ state: 'FAILED', stateAt: clock.read(), endedAt: clock.read() })
    clock.forward(1)
    expect((await write(given(externalId, { ...wrong, state: 'FAILED', stateName: 'Failed' }))).written).toBe(0)
    expect(await read(externalId)).toEqual(over)
  })

  it('cuts what is too long, and leaves out what the database cannot keep or no browser should open', async () => {
    const long = 'x'.repeat(5_000)
    const tags = Array.from({ length: 60 }, (_, index) => `${index}${long}`)
    expect(await become({ name: `\0${long}`, stateName: '', stateMessage: `\ud800${long}`, tags, url: 'javascript:alert(1)', parent: long })).toMatchObject({
      name: 'x'.repeat(300),
      stateName: 'RUNNING',
      stateMessage: `\ufffd${'x'.repeat(3_999)}`,
      tags: tags.slice(0, 50).map((tag) => tag.slice(0, 100)),
      url: null,
      parentExternalId: null
    })
  })

  it('leaves out runs of resources that the workspace does not have, and those without a possible id', async () => {
    const [good, bad] = [another(), another()]
    expect(await write(given(good), given(bad, { resource: 'theirs' }), given(another(), { resource: 'nowhere' }), given(' '), given('x'.repeat(301)))).toEqual(
      {
        written: 1,
        unknownResources: expect.toSatisfy((unknown: string[]) => unknown.toSorted().join() === 'nowhere,theirs')
      }
    )
    expect(await read(good)).not.toBeNull()
    expect(await read(bad)).toBeNull()
  })

  it('is one statement, also for many', async () => {
    const batch = Array.from({ length: 1_000 }, () => given(another()))
    using statements = watchStatements(app.database)
    const written = () => statements.texts.filter((text) => text.includes('INSERT INTO run '))
    expect((await write(...batch)).written).toBe(1_000)
    expect(written()).toHaveLength(1)
    expect((await write(...batch, given(another()))).written).toBe(1)
    expect(written()).toHaveLength(3)
    expect(await write()).toEqual({ written: 0, unknownResources: [] })
    expect(written()).toHaveLength(3)
  })

  it('takes away those that never began, and tells of them', async () => {
    const [waiting, begun, late] = [another(), another(), another()]
    await write(given(waiting, scheduled), given(begun, running), given(late, scheduled), given(late, { ...retried, startedAt: at(6), resource: 'load' }))
    const remove = (...externalIds: string[]) => removeRuns(app.app.core, app.workspace.workspaceId, externalIds)
    expect(await toldBy(() => remove(waiting, begun, late, 'nowhere'))).toEqual([['nightly']])
    expect(await read(waiting)).toBeNull()
    expect(await read(begun)).not.toBeNull()
    expect(await read(late)).not.toBeNull()
    expect(await toldBy(() => remove(waiting, begun))).toEqual([])
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
