// Speaks to the embedded engine in its thread. It offers what the adapter for Prisma and the engine's face use of a
// PGlite, with the same words, and does as that does: one connection, on which a transaction has all others wait.
import { messages, parse, type QueryOptions, type Results, TransactionAbortedError, types } from '@electric-sql/pglite'
import { DatabaseError } from 'pg-protocol'
import { Parser } from 'pg-protocol/dist/parser.js'
import { parameterOf } from '../parameter.ts'
import type { Answer, EmbeddedThread } from './thread.ts'
import { preparedMessage, preparingMessage, scriptMessage, statementMessage } from './wire.ts'

/** Where nobody gathers statistics, nothing tells the engine that a plan was made when its tables were small. */
const usesOfPlan = 1000

export interface Options extends QueryOptions {
  /** The engine keeps the statement under this name, and is not sent it again. */
  name?: string | undefined
  /** It goes with others of the same moment, none of which is answered before all are carried out. */
  brief?: boolean | undefined
}

type Parsers = Record<number, types.Parser>

/** A statement that waits for others to go with. */
interface Brief {
  message(): Uint8Array<ArrayBuffer>
  answer(parts: Promise<Answer>): void
}

interface Transaction {
  query<Row>(text: string, values?: readonly unknown[], options?: QueryOptions): Promise<Results<Row>>
  exec(script: string): Promise<Results[]>
  rollback(): Promise<void>
}

export class EmbeddedClient {
  readonly #thread: EmbeddedThread
  /** The server driver's, which reads texts where they lie; PGlite's own copies each first. */
  readonly #reader = new Parser()
  readonly #parsers: Parsers = { ...types.parsers }
  /** All of them, for those that a statement brings along: there are hundreds, too many to put together each time. */
  readonly #allParsers = new WeakMap<Parsers, Parsers>()
  readonly #listeners = new Map<string, ((payload: string) => void)[]>()
  /** How often each may still be used as it was planned. */
  readonly #prepared = new Map<string, number>()
  #brief: Brief[] = []
  /** When whoever has the connection alone, or is waiting to, is through with it. */
  #free: Promise<unknown> = Promise.resolve()
  #closing = false

  constructor(thread: EmbeddedThread) {
    this.#thread = thread
  }

  /** Learns which types are arrays of which. */
  async prepare(): Promise<void> {
    const { rows } = await this.query<{ type: number; array: number }>('SELECT oid AS type, typarray AS array FROM pg_type WHERE typarray <> 0')
    for (const { type, array } of rows)
      this.#parsers[array] = (text) => types.arrayParser(text, (element: string) => types.parseType(element, type, this.#parsers), array)
  }

  query<Row>(text: string, values?: readonly unknown[], options?: Options): Promise<Results<Row>> {
    return options?.brief ? this.#queryTogether(text, values, options) : this.#whenFree(() => this.#query(text, values, options))
  }

  exec(script: string): Promise<Results[]> {
    return this.#whenFree(() => this.#exec(script))
  }

  transaction<Answer>(work: (transaction: Transaction) => Promise<Answer>): Promise<Answer> {
    return this.#alone(async () => {
      await this.#exec('BEGIN')
      let end: Promise<Results[]> | undefined
      const whileOpen = <T>(ask: () => Promise<T>) => (end ? Promise.reject(new Error('Transaction is closed')) : ask())
      try {
        const answer = await work({
          query: (text, values, options) => whileOpen(() => this.#query(text, values, options)),
          exec: (script) => whileOpen(() => this.#exec(script)),
          rollback: async () => {
            end ??= this.#exec('ROLLBACK')
            await end
          }
        })
        if (end) {
          await end
          return answer
        }
        end = this.#exec('COMMIT')
        const [committed] = await end
        if (committed?.command === 'ROLLBACK') throw new TransactionAbortedError()
        return answer
      } catch (error) {
        await (end ?? this.#exec('ROLLBACK'))
        throw error
      }
    })
  }

  async listen(channel: string, listener: (payload: string) => void): Promise<void> {
    this.#listeners.set(channel, [...(this.#listeners.get(channel) ?? []), listener])
    await this.exec(`LISTEN "${channel}"`)
  }

  /** Waits for all that was asked before. */
  close(): Promise<void> {
    this.#sendBrief()
    const closed = this.#alone(() => this.#thread.close())
    this.#closing = true
    return closed
  }

  #whenFree<T>(ask: () => Promise<T>): Promise<T> {
    return this.#closing ? Promise.reject(new Error('The database is closed')) : this.#free.then(ask)
  }

