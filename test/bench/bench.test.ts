// That the bench fills what it says, and that its floors are floors; not how fast anything is.
import { expect, test } from 'vitest'
import { Prisma } from '../../src/database/generated/client/client.ts'
import { startEmbedded, startOnServer, type TestApp } from '../kit/app.ts'
import { VerifyChanges } from '../kit/documents.ts'
import { openBench } from './bench.ts'
import { countGaps } from './engines.ts'
import { fill } from './fill/fill.ts'
import { grow } from './fill/grow.ts'
import { equalTo, isMet, ratioAtLeast, ratioAtMost, valueAtLeast, valueAtMost } from './measure/goal.ts'
import { readOptions } from './options.ts'

const sizes = { incidents: 120, active: 40, comments: 2_400, changes: 3_600, resources: 60 }

const fillApp = ({ database, workspace }: TestApp) => fill(database, { id: workspace.workspaceId, keyId: workspace.keyId }, sizes)

async function countsOf({ database }: TestApp) {
  const [counts] = await database.query(Prisma.sql`
    SELECT (SELECT count(*) FROM incident) AS incidents, (SELECT count(*) FROM comment) AS comments, (SELECT count(*) FROM change) AS changes,
      (SELECT count(*) FROM resource) AS resources,
      (SELECT count(*) FROM incident WHERE status IN ('TRIAGE', 'INVESTIGATING', 'IDENTIFIED', 'MONITORING')) AS active`)
  return counts
}

test('the fill is as large as asked for, and a record that verifies', async () => {
  await using app = await startEmbedded()
  await fillApp(app)
  const { verifyChanges } = await app.admin.run(VerifyChanges)
  expect(verifyChanges).toMatchObject({ valid: true, checked: sizes.changes, problem: null })
  expect(await countsOf(app)).toEqual(sizes)
}, 60_000)

test('each floor answers what Mayday answers', async () => {
  // It compares all answers, and throws where they differ.
  await using bench = await openBench('embedded', { ...readOptions([]), sizes })
  expect(bench.operations.incident.variables).toHaveLength(sizes.active)
}, 120_000)

test('growing gives the totals asked for, without a gap, and with every index that was there', async () => {
  await using app = await startOnServer()
  const url = app.databaseUrl as string
  const wall = `{ incidents(first: 50, filter: { active: true }) { nodes { id title comments(last: 3) { nodes { body } } timeline(last: 5) { nodes { sequence } } } } }`
  const indexes = () => app.database.query(Prisma.sql`SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('incident', 'change') ORDER BY indexname`)
  const constraints = () => app.database.query(Prisma.sql`SELECT conname, contype FROM pg_constraint WHERE conrelid = 'change'::regclass ORDER BY conname`)
  await fillApp(app)
  const before = { indexes: await indexes(), constraints: await constraints(), wall: await app.admin.run(wall) }
  expect(before.indexes.length).toBeGreaterThan(10)

  await grow(url, { incidents: 1_000, changes: 12_345 }, false)
  expect(await countsOf(app)).toEqual({ ...sizes, incidents: 1_000, changes: 12_345 })
  expect({ indexes: await indexes(), constraints: await constraints(), wall: await app.admin.run(wall) }).toEqual(before)
  expect(await countGaps({ DATABASE_URL: url })).toEqual({ workspaces: 1, broken: 0 })
  // What comes next goes on from there.
  const { declareIncident } = await app.admin.run<{ declareIncident: { incident: { number: number } } }>(
    'mutation { declareIncident(input: { title: "One more", severity: LOW }) { ... on DeclareIncidentPayload { incident { number } } } }'
  )
  expect(declareIncident.incident.number).toBe(1_001)
})

test('a gap is found, be it at the start, in the middle or at the end', async () => {
  await using app = await startOnServer()
  await fillApp(app)
  const count = () => countGaps({ DATABASE_URL: app.databaseUrl as string })
  for (const sequence of [1, 1_000, sizes.changes]) {
    await app.database.query(Prisma.sql`CREATE TABLE missing AS SELECT * FROM change WHERE sequence = ${sequence}`)
    await app.database.query(Prisma.sql`DELETE FROM change WHERE sequence = ${sequence}`)
    expect(await count()).toEqual({ workspaces: 1, broken: 1 })
    await app.database.query(Prisma.sql`INSERT INTO change SELECT * FROM missing`)
    await app.database.query(Prisma.sql`DROP TABLE missing`)
    expect(await count()).toEqual({ workspaces: 1, broken: 0 })
  }
})

test('a goal is a bound on a figure, or on its ratio to the one beside it', () => {
  const row = { group: 'wall list', name: 'requests', unit: '/s', value: 90, floor: 100 }
  expect([valueAtLeast(90), valueAtMost(90), ratioAtLeast(0.9), ratioAtMost(0.9)].map((goal) => isMet(row, goal))).toEqual([true, true, true, true])
  expect([valueAtLeast(91), valueAtMost(89), ratioAtLeast(0.91), ratioAtMost(0.89)].map((goal) => isMet(row, goal))).toEqual([false, false, false, false])
  // What was not measured is not met.
  expect([valueAtLeast(0), ratioAtMost(9)].map((goal) => isMet({ ...row, value: Number.NaN }, goal))).toEqual([false, false])
  expect(isMet({ ...row, floor: undefined }, ratioAtLeast(0))).toBe(false)

  const [equal, other] = equalTo([{ ...row, equalOnEngines: 'wall' }, row], [row, { ...row, group: 'larger', equalOnEngines: 'wall', value: 200 }])
  expect([equal?.goals, other?.goals]).toEqual([[valueAtLeast(180)], undefined])
})

test('another server is named with all that it takes', () => {
  const peer = ['--target', 'http://localhost:5000/graphql', '--operations', 'peer.json']
  expect(readOptions([...peer, '--header', 'Authorization: Bearer a:b', '--pid', '7']).peer).toEqual({
    url: 'http://localhost:5000/graphql',
    operations: 'peer.json',
    headers: { authorization: 'Bearer a:b' },
    pid: 7,
    floor: false
  })
  expect(() => readOptions(peer.slice(0, 2))).toThrow('go together')
  expect(() => readOptions([...peer, '--header', 'nothing'])).toThrow('name: value')
})
