// Some finds on one connection: one message to the server, which answers one find after the other.
// https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
import pg from 'pg'

export interface Find {
  /** The name under which it is prepared; undefined when it is not. */
  readonly name: string | undefined
  readonly text: string
  readonly values: readonly (string | Buffer | null)[]
  /** What each row inherits from. */
  readonly prototype: object
  readonly rows: object[]
  resolve(rows: object[]): void
  reject(error: unknown): void
}

/** Gives what reads values of a type from their text. */
export type ParserOf = (oid: number) => (text: string) => unknown

/** The columns of a find's rows, in their order. */
type Columns = readonly { readonly name: string; readonly parse: (text: string) => unknown }[]

/** What each connection has prepared. Of the same name the columns stay the same: the server refuses it otherwise. */
const preparedOn = new WeakMap<pg.Connection, Map<string, Columns>>()

/** The driver hands over what the server says to it, by the methods that are called `handle…`. */
export class Batch implements pg.Submittable {
  readonly #finds: readonly Find[]
  readonly #parserOf: ParserOf
  readonly #end: (error: Error | undefined, left: readonly Find[]) => void
  #prepared = new Map<string, Columns>()
  /** The one that the server is at. */
  #at = 0
  #columns: Columns = []
  #unreadable: Error | undefined
  #ended = false

  /** `end` is told what went wrong, and which finds were not tried for it. */
  constructor(finds: readonly Find[], parserOf: ParserOf, end: (error: Error | undefined, left: readonly Find[]) => void) {
    this.#finds = finds
    this.#parserOf = parserOf
    this.#end = end
  }

  submit(connection: pg.Connection): void {
    this.#prepared = preparedOn.get(connection) ?? new Map()
    preparedOn.set(connection, this.#prepared)
    const parsed = new Set<string>()
    connection.stream.cork()
    for (const { name = '', text, values } of this.#finds) {
      const known = this.#prepared.has(name)
      if (!known && !parsed.has(name)) connection.parse({ name, text, types: [] }, true)
      if (name !== '') parsed.add(name)
      connection.bind({ statement: name, values: [...values] }, true)
      if (!known) connection.describe({ type: 'P', name: '' }, true)
      connection.execute(null, true)
    }
    connection.sync()
    connection.stream.uncork()
    this.#begin()
  }

  handleRowDescription({ fields }: { fields: { name: string; dataTypeID: number }[] }): void {
    this.#columns = fields.map(({ name, dataTypeID }) => ({ name, parse: this.#parserOf(dataTypeID) }))
    const name = this.#finds[this.#at]?.name
    if (name !== undefined) this.#prepared.set(name, this.#columns)
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    const find = this.#finds[this.#at]
    if (!find) return
    try {
      find.rows.push(rowOf(find.prototype, this.#columns, fields))
    } catch (error) {
      this.#unreadable ??= error as Error
    }
  }

  handleCommandComplete(): void {
    const find = this.#finds[this.#at]
    if (this.#unreadable) find?.reject(this.#unreadable)
    else find?.resolve(find.rows)
    this.#unreadable = undefined
    this.#at++
    this.#begin()
  }

  handleReadyForQuery(): void {
    this.#finish(undefined, this.#at)
  }

  /** What the server says of one find, whereupon it leaves out those behind; or what has become of the connection. */
  handleError(error: Error): void {
    const isOfOne = error instanceof pg.DatabaseError && error.severity === 'ERROR'
    const next = isOfOne ? this.#at + 1 : this.#finds.length
    for (const { reject } of this.#finds.slice(this.#at, next)) reject(error)
    this.#finish(error, next)
  }

  #begin(): void {
    this.#columns = this.#prepared.get(this.#finds[this.#at]?.name ?? '') ?? []
  }

  #finish(error: Error | undefined, next: number): void {
    if (this.#ended) return
    this.#ended = true
    this.#end(error, this.#finds.slice(next))
  }
}

function rowOf(prototype: object, columns: Columns, fields: readonly (string | null)[]): object {
  const row = Object.create(prototype)
  for (let index = 0; index < columns.length; index++) {
    const { name, parse } = columns[index] as Columns[number]
    const text = fields[index] ?? null
    row[name] = text === null ? null : parse(text)
  }
  return row
}