  /** What was asked before goes to the thread before, and what is asked from now on waits. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#whenFree(work)
    this.#free = done.catch(() => {})
    return done
  }

  #query<Row>(text: string, values?: readonly unknown[], options?: Options): Promise<Results<Row>> {
    return this.#resultOf(this.#ask(this.#message(text, values, options)), options)
  }

  /** To wake the thread costs more than most finds do. */
  #queryTogether<Row>(text: string, values: readonly unknown[] = [], options: Options): Promise<Results<Row>> {
    return new Promise((resolve) => {
      // What cannot be sent fails here, and takes no other with it.
      const parameters = values.map(parameterOf)
      this.#brief.push({
        message: () => this.#message(text, parameters, options),
        answer: (parts) => resolve(this.#resultOf(parts, options))
      })
      if (this.#brief.length === 1) setImmediate(() => this.#sendBrief())
    })
  }

  #sendBrief(): void {
    const together = this.#brief
    if (together.length === 0) return
    this.#brief = []
    const answers = this.#whenFree(() => this.#thread.ask(together.map(({ message }) => message())))
    together.forEach(({ answer }, index) => {
      answer(answers.then((all) => all[index] ?? []))
    })
  }

  #message(text: string, values: readonly unknown[] = [], { name }: Options = {}): Uint8Array<ArrayBuffer> {
    if (name === undefined) return statementMessage(text, values)
    const uses = this.#prepared.get(name) ?? 0
    // Whoever asks by this name before the answer is there goes behind this one.
    this.#prepared.set(name, uses > 0 ? uses - 1 : usesOfPlan)
    return uses > 0 ? preparedMessage(name, values) : preparingMessage(name, text, values)
  }

  async #resultOf<Row>(parts: Promise<Answer>, { name, ...options }: Options = {}): Promise<Results<Row>> {
    try {
      const [results] = this.#read(await parts, options)
      return results as Results<Row>
    } catch (error) {
      if (name !== undefined) this.#prepared.delete(name)
      throw error
    }
  }

  async #exec(script: string): Promise<Results[]> {
    return this.#read(await this.#ask(scriptMessage(script)))
  }

  async #ask(message: Uint8Array<ArrayBuffer>): Promise<Answer> {
    const [answer = []] = await this.#thread.ask([message])
    return answer
  }

  #read(parts: Answer, options: QueryOptions = {}): Results[] {
    const said: Parameters<typeof parse.parseResults>[0] = []
    let failure: Error | undefined
    for (const part of parts)
      this.#reader.parse(Buffer.from(part), (each) => {
        if (each instanceof DatabaseError) failure ??= ofEngine(each)
        else if (each.name === 'notification') {
          const { channel, payload } = each as messages.NotificationResponseMessage
          this.#notify(channel, payload)
        } else said.push(each)
      })
    if (said.at(-1)?.name !== 'readyForQuery')
      throw this.#thread.giveUp(new Error('The embedded database broke off in the middle of a statement', { cause: failure }))
    if (failure) throw failure
    const { parsers, ...others } = options
    return parse.parseResults(said, parsers ? this.#parsersWith(parsers) : this.#parsers, others)
  }

  #parsersWith(own: Parsers): Parsers {
    let all = this.#allParsers.get(own)
    if (!all) {
      all = { ...this.#parsers, ...own }
      this.#allParsers.set(own, all)
    }
    return all
  }

  #notify(channel: string, payload: string): void {
    // A listener that throws must not take the answer from whoever has asked.
    for (const listener of this.#listeners.get(channel) ?? []) queueMicrotask(() => listener(payload))
  }
}

/** The adapter for Prisma knows the errors of PGlite only. */
function ofEngine(error: DatabaseError): messages.DatabaseError {
  return Object.assign(new messages.DatabaseError(error.message, error.length, 'error'), error)
}
