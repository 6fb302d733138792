import type { Database, QueryOptions, Sql } from '../../src/database/engine.ts'

interface Watched {
  readonly texts: string[]
  /** How many rows each of them gave, in the order in which they came. */
  readonly rows: number[]
  /** How many were sent before the first was answered. */
  readonly askedBeforeFirstAnswer: number
}

/** Watches the reads that a node sends to its database; what a node does by itself, which may fall into any test, is left out. */
export function watchStatements(database: Database): Watched & Disposable {
  const { query } = database
  const texts: string[] = []
  const rows: number[] = []
  let askedBeforeFirstAnswer = 0
  database.query = async <Row>(statement: Sql, options?: QueryOptions) => {
    if (/^SELECT id, sequence FROM workspace|\bINTO lease\b|FROM prefect_server WHERE disabled_at IS NULL$|DELETE FROM (event|run) WHERE/.test(statement.text))
      return query<Row>(statement, options)
    texts.push(statement.text)
    const answer = await query<Row>(statement, options)
    askedBeforeFirstAnswer ||= texts.length
    rows.push(answer.length)
    return answer
  }
  return {
    texts,
    rows,
    get askedBeforeFirstAnswer() {
      return askedBeforeFirstAnswer
    },
    [Symbol.dispose]() {
      database.query = query
    }
  }
}
