// Workspaces are separate worlds: an id of another is answered, to the byte, as one that does not exist; nothing that
// is there or happens there can be seen, counted, found, changed or heard from here.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { quiet, startEmbedded, type TestApp } from '../kit/app.ts'
import type { Answer, Client } from '../kit/client.ts'
import { Clock } from '../kit/clock.ts'
import { DeclareIncident, FollowChanges } from '../kit/documents.ts'
import { dumpDatabase } from '../kit/dump.ts'
import { generousLimits, type RootField, rootFieldsOf } from '../kit/full-operation.ts'
import { tryStep } from '../kit/incident.ts'
import { comment, declare, otherWorkspace } from '../kit/seed.ts'
import { answerTo, type IdKind, rootFields } from './root-fields.ts'
import { encodeId, idOfNothing, nodeTypes, populate, rowIdOf, type World } from './world.ts'

/** Stands in every text of the other workspace, and nowhere else. */
const marker = 'Xanadu'

let app: TestApp
let own: World
let other: World
let fields: Map<string, RootField>

beforeAll(async () => {
  app = await startEmbedded({ environment: { ...generousLimits, ...quiet.environment }, clock: new Clock().read })
  own = await populate(app.admin, 'Own')
  other = await populate(await otherWorkspace(app.admin), marker)
  fields = new Map((await rootFieldsOf(app.admin)).map((field) => [`${field.kind} ${field.name}`, field]))
})

afterAll(() => app[Symbol.asyncDispose]())

