// What a batch costs when many subscriptions differ: an execution for each that is distinct, and no statement more.
import { afterEach, expect, it, vi } from 'vitest'
import type { LiveField } from '../../src/change/live.ts'
import { schema } from '../../src/schema.ts'
import { quiet, startEmbedded, type TestApp } from '../kit/app.ts'
import type { Following } from '../kit/client.ts'
import { comment, declare } from '../kit/seed.ts'
import { watchStatements } from '../kit/statements.ts'

interface WallFrame {
  incidents: { leftIds: string[]; incidents: { id: string; comments: { nodes: { body: string }[] } }[] }
}

type Wall = { matches: boolean; following: Following<WallFrame> }

const wall = (alias: string) => `subscription ($filter: IncidentFilter) {
  incidents(filter: $filter) {
    cursor leftIds
    incidents { id ${alias}: title lead { name } comments(last: 3) { nodes { body author { name } } } resources(first: 5) { nodes { name } } }
  }
}`

afterEach(() => {
  vi.restoreAllMocks()
})

/** Walls of so many distinct filters, every other of which means HIGH incidents, for each of the documents. */
async function openWalls(app: TestApp, filters: number, aliases: string[]): Promise<Wall[]> {
  const walls = aliases.flatMap((alias) =>
    Array.from({ length: filters }, (_, index) => {
      const filter = { severity: [index % 2 === 0 ? 'HIGH' : 'LOW'], declaredAt: { from: new Date(index * 86_400_000).toISOString() } }
      return { matches: index % 2 === 0, following: app.admin.follow<WallFrame>(wall(alias), { filter }) }
    })
  )
  await Promise.all(walls.map(({ following }) => following.next()))
  return walls
}

const close = (walls: Wall[]) => Promise.all(walls.map(({ following }) => following[Symbol.asyncDispose]()))

/** Comments, and tells how often a frame was made for it and what the database was asked. */
async function costOf(app: TestApp, walls: Wall[], incidentId: string, body: string) {
  const live = schema.getSubscriptionType()?.getFields().incidents?.extensions.live as LiveField
  const frames = vi.spyOn(live, 'frame')
  using statements = watchStatements(app.database)
  await comment(app.admin, incidentId, body)
  for (const { matches, following } of walls) {
    const { incidents, leftIds } = (await following.next()).incidents
    expect(incidents.map(({ id, comments }) => [id, comments.nodes.at(-1)?.body])).toEqual(matches ? [[incidentId, body]] : [])
    expect(leftIds).toEqual(matches ? [] : [incidentId])
  }
  const executions = frames.mock.calls.length
  frames.mockRestore()
  return { executions, statements: [...statements.texts] }
}

it('a change on a hundred distinct walls takes a hundred executions, and no more statements than on two', { timeout: 120_000 }, async () => {
  // The clock stands still: a key is looked at anew once a minute.
  const now = new Date()
  await using app = await startEmbedded({ ...quiet, clock: () => now })
  const { id } = await declare(app.admin, { severity: 'HIGH' })
  const few = await openWalls(app, 2, ['title'])
  await costOf(app, few, id, 'The first, after which the key is known')
  const onFew = await costOf(app, few, id, 'Looking')
  await close(few)
  const many = await openWalls(app, 50, ['title', 'name'])
  const onMany = await costOf(app, many, id, 'Still looking')
  await close(many)

  expect(onFew.executions).toBe(2)
  expect(onMany.executions).toBe(100)
  expect(onMany.statements).toHaveLength(onFew.statements.length)
  expect(onMany.statements.filter((text) => text.includes(' AS matches'))).toHaveLength(1)
})

it('two hundred equal walls that are opened at once get one snapshot, made once', { timeout: 120_000 }, async () => {
  await using app = await startEmbedded(quiet)
  const { id } = await declare(app.admin, { severity: 'HIGH' })
  const live = schema.getSubscriptionType()?.getFields().incidents?.extensions.live as LiveField
  const frames = vi.spyOn(live, 'frame')
  using statements = watchStatements(app.database)
  const walls = (await Promise.all(Array.from({ length: 200 }, () => openWalls(app, 1, ['title'])))).flat()

  expect(frames).toHaveBeenCalledTimes(1)
  expect(statements.texts.filter((text) => /FROM incident i\b/.test(text))).toHaveLength(1)
  for (const { following } of walls) expect(following.frames[0]?.incidents.incidents.map((incident) => incident.id)).toEqual([id])
  await close(walls)
})
