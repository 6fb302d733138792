// What a node asks the database for when nothing happens: nothing, or one statement a heartbeat for all that somebody cares about.
import { afterEach, expect, it, vi } from 'vitest'
import { Feed } from '../../src/change/feed.ts'
import { Heads } from '../../src/change/heads.ts'
import { Prisma } from '../../src/database/generated/client/client.ts'
import { startEmbedded, type TestApp } from '../kit/app.ts'

afterEach(() => {
  vi.useRealTimers()
})

/** A feed beside the app's own, whose statements are counted and whose heart beats when it is told to. */
async function startFeed(app: TestApp) {
  const { database, log } = app.app.core
  const heads = new Heads()
  const statements: string[] = []
  const counting = {
    ...database,
    query: <Row>(statement: Parameters<typeof database.query>[0]) => {
      statements.push(statement.text)
      return database.query<Row>(statement)
    }
  }
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const feed = new Feed({ database: counting, heads, log })
  await feed.start(1_000)
  return {
    feed,
    heads,
    statements,
    async beat() {
      vi.advanceTimersByTime(1_000)
      // What the beat has asked for is answered before this is: the engine takes one after the other.
      await database.query(Prisma.sql`SELECT 1`)
    }
  }
}

it('an idle node asks for nothing', async () => {
  await using app = await startEmbedded()
  const { feed, statements, beat } = await startFeed(app)
  for (let beats = 0; beats < 10; beats++) await beat()
  expect(statements).toEqual([])
  await feed.stop()
})

it('a workspace whose answers are kept in memory is looked at in the next heartbeat after they were given', async () => {
  await using app = await startEmbedded()
  const { feed, heads, statements, beat } = await startFeed(app)
  heads.newest(app.workspace.workspaceId)
  await beat()
  expect(statements).toHaveLength(1)
  expect(heads.newest(app.workspace.workspaceId)).toBe(await feed.newest(app.workspace.workspaceId))
  await beat()
  statements.length = 0
  await beat()
  expect(statements).toEqual([])
  await feed.stop()
})

it('a workspace that is watched is looked at in every heartbeat, by one statement', async () => {
  await using app = await startEmbedded()
  const { feed, statements, beat } = await startFeed(app)
  await feed.watch(app.workspace.workspaceId, async () => {})
  await beat()
  statements.length = 0
  for (let beats = 0; beats < 5; beats++) await beat()
  expect(statements).toEqual(Array(5).fill(expect.stringMatching(/^SELECT id, sequence FROM workspace/)))
  await feed.stop()
})
