// A process that finds out the figures of an impact when it is told to, as Mayday does (`/mayday`) or as the floor does
// (`/floor`): answers the milliseconds that it took, and the figures. `/load` loads the graph.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { pino } from 'pino'
import type { Viewer } from '../../../src/access/viewer.ts'
import { createCore } from '../../../src/app.ts'
import { openDatabase } from '../../../src/database/database.ts'
import { figuresOf } from '../../../src/impact/figures.ts'
import { impactOfResources } from '../../../src/impact/impact.ts'
import { externalIdOf } from './fill.ts'

const { WORKSPACE_ID: workspaceId = '', DATABASE_URL = '' } = process.env
const horizonMs = 86_400_000

/** All in one statement that finds and counts, as somebody would write it by hand. */
const floorStatement = {
  name: 'floor',
  text: `
    WITH RECURSIVE hit (id) AS (
      SELECT $1::uuid
      UNION
      SELECT d.downstream_id FROM hit JOIN dependency d ON d.upstream_id = hit.id
    )
    SELECT (SELECT count(*) FROM hit)::int AS affected,
      count(*) FILTER (WHERE r.state IN ('PENDING', 'RUNNING', 'PAUSED', 'CANCELLING'))::int AS running,
      count(*) FILTER (WHERE r.state = 'SCHEDULED' AND r.expected_start_at < $2)::int AS upcoming,
      min(r.expected_start_at) FILTER (WHERE r.state = 'SCHEDULED' AND r.expected_start_at >= $3) AS "nextHarmAt"
    FROM hit JOIN run r ON r.resource_id = hit.id WHERE r.state IN ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED', 'CANCELLING')`
}

const core = createCore(
  await openDatabase({ MAYDAY_DATA: '', MAYDAY_POOL_SIZE: 10, DATABASE_URL }, async () => {}),
  pino({ level: 'silent' }),
  () => new Date()
)
await core.feed.start(2_000)
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 1 })
const viewer = { workspaceId } as Viewer

async function byMayday(id: string) {
  const impact = await impactOfResources({ core, viewer }, [id], horizonMs)
  const { running, upcoming, nextHarmAt } = await figuresOf(core, impact)
  return { affected: impact.resourceIds.length, running, upcoming, nextHarmAt }
}

async function byFloor(id: string) {
  const now = Date.now()
  const { rows } = await pool.query({ ...floorStatement, values: [id, new Date(now + horizonMs), new Date(now)] })
  return rows[0]
}

const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
  const origin = externalIdOf(Number(searchParams.get('origin') ?? 0))
  const begin = performance.now()
  const { graph } = await core.graphs.of(workspaceId)
  const loaded = performance.now()
  const id = graph.idOf(origin) ?? ''
  const figures = pathname === '/mayday' ? await byMayday(id) : pathname === '/floor' ? await byFloor(id) : null
  response.end(JSON.stringify({ ms: figures ? performance.now() - loaded : loaded - begin, figures }))
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`The impact is at http://127.0.0.1:${(server.address() as AddressInfo).port}\n`))
