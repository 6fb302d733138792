// Lists of Prefect's API, page by page. What a row must have is checked; one that does not fit is left out and counted.
import { z } from 'zod'
import type { PrefectApi } from './api.ts'
import { PrefectProblem } from './problem.ts'

export interface Page<Row> {
  readonly rows: readonly Row[]
  /** How many rows were not what they should be. */
  readonly unfit: number
}

/** Prefect gives no more at once. */
const fullPage = 200
/** A list that is longer is taken for one that never ends. */
const mostRows = 1_000_000

/** All rows of `POST path`, where the body narrows or sorts. Pages whose rows are large are asked for in smaller pieces. */
export async function* pagesOf<Row>(api: PrefectApi, path: string, body: object, shape: z.ZodType<Row>): AsyncGenerator<Page<Row>> {
  let limit = fullPage
  let last = ''
  for (let offset = 0; offset < mostRows; ) {
    const given = await smallEnough(() => api.post(path, { ...body, limit, offset }), limit)
    if (given === undefined) {
      limit = Math.ceil(limit / 10)
      continue
    }
    const rows = rowsOf(given, limit)
    const fit = rows.flatMap((row) => shape.safeParse(row).data ?? [])
    yield { rows: fit, unfit: rows.length - fit.length }
    if (rows.length < limit) return
    const first = JSON.stringify(rows[0])
    if (first === last) break
    last = first
    offset += rows.length
  }
  throw new PrefectProblem('not-prefect', 'A list of the server does not end.')
}

/** What the call gives; undefined when that is too large, and can be asked for in smaller pieces. */
async function smallEnough(call: () => Promise<unknown>, limit: number): Promise<unknown> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof PrefectProblem && error.kind === 'too-large' && limit > 1) return undefined
    throw error
  }
}

const list = z.array(z.unknown())

function rowsOf(given: unknown, limit: number): unknown[] {
  const { data } = list.safeParse(given)
  if (!data || data.length > limit) throw new PrefectProblem('not-prefect', 'The server answers with something else than a page of a list.')
  return data
}
