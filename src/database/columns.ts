// Which columns of a table are read: all, or no more than an answer asks for.
import { type Database, find, type QueryOptions } from './engine.ts'
import { Prisma } from './generated/client/client.ts'

/**
 * The columns of a table for a hand-written SELECT, so that its rows have the shape of Prisma's model:
 * `columns(Prisma.CommentScalarFieldEnum, 'c')` is `c."id", c."workspace_id" AS "workspaceId", …`.
 */
export function columns(fields: Record<string, string>, alias: string): Prisma.Sql {
  return Prisma.raw(
    Object.values(fields)
      .map((field) => `${alias}."${field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}" AS "${field}"`)
      .join(', ')
  )
}

/** The names of the fields that an operation selects, by the type that they are selected on. */
export type SelectedFields = ReadonlyMap<string, ReadonlySet<string>>

/** A session that reads; with `selected`, rows need to have no more than those fields ask for. */
interface Reader {
  readonly core: { readonly database: Database }
  readonly selected?: SelectedFields
}

interface Narrowed {
  readonly columns: Prisma.Sql
  /** What rows inherit: a getter for each column that they lack, which throws. */
  readonly guard: object
}

/** A table whose rows are objects of the API. */
export class Table<Row extends object> {
  readonly all: Prisma.Sql
  readonly #options: TableOptions<Row>
  readonly #narrowed = new WeakMap<SelectedFields, Map<string, Narrowed>>()

  constructor(options: TableOptions<Row>) {
    this.#options = options
    this.all = columns(options.fields, options.alias)
  }

  /** The rows of a statement that selects these columns. A column that was neither asked for nor needed throws when it is read. */
  read<More = unknown>(
    session: Reader,
    statement: (columns: Prisma.Sql) => Prisma.Sql,
    { needs = [], ...options }: QueryOptions & Needs<Row> = {}
  ): Promise<(Row & More)[]> {
    const { database } = session.core
    if (!session.selected) return database.query(statement(this.all), options)
    const { columns, guard } = this.#narrow(session.selected, needs)
    return database.query(statement(columns), { ...options, prototype: guard })
  }

  /** The same for a statement that finds rows by ids. */
  find<More = unknown>(session: Reader, statement: (columns: Prisma.Sql) => Prisma.Sql, needs: Needs<Row> = {}): Promise<(Row & More)[]> {
    return this.read(session, statement, { ...find, ...needs })
  }

  #narrow(selected: SelectedFields, needs: readonly string[]): Narrowed {
    const byNeeds = this.#narrowed.get(selected) ?? new Map<string, Narrowed>()
    this.#narrowed.set(selected, byNeeds)
    let narrowed = byNeeds.get(needs.join())
    if (!narrowed) {
      const { fields, alias } = this.#options
      const wanted = this.#wanted(selected, needs)
      narrowed = {
        columns: columns(Object.fromEntries(Object.entries(fields).filter(([, field]) => wanted.has(field))), alias),
        guard: guardOf(Object.values(fields).filter((field) => !wanted.has(field)))
      }
      byNeeds.set(needs.join(), narrowed)
    }
    return narrowed
  }

  #wanted(selected: SelectedFields, needs: readonly string[]): ReadonlySet<string> {
    const { fields, types, reads, order } = this.#options
    const wanted = new Set<string>([...needs, ...(asksForCursors(selected) ? order : [])])
    for (const name of types.flatMap((type) => [...(selected.get(type) ?? [])])) {
      const read = reads[name] ?? (name in fields ? [name] : Object.values(fields))
      for (const field of read) wanted.add(field)
    }
    // A list of no columns could not stand beside others.
    return wanted.size > 0 ? wanted : new Set(order.slice(0, 1))
  }
}

interface TableOptions<Row> {
  /** Prisma's list of the model's fields. */
  readonly fields: Record<string, string>
  readonly alias: string
  /** The types of the API that its rows are objects of. */
  readonly types: readonly string[]
  /** What fields of these types read when that is not the column of their own name. One that is neither here nor a column reads all. */
  readonly reads: Record<string, readonly (keyof Row & string)[]>
  /** What lists are ordered by, and so what cursors are made of. */
  readonly order: readonly (keyof Row & string)[]
}

interface Needs<Row> {
  /** What whoever reads the rows looks at, whatever is selected. */
  readonly needs?: readonly (keyof Row & string)[]
}

/** Whether an operation asks for the place of any row in its list. */
function asksForCursors(selected: SelectedFields): boolean {
  const page = selected.get('PageInfo')
  return Boolean(page?.has('startCursor') || page?.has('endCursor')) || [...selected].some(([type, fields]) => type.endsWith('Edge') && fields.has('cursor'))
}

function guardOf(missing: readonly string[]): object {
  const getters = missing.map((field) => [
    field,
    {
      get: (): never => {
        throw new Error(`The column ${field} was not read: say in its table what reads it`)
      }
    }
  ])
  return Object.create(Object.prototype, Object.fromEntries(getters))
}
