// A call to Prefect ends in time and in words, whatever is at the other end.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { PrefectApi } from '../../src/prefect/api.ts'
import { readEvents } from '../../src/prefect/backfill.ts'
import { pagesOf } from '../../src/prefect/pages.ts'
import { PrefectProblem } from '../../src/prefect/problem.ts'
import { flowRow } from '../../src/prefect/rows.ts'
import { FakePrefect, type Trouble } from './fake-prefect.ts'
import { recordedAt } from './recorded.ts'

let fake: FakePrefect

beforeAll(async () => {
  fake = await FakePrefect.start()
})
afterEach(() => {
  fake.troubles.clear()
  fake.called.length = 0
})
afterAll(() => fake[Symbol.asyncDispose]())

const limits = { callMs: 1_000, answerBytes: 2_000_000, tries: 2 }
const stopping = new AbortController()

function api(key?: string, more = {}): PrefectApi {
  return new PrefectApi({ apiUrl: fake.apiUrl, key }, stopping.signal, { ...limits, ...more })
}

const flows = { limit: 200, offset: 0 }

describe('a call', () => {
  it.each<[Trouble, string, string, number]>([
    ['error', 'busy', 'The server is in trouble or overloaded (500).', 2],
    ['forbidden', 'withheld', 'The server does not give what was asked for (403). Does the address end in /api, and may the key read this?', 1],
    ['redirect', 'not-prefect', 'The server answers with a redirect, which is not followed. Give the address that it leads to.', 1],
    ['html', 'not-prefect', 'The server does not answer with JSON, so it is no Prefect API. Does the address end in /api?', 1],
    ['huge', 'too-large', 'An answer of the server has more than 2000000 bytes.', 1],
    ['silent', 'slow', 'The server did not answer within 1 seconds.', 2],
    ['cut', 'unreachable', 'The server cannot be reached (UND_ERR_SOCKET).', 2]
  ])('that meets "%s" is %s, and tried as often as makes sense', async (trouble, kind, message, calls) => {
    fake.troubles.set('/flows', trouble)
    await expect(api().post('/flows/filter', flows)).rejects.toMatchObject({ kind, message })
    expect(fake.called).toHaveLength(calls)
  })

  it('to nobody says so', async () => {
    const nobody = new PrefectApi({ apiUrl: 'http://127.0.0.1:9/api', key: undefined }, stopping.signal, limits)
    await expect(nobody.post('/flows/filter', flows)).rejects.toThrow('The server cannot be reached')
  })

  it('succeeds when the trouble passes', async () => {
    fake.troubles.set('/flows', 'error')
    const call = api(undefined, { tries: 20 }).post('/flows/filter', flows)
    while (fake.called.length === 0) await new Promise(setImmediate)
    fake.troubles.clear()
    expect(await call).toHaveLength(9)
  })

  it.each(['pnu_key', 'admin:pass:word'])('sends the key %s as Prefect wants it', async (key) => {
    fake.key = key
    expect(await api(key).post('/flows/filter', flows)).toHaveLength(9)
    await expect(api('wrong').post('/flows/filter', flows)).rejects.toMatchObject({ kind: 'refused', message: 'The server refuses the API key (401).' })
    fake.key = undefined
  })

  it('ends when it is no more wanted', async () => {
    const stop = new AbortController()
    fake.troubles.set('/flows', 'silent')
    const call = new PrefectApi({ apiUrl: fake.apiUrl, key: undefined }, stop.signal).post('/flows/filter', flows)
    stop.abort()
    await expect(call).rejects.not.toBeInstanceOf(PrefectProblem)
  })

  it("learns the server's clock", async () => {
    const asked = api()
    await asked.post('/flows/filter', flows)
    expect(Math.abs(asked.serverTime() - fake.now().getTime())).toBeLessThan(3_000)
    expect(Math.abs(fake.now().getTime() - recordedAt.getTime())).toBeLessThan(120_000)
  })
})

describe('a list', () => {
  const all = async (path: string) => {
    const pages = []
    for await (const page of pagesOf(api(), path, {}, flowRow)) pages.push(page)
    return { rows: pages.flatMap(({ rows }) => rows), unfit: pages.reduce((sum, page) => sum + page.unfit, 0), pages: pages.length }
  }

  it('is read to its end, page by page', async () => {
    const [flow] = fake.lists.flows
    const before = fake.lists.flows
    fake.lists.flows = Array.from({ length: 450 }, (_, index) => ({ ...flow, id: crypto.randomUUID(), name: `flow ${index}` }))
    const { rows, pages } = await all('/flows/filter')
    expect(rows.map(({ name }) => name)).toEqual(fake.lists.flows.map(({ name }) => name))
    expect(pages).toBe(3)
    fake.lists.flows = before
  })

  it('leaves out, and counts, rows that are not what they should be', async () => {
    const before = fake.lists.flows
    fake.lists.flows = [...before, { id: 'seven', name: 'no id' }, { id: crypto.randomUUID(), name: '' }, 7 as never, null as never]
    expect(await all('/flows/filter')).toMatchObject({ rows: { length: 9 }, unfit: 4 })
    fake.lists.flows = before
  })

  it('of large rows is asked for in smaller pieces', async () => {
    const before = fake.lists.flows
    fake.lists.flows = Array.from({ length: 50 }, (_, index) => ({ id: crypto.randomUUID(), name: `${index}`, parameters: 'x'.repeat(90_000) }))
    expect((await all('/flows/filter')).rows).toHaveLength(50)
    fake.lists.flows = before
  })

  it.each<[Trouble, string]>([
    ['endless', 'A list of the server does not end.'],
    ['nonsense', 'The server answers with something else than a page of a list.']
  ])('that is %s is given up', async (trouble, message) => {
    fake.troubles.set('/flows', trouble)
    await expect(all('/flows/filter')).rejects.toThrow(message)
  })
})

describe('the events of a stretch of time', () => {
  it('are each given once, oldest first, and how far that got is told on the way', async () => {
    const given: { id: string; occurred: string }[] = []
    const reached: number[] = []
    const since = recordedAt.getTime() - 3_600_000
    await readEvents(
      api(),
      { since, until: recordedAt.getTime() },
      async (events) => void given.push(...(events as typeof given)),
      async (moment) => void reached.push(moment)
    )
    expect(given.map(({ id }) => id)).toEqual(fake.events.map(({ id }) => id))
    expect(reached.at(-1)).toBe(recordedAt.getTime())
    expect(reached).toEqual([...reached].sort((one, other) => one - other))
    expect(reached.length).toBeGreaterThan(2)
    // The server names another host for the next page; the key is not sent there.
    expect(fake.called).toContain('/events/filter/next')
  })

  it('tells nothing of a stretch whose events were not taken', async () => {
    const reached: number[] = []
    const reading = readEvents(
      api(),
      { since: recordedAt.getTime() - 180_000, until: recordedAt.getTime() },
      async () => {
        throw new Error('The database is away')
      },
      async (moment) => void reached.push(moment)
    )
    await expect(reading).rejects.toThrow('The database is away')
    expect(reached).toEqual([])
  })
})
