import { afterAll, beforeAll, expect, it } from 'vitest'
import { figuresOf, figuresOfMany } from '../../src/impact/figures.ts'
import { quiet, startEmbedded, type TestApp } from '../kit/app.ts'
import { Clock } from '../kit/clock.ts'
import { addEstate, addRuns } from '../kit/impact.ts'
import { declare } from '../kit/seed.ts'
import { watchStatements } from '../kit/statements.ts'

let app: TestApp
const clock = new Clock()

beforeAll(async () => {
  app = await startEmbedded({ ...quiet, clock: clock.read })
})
afterAll(() => app[Symbol.asyncDispose]())

const rowOf = (id: string) => Buffer.from(id, 'base64url').toString().split(':')[1] ?? ''
const time = () => ({ now: clock.read(), since: new Date(clock.before(60)), endedAt: null, horizonEnd: new Date(clock.before(-60)) })

it('counts for many by few statements, each as it would be alone, in their order', async () => {
  const ids = await addEstate(app, 'many')
  await addRuns(
    app,
    { externalId: 'many a', resource: 'many.load', state: 'RUNNING' },
    { externalId: 'many b', resource: 'many.report', state: 'SCHEDULED', minutes: 30 },
    { externalId: 'many c', resource: 'many.report', state: 'SCHEDULED', minutes: 90 }
  )
  const sets = [[ids.load], [ids.report], [], [ids.load, ids.report], [ids.other]].map((each) => ({ resourceIds: each.map(rowOf), time: time() }))
  const reaches = Array.from({ length: 60 }, (_, index) => sets[index % sets.length] as (typeof sets)[0])
  using statements = watchStatements(app.database)
  const all = await figuresOfMany(app.app.core, reaches)
  expect(statements.texts).toHaveLength(2)
  expect(all.slice(0, 5).map(({ running, upcoming }) => [running, upcoming])).toEqual([
    [1, 0],
    [0, 1],
    [0, 0],
    [1, 1],
    [0, 0]
  ])
  for (const [index, reach] of reaches.entries()) expect(all[index]).toEqual(await figuresOf(app.app.core, reach))
  expect(await figuresOfMany(app.app.core, [])).toEqual([])
})

it('a run becomes late fifteen seconds after it should have begun, and is still to come', async () => {
  const ids = await addEstate(app, 'late')
  await addRuns(app, { externalId: 'late', resource: 'late.load', state: 'SCHEDULED', minutes: 0 })
  const reach = (seconds: number) => ({ resourceIds: [rowOf(ids.load)], time: { ...time(), now: new Date(clock.read().getTime() + seconds * 1_000) } })
  expect(await figuresOf(app.app.core, reach(15))).toMatchObject({ upcoming: 1, late: 0, nextHarmAt: clock.read() })
  expect(await figuresOf(app.app.core, reach(16))).toMatchObject({ upcoming: 1, late: 1, nextHarmAt: null })
})

it('the recorded figures of a list of incidents take no further statement', async () => {
  for (let count = 0; count < 3; count++) await declare(app.admin)
  const list = (field: string) => `{ incidents { nodes { title ${field} } } }`
  const statementsFor = async (field: string) => {
    using statements = watchStatements(app.database)
    await app.admin.run(list(field))
    return statements.texts.length
  }
  await statementsFor('id')
  expect(await statementsFor('impactFigures { running upcoming nextHarmAt }')).toBe(await statementsFor('version'))
})
