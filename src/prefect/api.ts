// Prefect's REST API as far as Mayday uses it: calls that only read. Whatever is at the other end, a call ends in time,
// takes a bounded amount of memory, and gives JSON or a PrefectProblem.
import { setTimeout as sleep } from 'node:timers/promises'
import { authorizationOf, type ServerAddress } from './address.ts'
import { backoffMs } from './backoff.ts'
import { PrefectProblem, problemOfStatus, unreachable } from './problem.ts'

/** Limits of a call. */
export interface CallLimits {
  readonly callMs: number
  readonly answerBytes: number
  readonly tries: number
}

export const usualLimits: CallLimits = { callMs: 10_000, answerBytes: 5_000_000, tries: 3 }

export class PrefectApi {
  readonly #address: ServerAddress
  readonly #signal: AbortSignal
  readonly #limits: CallLimits
  #aheadMs = 0

  /** Calls end when the signal aborts. */
  constructor(address: ServerAddress, signal: AbortSignal, limits: CallLimits = usualLimits) {
    this.#address = address
    this.#signal = signal
    this.#limits = limits
  }

  /** The time by the server's own clock, as of its last answer: that is what its events and runs are dated by. */
  serverTime(): number {
    return Date.now() + this.#aheadMs
  }

  post(path: string, body: unknown): Promise<unknown> {
    return this.#call('POST', path, JSON.stringify(body))
  }

  get(path: string): Promise<unknown> {
    return this.#call('GET', path, undefined)
  }

  async #call(method: string, path: string, body: string | undefined): Promise<unknown> {
    for (let failures = 1; ; failures++) {
      try {
        return await this.#once(method, path, body)
      } catch (error) {
        if (!(error instanceof PrefectProblem) || !error.passing || failures >= this.#limits.tries) throw error
        await sleep(error.retryAfterMs ?? backoffMs(failures, 250, 5_000), undefined, { signal: this.#signal })
      }
    }
  }

  async #once(method: string, path: string, body: string | undefined): Promise<unknown> {
    const patience = AbortSignal.timeout(this.#limits.callMs)
    let text: string
    try {
      const response = await fetch(`${this.#address.apiUrl}${path}`, {
        method,
        redirect: 'manual',
        headers: { accept: 'application/json', 'content-type': 'application/json', ...this.#credentials() },
        signal: AbortSignal.any([this.#signal, patience]),
        ...(body === undefined ? {} : { body })
      })
      if (!response.ok) {
        await response.body?.cancel()
        throw problemOfStatus(response.status, response.headers.get('retry-after'))
      }
      this.#setClock(response.headers.get('date'))
      text = await this.#read(response)
    } catch (error) {
      if (error instanceof PrefectProblem || this.#signal.aborted) throw error
      if (patience.aborted) throw new PrefectProblem('slow', `The server did not answer within ${this.#limits.callMs / 1_000} seconds.`)
      throw unreachable(error)
    }
    try {
      return JSON.parse(text)
    } catch {
      throw new PrefectProblem('not-prefect', 'The server does not answer with JSON, so it is no Prefect API. Does the address end in /api?')
    }
  }

  #credentials(): Record<string, string> {
    const authorization = authorizationOf(this.#address)
    return authorization ? { authorization } : {}
  }

  async #read(response: Response): Promise<string> {
    const chunks: Uint8Array[] = []
    let size = 0
    // Left early, the rest is not read: that cancels the body.
    for await (const chunk of response.body ?? []) {
      size += chunk.length
      if (size > this.#limits.answerBytes) throw new PrefectProblem('too-large', `An answer of the server has more than ${this.#limits.answerBytes} bytes.`)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks).toString('utf8')
  }

  /** Seconds are all that the header knows; a clock that is off by less than a few of them counts as right. */
  #setClock(date: string | null): void {
    const ahead = Date.parse(date ?? '') - Date.now()
    if (Number.isFinite(ahead)) this.#aheadMs = Math.abs(ahead) < 3_000 ? 0 : ahead
  }
}
