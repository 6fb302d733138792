// What depends on what: what users add and take away, and how it reads.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { takeCatalogue } from '../../src/resource/catalogue.ts'
import type { DependencyInput } from '../generated/graphql.ts'
import { graphql } from '../generated/index.ts'
import { startEmbedded, startOnServer, type TestApp } from '../kit/app.ts'
import { Clock } from '../kit/clock.ts'
import { readRecord } from '../kit/incident.ts'
import { addResources, otherWorkspace } from '../kit/seed.ts'

const AddDependencies = graphql(`
  mutation AddDependencies($input: DependenciesInput!) {
    addDependencies(input: $input) {
      cursor
      dependencies { upstream { externalId } downstream { externalId } kind source confidence createdAt lastSeenAt }
      rejected { index reason }
    }
  }
`)

const RemoveDependencies = graphql(`
  mutation RemoveDependencies($input: DependenciesInput!) {
    removeDependencies(input: $input) { cursor removed rejected { index reason } }
  }
`)

const Neighbours = graphql(`
  query Neighbours($externalId: String!, $kind: [DependencyKind!], $first: Int, $after: String) {
    resource(externalId: $externalId) {
      upstream(kind: $kind, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { kind upstream { name } downstream { name } } }
      downstream(kind: $kind, first: $first, after: $after) { totalCount nodes { kind upstream { name } downstream { name } } }
    }
  }
`)

const clock = new Clock()
let app: TestApp

beforeAll(async () => {
  app = await startEmbedded({ clock: clock.read })
})
afterAll(() => app[Symbol.asyncDispose]())

/** Three new resources for each test: `a`, `b` and `c` behind the number of the test. */
let test = 0
const id = (name: string) => `${test}.${name}`
beforeEach(async () => {
  test++
  await addResources(app.admin, ...['a', 'b', 'c'].map((name) => ({ kind: 'CUSTOM' as const, externalId: id(name), name })))
})

const on = (downstream: string, upstream: string, kind?: DependencyInput['kind']): DependencyInput => ({
  downstream: id(downstream),
  upstream: id(upstream),
  ...(kind ? { kind } : {})
})
const add = async (...dependencies: DependencyInput[]) => (await app.admin.run(AddDependencies, { input: { dependencies } })).addDependencies
const remove = async (...dependencies: DependencyInput[]) => (await app.admin.run(RemoveDependencies, { input: { dependencies } })).removeDependencies
const neighbours = async (name: string, more = {}) => (await app.admin.run(Neighbours, { externalId: id(name), ...more })).resource
const newest = async () => (await readRecord(app.admin)).at(-1)
/** What the orchestrator says, by its catalogue or by an event. */
const told = (source: 'CATALOG' | 'EVENT', downstream: string, upstream: string) =>
  takeCatalogue(app.app.core, app.workspace.workspaceId, {
    connectionId: null,
    source,
    resources: [],
    dependencies: [{ downstream: id(downstream), upstream: id(upstream), kind: 'DEPENDS_ON', confidence: source === 'EVENT' ? 'LIKELY' : 'CERTAIN' }]
  })

it('adds dependencies, as one change', async () => {
  const answer = await add(on('b', 'a'), on('c', 'b', 'READS'), on('c', 'a'))
  const common = { source: 'USER', confidence: 'CERTAIN', createdAt: clock.before(0), lastSeenAt: clock.before(0) }
  expect(answer).toEqual({
    cursor: expect.any(String),
    dependencies: [
      { ...common, downstream: { externalId: id('b') }, upstream: { externalId: id('a') }, kind: 'DEPENDS_ON' },
      { ...common, downstream: { externalId: id('c') }, upstream: { externalId: id('b') }, kind: 'READS' },
      { ...common, downstream: { externalId: id('c') }, upstream: { externalId: id('a') }, kind: 'DEPENDS_ON' }
    ],
    rejected: []
  })
  expect(await newest()).toMatchObject({
    cursor: answer.cursor,
    kind: 'DEPENDENCY_ADDED',
    message: 'First admin key added 3 dependencies',
    data: { source: 'USER', count: 3, downstreamIds: { length: 2 } }
  })
  expect(await neighbours('c')).toMatchObject({
    upstream: {
      totalCount: 2,
      nodes: [
        { kind: 'DEPENDS_ON', upstream: { name: 'a' }, downstream: { name: 'c' } },
        { kind: 'READS', upstream: { name: 'b' }, downstream: { name: 'c' } }
      ]
    },
    downstream: { totalCount: 0, nodes: [] }
  })
  expect(await neighbours('a')).toMatchObject({
    upstream: { totalCount: 0 },
    downstream: { totalCount: 2, nodes: [{ downstream: { name: 'b' } }, { downstream: { name: 'c' } }] }
  })
})

it('the same again changes nothing, also twice in one request', async () => {
  const first = await add(on('b', 'a'), on('b', 'a'))
  expect(first.dependencies).toHaveLength(2)
  expect((await newest())?.data).toMatchObject({ count: 1 })
  expect(await add(on('b', 'a'))).toEqual({ ...first, dependencies: first.dependencies.slice(1) })
  expect((await newest())?.cursor).toBe(first.cursor)
})

