// Taking in what orchestrators tell of runs. merge.ts has the rules by which messages become one run.
import { v7 as uuid } from 'uuid'
import type { Core } from '../core.ts'
import { Prisma, type RunState } from '../database/generated/client/client.ts'
import { cutText, cutTexts, pageUrl } from '../input.ts'
import { foldTold, merged, type ToldRun } from './merge.ts'
import { tellRunsMoved } from './notification.ts'
import { isOver } from './state.ts'

/** What a source knows of a run; what it leaves out (or null) stays as it is known. */
export interface GivenRun {
  readonly externalId: string
  readonly name?: string | undefined
  /** The external id of what it is a run of. */
  readonly resource: string
  readonly parent?: string | null | undefined
  readonly state: RunState
  readonly stateName: string
  readonly stateMessage?: string | null | undefined
  readonly stateAt: Date
  readonly expectedStartAt?: Date | null | undefined
  readonly startedAt?: Date | null | undefined
  readonly endedAt?: Date | null | undefined
  readonly tags?: readonly string[] | undefined
  readonly url?: string | null | undefined
}

export interface RunsOutcome {
  /** How many runs are new, or other than before. */
  readonly written: number
  /** External ids of resources that runs were given of and that the workspace does not have; those runs were not written. */
  readonly unknownResources: readonly string[]
}

/** A clock that is further ahead is not believed. */
export const mostAheadMs = 86_400_000
const earliest = Date.parse('1970-01-01T00:00:00Z')
const latest = Date.parse('2999-12-31T23:59:59Z')
const longestId = 300
const mostTags = { entries: 50, each: 100 }
const mostAtOnce = 1_000

/**
 * Takes in runs, in any order and any number of times: an older state never replaces a newer one. One statement for a
 * thousand; it tells all nodes which resources' runs moved. What is too long is cut. A run is left out when its id cannot
 * be one, that is when it is empty or longer than 300 characters.
 */
export async function writeRuns(core: Core, workspaceId: string, runs: readonly GivenRun[], connectionId: string | null): Promise<RunsOutcome> {
  const now = core.clock()
  const told = foldTold(runs.flatMap((run) => toldBy(run, now) ?? []))
  let written = 0
  const unknown = new Set<string>()
  for (let from = 0; from < told.length; from += mostAtOnce) {
    const [row] = await core.database.query<{ written: number; unknown: string[] | null }>(
      statement(workspaceId, told.slice(from, from + mostAtOnce), connectionId, now)
    )
    written += row?.written ?? 0
    for (const resource of row?.unknown ?? []) unknown.add(resource)
  }
  return { written, unknownResources: [...unknown] }
}

function statement(workspaceId: string, told: readonly ToldRun[], connectionId: string | null, now: Date): Prisma.Sql {
  const rows = told.map(({ isTimeMadeUp: _, ...run }) => ({ ...run, id: uuid(), name: run.name ?? run.externalId, tags: run.tags ?? [] }))
  const columns = Object.entries(merged(told))
  const all = (values: readonly Prisma.Sql[]) => Prisma.join([...values], ', ')
  return Prisma.sql`
    WITH given AS (
      SELECT g.*, of.id AS resource_id
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS g (id uuid, "externalId" text, resource text, name text, parent text, state run_state, "stateName" text,
        "stateMessage" text, "stateAt" timestamptz, "expectedStartAt" timestamptz, "startedAt" timestamptz, "endedAt" timestamptz, tags text[], url text)
      LEFT JOIN resource of ON of.workspace_id = ${workspaceId}::uuid AND of.external_id = g.resource
    ), written AS (
      INSERT INTO run AS r (id, workspace_id, external_id, name, resource_id, connection_id, parent_external_id, state, state_name, state_message, state_at,
        expected_start_at, started_at, ended_at, tags, url, created_at, updated_at)
      SELECT id, ${workspaceId}::uuid, "externalId", name, resource_id, ${connectionId}::uuid, parent, state, "stateName", "stateMessage", "stateAt",
        "expectedStartAt", "startedAt", "endedAt", tags, url, ${now}::timestamptz, ${now}::timestamptz
      FROM given WHERE resource_id IS NOT NULL ORDER BY "externalId" COLLATE "C"
      ON CONFLICT (workspace_id, external_id) DO UPDATE SET ${all(columns.map(([name, value]) => Prisma.sql`${Prisma.raw(name)} = ${value}`))}, updated_at = excluded.updated_at
      WHERE (${all(columns.map(([, value]) => value))}) IS DISTINCT FROM (${Prisma.raw(columns.map(([name]) => `r.${name}`).join(', '))})
      RETURNING r.resource_id
    ), moved AS (SELECT count(*) AS written, array_agg(DISTINCT resource_id) AS ids FROM written)
    SELECT written, (SELECT array_agg(DISTINCT resource) FROM given WHERE resource_id IS NULL) AS unknown, ${tellRunsMoved(workspaceId, Prisma.sql`ids`)} FROM moved`
}

