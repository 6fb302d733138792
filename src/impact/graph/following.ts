// The lineage of one workspace on its way through the changes.
import type { Batch, Feed, Watch } from '../../change/feed.ts'
import type { Heads } from '../../change/heads.ts'
import type { Database } from '../../database/engine.ts'
import { Unavailable } from '../../errors.ts'
import { type Difference, Lineage } from './lineage.ts'
import { touchedBy, wholeOf } from './reading.ts'

interface Parts {
  readonly database: Database
  readonly heads: Heads
  readonly feed: Feed
  /** Further behind than so many changes, to load everything is less work than to read them all. */
  readonly mostBehind: number
}

interface Told {
  moved(difference: Difference): void
  /** It cannot be loaded or brought up to date, and is of no more use. */
  failed(error: unknown): void
}

interface Waiting {
  readonly place: number
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

export class Following {
  readonly lineage = new Lineage()
  readonly loaded: Promise<void>
  readonly #parts: Parts
  readonly #workspaceId: string
  readonly #told: Told
  readonly #waiting = new Set<Waiting>()
  readonly #ready = Promise.withResolvers<void>()
  #position = -1
  #watch: Watch | undefined
  #end: { readonly reason: unknown } | undefined

  constructor(parts: Parts, workspaceId: string, told: Told) {
    this.#parts = parts
    this.#workspaceId = workspaceId
    this.#told = told
    this.loaded = this.#ready.promise
    // Whoever waits hears of it; there may be nobody.
    this.loaded.catch(() => {})
    this.#load().catch((error: unknown) => this.#fail(error))
  }

  /** The place in the changes up to which everything is in the lineage; -1 while it is being loaded. */
  get position(): number {
    return this.#position
  }

  /** Waits until all changes up to a place that exists are in the lineage. */
  async reach(place: number): Promise<void> {
    if (this.#end) throw this.#end.reason
    if (this.#position >= place) return
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#waiting.add({ place, resolve, reject })
    this.#parts.feed.poke(this.#workspaceId)
    await promise
  }

  stop(reason: unknown): void {
    if (this.#end) return
    this.#end = { reason }
    this.#watch?.stop()
    this.#ready.reject(reason)
    for (const { reject } of this.#waiting) reject(reason)
    this.#waiting.clear()
  }

  /** The changes are followed from before the first look on: those that come while it loads wait, and are taken in after. */
  async #load(): Promise<void> {
    const watch = await this.#parts.feed.watch(this.#workspaceId, (batch) => this.#take(batch))
    this.#watch = watch
    if (this.#end) return watch.stop()
    for await (const news of wholeOf(this.#parts.database, this.#workspaceId)) {
      if (this.#end) return
      this.lineage.take(news)
    }
    this.#come(watch.start, { graph: true, incidentIds: [...this.lineage.incidents.keys()] })
    this.#ready.resolve()
  }

  async #take(batch: Batch): Promise<void> {
    try {
      await this.loaded
      const behind = (this.#parts.heads.newest(this.#workspaceId) ?? batch.to) - batch.to
      if (behind > this.#parts.mostBehind) throw new Unavailable(`This node is ${behind} changes behind. Try again in a moment.`)
      const news = await touchedBy(this.#parts.database, this.#workspaceId, batch.changes)
      if (!this.#end) this.#come(batch.to, this.lineage.take(news))
    } catch (error) {
      this.#fail(error)
    }
  }

  #come(position: number, difference: Difference): void {
    this.#position = position
    if (difference.graph || difference.incidentIds.length > 0) this.#told.moved(difference)
    for (const waiting of this.#waiting) {
      if (waiting.place > position) continue
      this.#waiting.delete(waiting)
      waiting.resolve()
    }
  }

  #fail(error: unknown): void {
    if (!this.#end) this.#told.failed(error)
  }
}
