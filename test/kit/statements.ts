import type { Database } from '../../src/database/engine.ts'

/** Watches the reads that a node sends to its database; what a node does by itself, which may fall into any test, is left out. */
export function watchStatements(database: Database): { readonly texts: string[] } & Disposable {
  const { query } = database
  const texts: string[] = []
  database.query = (statement) => {
    if (!/^SELECT id, sequence FROM workspace|\bINTO lease\b|FROM prefect_server WHERE disabled_at IS NULL$|DELETE FROM (event|run) WHERE/.test(statement.text))
      texts.push(statement.text)
    return query(statement)
  }
  return {
    texts,
    [Symbol.dispose]() {
      database.query = query
    }
  }
}