it('lists by name, by kind, and in pages', async () => {
  await add(on('c', 'b'), on('c', 'b', 'READS'), on('c', 'a', 'TRIGGERED_BY'))
  const kinds = async (more: object) => (await neighbours('c', more))?.upstream.nodes.map(({ kind, upstream }) => `${upstream.name} ${kind}`)
  const all = ['a TRIGGERED_BY', 'b DEPENDS_ON', 'b READS']
  expect(await kinds({})).toEqual(all)
  expect(await kinds({ kind: ['READS', 'TRIGGERED_BY'] })).toEqual(['a TRIGGERED_BY', 'b READS'])
  expect((await neighbours('c', { kind: ['READS'] }))?.upstream.totalCount).toBe(1)
  expect(await kinds({ kind: [] })).toEqual([])
  const turned: string[] = []
  for (let after: string | null | undefined; turned.length < all.length; ) {
    const page = (await neighbours('c', { first: 1, after }))?.upstream
    turned.push(...(page?.nodes.map(({ kind, upstream }) => `${upstream.name} ${kind}`) ?? []))
    expect(page?.pageInfo.hasNextPage).toBe(turned.length < all.length)
    after = page?.pageInfo.endCursor
  }
  expect(turned).toEqual(all)
})

it('may go in a circle', async () => {
  expect((await add(on('b', 'a'), on('a', 'b'))).rejected).toEqual([])
  expect(await neighbours('a')).toMatchObject({ upstream: { totalCount: 1 }, downstream: { totalCount: 1 } })
})

it('takes the good rows, and says of each bad one what is wrong with it', async () => {
  const other = await otherWorkspace(app.admin)
  await addResources(other, { kind: 'CUSTOM', externalId: id('theirs'), name: 'theirs' })
  const bad = [on('a', 'a'), on('b', 'nowhere'), on('nowhere', 'b'), on('theirs', 'b'), { downstream: ' ', upstream: 'x'.repeat(301) }]
  const reasons = [
    { index: 0, reason: 'downstream: must not be the resource itself' },
    { index: 1, reason: `upstream: must be the external id of a resource; there is no ${id('nowhere')}` },
    { index: 2, reason: `downstream: must be the external id of a resource; there is no ${id('nowhere')}` },
    { index: 3, reason: `downstream: must be the external id of a resource; there is no ${id('theirs')}` },
    { index: 4, reason: 'upstream: must have at most 300 characters; downstream: must not be empty' }
  ]
  const added = await add(...bad, on('b', 'a'))
  expect(added.rejected).toEqual(reasons)
  expect(added.dependencies).toHaveLength(1)
  expect(await remove(...bad, on('b', 'a'))).toMatchObject({ removed: 1, rejected: reasons })
  const before = await newest()
  expect(await add(...bad)).toEqual({ cursor: before?.cursor, dependencies: [], rejected: reasons })
  expect(await newest()).toEqual(before)
})

it('takes dependencies away, and for one that is not there nothing happens', async () => {
  await add(on('b', 'a'), on('c', 'a'), on('b', 'a', 'READS'))
  const { cursor } = await remove(on('b', 'a'), on('c', 'b'), on('b', 'a'))
  expect(await newest()).toMatchObject({
    cursor,
    kind: 'DEPENDENCY_REMOVED',
    message: 'First admin key removed a dependency',
    data: { source: 'USER', count: 1 }
  })
  expect((await neighbours('b'))?.upstream.nodes).toMatchObject([{ kind: 'READS' }])
  expect(await remove(on('b', 'a'))).toEqual({ cursor, removed: 0, rejected: [] })
})

it('leaves what the catalogue tells of, and takes over what an event told', async () => {
  await told('CATALOG', 'b', 'a')
  await told('EVENT', 'c', 'a')
  expect((await add(on('b', 'a'), on('c', 'a'))).dependencies).toMatchObject([{ source: 'CATALOG' }, { source: 'USER', confidence: 'CERTAIN' }])
  expect(await newest()).toMatchObject({ kind: 'DEPENDENCY_UPDATED', message: 'First admin key updated what is known of a dependency', data: { count: 1 } })
  expect(await remove(on('b', 'a'), on('c', 'a'))).toMatchObject({
    removed: 1,
    rejected: [{ index: 0, reason: 'dependency: the catalogue of the orchestrator tells of it, so it would come back' }]
  })
  await told('EVENT', 'c', 'a')
  expect(await remove(on('c', 'a'))).toMatchObject({ removed: 1, rejected: [] })
})

it.each([
  [0, 'must name at least one dependency'],
  [501, 'must have at most 500 dependencies']
])('refuses %i dependencies', async (count, rule) => {
  for (const document of [AddDependencies, RemoveDependencies]) {
    const { errors } = await app.admin.ask(String(document), { input: { dependencies: Array(count).fill(on('b', 'a')) } })
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', problems: [{ field: 'input.dependencies', rule }] } }])
  }
})

it('is one dependency when two nodes add it at once', async () => {
  await using one = await startOnServer()
  await using two = await startOnServer({ databaseUrl: one.databaseUrl ?? '' })
  await addResources(one.admin, { kind: 'CUSTOM', externalId: 'a', name: 'a' }, { kind: 'CUSTOM', externalId: 'b', name: 'b' })
  const input = { dependencies: [{ downstream: 'b', upstream: 'a' }] }
  await Promise.all(Array.from({ length: 6 }, (_, index) => ([one, two][index % 2] ?? one).admin.run(AddDependencies, { input })))
  expect((await readRecord(one.admin)).filter(({ kind }) => kind === 'DEPENDENCY_ADDED')).toHaveLength(1)
  expect(await one.database.prisma.dependency.count()).toBe(1)
})
