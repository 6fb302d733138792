import { expect, it } from 'vitest'
import { patience, pause } from '../src/pause.ts'

it('has patience until the promise, the time or the signal', async () => {
  const never = new Promise<string>(() => {})
  const going = new AbortController().signal
  expect(await patience(Promise.resolve('here'), 60_000, going)).toBe('here')
  expect(await patience(never, 5, going)).toBeUndefined()
  expect(await patience(never, 60_000, AbortSignal.abort())).toBeUndefined()
  await pause(60_000, AbortSignal.abort())
})
