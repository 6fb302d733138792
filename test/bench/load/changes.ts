// Changes made by mutations, at a pace or as fast as they are answered. Each carries a mark of its own, by which it is
// known again in frames and answers.
import { type Operation, requestBody } from '../operations.ts'
import type { Target } from '../target.ts'
import { Connection, requestBytes } from './connection.ts'
import { markOf, markPlace, nextMark } from './mark.ts'
import { successOf } from './requests.ts'

/** A change that was answered. */
export interface Made {
  /** The number of its mark. */
  readonly number: number
  readonly mark: string
  /** When the mutation was sent. */
  readonly sent: number
  readonly variables: Record<string, unknown>
  readonly answer: Buffer
}

/** Before a server closes what is idle: Node's does so after five seconds. */
const idleMs = 4_000

export class Changes implements Disposable {
  readonly #target: Target
  readonly #operation: Operation
  readonly #assert: (answer: Buffer) => void
  readonly #idle: { connection: Connection; since: number }[] = []
  readonly #all: Connection[] = []
  #count = 0

  constructor(target: Target, operation: Operation) {
    this.#target = target
    this.#operation = operation
    this.#assert = successOf(operation)
  }

  /** Connections that are there before the first change. */
  async connect(count: number): Promise<void> {
    const connections = await Promise.all(Array.from({ length: count }, () => this.#connection()))
    this.#idle.push(...connections.map((connection) => ({ connection, since: performance.now() })))
  }

  /** Makes the next change; settles with its answer, which was a success. */
  async make(): Promise<Made> {
    const number = nextMark()
    const { variables: all } = this.#operation
    const variables = all[this.#count++ % all.length] as Record<string, unknown>
    const mark = markOf(number)
    const { url, headers } = this.#target
    const request = requestBytes(url, this.#target.path(this.#operation), headers, requestBody(this.#operation, variables).replaceAll(markPlace, mark))
    const connection = await this.#take()
    const sent = performance.now()
    const answer = await connection.ask(request)
    this.#idle.push({ connection, since: performance.now() })
    this.#assert(answer)
    return { number, mark, sent, variables, answer }
  }

  /** At an even pace, whether or not the change before has been answered, until so many are made or `stop` says so. */
  async steadily(perSecond: number, most: number, made: (each: Made) => void = () => {}, stop = () => false): Promise<void> {
    const sent: Promise<void>[] = []
    const begin = performance.now()
    for (let index = 0; index < most && !stop(); index++) {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, begin + (index * 1000) / perSecond - performance.now())))
      const making = this.make().then(made)
      // Heard of at the end.
      making.catch(() => {})
      sent.push(making)
    }
    await Promise.all(sent)
  }

  /** As fast as so many connections get their answers. */
  async atOnce(count: number, connections: number, made: (each: Made) => void = () => {}): Promise<void> {
    let left = count
    await Promise.all(
      Array.from({ length: connections }, async () => {
        while (left-- > 0) made(await this.make())
      })
    )
  }

  /** The one that has been idle for longest, so that few are for too long. */
  async #take(): Promise<Connection> {
    for (let idle = this.#idle.shift(); idle; idle = this.#idle.shift()) {
      if (performance.now() - idle.since < idleMs) return idle.connection
      idle.connection.close()
    }
    return this.#connection()
  }

  async #connection(): Promise<Connection> {
    const connection = await Connection.open(this.#target.url)
    this.#all.push(connection)
    return connection
  }

  [Symbol.dispose](): void {
    for (const connection of this.#all) connection.close()
  }
}