/** What a message tells, as far as it can be. */
function toldBy(run: GivenRun, now: Date): ToldRun | undefined {
  const externalId = cutText(run.externalId, longestId + 1)
  if (externalId === '' || externalId.length > longestId) return undefined
  const stateAt = possible(run.stateAt, now.getTime() + mostAheadMs)
  const startedAt = possible(run.startedAt, now.getTime() + mostAheadMs)
  const endedAt = isOver(run.state) ? (possible(run.endedAt, now.getTime() + mostAheadMs) ?? stateAt ?? now) : null
  return {
    externalId,
    resource: cutText(run.resource, longestId + 1),
    name: cutText(run.name ?? '', 300) || null,
    parent: run.parent && run.parent.length <= longestId ? cutText(run.parent, longestId) || null : null,
    state: run.state,
    stateName: cutText(run.stateName, 100) || run.state,
    stateMessage: cutText(run.stateMessage ?? '', 4_000) || null,
    stateAt: stateAt ?? now,
    isTimeMadeUp: stateAt === null,
    expectedStartAt: possible(run.expectedStartAt, latest),
    startedAt,
    endedAt: endedAt && startedAt && endedAt < startedAt ? startedAt : endedAt,
    tags: run.tags ? cutTexts(run.tags, mostTags) : null,
    url: run.url ? pageUrl(run.url) : null
  }
}

/** A time that can be; what else is told counts as not told. */
function possible(time: Date | null | undefined, until: number): Date | null {
  const at = time?.getTime() ?? Number.NaN
  return at >= earliest && at <= until ? new Date(at) : null
}

/** Takes runs away that their orchestrator has no more, if they never began. */
export async function removeRuns(core: Core, workspaceId: string, externalIds: readonly string[]): Promise<void> {
  await core.database.query(removal(workspaceId, Prisma.sql`r.external_id = ANY(${[...externalIds]}::text[])`))
}

/** A statement that takes away those of a connection that never began, if it has ended. */
export function removalOfEnded(workspaceId: string, connectionId: string): Prisma.Sql {
  const hasEnded = Prisma.sql`EXISTS (SELECT FROM prefect_server ended WHERE ended.id = r.connection_id AND ended.disabled_at IS NOT NULL)`
  return removal(workspaceId, Prisma.sql`r.connection_id = ${connectionId}::uuid AND ${hasEnded}`)
}

function removal(workspaceId: string, which: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    WITH waiting AS (
      SELECT r.id FROM run r WHERE r.workspace_id = ${workspaceId}::uuid AND ${which} AND r.state = 'SCHEDULED' AND r.started_at IS NULL
      ORDER BY r.external_id COLLATE "C" FOR UPDATE
    ), removed AS (
      DELETE FROM run r USING waiting WHERE r.id = waiting.id RETURNING r.resource_id
    ), moved AS (SELECT array_agg(DISTINCT resource_id) AS ids FROM removed)
    SELECT ${tellRunsMoved(workspaceId, Prisma.sql`ids`)} FROM moved`
}
