// The promise of the live feed: each change once, in order, without a gap, whatever happens to nodes and connections.
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adminKey } from '../kit/app.ts'
import { Client } from '../kit/client.ts'
import { AllChanges, VerifyChanges } from '../kit/documents.ts'
import { commentOnce, commentSurely, follow, random } from '../kit/load.ts'
import { createDatabase, createPostgresServer, type PostgresServer } from '../kit/postgres.ts'
import { kill, type RunningProcess, startNode } from '../kit/process.ts'
import { addResources, declare } from '../kit/seed.ts'

let server: PostgresServer

beforeAll(async () => {
  server = await createPostgresServer()
  await server.start()
})
afterAll(() => server.remove())

const writers = 50
const commentsPerWriter = 24
const followersPerNode = 4

interface Nodes extends AsyncDisposable {
  readonly databaseUrl: string
  readonly running: (RunningProcess & { url: string })[]
}

async function startNodes(): Promise<Nodes> {
  const databaseUrl = await createDatabase(server.url)
  const environment = { DATABASE_URL: databaseUrl, MAYDAY_ADMIN_KEY: adminKey }
  const running = await Promise.all([startNode(environment), startNode(environment)])
  return {
    databaseUrl,
    running,
    async [Symbol.asyncDispose]() {
      await Promise.all(running.map((node) => kill(node)))
    }
  }
}

async function tableOf(databaseUrl: string): Promise<number[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const { rows } = await client.query<{ sequence: string }>('SELECT sequence FROM change ORDER BY sequence')
  await client.end()
  return rows.map(({ sequence }) => Number(sequence))
}

/** Lets writers and followers loose, does harm in the middle, and compares what each follower saw with the table. */
async function provePromise(nodes: Nodes, harm: (() => Promise<void>) | null, seed: number): Promise<void> {
  const pick = random(seed)
  const urls = () => nodes.running.map(({ url }) => url)
  const admin = new Client(urls()[0] ?? '', adminKey)
  const incidents = await Promise.all([1, 2, 3].map(() => declare(admin)))
  const [first] = (await admin.run(AllChanges, {})).changes.nodes
  const followers = Array.from({ length: followersPerNode * 2 }, (_, index) => follow(urls, first?.cursor ?? '', random(seed + index + 1)))
  let written = 0
  const half = Promise.withResolvers<void>()
  const writing = Array.from({ length: writers }, async (_, writer) => {
    for (let index = 0; index < commentsPerWriter; index++) {
      const { id } = incidents[(writer + index) % incidents.length] as { id: string }
      // Without harm every other comment has no key, and now and then a command comes between that takes the long way.
      const say = harm || index % 2 ? commentSurely : commentOnce
      await say(urls, id, `writer ${writer} says ${index}`, pick)
      if (!harm && index % 8 === 0) await addResources(admin, { kind: 'CUSTOM', externalId: `${writer} ${index}`, name: 'Elsewhere' })
      if (++written === (writers * commentsPerWriter) / 2) half.resolve()
    }
  })
  await half.promise
  await harm?.()
  await Promise.all(writing)

  const table = await tableOf(nodes.databaseUrl)
  const last = table.at(-1) ?? 0
  await Promise.all(followers.map((follower) => follower.reached(last)))
  for (const follower of followers) follower.stop()
  expect(table).toEqual(Array.from({ length: last }, (_, index) => index + 1))
  for (const follower of followers) {
    expect([first?.sequence, ...follower.sequences]).toEqual(table)
    expect(follower.resumes()).toBeGreaterThan(3)
  }
  const reader = new Client(urls()[0] ?? '', adminKey)
  expect((await reader.run(VerifyChanges)).verifyChanges).toMatchObject({ valid: true, checked: last })
  const { incidents: all } = await reader.run<{ incidents: { nodes: { comments: { totalCount: number } }[] } }>(
    '{ incidents { nodes { comments(first: 0) { totalCount } } } }'
  )
  expect(all.nodes.reduce((sum, { comments }) => sum + comments.totalCount, 0)).toBe(writers * commentsPerWriter)
}

describe('50 writers on two nodes, followers that are cut off and resume anywhere', { timeout: 120_000 }, () => {
  it('every follower sees the change table, no more and no less', async () => {
    await using nodes = await startNodes()
    await provePromise(nodes, null, 1)
  })

  it('also when a node is killed in the middle', async () => {
    await using nodes = await startNodes()
    await provePromise(
      nodes,
      async () => {
        const victim = nodes.running.pop()
        if (victim) await kill(victim)
        nodes.running.push(await startNode({ DATABASE_URL: nodes.databaseUrl }))
      },
      2
    )
  })

  it('also when PostgreSQL is restarted in the middle', async () => {
    await using nodes = await startNodes()
    await provePromise(
      nodes,
      async () => {
        await server.stop()
        await server.start()
      },
      3
    )
  })
})
