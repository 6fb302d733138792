import { type GraphQLNamedType, getNamedType, isAbstractType, isInterfaceType, isObjectType } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schema } from '../../src/schema.ts'
import type { RunFilter, RunInput, RunSort } from '../generated/graphql.ts'
import { graphql } from '../generated/index.ts'
import { startEmbedded, type TestApp } from '../kit/app.ts'
import { Clock } from '../kit/clock.ts'
import { addResources } from '../kit/seed.ts'

const Runs = graphql(`
  query Runs($filter: RunFilter, $sort: RunSort, $first: Int, $last: Int, $after: String) {
    runs(filter: $filter, sort: $sort, first: $first, last: $last, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { externalId }
    }
  }
`)

const RunsOfResources = graphql(`
  query RunsOfResources($state: [RunState!], $first: Int) {
    resources { nodes { externalId runs(state: $state, first: $first) { totalCount nodes { externalId } } } }
  }
`)

const clock = new Clock()
let app: TestApp
let ids: Record<string, string>

const runs: RunInput[] = [
  { externalId: 'a', name: 'Amber Lynx', resource: 'nightly', state: 'RUNNING', stateAt: clock.before(5), expectedStartAt: clock.before(6) },
  { externalId: 'b', name: 'blue owl', resource: 'nightly', state: 'SCHEDULED', stateAt: clock.before(60), expectedStartAt: clock.before(-60) },
  { externalId: 'c', name: 'amber_fox', resource: 'nightly', state: 'SCHEDULED', stateAt: clock.before(60), expectedStartAt: clock.before(1) },
  { externalId: 'd', name: 'd', resource: 'hourly', state: 'SCHEDULED', stateName: 'Late', stateAt: clock.before(1) },
  { externalId: 'e', name: 'e', resource: 'hourly', state: 'FAILED', stateAt: clock.before(30), expectedStartAt: clock.before(40) }
]

beforeAll(async () => {
  app = await startEmbedded({ clock: clock.read })
  const resources = await addResources(
    app.admin,
    { kind: 'DEPLOYMENT', externalId: 'hourly', name: 'hourly' },
    { kind: 'DEPLOYMENT', externalId: 'nightly', name: 'nightly' },
    { kind: 'FLOW', externalId: 'unused', name: 'unused' }
  )
  ids = Object.fromEntries(resources.map(({ externalId, id }) => [externalId, id]))
  for (const run of runs) await app.admin.run('mutation ($input: UpsertRunsInput!) { upsertRuns(input: $input) { written } }', { input: { runs: [run] } })
})
afterAll(() => app[Symbol.asyncDispose]())

async function find(filter: RunFilter | null, sort?: RunSort) {
  const { nodes, totalCount } = (await app.admin.run(Runs, { filter, sort })).runs
  expect(totalCount).toBe(nodes.length)
  return nodes.map(({ externalId }) => externalId).join('')
}

it.each<[RunFilter | null, string]>([
  [null, 'daecb'],
  [{}, 'daecb'],
  [{ state: ['SCHEDULED'] }, 'dcb'],
  [{ state: ['FAILED', 'RUNNING'] }, 'ae'],
  [{ state: [] }, ''],
  [{ late: true }, 'dc'],
  [{ late: false }, 'aeb'],
  [{ externalId: ['a', 'e', 'nowhere'] }, 'ae'],
  [{ name: 'AMBER' }, 'ac'],
  [{ name: '_' }, 'c'],
  [{ stateAt: { from: clock.before(30), until: clock.before(5) } }, 'e'],
  [{ stateAt: { from: clock.before(30), until: clock.before(4) } }, 'ae'],
  [{ expectedStartAt: { from: clock.before(6) } }, 'acb'],
  [{ expectedStartAt: { until: clock.before(6) } }, 'e'],
  [{ state: ['SCHEDULED'], late: false }, 'b']
])('%j finds %s', async (filter, found) => {
  expect(await find(filter)).toBe(found)
})

it('finds the runs of resources', async () => {
  expect(await find({ resourceIds: [ids.nightly ?? ''] })).toBe('acb')
  expect(await find({ resourceIds: [ids.nightly ?? '', ids.hourly ?? ''] })).toBe('daecb')
  expect(await find({ resourceIds: [] })).toBe('')
})

