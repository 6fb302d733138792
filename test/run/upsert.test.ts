// Runs that people and tools tell of: the good rows are taken, each bad one is answered with its index and the reason.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RunInput } from '../generated/graphql.ts'
import { graphql } from '../generated/index.ts'
import { startEmbedded, type TestApp } from '../kit/app.ts'
import { Clock } from '../kit/clock.ts'
import { readRecord } from '../kit/incident.ts'
import { addResources, otherWorkspace } from '../kit/seed.ts'

const UpsertRuns = graphql(`
  mutation UpsertRuns($input: UpsertRunsInput!) {
    upsertRuns(input: $input) { written rejected { index reason } }
  }
`)

const clock = new Clock()
let app: TestApp

beforeAll(async () => {
  app = await startEmbedded({ clock: clock.read })
  await addResources(app.admin, { kind: 'DEPLOYMENT', externalId: 'nightly', name: 'nightly' })
})
afterAll(() => app[Symbol.asyncDispose]())

const run = (more: Partial<RunInput> = {}): RunInput => ({ externalId: 'run 1', resource: 'nightly', state: 'RUNNING', stateAt: clock.before(10), ...more })
const upsert = async (...runs: RunInput[]) => (await app.admin.run(UpsertRuns, { input: { runs } })).upsertRuns

async function read(externalId: string) {
  const document = `query ($externalId: String!) { run(externalId: $externalId) { externalId name resource { name } parent { name } state stateName stateMessage stateAt
    expectedStartAt startedAt endedAt duration late tags url createdAt updatedAt } }`
  return (await app.admin.run<{ run: Record<string, unknown> | null }>(document, { externalId })).run
}

it('takes a run in with everything that is given, and then only what is new of it', async () => {
  const before = await readRecord(app.admin)
  const parent = run({ externalId: 'parent', name: 'blue-owl' })
  const whole = run({
    externalId: ' whole ',
    name: ' amber-lynx ',
    parent: 'parent',
    stateName: 'Retrying',
    stateMessage: 'on it',
    expectedStartAt: clock.before(12),
    startedAt: clock.before(11),
    tags: ['etl'],
    url: 'https://prefect.example/1'
  })
  expect(await upsert(parent, whole)).toEqual({ written: 2, rejected: [] })
  const first = {
    externalId: 'whole',
    name: 'amber-lynx',
    resource: { name: 'nightly' },
    parent: { name: 'blue-owl' },
    state: 'RUNNING',
    stateName: 'Retrying',
    stateMessage: 'on it',
    stateAt: clock.before(10),
    expectedStartAt: clock.before(12),
    startedAt: clock.before(11),
    endedAt: null,
    duration: 'PT11M',
    late: false,
    tags: ['etl'],
    url: 'https://prefect.example/1',
    createdAt: clock.before(0),
    updatedAt: clock.before(0)
  }
  expect(await read('whole')).toEqual(first)
  expect(await upsert(parent, whole)).toEqual({ written: 0, rejected: [] })
  clock.forward(5)
  expect(await read('whole')).toEqual({ ...first, duration: 'PT16M' })
  expect(await upsert(run({ externalId: 'whole', state: 'COMPLETED', stateAt: clock.before(1) }))).toEqual({ written: 1, rejected: [] })
  expect(await read('whole')).toEqual({
    ...first,
    state: 'COMPLETED',
    stateName: 'COMPLETED',
    stateMessage: null,
    stateAt: clock.before(1),
    endedAt: clock.before(1),
    duration: 'PT15M',
    updatedAt: clock.before(0)
  })
  expect(await readRecord(app.admin)).toEqual(before)
})

it('tells of a run nobody waits for any longer that it is late, by the clock', async () => {
  await upsert(run({ externalId: 'waiting', state: 'SCHEDULED', expectedStartAt: clock.before(0) }))
  expect(await read('waiting')).toMatchObject({ name: 'waiting', late: false, duration: null, parent: null })
  clock.forward(1)
  expect(await read('waiting')).toMatchObject({ late: true })
})

it.each<[string, Partial<RunInput>, string]>([
  ['an empty id', { externalId: ' ' }, 'externalId: must not be empty'],
  ['a long id', { externalId: 'x'.repeat(301) }, 'externalId: must have at most 300 characters'],
  ['a resource that is nowhere', { resource: 'nowhere' }, 'resource: must be the external id of a resource; there is no nowhere'],
  ['a resource of another workspace', { resource: 'theirs' }, 'resource: must be the external id of a resource; there is no theirs'],
  ['a state from before computers', { stateAt: '1969-12-31T23:59:59Z' }, 'stateAt: must not be before 1970'],
  ['a state from tomorrow', { stateAt: '2026-03-04T09:00:00Z' }, 'stateAt: must not be more than a day ahead'],
  ['a start from tomorrow', { startedAt: '2026-03-04T09:00:00Z' }, 'startedAt: must not be more than a day ahead'],
  ['an end while it runs', { endedAt: '2026-03-02T08:00:00Z' }, 'endedAt: must not be given of a run that is not over'],
  ['an expected start in a thousand years', { expectedStartAt: '3026-03-04T09:00:00Z' }, 'expectedStartAt: must not be after 2999'],
  ['an empty tag', { tags: ['etl', ''] }, 'tags.1: must not be empty'],
  ['51 tags', { tags: Array(51).fill('etl') }, 'tags: must have at most 50 entries'],
  ['a long message', { stateMessage: 'x'.repeat(4_001) }, 'stateMessage: must have at most 4000 characters'],
  ['a script as page', { url: 'javascript:alert(1)' }, 'url: must be an http or https address'],
  ['two things wrong', { name: '', stateName: '' }, 'name: must not be empty; stateName: must not be empty']
])('takes the good rows, and says what is wrong with %s', async (name, wrong, reason) => {
  if (wrong.resource === 'theirs') await addResources(await otherWorkspace(app.admin), { kind: 'FLOW', externalId: 'theirs', name: 'theirs' })
  const [before, after] = [`before ${name}`, `after ${name}`]
  const bad = run({ externalId: `bad ${name}`, ...wrong })
  expect(await upsert(run({ externalId: before }), bad, run({ externalId: after }))).toEqual({ written: 2, rejected: [{ index: 1, reason }] })
  expect(await read(`bad ${name}`)).toBeNull()
  for (const good of [before, after]) expect(await read(good)).not.toBeNull()
})

it('names each bad row in its place, whatever is wrong with it', async () => {
  const { rejected } = await upsert(run({ resource: 'nowhere' }), run({ name: '' }), run(), run({ endedAt: clock.before(1) }), run({ resource: 'nowhere' }))
  expect(rejected.map(({ index }) => index)).toEqual([0, 1, 3, 4])
})

it.each([
  [0, 'must name at least one run'],
  [501, 'must have at most 500 runs']
])('refuses %i runs', async (count, rule) => {
  const { errors } = await app.admin.ask(UpsertRuns, { input: { runs: Array.from({ length: count }, () => run()) } })
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', problems: [{ field: 'input.runs', rule }] } }])
})
