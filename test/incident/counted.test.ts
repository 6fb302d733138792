// The total of the list, where it comes from the counts that the database keeps: always that of the incidents themselves.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Prisma } from '../../src/database/generated/client/client.ts'
import { countedTag } from '../../src/incident/counted.ts'
import { type IncidentFilter as CheckedFilter, parseFilter } from '../../src/incident/filter.ts'
import type { IncidentFilter, IncidentStatus, Severity } from '../generated/graphql.ts'
import { engines, type TestApp } from '../kit/app.ts'
import type { Client } from '../kit/client.ts'
import { DeclareIncident, UpdateIncident } from '../kit/documents.ts'
import { Dice } from '../kit/fuzz.ts'
import { type Step, stepDocument } from '../kit/incident.ts'
import { declare, otherWorkspace } from '../kit/seed.ts'
import { watchStatements } from '../kit/statements.ts'

describe('the counts', () => {
  it.each<[string, IncidentFilter | null, string]>([
    ['nothing', null, ''],
    ['null everywhere', { status: null, tags: null, declaredAt: null, hasLead: null, search: null }, ''],
    ['an empty search', { search: ' ' }, ''],
    ['status, severity and activity', { status: ['RESOLVED'], severity: ['HIGH', 'LOW'], active: false }, ''],
    ['all of no tags', { tags: { all: [] } }, ''],
    ['one tag', { tags: { any: ['eu'] } }, 'eu'],
    ['all of one tag', { tags: { all: ['eu'], any: null }, active: true }, 'eu'],
    ['the same tag again and again', { tags: { all: ['eu', 'eu'], any: ['eu'] } }, 'eu']
  ])('answer a filter by %s', (_name, filter, tag) => {
    expect(countedTag(parseFilter(filter))).toBe(tag)
  })

  it.each<[string, CheckedFilter]>([
    ['any of no tags', { tags: { any: [] } }],
    ['any of no tags, but all of one', { tags: { all: ['eu'], any: [] } }],
    ['the empty tag', { tags: { any: [''] } }],
    ['two tags', { tags: { any: ['eu', 'us'] } }],
    ['one tag here and one there', { tags: { all: ['eu'], any: ['us'] } }],
    ['a resource', { resourceIds: [] }],
    ['who leads', { leadIds: [] }],
    ['that nobody leads', { hasLead: false }],
    ['who declared', { declaredByIds: [] }],
    ['time', { declaredAt: {} }],
    ['words', { search: 'disk' }]
  ])('do not answer a filter by %s', (_name, filter) => {
    expect(countedTag(filter)).toBeUndefined()
  })
})

const statuses: IncidentStatus[] = ['TRIAGE', 'INVESTIGATING', 'IDENTIFIED', 'MONITORING', 'RESOLVED', 'CLOSED', 'MERGED', 'CANCELED']
const severities: Severity[] = ['CRITICAL', 'HIGH', 'MODERATE', 'LOW', 'MINOR']
const tags = ['eu', 'EU', 'late data', '火', "'; --"]
const steps: Step[] = ['acknowledgeIncident', 'resolveIncident', 'closeIncident', 'reopenIncident', ...Array<Step>(4).fill('changeIncidentStatus')]
/** Seldom, or hardly an incident is left that goes on. */
const ends: Step[] = ['cancelIncident', 'mergeIncident']

/** Some of the choices, in any order and perhaps twice. */
const some = <T>(dice: Dice, choices: readonly T[], most: number) => Array.from({ length: dice.below(most + 1) }, () => dice.one(choices))

interface Row {
  id: string
  version: number
  status: IncidentStatus
  severity: Severity
  tags: string[]
}

const listed = `query ($filter: IncidentFilter) {
  incidents(first: 100, filter: $filter, orderBy: { field: NUMBER, direction: ASC }) { totalCount nodes { id version status severity tags } }
}`

