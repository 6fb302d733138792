import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Client } from '../kit/client.ts'
import { FollowWall } from '../kit/documents.ts'
import { type RunningProcess, startProcess } from '../kit/process.ts'

let demo: RunningProcess
let client: Client

beforeAll(async () => {
  demo = startProcess({ PORT: '0', HOST: '127.0.0.1' }, fileURLToPath(new URL('../../src/demo/main.ts', import.meta.url)))
  client = await new Promise<Client>((resolve, reject) => {
    demo.child.stdout.on('data', () => {
      const [, address] = /demo is at (\S+)/.exec(demo.stdout()) ?? []
      const [, key] = /Your key: +(\S+)\n/.exec(demo.stdout()) ?? []
      if (address && key) resolve(new Client(address, key))
    })
    demo.exited.then((code) => reject(new Error(`The demo ended with ${code}: ${demo.stderr()}`)))
  })
})

afterAll(async () => {
  demo.child.kill('SIGKILL')
  await demo.exited
})

test('begins with incidents of every kind of end, some that run, and a history in order of time', async () => {
  const { incidents, running, resolved, acknowledged, changes, members } = await client.run<{
    incidents: { nodes: { status: string; declaredAt: string }[] }
    running: { totalCount: number }
    resolved: { totalCount: number }
    acknowledged: { totalCount: number }
    changes: { nodes: { at: string; actor: { name: string } | null }[] }
    members: { totalCount: number }
  }>(`{
    incidents(first: 100) { nodes { status declaredAt } }
    running: incidents(first: 0, filter: { active: true }) { totalCount }
    resolved: changes(first: 0, filter: { kind: [INCIDENT_RESOLVED] }) { totalCount }
    acknowledged: changes(first: 0, filter: { kind: [INCIDENT_ACKNOWLEDGED] }) { totalCount }
    changes(first: 100, newestFirst: true) { nodes { at actor { name } } }
    members { totalCount }
  }`)
  const statuses = new Set(incidents.nodes.map(({ status }) => status))
  // The story goes on meanwhile: what was resolved or taken a moment ago may have moved on, so that is asked of the record.
  expect([...statuses]).toEqual(expect.arrayContaining(['CLOSED', 'CANCELED', 'MERGED']))
  expect(running.totalCount).toBeGreaterThan(2)
  expect(resolved.totalCount).toBeGreaterThan(2)
  expect(acknowledged.totalCount).toBeGreaterThan(2)
  expect(incidents.nodes.some(({ declaredAt }) => Date.now() - Date.parse(declaredAt) > 10 * 86_400_000)).toBe(true)
  const times = changes.nodes.map(({ at }) => at)
  expect(times).toEqual([...times].sort().reverse())
  expect(new Set(changes.nodes.map(({ actor }) => actor?.name)).size).toBeGreaterThan(4)
  expect(members.totalCount).toBe(5)
})

test('work that comes due is told of, and the figures of incidents count it', async () => {
  await using following = client.follow('subscription { incidents(filter: { active: true }) { incidents { impactFigures { upcoming running } } } }')
  let most = 0
  while (most <= 10) {
    const { incidents } = (await following.next()) as unknown as { incidents: { incidents: { impactFigures: { upcoming: number; running: number } | null }[] } }
    most = Math.max(most, ...incidents.incidents.map(({ impactFigures }) => (impactFigures ? impactFigures.upcoming + impactFigures.running : 0)))
  }
  expect(most).toBeGreaterThan(10)
})

test('a wall gets what happens in it, and the record verifies', async () => {
  await using following = client.follow(FollowWall, { filter: { active: true } })
  const first = await following.next()
  expect(first.incidents.reset).toBe(true)
  expect(first.incidents.incidents.length).toBeGreaterThan(2)
  expect((await following.next()).incidents.reset).toBe(false)
  expect((await following.next()).incidents.reset).toBe(false)
  const { verifyChanges } = await client.run<{ verifyChanges: { valid: boolean } }>('{ verifyChanges { valid } }')
  expect(verifyChanges.valid).toBe(true)
})

test('ends cleanly when it is told to', async () => {
  demo.child.kill('SIGINT')
  expect(await demo.exited).toBe(0)
  expect(demo.stderr()).toBe('')
})