it.each<[RunSort, string]>([
  ['STATE_AT_DESC', 'daecb'],
  ['EXPECTED_START_AT_ASC', 'eacb'],
  ['EXPECTED_START_AT_DESC', 'bcae']
])('sorts by %s', async (sort, found) => {
  expect(await find(null, sort)).toBe(found)
})

it.each<RunSort>(['STATE_AT_DESC', 'EXPECTED_START_AT_ASC', 'EXPECTED_START_AT_DESC'])('turns the pages of %s without a gap', async (sort) => {
  const turned: string[] = []
  let after: string | null | undefined
  do {
    const { nodes, pageInfo } = (await app.admin.run(Runs, { sort, first: 1, after })).runs
    turned.push(...nodes.map(({ externalId }) => externalId))
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null
  } while (after)
  expect(turned.join('')).toBe(await find(null, sort))
  expect((await app.admin.run(Runs, { sort, last: 1 })).runs.nodes.map(({ externalId }) => externalId)).toEqual([turned.at(-1)])
})

it.each([
  [{ filter: { externalId: Array(101).fill('a') } }, 'filter.externalId', 'must have at most 100 entries'],
  [{ filter: { stateAt: { from: '1960-01-01T00:00:00Z' } } }, 'filter.stateAt.from', 'must not be before 1970'],
  [{ filter: { resourceIds: ['nonsense'] } }, 'filter.resourceIds.0', 'must be an id that this API has given'],
  [{ after: 'nonsense' }, 'after', 'must be a cursor that this list has given']
])('refuses %j', async (variables, field, rule) => {
  const { errors } = await app.admin.ask(Runs, variables)
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', problems: [{ field, rule }] } }])
})

it('tells for each resource its own runs, in some states or any', async () => {
  const read = async (variables: { state?: ('SCHEDULED' | 'FAILED')[]; first?: number }) =>
    (await app.admin.run(RunsOfResources, variables)).resources.nodes.map(
      ({ externalId, runs: { totalCount, nodes } }) => `${externalId} ${totalCount} ${nodes.map((run) => run.externalId).join('')}`
    )
  expect(await read({})).toEqual(['hourly 2 de', 'nightly 3 acb', 'unused 0 '])
  expect(await read({ first: 1 })).toEqual(['hourly 2 d', 'nightly 3 a', 'unused 0 '])
  expect(await read({ state: ['SCHEDULED', 'FAILED'] })).toEqual(['hourly 2 de', 'nightly 2 cb', 'unused 0 '])
  expect(await read({ state: [] })).toEqual(['hourly 0 ', 'nightly 0 ', 'unused 0 '])
})

describe('runs are not in the record, so they', () => {
  it('are led to only by way of a field that is never answered from memory', () => {
    const reached = new Set<string>()
    const reach = (type: GraphQLNamedType) => {
      if (reached.has(type.name)) return
      reached.add(type.name)
      if (isAbstractType(type)) schema.getPossibleTypes(type).forEach(reach)
      const fields = isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : []
      for (const field of fields) if (!field.extensions.unshared) reach(getNamedType(field.type))
    }
    reach(schema.getQueryType() as GraphQLNamedType)
    expect([...reached]).toEqual(expect.arrayContaining(['Resource', 'Incident', 'Dependency']))
    expect([...reached]).not.toContain('Run')
  })

  it('are told as they are, whatever was answered a moment ago', async () => {
    const where = { workspaceId_externalId: { workspaceId: app.workspace.workspaceId, externalId: 'e' } }
    const { id } = await app.database.prisma.run.findUniqueOrThrow({ where })
    for (const document of [
      `{ node(id: "${Buffer.from(`Run:${id}`).toString('base64url')}") { id } }`,
      '{ run(externalId: "e") { id } }',
      '{ resource(externalId: "hourly") { runs(state: [FAILED]) { totalCount } } }'
    ]) {
      const before = await app.admin.run(document)
      const row = await app.database.prisma.run.delete({ where })
      expect(await app.admin.run(document)).not.toEqual(before)
      await app.database.prisma.run.create({ data: row })
      expect(await app.admin.run(document)).toEqual(before)
    }
  })
})
