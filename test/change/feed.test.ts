// Several who watch one workspace on a node: each gets every change once, in order, at its own pace.
import { expect, it, vi } from 'vitest'
import { hex } from '../../src/change/chain.ts'
import { type ChangeRow, changesBetween } from '../../src/change/change.ts'
import { type Batch, Feed } from '../../src/change/feed.ts'
import { quiet, startEmbedded, type TestApp } from '../kit/app.ts'
import { comment, declare } from '../kit/seed.ts'
import { watchStatements } from '../kit/statements.ts'

const sequencesOf = (batches: Batch[]) => batches.flatMap(({ changes }) => changes.map(({ sequence }) => sequence))

let names = 0

/** Makes one change, of which nothing follows. */
const rename = (app: TestApp) => app.admin.run('mutation ($name: String!) { updateWorkspace(name: $name) { __typename } }', { name: `Name ${++names}` })

/** A feed beside the app's own, with what it reads. */
function startFeed({ app: { core } }: TestApp): { feed: Feed; read: string[] } {
  const { database, heads, log } = core
  const read: string[] = []
  const query: typeof database.query = (statement, options) => {
    read.push(statement.text)
    return database.query(statement, options)
  }
  return { feed: new Feed({ database: { ...database, query }, heads, log }), read }
}

it('whoever takes long over a batch holds up nobody else, and gets all that came meanwhile as one', async () => {
  await using app = await startEmbedded(quiet)
  const { workspaceId } = app.workspace
  const { feed } = startFeed(app)
  const fast: Batch[] = []
  const slow: Batch[] = []
  const held = Promise.withResolvers<void>()
  const { start } = await feed.watch(workspaceId, async (batch) => void fast.push(batch))
  await feed.watch(workspaceId, async (batch) => {
    slow.push(batch)
    await held.promise
  })
  const news = async (count: number) => {
    await rename(app)
    feed.poke(workspaceId)
    await vi.waitFor(() => expect(sequencesOf(fast)).toHaveLength(count))
  }
  for (const count of [1, 2, 3]) await news(count)
  expect(sequencesOf(slow)).toEqual([start + 1])
  held.resolve()
  await vi.waitFor(() => expect(slow).toHaveLength(2))
  expect(slow[1]).toMatchObject({ from: start + 1, to: start + 3 })
  expect(sequencesOf(slow)).toEqual(sequencesOf(fast))
  expect(sequencesOf(fast)).toEqual([start + 1, start + 2, start + 3])
  await feed.stop()
})

it('those who are at the same place share what is read, and one who stops gets nothing more', async () => {
  await using app = await startEmbedded(quiet)
  const { workspaceId } = app.workspace
  const { feed, read } = startFeed(app)
  const batches: Batch[][] = [[], [], []]
  const watches = await Promise.all(batches.map((mine) => feed.watch(workspaceId, async (batch) => void mine.push(batch))))
  await rename(app)
  feed.poke(workspaceId)
  // What they look for on their way in has been answered by then.
  await vi.waitFor(() => expect(batches.map((mine) => sequencesOf(mine).length)).toEqual([1, 1, 1]))
  read.length = 0
  await rename(app)
  feed.poke(workspaceId)
  await vi.waitFor(() => expect(batches.map((mine) => sequencesOf(mine).length)).toEqual([2, 2, 2]))
  expect(read).toHaveLength(1)
  watches[0]?.stop()
  await rename(app)
  feed.poke(workspaceId)
  await vi.waitFor(() => expect(batches.slice(1).map((mine) => sequencesOf(mine).length)).toEqual([3, 3]))
  expect(sequencesOf(batches[0] as Batch[])).toHaveLength(2)
  await feed.stop()
})

/** A change for comparison: bytes as text, and nothing of how it was read. */
function plain({ sequence, kind, at, actorId, incidentId, subjectId, data, text, textDigest, hash }: ChangeRow) {
  const bytes = [textDigest, hash].map((each) => each && hex(each))
  return { sequence, kind, at, actorId, incidentId, subjectId, data, text, bytes }
}

it('what a node has just made itself is handed over as it stands in the record, without being read', async () => {
  await using app = await startEmbedded(quiet)
  const { core } = app.app
  const { workspaceId } = app.workspace
  const { id } = await declare(app.admin)
  const batches: Batch[] = []
  const watch = await core.feed.watch(workspaceId, async (batch) => void batches.push(batch))
  const until = (count: number) => vi.waitFor(() => expect(sequencesOf(batches)).toHaveLength(count))
  // What is looked for on the way in has been answered by then.
  await comment(app.admin, id, 'Restarted "it".\n')
  await until(1)
  using statements = watchStatements(core.database)
  const reads = () => statements.texts.filter((text) => text.includes('AS place'))
  await Promise.all([comment(app.admin, id, 'One'), comment(app.admin, id, 'Two')])
  await until(3)
  expect(reads()).toEqual([])
  // A command of another kind only says that it was done.
  await rename(app)
  await comment(app.admin, id, 'Three')
  await until(5)
  expect(reads()).toHaveLength(1)
  const recorded = await changesBetween(core.database, { workspaceId, from: watch.start, to: watch.start + 5, limit: 10 })
  expect(batches.flatMap(({ changes }) => changes.map(plain))).toEqual(recorded.map(plain))
  watch.stop()
})
