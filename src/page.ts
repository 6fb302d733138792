// Pages of a list by keyset: a page costs the same wherever it lies, and a row that comes or goes moves no other.
import type { SelectedFields } from './database/columns.ts'
import { Prisma } from './database/generated/client/client.ts'
import { InvalidInput } from './errors.ts'

/** The Relay arguments of a connection. */
export interface PageArgs {
  first?: number | null
  last?: number | null
  after?: string | null
  before?: string | null
}

/** What a list is asked for: rows between two keys, from one end. */
export interface Slice {
  /** Keys of the rows just outside, as their cursor has them. */
  after: string[] | null
  before: string[] | null
  limit: number
  /** Read from the far end; `page` turns the rows round. */
  inverted: boolean
}

const defaultSize = 50
const maxSize = 100

/** Cuts a page: `load` gives the rows of a slice, `keyOf` the sort key of a row, always ending with something unique. */
export async function page<Row>(args: PageArgs, keyOf: KeyOf<Row>, load: (slice: Slice) => Promise<readonly Row[]>) {
  const { size, slice } = cutOf(args)
  const rows = await load(slice)
  const more = rows.length > size
  const kept = rows.slice(0, size)
  if (slice.inverted) kept.reverse()
  const edges = kept.map((node) => new Edge(node, keyOf))
  return {
    edges,
    pageInfo: new PageInfo(edges, slice.inverted ? slice.before !== null : more, slice.inverted ? more : slice.after !== null)
  }
}

type KeyOf<Row> = (row: Row) => (string | number | Date)[]

/** Cursors are made when they are asked for: most clients take the rows, and one cursor at the most. */
class Edge<Row> {
  readonly node: Row
  readonly #keyOf: KeyOf<Row>

  constructor(node: Row, keyOf: KeyOf<Row>) {
    this.node = node
    this.#keyOf = keyOf
  }

  get cursor(): string {
    return encodeKey(this.#keyOf(this.node))
  }
}

class PageInfo {
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  readonly #edges: readonly { cursor: string }[]

  constructor(edges: readonly { cursor: string }[], hasNextPage: boolean, hasPreviousPage: boolean) {
    this.#edges = edges
    this.hasNextPage = hasNextPage
    this.hasPreviousPage = hasPreviousPage
  }

  get startCursor(): string | null {
    return this.#edges[0]?.cursor ?? null
  }

  get endCursor(): string | null {
    return this.#edges.at(-1)?.cursor ?? null
  }
}

interface Cut {
  readonly size: number
  /** One row more than the page has, so that it shows whether more follow. */
  readonly slice: Slice
}

const cuts = new WeakMap<PageArgs, Cut>()

/** All items of a list ask with the same arguments, and get the same slice: by that, loaders know them to be equal. */
function cutOf(args: PageArgs): Cut {
  let cut = cuts.get(args)
  if (!cut) {
    const { size, ...bounds } = sliceOf(args)
    cut = { size, slice: { ...bounds, limit: size + 1 } }
    cuts.set(args, cut)
  }
  return cut
}

function sliceOf({ first, last, after, before }: PageArgs) {
  for (const [field, size] of Object.entries({ first, last })) {
    if (typeof size === 'number' && (size < 0 || size > maxSize)) throw new InvalidInput([{ field, rule: `must be between 0 and ${maxSize}` }])
  }
  if (typeof first === 'number' && typeof last === 'number') throw new InvalidInput([{ field: 'last', rule: 'must not stand beside first' }])
  return { size: first ?? last ?? defaultSize, inverted: typeof last === 'number', after: decodeKey(after, 'after'), before: decodeKey(before, 'before') }
}

/**
 * The cost of a page for server/limits.ts: what stands below is counted once for each row. Costs are counted before
 * anything runs, so a page that cannot be cut is refused here, and no mutation has happened when its answer's page is bad.
 */
export function pageCost(args: PageArgs): { field: number; multiplier: number } {
  return { field: 1, multiplier: Math.max(1, sliceOf(args).size) }
}

/** A column of a sort order. */
export interface SortColumn {
  expression: Prisma.Sql
  /** The type that a key's text is cast to. */
  type: 'timestamptz' | 'uuid' | 'int' | 'severity' | 'bigint' | 'text'
}

/**
 * `ORDER BY` and the condition for a slice of rows sorted by these columns, all in one direction. Where the selected fields
 * are given and no PageInfo is among them, nobody asks whether more follow, and the row that would show it is not read.
 */
export function keyset(
  columns: SortColumn[],
  descending: boolean,
  slice: Slice,
  selected?: SelectedFields
): { where: Prisma.Sql; orderBy: Prisma.Sql; limit: Prisma.Sql } {
  const conditions = [Prisma.sql`TRUE`]
  const tuple = Prisma.sql`(${Prisma.join(columns.map(({ expression }) => expression))})`
  const bound = (key: string[], field: string) => {
    if (key.length !== columns.length) throw new InvalidInput([{ field, rule: 'must be a cursor of this list in this order' }])
    return Prisma.sql`(${Prisma.join(columns.map(({ type }, index) => Prisma.sql`${checked(key[index] ?? '', type, field)}::text${Prisma.raw(`::${type}`)}`))})`
  }
  if (slice.after) conditions.push(Prisma.sql`${tuple} ${Prisma.raw(descending ? '<' : '>')} ${bound(slice.after, 'after')}`)
  if (slice.before) conditions.push(Prisma.sql`${tuple} ${Prisma.raw(descending ? '>' : '<')} ${bound(slice.before, 'before')}`)
  const direction = Prisma.raw(descending === slice.inverted ? 'ASC' : 'DESC')
  return {
    where: Prisma.join(conditions, ' AND '),
    orderBy: Prisma.join(columns.map(({ expression }) => Prisma.sql`${expression} ${direction}`)),
    limit: Prisma.sql`${selected && !selected.has('PageInfo') ? slice.limit - 1 : slice.limit}`
  }
}

const patterns: Record<SortColumn['type'], RegExp> = {
  timestamptz: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  int: /^\d{1,9}$/,
  bigint: /^\d{1,15}$/,
  severity: /^(CRITICAL|HIGH|MODERATE|LOW|MINOR)$/,
  text: /^[^\0]{0,1000}$/
}

function checked(value: string, type: SortColumn['type'], field: string): string {
  if (!patterns[type].test(value) || (type === 'timestamptz' && !isMoment(value))) throw badCursor(field)
  return value
}

/** Whether the database takes it: no 30th of February, which JavaScript would read as a day in March, and no year 0. */
function isMoment(value: string): boolean {
  const moment = new Date(value)
  return !Number.isNaN(moment.getTime()) && moment.toISOString() === value && moment.getUTCFullYear() > 0
}

function encodeKey(key: (string | number | Date)[]): string {
  return Buffer.from(JSON.stringify(key.map((part) => (part instanceof Date ? part.toISOString() : String(part))))).toString('base64url')
}

function decodeKey(cursor: string | null | undefined, field: string): string[] | null {
  if (cursor === null || cursor === undefined) return null
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(key) && key.every((part) => typeof part === 'string')) return key
  } catch {
    // Refused below.
  }
  throw badCursor(field)
}

function badCursor(field: string): InvalidInput {
  return new InvalidInput([{ field, rule: 'must be a cursor that this list has given' }])
}
