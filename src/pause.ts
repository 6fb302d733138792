// Waiting that ends early when nobody wants it any more.
import { setTimeout as sleep } from 'node:timers/promises'

/** Waits, but no longer than until the signal aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal }).catch(() => {})
}

/** What the promise gives, or undefined after so long, or when the signal aborts. */
export async function patience<Value>(promise: Promise<Value>, ms: number, signal?: AbortSignal): Promise<Value | undefined> {
  const enough = new AbortController()
  try {
    return await Promise.race([promise, pause(ms, signal ? AbortSignal.any([signal, enough.signal]) : enough.signal).then(() => undefined)])
  } finally {
    enough.abort()
  }
}
