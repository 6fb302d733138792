// Answers from memory where several nodes write: a node shows what another has done as soon as it hears of it, or is told to.
import pg from 'pg'
import { expect, it } from 'vitest'
import { quiet, startEmbedded, startOnServer } from '../kit/app.ts'
import type { Client } from '../kit/client.ts'
import { tryStep } from '../kit/incident.ts'
import { comment, declare, otherWorkspace } from '../kit/seed.ts'
import { watchStatements } from '../kit/statements.ts'
import { latest, latestOfOne, type One, one, type Wall, wall } from './questions.ts'

it('a node shows the change of another to whoever sends its cursor', async () => {
  await using one = await startOnServer(quiet)
  await using two = await startOnServer({ ...quiet, databaseUrl: one.databaseUrl ?? '' })
  const { id } = await declare(one.admin)
  for (let index = 0; index < 50; index++) {
    await two.admin.run(wall)
    const { cursor } = await comment(one.admin, id, `says ${index}`)
    const answer = (await (await two.admin.send(wall, {}, { 'mayday-after': cursor })).json()) as { data: Wall }
    expect(latest(answer.data)).toBe(`says ${index}`)
  }
})

it('a node shows the change of another also to those who send none, as soon as it has heard', async () => {
  await using one = await startOnServer(quiet)
  await using two = await startOnServer({ ...quiet, databaseUrl: one.databaseUrl ?? '' })
  const { id } = await declare(one.admin)
  await two.admin.run(wall)
  await comment(one.admin, id, 'The queue drains')
  await expect.poll(async () => latest(await two.admin.run<Wall>(wall))).toBe('The queue drains')
})

it('a node hears which incidents another has moved, and keeps what it has of the others', async () => {
  await using app = await startOnServer(quiet)
  await using two = await startOnServer({ ...quiet, databaseUrl: app.databaseUrl ?? '' })
  const [mine, other] = [await declare(app.admin), await declare(app.admin)]
  const ask = async () => latestOfOne(await two.admin.run<One>(one, { id: mine.id }))
  await ask()
  // By one statement, and by a transaction.
  await comment(app.admin, other.id, 'Somewhere else')
  const { cursor } = await tryStep(app.admin, 'acknowledgeIncident', { id: other.id, version: other.version })
  const { heads } = two.app.core
  await expect.poll(() => heads.newest(two.workspace.workspaceId)).toBe(sequenceOf(cursor ?? ''))
  using statements = watchStatements(two.database)
  expect(await ask()).toBeUndefined()
  expect(statements.texts).toEqual([])
  await comment(app.admin, mine.id, 'The queue drains')
  await expect.poll(ask).toBe('The queue drains')
})

it('a node that may not hear of changes answers nothing from memory', async () => {
  await using one = await startOnServer(quiet)
  await using two = await startOnServer({ databaseUrl: one.databaseUrl ?? '', environment: { ...quiet.environment, MAYDAY_HEARTBEAT_MS: '4000' } })
  const { id } = await declare(one.admin)
  await comment(one.admin, id, 'one')
  expect(latest(await two.admin.run<Wall>(wall))).toBe('one')
  const cutter = new pg.Client({ connectionString: one.databaseUrl })
  await cutter.connect()
  const { heads } = two.app.core
  const { workspaceId } = two.workspace
  await cutter.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'mayday listen'`)
  await cutter.end()
  await expect.poll(() => heads.newest(workspaceId), { interval: 1 }).toBeUndefined()
  let asked = 0
  for (;;) {
    await comment(one.admin, id, `says ${asked}`)
    const answer = latest(await two.admin.run<Wall>(wall))
    // It has found its hearing again, perhaps before it answered.
    if (heads.newest(workspaceId) !== undefined) break
    expect(answer).toBe(`says ${asked++}`)
  }
  expect(asked).toBeGreaterThan(0)
})

it.each([
  ['rubbish', () => 'rubbish'],
  ['the cursor of another workspace', async (admin: Client) => (await declare(await otherWorkspace(admin))).cursor],
  ['a place that no change has reached', async (admin: Client) => beyond((await declare(admin)).cursor)]
])('refuses %s', async (_name, cursorOf) => {
  await using app = await startEmbedded(quiet)
  const response = await app.admin.send(wall, {}, { 'mayday-after': await cursorOf(app.admin) })
  expect(await response.json()).toMatchObject({
    errors: [{ extensions: { code: 'BAD_USER_INPUT', problems: [{ field: 'mayday-after', rule: 'must be a cursor that this workspace has given' }] } }]
  })
})

function sequenceOf(cursor: string): number {
  return Number(Buffer.from(cursor, 'base64url').toString().split('.')[1])
}

function beyond(cursor: string): string {
  const [workspace] = Buffer.from(cursor, 'base64url').toString().split('.')
  return Buffer.from(`${workspace}.999999999`).toString('base64url')
}
