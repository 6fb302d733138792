// The queue between a stream and the database.
import { expect, it, vi } from 'vitest'
import { Intake } from '../../src/prefect/intake.ts'

/** An intake whose taking is let go batch by batch. */
function held() {
  const batches: unknown[][] = []
  const waiting: PromiseWithResolvers<void>[] = []
  const source = { paused: 0, resumed: 0 }
  const failures: unknown[] = []
  const stopping = new AbortController()
  const intake = new Intake(
    {
      take: (events) => {
        batches.push([...events])
        const gate = Promise.withResolvers<void>()
        waiting.push(gate)
        return gate.promise
      },
      pauseSource: () => void source.paused++,
      resumeSource: () => void source.resumed++,
      failed: (error) => failures.push(error)
    },
    stopping.signal
  )
  const next = async () => {
    await vi.waitFor(() => expect(waiting.length).toBeGreaterThan(0), { interval: 5, timeout: 10_000 })
    return waiting.shift() as PromiseWithResolvers<void>
  }
  return { intake, batches, source, failures, stopping, next }
}

it('takes events in batches of at most 200, in order, one batch after the other', async () => {
  const { intake, batches, next } = held()
  for (let event = 0; event < 450; event++) intake.add(event, 100)
  for (const size of [200, 200, 50]) {
    const gate = await next()
    expect(batches.at(-1)).toHaveLength(size)
    gate.resolve()
  }
  await intake.settled()
  expect(batches.flat()).toEqual(Array.from({ length: 450 }, (_, event) => event))
})

it('asks the source to pause before it grows too long, once, and to go on when it has become short', async () => {
  const { intake, source, next } = held()
  for (let event = 0; event < 2_400; event++) intake.add(event, 100)
  expect(source).toEqual({ paused: 1, resumed: 0 })
  for (let batch = 0; batch < 10; batch++) {
    const gate = await next()
    expect(source.resumed).toBe(0)
    gate.resolve()
  }
  await next().then((gate) => gate.resolve())
  await next()
  expect(source).toEqual({ paused: 1, resumed: 1 })
})

it('counts bytes as well: few large events are as many small ones', async () => {
  const { intake, source, next } = held()
  for (let event = 0; event < 201; event++) intake.add(event, 250_000)
  expect(source).toEqual({ paused: 1, resumed: 0 })
  expect(intake.isPaused).toBe(true)
  await next().then((gate) => gate.resolve())
  await next()
  expect(source).toEqual({ paused: 1, resumed: 1 })
  expect(intake.isPaused).toBe(false)
})

it('tries a batch again that could not be taken, and gives it up after a while', { timeout: 20_000 }, async () => {
  const { intake, batches, failures, next } = held()
  intake.add('one', 1)
  ;(await next()).reject(new Error('The database is away'))
  ;(await next()).resolve()
  await intake.settled()
  expect(batches).toEqual([['one'], ['one']])
  expect(failures).toEqual([])
  intake.add('two', 1)
  for (let attempt = 0; attempt < 4; attempt++) (await next()).reject(new Error('The database is away'))
  await intake.settled()
  expect(failures).toEqual([expect.objectContaining({ message: 'The database is away' })])
  expect(batches.slice(2)).toEqual([['two'], ['two'], ['two'], ['two']])
})

it('ends when it is stopped, whatever still waits', async () => {
  const { intake, batches, stopping, next } = held()
  for (let event = 0; event < 450; event++) intake.add(event, 100)
  const gate = await next()
  stopping.abort()
  gate.resolve()
  await intake.settled()
  expect(batches).toHaveLength(1)
})
