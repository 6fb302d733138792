import { describe, expect, it } from 'vitest'
import { Repeated, restAfter } from '../../src/prefect/repeat.ts'

const rhythm = { everyMs: 60_000, mostMs: 60_000, restMs: 0, retryMs: 20, mostRetryMs: 40 }

/** Work that is let go time by time. */
function gated() {
  const begun: PromiseWithResolvers<void>[] = []
  let announced = Promise.withResolvers<void>()
  const work = () => {
    const gate = Promise.withResolvers<void>()
    begun.push(gate)
    announced.resolve()
    announced = Promise.withResolvers()
    return gate.promise
  }
  const nth = async (count: number) => {
    while (begun.length < count) await announced.promise
    return begun[count - 1] as PromiseWithResolvers<void>
  }
  return { work, nth, begun }
}

describe('repeated work', () => {
  it('is done again when asked for, and once more when asked for while it is being done', async () => {
    const { work, nth, begun } = gated()
    const stopping = new AbortController()
    const repeated = new Repeated()
    const running = repeated.run(work, rhythm, stopping.signal)
    const first = await nth(1)
    repeated.ask()
    repeated.ask()
    first.resolve()
    const second = await nth(2)
    stopping.abort()
    second.resolve()
    await running
    expect(begun).toHaveLength(2)
  })

  it('is tried again after a failure, without being asked', async () => {
    const { work, nth } = gated()
    const stopping = new AbortController()
    const running = new Repeated().run(work, rhythm, stopping.signal)
    for (let attempt = 1; attempt <= 4; attempt++) (await nth(attempt)).reject(new Error('No'))
    const last = await nth(5)
    stopping.abort()
    last.resolve()
    await running
  })

  it('is not begun when it is not wanted any more', async () => {
    const { work, begun } = gated()
    await new Repeated().run(work, rhythm, AbortSignal.abort())
    expect(begun).toEqual([])
  })
})

it('rests longer after what took long, within limits', () => {
  const limits = { everyMs: 60_000, mostMs: 300_000 }
  expect(restAfter(10, limits)).toBe(60_000)
  expect(restAfter(2_000, limits)).toBe(100_000)
  expect(restAfter(60_000, limits)).toBe(300_000)
})
