// Work that is done again and again, or as soon as somebody asks for it, and that no failure ends.
import { patience, pause } from '../pause.ts'
import { backoffMs } from './backoff.ts'

/** Work takes no more than about this share of the time. */
const share = 0.02

export interface Rhythm {
  readonly everyMs: number
  /** Work that takes long is done less often than that, but at least so often. */
  readonly mostMs: number
  /** How soon it is done again when it is asked for. */
  readonly restMs: number
  /** Between failures: at first, and at most. */
  readonly retryMs: number
  readonly mostRetryMs: number
}

/** How long to wait after work that took so long. */
export function restAfter(tookMs: number, { everyMs, mostMs }: Pick<Rhythm, 'everyMs' | 'mostMs'>): number {
  return Math.max(everyMs, Math.min(tookMs / share, mostMs))
}

export class Repeated {
  #asked = Promise.withResolvers<void>()

  /** The work is done once more, soon. Asked for while it is being done, it is done again after that. */
  ask(): void {
    this.#asked.resolve()
  }

  /** Does the work again and again until the signal aborts. */
  async run(work: () => Promise<void>, rhythm: Rhythm, signal: AbortSignal): Promise<void> {
    let failures = 0
    while (!signal.aborted) {
      this.#asked = Promise.withResolvers()
      const began = performance.now()
      failures = await work().then(
        () => 0,
        () => failures + 1
      )
      const rest = restAfter(performance.now() - began, rhythm)
      // However often it is asked for, half the time at the least is left to whoever does other work.
      if (failures === 0) await pause(Math.max(rhythm.restMs, Math.min(performance.now() - began, rest)), signal)
      await patience(this.#asked.promise, failures > 0 ? backoffMs(failures, rhythm.retryMs, rhythm.mostRetryMs) : rest, signal)
    }
  }
}
