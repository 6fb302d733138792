// Every statement but Prisma's goes this way, and finds of one moment go together. To write to a connection, and to wake
// the process behind it, costs both sides more than most finds do: so what a request asks at once is one message, and so
// is what several requests ask.
import type pg from 'pg'
import { parameterOf } from '../parameter.ts'
import { Batch, type Find, type ParserOf } from './batch.ts'

interface Statement extends Pick<Find, 'name' | 'text' | 'prototype'> {
  readonly values: readonly unknown[]
}

/** The finds of a batch wait for one another; and what comes at once is garbage at once. */
const mostTogether = 8

export class Batches {
  readonly #pool: pg.Pool
  readonly #parserOf: ParserOf
  readonly #waiting: Find[] = []
  /** Connections that are on their way for those that wait. */
  #coming = 0

  constructor(pool: pg.Pool, parserOf: ParserOf) {
    this.#pool = pool
    this.#parserOf = parserOf
  }

  /** The rows that one statement gives; one that is brief goes with others of its moment. */
  query({ name, text, values, prototype }: Statement, brief: boolean): Promise<object[]> {
    return new Promise((resolve, reject) => {
      const find = { name, text, values: values.map(parameterOf), prototype, rows: [], resolve, reject }
      if (brief) {
        this.#waiting.push(find)
        this.#sendSoon()
      } else this.#pool.connect((error, client, release) => this.#send([find], error, client, release))
    })
  }

  #sendSoon(): void {
    if (this.#waiting.length <= this.#coming * mostTogether) return
    this.#coming++
    // After all that has come in by now, which may ask for more.
    setImmediate(() =>
      this.#pool.connect((error, client, release) => {
        const share = Math.ceil(this.#waiting.length / this.#coming)
        this.#coming--
        this.#send(this.#waiting.splice(0, Math.min(share, mostTogether)), error, client, release)
      })
    )
  }

  #send(finds: readonly Find[], error: Error | undefined, client: pg.PoolClient | undefined, release: (error?: unknown) => void): void {
    if (!client) {
      for (const { reject } of finds) reject(error)
    } else if (finds.length === 0) {
      release()
    } else {
      const batch = new Batch(finds, this.#parserOf, (failure, left) => {
        client.off('error', lose)
        release(failure)
        this.#waiting.unshift(...left)
        if (left.length > 0) this.#sendSoon()
      })
      const lose = (failure: Error) => batch.handleError(failure)
      client.on('error', lose)
      client.query(batch)
    }
  }
}