describe.each(Object.keys(rootFields).filter((name) => rootFields[name]?.ids))('%s', (name) => {
  const { ids = {}, variables = () => ({}) } = rootFields[name] ?? {}

  it('has an entry for each of its ids', () => {
    expect(Object.keys(ids).sort()).toEqual(
      fields
        .get(name)
        ?.idPaths.map(({ path }) => path)
        .sort()
    )
  })

  it.each(Object.entries(ids).flatMap(([path, kinds]) => [kinds].flat().map((kind) => ({ path, kind }))))(
    'answers a $kind of another workspace as $path as one that does not exist',
    async ({ path, kind }) => {
      const field = fields.get(name) as RootField
      const list = field.idPaths.some((each) => each.path === path && each.list)
      const given = await variables(own, app.admin)
      const { theirs, nothing } = await idsOf(kind, field)
      for (const put of list ? [(id: string) => [id], (id: string) => [...((at(given, path) as string[]) ?? []), id]] : [(id: string) => id]) {
        const before = await dumpDatabase(app.database)
        const answer = await answerTo(own.admin, field, withAt(given, path, put(theirs)))
        const expected = await answerTo(own.admin, field, withAt(given, path, put(nothing)))
        expect(told(answer, theirs)).toBe(told(expected, nothing))
        expect(JSON.stringify(answer)).not.toContain(marker)
        expect(await dumpDatabase(app.database)).toEqual(before)
        expect(answer.errors?.[0]?.extensions.code).not.toBe('INTERNAL_SERVER_ERROR')
        if (field.kind === 'query' && path === 'id') expect(answer).toEqual({ data: { [field.name]: null } })
        if (field.kind === 'mutation') expect(answer.data?.[field.name]).toMatchObject({ __typename: 'NotFoundError' })
        if (field.kind === 'subscription' && kind === 'Incident' && !list) expect(answer.errors?.[0]?.extensions.code).toBe('NOT_FOUND')
        if (kind === 'Place') expect(answer.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
      }
    }
  )
})

it('has ids in the other workspace that do exist there', async () => {
  const node = fields.get('query node') as RootField
  for (const type of nodeTypes) {
    const answer = await answerTo(other.admin, node, { id: other.ids[type] })
    expect(answer.data?.node).toMatchObject({ __typename: type, id: other.ids[type] })
  }
})

it('finds nothing under an id whose type is not that of the row, of either workspace', async () => {
  for (const type of nodeTypes) {
    for (const world of [own, other]) {
      for (const [of, id] of Object.entries(world.ids)) {
        if (world === own && of === type) continue
        expect(await own.admin.run('query ($id: ID!) { node(id: $id) { __typename } }', { id: encodeId(type, rowIdOf(id)) })).toEqual({ node: null })
      }
    }
  }
})

it('refuses an id of a type that has none', async () => {
  const possible = await app.admin.run<{ __type: { possibleTypes: { name: string }[] } }>('{ __type(name: "Node") { possibleTypes { name } } }')
  expect(possible.__type.possibleTypes.map(({ name }) => name).sort()).toEqual([...nodeTypes].sort())
  for (const type of ['Viewer', 'Change', 'Query', 'Actor', 'Nonsense', 'constructor']) {
    const answer = await answerTo(own.admin, fields.get('query node') as RootField, { id: encodeId(type, rowIdOf(own.ids.Incident)) })
    expect(answer.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  }
})

it('answers every query as if the other workspace were not there', async () => {
  const clock = new Clock()
  await using alone = await startEmbedded({ environment: { ...generousLimits, ...quiet.environment }, clock: clock.read })
  const here = await populate(alone.admin, 'Own')
  const before = await everyAnswer(here)
  const there = await populate(await otherWorkspace(alone.admin), marker)
  for (const severity of ['CRITICAL', 'MINOR'] as const) {
    const { id } = await declare(there.admin, { title: 'Own orders are late, it says', severity, tags: ['orders'] })
    await comment(there.admin, id, 'Own looks like the warehouse')
  }
  expect(await everyAnswer(here)).toEqual(before)
})

it('keeps idempotency keys, causes, subjects and external ids of workspaces apart', async () => {
  expect(await dumpDatabase(app.database)).toMatchObject({
    workspace: expect.arrayContaining([expect.stringContaining('"incident_count": ')]),
    actor: expect.arrayContaining([
      expect.stringMatching(/Own Ada.*idp\|ada|idp\|ada.*Own Ada/),
      expect.stringMatching(/Xanadu Ada.*idp\|ada|idp\|ada.*Xanadu Ada/)
    ])
  })
  const input = { title: 'The same again', severity: 'LOW', dedupKey: 'shared cause', dedupPolicy: 'REFUSE', idempotencyKey: 'shared request' } as const
  const [here, there] = await Promise.all([own, other].map(({ admin }) => admin.run(DeclareIncident, { input })))
  expect(here?.declareIncident).toMatchObject({ __typename: 'DeclareIncidentPayload', outcome: 'DECLARED' })
  expect(there?.declareIncident).toMatchObject({ __typename: 'DeclareIncidentPayload', outcome: 'DECLARED' })
  const again = await own.admin.run(DeclareIncident, { input: { ...input, idempotencyKey: 'another request' } })
  expect(again.declareIncident).toMatchObject({
    __typename: 'DuplicateIncidentError',
    incident: { id: here?.declareIncident.__typename === 'DeclareIncidentPayload' ? here.declareIncident.incident.id : null }
  })
})

it('names a resource of another workspace as one that does not exist when something is to belong to it', async () => {
  const upsert = fields.get('mutation upsertResources') as RootField
  const resource = (belongsTo: string) => ({ input: { resources: [{ kind: 'CUSTOM', externalId: 'leaf', name: 'Leaf', belongsTo: [belongsTo] }] } })
  await other.admin.ask(upsert.operation, { input: { resources: [{ kind: 'CUSTOM', externalId: 'their root', name: marker }] } })
  const before = await dumpDatabase(app.database)
  const answer = await answerTo(own.admin, upsert, resource('their root'))
  expect(answer.data?.upsertResources).toMatchObject({ resources: [], rejected: [{ index: 0 }] })
  expect(told(answer, 'their root')).toBe(told(await answerTo(own.admin, upsert, resource('no root')), 'no root'))
  expect(await dumpDatabase(app.database)).toEqual(before)
})

it('pushes nothing of another workspace, whatever happens there', async () => {
  await using app = await startEmbedded({ environment: generousLimits })
  const here = await populate(app.admin, 'Own')
  const there = await populate(await otherWorkspace(app.admin), marker)
  const streams = [...fields.values()].filter(({ kind }) => kind === 'subscription')
  const followings = streams.map((field) => {
    const { variables = () => ({}) } = rootFields[`subscription ${field.name}`] ?? {}
    return {
      field,
      following: here.admin.follow<Record<string, { cursor: string; reset: boolean }>>(field.operation, variables(here, here.admin) as Record<string, unknown>)
    }
  })
  for (const { following } of followings) await following.next()
  await using theirs = there.admin.follow(FollowChanges)
  await theirs.next()
  for (const [name, { variables = () => ({}) }] of Object.entries(rootFields)) {
    if (!name.startsWith('mutation ')) continue
    const { data } = await there.admin.ask<Record<string, { __typename: string }>>(fields.get(name)?.operation ?? '', await variables(there, there.admin))
    expect(Object.values(data ?? {})[0]?.__typename).toMatch(/Payload$/)
  }
  const { cursor: last } = await comment(there.admin, there.ids.Incident, 'the last word')
  await theirs.until(({ changes }) => changes.cursor === last)
  const { cursor: said } = await comment(here.admin, here.ids.Incident, 'ours')
  // What is said moves no impact: that one hears of another thing, when the others have gone.
  for (const { field, following } of followings.sort((a, b) => Number(a.field.name === 'impactChanged') - Number(b.field.name === 'impactChanged'))) {
    const moved = field.name === 'impactChanged' && (await tryStep(here.admin, 'acknowledgeIncident', { id: here.ids.Incident, version: 1 })).cursor
    const frame = await following.next()
    expect(frame[field.name]).toMatchObject({ cursor: moved || said, reset: false })
    expect(JSON.stringify(following.frames)).not.toContain(marker)
    expect(following.frames).toHaveLength(2)
    await following[Symbol.asyncDispose]()
  }
})

/** Every query's answer in full, with each way to look for something. */
async function everyAnswer(world: World): Promise<Record<string, Answer<unknown>>> {
  const answers: Record<string, Answer<unknown>> = {}
  const words = ['own', 'late', 'warehouse', marker, 'orders -nothing']
  for (const [name, { variables = () => ({}) }] of Object.entries(rootFields)) {
    if (!name.startsWith('query ')) continue
    const field = fields.get(name) as RootField
    answers[name] = await answerTo(world.admin, field, await variables(world, world.admin))
    if (!['incidents', 'incidentMetrics'].includes(field.name)) continue
    for (const filter of [...words.map((search) => ({ search })), { tags: { any: ['orders'] } }, { active: true }, { severity: ['HIGH', 'CRITICAL'] }]) {
      answers[`${name} ${JSON.stringify(filter)}`] = await answerTo(world.admin, field, { filter })
    }
  }
  const { operation } = fields.get('query incidentByNumber') as RootField
  for (const number of [2, 3]) answers[`number ${number}`] = await world.admin.ask(operation, { number })
  for (const name of ['own', marker]) answers[`named ${name}`] = await world.admin.ask(fields.get('query resources')?.operation ?? '', { filter: { name } })
  return answers
}

/** An id that exists in the other workspace, and one like it that exists nowhere. */
async function idsOf(kind: IdKind, field: RootField): Promise<{ theirs: string; nothing: string }> {
  if (kind === 'Place')
    return {
      theirs: other.cursor,
      nothing: recoded(other.cursor, (text) => text.replace(/^[0-9a-f]+/, (id) => randomBytes(id.length).toString('hex').slice(id.length)))
    }
  if (kind === 'Page') {
    const theirs = await lastCursor(other.admin, field)
    // An id of the same millisecond, so that it stands where theirs does: a page begins after a place, whether or not something is there.
    return { theirs, nothing: recoded(theirs, (text) => text.replace(/(?<=[0-9a-f]{8}(-[0-9a-f]{4}){3}-)[0-9a-f]{12}/, () => randomBytes(6).toString('hex'))) }
  }
  return { theirs: other.ids[kind], nothing: idOfNothing(kind) }
}

async function lastCursor(client: Client, field: RootField): Promise<string> {
  const { data } = await client.ask<Record<string, { pageInfo: { endCursor: string } }>>(field.operation, {})
  return data?.[field.name]?.pageInfo.endCursor ?? ''
}

function recoded(text: string, change: (text: string) => string): string {
  return Buffer.from(change(Buffer.from(text, 'base64url').toString())).toString('base64url')
}

/** An answer as text, but for the id that was asked with, and what differs from request to request. */
function told(answer: Answer<unknown>, id: string): string {
  return JSON.stringify(answer)
    .replaceAll(id, '<id>')
    .replaceAll(/"requestId":"[^"]+"/g, '"requestId":"<id>"')
}

function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value)
}

function withAt(value: Record<string, unknown>, path: string, leaf: unknown): Record<string, unknown> {
  const [key = '', ...rest] = path.split('.')
  return { ...value, [key]: rest.length > 0 ? withAt((value[key] ?? {}) as Record<string, unknown>, rest.join('.'), leaf) : leaf }
}
