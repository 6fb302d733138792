// Between the stream, which gives one event at a time, and the database, which likes them in batches: a queue that asks
// the stream to wait before it grows too long.
import { pause } from '../pause.ts'
import { backoffMs } from './backoff.ts'

const batchSize = 200
const batchMs = 250
/** As many may wait, or as many bytes; the stream is asked to pause, and to go on when no more than a fifth of that is left. */
const mostWaiting = 2_000
const mostBytes = 50_000_000
const fewLeft = 0.2
/** A batch that fails so often is given up; it is found again when the events are reconciled. */
const tries = 4

export interface IntakeActions {
  take(events: readonly unknown[]): Promise<void>
  pauseSource(): void
  resumeSource(): void
  failed(error: unknown): void
}

export class Intake {
  readonly #actions: IntakeActions
  readonly #signal: AbortSignal
  #waiting: { readonly event: unknown; readonly bytes: number }[] = []
  #bytes = 0
  #paused = false
  #running: Promise<void> | undefined

  constructor(actions: IntakeActions, signal: AbortSignal) {
    this.#actions = actions
    this.#signal = signal
  }

  /** Whether the source has been asked to pause, and not yet to go on: a new one has to be asked as well. */
  get isPaused(): boolean {
    return this.#paused
  }

  add(event: unknown, bytes: number): void {
    this.#waiting.push({ event, bytes })
    this.#bytes += bytes
    if (!this.#paused && !this.#isBelow(1)) {
      this.#paused = true
      this.#actions.pauseSource()
    }
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
  }

  /** Resolves when what came in so far has been taken, or given up. */
  async settled(): Promise<void> {
    await this.#running
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#signal.aborted) {
      if (this.#waiting.length < batchSize) await pause(batchMs, this.#signal)
      const batch = this.#waiting.slice(0, batchSize)
      this.#waiting = this.#waiting.slice(batch.length)
      await this.#take(batch.map(({ event }) => event))
      for (const { bytes } of batch) this.#bytes -= bytes
      if (this.#paused && this.#isBelow(fewLeft)) {
        this.#paused = false
        this.#actions.resumeSource()
      }
    }
  }

  #isBelow(share: number): boolean {
    return this.#waiting.length < mostWaiting * share && this.#bytes < mostBytes * share
  }

  async #take(batch: readonly unknown[]): Promise<void> {
    for (let failures = 1; failures <= tries && !this.#signal.aborted; failures++) {
      try {
        return await this.#actions.take(batch)
      } catch (error) {
        if (failures === tries) this.#actions.failed(error)
        else await pause(backoffMs(failures, 250, 5_000), this.#signal)
      }
    }
  }
}
