// What an operation asked for below rows is read with them the next time: in the same moment, and with nothing to see for others.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AskedLast, ReadAhead } from '../src/read-ahead.ts'
import { engines, quiet, type TestApp } from './kit/app.ts'
import { comment, declare, otherWorkspace } from './kit/seed.ts'
import { watchStatements } from './kit/statements.ts'

describe('one run after another', () => {
  /** Runs an operation that asks for these below its rows, and tells what was read before it asked. */
  function run(last: AskedLast, ids: string[], asks: string[], failing = false): string[] {
    const read: string[] = []
    const ahead = new ReadAhead(last, (factory) => ({
      load: async ({ parentId }) => {
        read.push(`${factory} of ${parentId}`)
        if (failing) throw new Error('No')
      }
    }))
    ahead.begin(ids)
    for (const ask of asks) ahead.note(ask, {}, '{}')
    return read
  }

  it('reads what the one before asked for, and no more', () => {
    const last = new AskedLast()
    expect(run(last, ['a'], ['comments', 'resources'])).toEqual([])
    expect(run(last, ['a', 'b'], ['comments'])).toEqual(['comments of a', 'comments of b', 'resources of a', 'resources of b'])
    expect(run(last, ['a'], [])).toEqual(['comments of a'])
  })

  it('leaves many rows alone, and what goes wrong to whoever asks', async () => {
    const last = new AskedLast()
    run(last, [], ['comments'])
    expect(
      run(
        last,
        Array.from({ length: 11 }, (_, index) => `${index}`),
        ['comments']
      )
    ).toEqual([])
    expect(run(last, ['a'], ['comments'], true)).toEqual(['comments of a'])
  })
})

const query = `query ($id: ID!, $comments: Int) {
  incident(id: $id) { title comments(last: $comments) { nodes { body } } resources(first: 3) { nodes { name } } timeline(last: 2) { nodes { kind } } }
}`

describe.each(engines)('on $engine', ({ start }) => {
  let app: TestApp

  beforeAll(async () => {
    app = await start(quiet)
  })

  afterAll(() => app[Symbol.asyncDispose]())

  interface Answer {
    incident: { title: string; comments: { nodes: { body: string }[] }; timeline: { nodes: { kind: string }[] } } | null
  }

  it('answers the same, also when it is asked for something else than before', async () => {
    const { id } = await declare(app.admin, { title: 'Late' })
    for (const body of ['one', 'two', 'three']) await comment(app.admin, id, body)
    for (const comments of [2, 2, 1, 3, 3]) {
      const { incident } = await app.admin.run<Answer>(query, { id, comments })
      expect(incident).toMatchObject({ title: 'Late', comments: { nodes: [{}, {}, {}].slice(0, comments) }, timeline: { nodes: [{}, {}] } })
      expect(incident?.comments.nodes.at(-1)).toEqual({ body: 'three' })
    }
  })

  it('asks the database for all of it before any of it is answered', async () => {
    const [first, second] = [await declare(app.admin), await declare(app.admin)]
    await app.admin.run(query, { id: first.id, comments: 5 })
    using statements = watchStatements(app.database)
    await app.admin.run(query, { id: second.id, comments: 5 })
    expect(statements.texts).toHaveLength(4)
    expect(statements.askedBeforeFirstAnswer).toBe(4)
  })

  it('shows nothing of an incident of another workspace', async () => {
    const other = await otherWorkspace(app.admin)
    const { id } = await declare(other)
    await comment(other, id, 'secret')
    const { id: own } = await declare(app.admin)
    for (let times = 0; times < 3; times++) {
      await app.admin.run(query, { id: own, comments: 4 })
      expect(await app.admin.run(query, { id, comments: 4 })).toEqual({ incident: null })
    }
  })
})
