// Runs as they are taken in, on both engines: what is kept of them, and who is told.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeRunsMoved, type RunsMoved, runChannel } from '../../src/run/notification.ts'
import { removeRuns, writeRuns } from '../../src/run/write.ts'
import { engines, type TestApp } from '../kit/app.ts'
import { Clock } from '../kit/clock.ts'
import { readRecord } from '../kit/incident.ts'
import { addResources, otherWorkspace } from '../kit/seed.ts'
import { watchStatements } from '../kit/statements.ts'
import { another, at, become, given, life, read, retried, running, scheduled, write } from './written.ts'

/** More resources than a notification names. */
const many = Array.from({ length: 101 }, (_, index) => `many ${index}`)

describe.each(engines)('on $engine', ({ start }) => {
  const clock = new Clock()
  const moved: RunsMoved[] = []
  let app: TestApp
  let ids: Record<string, string>

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

  /** What all nodes were told during this work, each time: the external ids of the resources. */
  async function toldBy(work: () => Promise<unknown>): Promise<string[][]> {
    const mark = async () => {
      const before = moved.filter(isMark).length
      await write(app, given(another(), { resource: 'mark' }))
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
    expect(await write(app, given(externalId, { ...told, name: ' amber-lynx ' }))).toEqual({ written: 1, unknownResources: [] })
    expect(await read(app, externalId)).toMatchObject({
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

  it('what was told already changes nothing, is not counted and is told to nobody', async () => {
    const externalId = another()
    for (const message of life) await write(app, given(externalId, message))
    const known = await read(app, externalId)
    clock.forward(1)
    const told = await toldBy(async () => {
      for (const message of [...life, ...life.toReversed()]) expect((await write(app, given(externalId, message))).written).toBe(0)
    })
    expect(told).toEqual([])
    expect(await read(app, externalId)).toEqual(known)
  })

  it('tells all nodes which resources the runs are of', async () => {
    expect(await toldBy(() => write(app, given(another()), given(another(), { resource: 'load' }), given(another())))).toEqual([['load', 'nightly']])
    expect(await toldBy(() => write(app, ...many.map((resource) => given(another(), { resource }))))).toEqual([['any']])
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
    await write(app, given(externalId))
    await tell(first, null)
    expect(await read(app, externalId)).toMatchObject({ connectionId: first, url: null })
    await tell(second, 'http://second.example/1')
    expect(await read(app, externalId)).toMatchObject({ connectionId: first, url: 'http://second.example/1' })
    await tell(first, 'http://first.example/1')
    expect(await tell(second, 'http://second.example/1')).toMatchObject({ written: 0 })
    expect(await write(app, given(externalId))).toMatchObject({ written: 0 })
    expect(await read(app, externalId)).toMatchObject({ connectionId: first, url: 'http://first.example/1' })
    await prisma.prefectServer.update({ where: { id: first }, data: { disabledAt: clock.read() } })
    await tell(second, 'http://second.example/1')
    expect(await read(app, externalId)).toMatchObject({ connectionId: second, url: 'http://second.example/1' })
  })

  it('cuts what is too long, and leaves out what the database cannot keep or no browser should open', async () => {
    const long = 'x'.repeat(5_000)
    const tags = Array.from({ length: 60 }, (_, index) => `${index}${long}`)
    expect(
      await become(app, { name: `\0${long}`, stateName: '', stateMessage: `\ud800${long}`, tags, url: 'javascript:alert(1)', parent: long })
    ).toMatchObject({
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
    expect(
      await write(app, given(good), given(bad, { resource: 'theirs' }), given(another(), { resource: 'nowhere' }), given(' '), given('x'.repeat(301)))
    ).toEqual({
      written: 1,
      unknownResources: expect.toSatisfy((unknown: string[]) => unknown.toSorted().join() === 'nowhere,theirs')
    })
    expect(await read(app, good)).not.toBeNull()
    expect(await read(app, bad)).toBeNull()
  })

  it('is one statement, also for many', async () => {
    const batch = Array.from({ length: 1_000 }, () => given(another()))
    using statements = watchStatements(app.database)
    const written = () => statements.texts.filter((text) => text.includes('INSERT INTO run '))
    expect((await write(app, ...batch)).written).toBe(1_000)
    expect(written()).toHaveLength(1)
    expect((await write(app, ...batch, given(another()))).written).toBe(1)
    expect(written()).toHaveLength(3)
    expect(await write(app)).toEqual({ written: 0, unknownResources: [] })
    expect(written()).toHaveLength(3)
  })

  it('takes away those that never began, and tells of them', async () => {
    const [waiting, begun, late] = [another(), another(), another()]
    await write(app, given(waiting, scheduled), given(begun, running), given(late, scheduled), given(late, { ...retried, startedAt: at(6), resource: 'load' }))
    const remove = (...externalIds: string[]) => removeRuns(app.app.core, app.workspace.workspaceId, externalIds)
    expect(await toldBy(() => remove(waiting, begun, late, 'nowhere'))).toEqual([['nightly']])
    expect(await read(app, waiting)).toBeNull()
    expect(await read(app, begun)).not.toBeNull()
    expect(await read(app, late)).not.toBeNull()
    expect(await toldBy(() => remove(waiting, begun))).toEqual([])
  })
})
