// How a connection stands, as `connections` shows it: collected here, and written to its row at most once a second.
import type { Core } from '../core.ts'
import { type ConnectionState, Prisma } from '../database/generated/client/client.ts'
import { PrefectProblem } from './problem.ts'

/** What can go well or not by itself: reading events, the catalogue and runs, the stream, and taking in what it says, all of it. */
export type Part = 'events' | 'stream' | 'catalogue' | 'runs' | 'intake' | 'refused'

const writeEveryMs = 1_000
/** All is well when these have gone well. Of two reasons, that of the earlier part is shown. */
const needed: readonly Part[] = ['events', 'stream', 'catalogue', 'runs']
const all: readonly Part[] = [...needed, 'intake', 'refused']

export class Health {
  readonly #core: Core
  readonly #connectionId: string
  readonly #version: number
  readonly #reasons = new Map<Part, string | null>()
  #lastEventAt: Date | null = null
  #lastSyncAt: Date | null = null
  #lagMs: number | null = null
  #written = ''
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()

  /** Once the connection is at another version, it is no more this one's to say how it stands. */
  constructor(core: Core, { id, version }: { id: string; version: number }) {
    this.#core = core
    this.#connectionId = id
    this.#version = version
  }

  good(part: Part): void {
    this.#reasons.set(part, null)
    this.#soon()
  }

  /** Only what a PrefectProblem says is shown; anything else is Mayday's own trouble, and told to the log. */
  bad(part: Part, error: unknown): void {
    const known = error instanceof PrefectProblem
    if (!known) this.#core.log.error({ err: error, connectionId: this.#connectionId, part }, 'Following a Prefect server failed')
    this.#reasons.set(part, known ? error.message : 'What the server told could not be taken in; the log of Mayday says why.')
    this.#soon()
  }

  /** Events broke a rule. Told to the log once, until all is well again. */
  refused(count: number, rule: string): void {
    if (typeof this.#reasons.get('refused') !== 'string')
      this.#core.log.warn({ connectionId: this.#connectionId, rule }, 'Events of a Prefect server were refused')
    // Behind a semicolon, a rule may quote what the server said.
    this.#reasons.set('refused', `${count} ${count === 1 ? 'event was' : 'events were'} refused: ${rule.replace(/;.*/s, '')}.`)
    this.#soon()
  }

  tookEvents(newestAt: Date, lagMs: number | null): void {
    if (!this.#lastEventAt || newestAt > this.#lastEventAt) this.#lastEventAt = newestAt
    if (lagMs !== null) this.#lagMs = Math.min(Math.max(Math.round(lagMs), 0), 2_147_483_647)
    this.#soon()
  }

  tookRuns(at: Date): void {
    this.#lastSyncAt = at
    this.#soon()
  }

  /** Writes what is still to be written. */
  async end(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    await this.#writing
    await this.#write()
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#writing = this.#write()
    }, writeEveryMs)
    this.#timer.unref()
  }

  async #write(): Promise<void> {
    const { state, error } = this.#standing()
    const now = JSON.stringify([state, error, this.#lastEventAt, this.#lastSyncAt, this.#lagMs])
    if (now === this.#written || this.#reasons.size === 0) return
    try {
      await this.#core.database.query(Prisma.sql`
        UPDATE prefect_server SET state = ${state}::connection_state, error = ${error}, lag_ms = coalesce(${this.#lagMs}::int, lag_ms),
          last_event_at = greatest(last_event_at, ${this.#lastEventAt}::timestamptz), last_sync_at = greatest(last_sync_at, ${this.#lastSyncAt}::timestamptz)
        WHERE id = ${this.#connectionId}::uuid AND version = ${this.#version} AND disabled_at IS NULL RETURNING id`)
      this.#written = now
    } catch (error) {
      // The database is away; the next news is written with this.
      this.#core.log.warn({ err: error, connectionId: this.#connectionId }, 'The health of a connection could not be written')
    }
  }

  #standing(): { state: ConnectionState; error: string | null } {
    const reason = (part: Part) => this.#reasons.get(part)
    const error = all.map(reason).find((text) => typeof text === 'string') ?? null
    // Nothing new is learned of what happens there, by neither way.
    if (typeof reason('events') === 'string' && reason('stream') !== null) return { state: 'FAILING', error }
    if (error) return { state: 'DEGRADED', error }
    return { state: needed.every((part) => reason(part) === null) ? 'LIVE' : 'CONNECTING', error }
  }
}