async function list(client: Client, filter: IncidentFilter = {}): Promise<{ totalCount: number; nodes: Row[] }> {
  return (await client.run<{ incidents: { totalCount: number; nodes: Row[] } }>(listed, { filter })).incidents
}

/** One thing that a team does, of any kind; some of it is refused. */
async function act(client: Client, dice: Dice): Promise<void> {
  const { nodes } = await list(client)
  if (nodes.length === 0 || (nodes.length < 50 && dice.chance(0.4))) {
    const dedup = dice.chance(0.2) ? { dedupKey: dice.one(['one', 'two']), dedupPolicy: dice.one(['ATTACH', 'REOPEN'] as const) } : {}
    await client.run(DeclareIncident, { input: { title: 'It fails', severity: dice.one(severities), tags: some(dice, tags, 3), ...dedup } })
    return
  }
  const { id, version } = dice.one(nodes)
  const input = { id, version: dice.chance(0.1) ? version + 1 : version }
  if (dice.chance(0.3)) {
    const edits = [{ severity: dice.one(severities) }, { tags: some(dice, tags, 3) }, { severity: dice.one(severities), tags: [] }, { title: 'Still' }]
    await client.run(UpdateIncident, { input: { ...input, ...dice.one(edits) } })
    return
  }
  const step = dice.one(dice.chance(0.06) ? ends : steps)
  const more = { changeIncidentStatus: { status: dice.one(statuses.slice(1, 4)) }, mergeIncident: { intoId: dice.one(nodes).id } }
  await client.ask(stepDocument(step), { input: { ...input, ...more[step as keyof typeof more] } })
}

async function live(client: Client, dice: Dice): Promise<void> {
  for (let time = 0; time < 400; time++) await act(client, dice)
}

/** One in three has a condition that only the incidents themselves can answer. */
function anyFilter(dice: Dice): IncidentFilter {
  const tag = dice.one([...tags, 'nobody has it', ''])
  return {
    status: dice.one([undefined, null, [], some(dice, statuses, 4), some(dice, statuses, 8)]),
    active: dice.one([undefined, null, true, false]),
    severity: dice.one([undefined, null, some(dice, severities, 3), some(dice, severities, 5)]),
    tags: dice.one([undefined, null, {}, { all: [] }, { any: [] }, { all: [tag] }, { any: [tag, tag] }, { all: [tag], any: [tag] }]),
    ...(dice.chance(0.33) && dice.one([{ hasLead: false }, { search: 'fails' }, { tags: { any: some(dice, tags, 3) } }, { resourceIds: [] }]))
  }
}

