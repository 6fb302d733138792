// A workspace whose resources depend on each other: clusters, in each of which everything lies downstream of its first
// resource, and runs to come on all of them.
import pg from 'pg'

export interface GraphSizes {
  resources: number
  dependencies: number
  upcomingRuns: number
  /** So many resources lie downstream of one of the origins, itself included. */
  closures: readonly number[]
}

/** One of so many resources has a run under way. */
const runningOf = 50

const prefix = 'prefect.deployment.'

/** The external id of a resource by its number. */
export const externalIdOf = (number: number) => `${prefix}${number}`

/** The numbers of the resources that the closures begin with. */
export function originsOf({ closures }: Pick<GraphSizes, 'closures'>): number[] {
  return closures.map((_, index) => closures.slice(0, index).reduce((sum, size) => sum + size, 0))
}

/** On a connection of its own: the statements of Mayday's have little time. `ours` says that the server is the bench's own. */
export async function fillGraph(databaseUrl: string, workspaceId: string, sizes: GraphSizes, ours: boolean): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    // What refers to what is right by its making, and need not be looked at row by row.
    if (ours) await client.query('SET session_replication_role = replica')
    for (const statement of statementsFor(workspaceId, sizes)) await client.query(statement)
    await client.query('VACUUM ANALYZE resource, dependency, run')
    // Its writing must not fall into what is measured next.
    if (ours) await client.query('CHECKPOINT')
  } finally {
    await client.end()
  }
}

function statementsFor(workspaceId: string, sizes: GraphSizes): string[] {
  const { resources, dependencies, upcomingRuns, closures } = sizes
  const workspace = `'${workspaceId}'::uuid`
  const idOf = (number: string) => `md5('resource ' || (${number}))::uuid`
  // What is in no closure is a cluster as well.
  const firsts = [...originsOf(sizes), closures.reduce((sum, size) => sum + size, 0)]
  const clusters = `(VALUES ${firsts.map((first, index) => `(${first}, ${firsts[index + 1] ?? resources})`).join(', ')}) AS cluster (first, next)`
  const insertDependencies = (pairs: string) => `
    INSERT INTO dependency (workspace_id, downstream_id, upstream_id, kind, source, confidence, created_at, last_seen_at)
    SELECT ${workspace}, down, up, 'DEPENDS_ON', 'CATALOG', 'CERTAIN', now(), now() FROM (${pairs}) pair`
  const insertRuns = (state: string, expectedAt: string, of: string) => `
    INSERT INTO run (id, workspace_id, external_id, name, resource_id, state, state_name, state_at, expected_start_at, created_at, updated_at)
    SELECT gen_random_uuid(), ${workspace}, gen_random_uuid()::text, 'didactic-bumblebee', resource_id, '${state}', '${state}', now(), ${expectedAt}, now(), now()
    FROM (${of}) one ORDER BY random()`
  return [
    `INSERT INTO resource (id, workspace_id, kind, external_id, name, created_at, updated_at)
     SELECT ${idOf('n')}, ${workspace}, 'DEPLOYMENT', '${prefix}' || n, 'Deployment ' || n, now(), now() FROM generate_series(0, ${resources - 1}) n`,
    // Everything depends on one that came before it in its cluster, and so in the end on the first.
    insertDependencies(`
      SELECT ${idOf('n')} AS down, ${idOf('first + floor(random() * (n - first))::int')} AS up FROM ${clusters} CROSS JOIN generate_series(0, ${resources - 1}) n
      WHERE n > first AND n < next`),
    // And then on others, on later ones too, so that there are cycles.
    'ANALYZE dependency',
    insertDependencies(`
      SELECT down, up FROM (
        SELECT DISTINCT ${idOf('n')} AS down, ${idOf('first + floor(random() * (next - first))::int')} AS up
        FROM ${clusters} CROSS JOIN generate_series(0, ${resources - 1}) n CROSS JOIN generate_series(1, 5) WHERE n >= first AND n < next
      ) pair WHERE NOT EXISTS (SELECT FROM dependency d WHERE d.downstream_id = pair.down AND d.upstream_id = pair.up)
      ORDER BY random() LIMIT ${dependencies} - (SELECT count(*) FROM dependency)`),
    insertRuns(
      'SCHEDULED',
      `now() + interval '10 minutes' + random() * interval '22 hours'`,
      `SELECT ${idOf(`n % ${resources}`)} AS resource_id FROM generate_series(1, ${upcomingRuns}) n`
    ),
    insertRuns('RUNNING', 'now()', `SELECT ${idOf('n')} AS resource_id FROM generate_series(0, ${resources - 1}, ${runningOf}) n`)
  ]
}
