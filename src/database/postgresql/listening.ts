// The one connection on which a node listens, whatever the number of channels. It is made when it is first asked for, and
// made anew when it is lost.
import pg from 'pg'
import { pause } from '../../pause.ts'
import type { Listener } from '../engine.ts'

const retryMs = 500

export class Listening {
  readonly #url: string
  /** By channel. */
  readonly #listeners = new Map<string, readonly Listener[]>()
  readonly #stopping = new AbortController()
  /** The connection, once all channels are heard on it; undefined before it is first asked for. */
  #connected: Promise<pg.Client> | undefined
  /** The newest, which may still be on its way. */
  #client: pg.Client | undefined
  /** One channel after another: a connection takes one statement at a time. */
  #through: Promise<void> = Promise.resolve()

  constructor(url: string) {
    this.#url = url
  }

  /** While a connection that was lost is away this waits for it; where there was none yet it fails when none can be had. */
  listen(channel: string, listener: Listener): Promise<void> {
    const heard = this.#through.then(() => this.#begin(channel, listener))
    this.#through = heard.catch(() => {})
    return heard
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#client?.end().catch(() => {})
  }

  async #begin(channel: string, listener: Listener): Promise<void> {
    this.#connected ??= this.#connect().catch((error: unknown) => {
      this.#connected = undefined
      throw error
    })
    const client = await this.#connected
    // Before the server is told: it may notify in the same breath.
    this.#listeners.set(channel, [...(this.#listeners.get(channel) ?? []), listener])
    try {
      await hear(client, channel)
    } catch (error) {
      this.#listeners.set(channel, this.#listeners.get(channel)?.filter((each) => each !== listener) ?? [])
      throw error
    }
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.#url, connectionTimeoutMillis: 5_000, keepAlive: true, application_name: 'mayday listen' })
    this.#client = client
    const broken = Promise.withResolvers<void>()
    // A connection that breaks may say so more than once, and an error that nobody hears would end the process.
    client.on('error', () => broken.resolve())
    client.once('end', () => broken.resolve())
    client.on('notification', ({ channel, payload }) => {
      for (const listener of this.#listeners.get(channel) ?? []) listener.notified(payload ?? '')
    })
    try {
      await client.connect()
      for (const channel of this.#listeners.keys()) await hear(client, channel)
    } catch (error) {
      client.end().catch(() => {})
      throw error
    }
    // At first there is none to tell.
    for (const listener of this.#all()) listener.reconnected()
    broken.promise.then(() => this.#lost(client))
    return client
  }

  #lost(client: pg.Client): void {
    if (this.#stopping.signal.aborted) return
    for (const listener of this.#all()) listener.lost()
    client.end().catch(() => {})
    this.#connected = this.#connectAgain()
    // It fails when it is not wanted any more, and nobody may be waiting for it.
    this.#connected.catch(() => {})
  }

  async #connectAgain(): Promise<pg.Client> {
    for (;;) {
      await pause(retryMs, this.#stopping.signal)
      this.#stopping.signal.throwIfAborted()
      const client = await this.#connect().catch(() => undefined)
      if (client) return client
    }
  }

  #all(): Listener[] {
    return [...this.#listeners.values()].flat()
  }
}

async function hear(client: pg.Client, channel: string): Promise<void> {
  await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`)
}