describe.each(engines)('on $engine', ({ start }) => {
  let app: TestApp
  let teams: Client[]

  beforeAll(async () => {
    app = await start()
    teams = [app.admin, await otherWorkspace(app.admin)]
    await Promise.all(teams.map((team, index) => live(team, new Dice(20_261_125, index))))
  }, 120_000)
  afterAll(() => app[Symbol.asyncDispose]())

  /** The counts that there are, and those that there should be. */
  async function counts(): Promise<{ kept: unknown[]; true: unknown[] }> {
    const kept = await app.database.query(
      Prisma.sql`SELECT workspace_id, tag, status, severity, count FROM incident_count WHERE count <> 0 ORDER BY 1, 2, 3, 4`
    )
    const counted = await app.database.query(Prisma.sql`
      SELECT i.workspace_id, t.tag, i.status, i.severity, count(DISTINCT i.id)::int AS count
      FROM incident i JOIN (SELECT id, unnest(tags) AS tag FROM incident UNION ALL SELECT id, '' FROM incident) t USING (id)
      GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`)
    return { kept, true: counted }
  }

  it('all statuses, severities and tags have come up in both workspaces, and the counts are true', async () => {
    for (const team of teams) {
      const { nodes } = await list(team)
      for (const status of statuses) expect(nodes.map((node) => node.status)).toContain(status)
      for (const severity of severities) expect(nodes.map((node) => node.severity)).toContain(severity)
      for (const tag of tags) expect(nodes.flatMap((node) => node.tags)).toContain(tag)
    }
    const both = await counts()
    expect(both.kept).toEqual(both.true)
  })

  it('the total is the number of incidents in the list, whatever the filter, and comes from the counts where it can', { timeout: 60_000 }, async () => {
    const dice = new Dice(20_261_126, 0)
    const found = { counts: 0, incidents: 0 }
    for (let time = 0; time < 300; time++) {
      const filter = anyFilter(dice)
      const from = countedTag(parseFilter(filter)) === undefined ? 'incidents' : 'counts'
      for (const team of teams) {
        using statements = watchStatements(app.database)
        const { totalCount, nodes } = await list(team, filter)
        expect({ filter, totalCount }).toEqual({ filter, totalCount: nodes.length })
        expect(statements.texts.some((text) => text.includes('incident_count'))).toBe(from === 'counts' && statements.texts.length > 0)
        if (totalCount > 0) found[from]++
      }
    }
    expect(Math.min(found.counts, found.incidents)).toBeGreaterThan(50)
  })

  it("an incident of one workspace does not count in another's", async () => {
    const [own, other] = teams as [Client, Client]
    const filters: IncidentFilter[] = [{}, { status: ['TRIAGE'] }, { tags: { all: ['eu'] }, severity: ['MINOR'], active: true }]
    const totals = (client: Client) => Promise.all(filters.map(async (filter) => (await list(client, filter)).totalCount))
    const [before, theirs] = [await totals(own), await totals(other)]
    await declare(own, { severity: 'MINOR', tags: ['eu'] })
    expect(await totals(own)).toEqual(before.map((total) => total + 1))
    expect(await totals(other)).toEqual(theirs)
  })

  it('what is not committed does not count', async () => {
    const before = await counts()
    const undone = app.database.prisma.$transaction(async (tx) => {
      await tx.incident.updateMany({ data: { severity: 'LOW', status: 'CLOSED', tags: ['undone'] } })
      const [{ count } = { count: 0 }] = await tx.$queryRaw<{ count: number }[]>`SELECT sum(count)::int AS count FROM incident_count WHERE tag = 'undone'`
      throw new Error(`${count} are not to be`)
    })
    await expect(undone).rejects.toThrow(/^[1-9]\d* are not to be$/)
    expect(await counts()).toEqual(before)
  })

  it('those who write past the commands are counted too: many at once, a tag twice, other workspaces, deletion', async () => {
    const statements = [
      Prisma.sql`INSERT INTO incident (id, workspace_id, number, title, severity, status, tags, started_at, declared_at, updated_at)
        SELECT gen_random_uuid(), workspace_id, number + 1000, title, severity, status, tags || ARRAY['bulk', 'bulk'], started_at, declared_at, updated_at FROM incident`,
      Prisma.sql`INSERT INTO incident (id, workspace_id, number, title, severity, status, tags, started_at, declared_at, updated_at)
        SELECT gen_random_uuid(), workspace_id, number + 5000, title, severity, status, NULL, started_at, declared_at, updated_at FROM incident`,
      Prisma.sql`UPDATE incident SET tags = array_remove(tags, 'eu'), severity = 'HIGH' WHERE severity = 'LOW'`,
      Prisma.sql`UPDATE incident i SET workspace_id = w.id, number = number + 10000 FROM workspace w WHERE w.id <> i.workspace_id AND i.number % 7 = 0`,
      Prisma.sql`DELETE FROM incident WHERE number > 1000 AND number % 3 = 0`
    ]
    let before = await counts()
    for (const statement of statements) {
      await app.database.query(statement)
      const after = await counts()
      expect(after.kept).toEqual(after.true)
      expect(after.kept).not.toEqual(before.kept)
      before = after
    }
  })
})
