// Sees to it that every connection of every workspace is followed, by one node each.
import type { Config } from '../config.ts'
import type { Core } from '../core.ts'
import { type Leadership, lead } from '../database/lease.ts'
import { followedConnections } from './connection.ts'
import { followEnvironment } from './environment.ts'
import { follow } from './follower.ts'
import { connectionChannel } from './notification.ts'
import { Repeated } from './repeat.ts'

/** Any node may make, change or end a connection, and tells; at times a notification is lost. */
const looks = { everyMs: 60_000, mostMs: 60_000, restMs: 250, retryMs: 1_000, mostRetryMs: 30_000 }

interface Led {
  readonly version: number
  readonly leadership: Leadership
}

export class Supervisor {
  readonly #core: Core
  readonly #config: Config
  readonly #led = new Map<string, Led>()
  readonly #repeated = new Repeated()
  readonly #stopping = new AbortController()
  #looking: Promise<void> = Promise.resolve()
  /** The connection that the environment names has been taken in. */
  #knowsEnvironment = false

  constructor(core: Core, config: Config) {
    this.#core = core
    this.#config = config
  }

  async start(): Promise<void> {
    const look = () => this.#repeated.ask()
    await this.#core.database.listen(connectionChannel, { notified: look, lost: () => {}, reconnected: look })
    this.#looking = this.#repeated.run(() => this.#look(), looks, this.#stopping.signal)
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#looking
    await this.#keepOnly(new Map())
  }

  async #look(): Promise<void> {
    try {
      await this.#compare()
    } catch (error) {
      this.#core.log.warn({ err: error }, 'Connections could not be looked up')
      throw error
    }
  }

  async #compare(): Promise<void> {
    if (!this.#knowsEnvironment) await followEnvironment(this.#core, this.#config.MAYDAY_PREFECT_API_URL)
    this.#knowsEnvironment = true
    const wanted = new Map((await followedConnections(this.#core.database)).map(({ id, version }) => [id, version]))
    await this.#keepOnly(wanted)
    if (this.#stopping.signal.aborted) return
    for (const [id, version] of wanted) if (!this.#led.has(id)) this.#led.set(id, { version, leadership: this.#lead(id) })
  }

  /** Ends the following of those that are not wanted, or not in this version. */
  async #keepOnly(wanted: ReadonlyMap<string, number>): Promise<void> {
    const ended = [...this.#led].filter(([id, { version }]) => wanted.get(id) !== version)
    for (const [id] of ended) this.#led.delete(id)
    await Promise.all(ended.map(([, { leadership }]) => leadership.stop()))
  }

  #lead(id: string): Leadership {
    const { database, log } = this.#core
    const options = { environmentKey: this.#config.MAYDAY_PREFECT_API_KEY, horizonMs: this.#config.MAYDAY_HORIZON_HOURS * 3_600_000 }
    return lead(
      database,
      `prefect ${id}`,
      (signal) => follow(this.#core, id, options, signal),
      (error) => log.error({ err: error, connectionId: id }, 'Following a Prefect server ended')
    )
  }
}
