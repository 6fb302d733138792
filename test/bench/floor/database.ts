// The engines as bare as they come: statements are prepared once, and then only executed.
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { type Statement, statements } from './statements.ts'

export interface FloorDatabase {
  answer(path: string, variables: unknown): Promise<string>
}

interface Scope {
  workspaceId: string
  actorId: string
}

/** The workspace that was filled, if there are more. */
const scopeQuery = `SELECT w.id AS "workspaceId", a.id AS "actorId" FROM workspace w JOIN actor a ON a.workspace_id = w.id AND a.kind = 'API_KEY' ORDER BY w.incident_count DESC LIMIT 1`

export async function openServer(url: string): Promise<FloorDatabase> {
  const pool = new pg.Pool({ connectionString: url, max: 10 })
  const { workspaceId, actorId } = (await pool.query<Scope>(scopeQuery)).rows[0] as Scope
  return {
    async answer(path, variables) {
      const { text, parameters } = statements[path] as Statement
      return (
        (await pool.query<{ answer: string }>({ name: path, text, values: [workspaceId, ...parameters(variables as never, actorId)] })).rows[0]?.answer ?? ''
      )
    }
  }
}

export async function openEmbedded(folder: string): Promise<FloorDatabase> {
  const pglite = new PGlite(`${folder}/postgres`)
  const { workspaceId, actorId } = (await pglite.query<Scope>(scopeQuery)).rows[0] as Scope
  const types: Record<string, string> = { '/wall': 'uuid', '/incident': 'uuid, uuid', '/list': 'uuid, text', '/comment': 'uuid, uuid, text, uuid' }
  const nameOf = (path: string) => `floor_${path.slice(1)}`
  for (const [path, { text }] of Object.entries(statements)) await pglite.exec(`PREPARE ${nameOf(path)} (${types[path]}) AS ${text}`)
  return {
    // EXECUTE is one round trip into the engine; its own query() makes five.
    async answer(path, variables) {
      const values = [workspaceId, ...(statements[path] as Statement).parameters(variables as never, actorId)]
      const [result] = await pglite.exec(`EXECUTE ${nameOf(path)} (${values.map((value) => `'${value.replaceAll("'", "''")}'`).join(', ')})`)
      return (result?.rows[0] as { answer: string } | undefined)?.answer ?? ''
    }
  }
}
