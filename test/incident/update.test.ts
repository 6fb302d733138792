import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { UpdateIncidentInput } from '../generated/graphql.ts'
import { startEmbedded, startOnServer, type TestApp } from '../kit/app.ts'
import { Clock } from '../kit/clock.ts'
import { UpdateIncident } from '../kit/documents.ts'
import { readIncident, readRecord, take } from '../kit/incident.ts'
import { addMember, declare } from '../kit/seed.ts'

const text = 'a'.repeat(10_000)
const clock = new Clock()
let app: TestApp

beforeAll(async () => {
  app = await startEmbedded({ clock: clock.read })
})
afterAll(() => app[Symbol.asyncDispose]())

it.each<[string, Partial<UpdateIncidentInput>, string, string, object, object | null]>([
  [
    'title',
    { title: ' Orders stand still ' },
    'INCIDENT_TITLE_CHANGED',
    'changed the title to "Orders stand still"',
    {},
    { from: 'Orders are late', to: 'Orders stand still' }
  ],
  ['summary', { summary: text }, 'INCIDENT_SUMMARY_CHANGED', 'changed the summary', {}, { from: 'Since midnight', to: text }],
  ['no summary', { summary: '' }, 'INCIDENT_SUMMARY_CHANGED', 'changed the summary', {}, { from: 'Since midnight' }],
  ['severity', { severity: 'CRITICAL' }, 'INCIDENT_SEVERITY_CHANGED', 'changed the severity from SEV-3 to SEV-1', { from: 'MODERATE', to: 'CRITICAL' }, null],
  [
    'startedAt',
    { startedAt: '2026-03-02T08:00:00Z' },
    'INCIDENT_START_CHANGED',
    'changed the start from 2026-03-02 09:00 UTC to 2026-03-02 08:00 UTC',
    { from: '2026-03-02T09:00:00.000Z', to: '2026-03-02T08:00:00.000Z' },
    null
  ],
  ['tags', { tags: ['orders', 'us', 'us'] }, 'INCIDENT_TAGS_CHANGED', 'added the tags us and removed the tags eu', { added: ['us'], removed: ['eu'] }, null],
  ['resolution', { resolution: 'Restarted it' }, 'INCIDENT_RESOLUTION_CHANGED', 'changed what was done', {}, { to: 'Restarted it' }],
  ['rootCause', { rootCause: 'A full disk' }, 'INCIDENT_ROOT_CAUSE_CHANGED', 'changed the root cause', {}, { to: 'A full disk' }]
])('changes %s alone, by one change in the record', async (_name, edit, kind, message, data, changed) => {
  const declared = await declare(app.admin, { summary: 'Since midnight', tags: ['orders', 'eu'], startedAt: '2026-03-02T09:00:00Z' })
  const before = await readIncident(app.admin, declared.id)
  const updatedAt = clock.forward(5)
  const { updateIncident } = await app.admin.run(UpdateIncident, { input: { id: declared.id, version: 1, ...edit } })
  expect(updateIncident).toMatchObject({ __typename: 'IncidentPayload', incident: { version: 2 } })
  const { timeline, ...incident } = await readIncident(app.admin, declared.id)
  const expected = { ...before, ...edit, version: 2, updatedAt }
  if (edit.title) expected.title = edit.title.trim()
  if (edit.tags) expected.tags = ['orders', 'us']
  if (edit.startedAt) expected.startedAt = '2026-03-02T08:00:00.000Z'
  if (edit.severity) expected.severityLabel = 'SEV-1'
  const { timeline: _, ...rest } = expected
  expect(incident).toEqual(rest)
  expect(timeline.nodes.slice(1)).toMatchObject([{ kind, message: `First admin key ${message}`, data, text: changed, at: updatedAt }])
})

it('sets, passes on and removes the lead; null and left out are told apart', async () => {
  const [ada, bob] = [await addMember(app.admin, 'Ada'), await addMember(app.admin, 'Bob')]
  const { id } = await declare(app.admin)
  const leads: (string | undefined)[] = []
  for (const [index, edit] of [{ leadId: ada.id }, { leadId: bob.id }, { title: 'Other' }, { leadId: null }].entries()) {
    const { updateIncident } = await app.admin.run(UpdateIncident, { input: { id, version: index + 1, ...edit } })
    leads.push(updateIncident.__typename === 'IncidentPayload' ? updateIncident.incident.lead?.name : 'refused')
  }
  expect(leads).toEqual(['Ada', 'Bob', 'Bob', undefined])
  const changes = (await readRecord(app.admin, { kind: ['INCIDENT_LEAD_CHANGED'], incidentIds: [id] })).map(({ message }) => message)
  expect(changes).toEqual(['First admin key changed the lead', 'First admin key changed the lead', 'First admin key removed the lead'])
})

it('keeps a lead who has left until somebody changes it, and does not take one who has', async () => {
  const eve = await addMember(app.admin, 'Eve')
  const { id } = await declare(app.admin, { leadId: eve.id })
  await app.admin.run('mutation ($id: ID!) { removeMember(id: $id) { __typename } }', { id: eve.id })
  const edit = async (input: Partial<UpdateIncidentInput>, version: number) =>
    (await app.admin.run(UpdateIncident, { input: { id, version, ...input } })).updateIncident
  expect(await edit({ title: 'Other', leadId: eve.id }, 1)).toMatchObject({ incident: { title: 'Other', lead: { name: 'Eve' } } })
  await edit({ leadId: null }, 2)
  expect(await edit({ leadId: eve.id }, 3)).toEqual({ __typename: 'NotFoundError', message: 'There is no member with this id.' })
})

it('changes several things in one version, with one change in the record for each', async () => {
  const { id } = await declare(app.admin)
  await app.admin.run(UpdateIncident, { input: { id, version: 1, title: 'Other', severity: 'LOW', tags: ['a'], summary: 'Known' } })
  const { version, timeline } = await readIncident(app.admin, id)
  expect(version).toBe(2)
  expect(timeline.nodes.slice(1).map(({ kind }) => kind)).toEqual([
    'INCIDENT_TITLE_CHANGED',
    'INCIDENT_SUMMARY_CHANGED',
    'INCIDENT_SEVERITY_CHANGED',
    'INCIDENT_TAGS_CHANGED'
  ])
})

it('makes no change, and no new version, where all is equal already', async () => {
  const joe = await addMember(app.admin, 'Joe')
  const declared = await declare(app.admin, { summary: 'Known', tags: ['b', 'a'], leadId: joe.id, startedAt: '2026-03-01T08:00:00Z' })
  const before = await readRecord(app.admin)
  const input = {
    title: ' Orders are late',
    summary: 'Known ',
    severity: 'MODERATE',
    tags: ['a', 'b', 'a'],
    leadId: joe.id,
    resolution: '',
    rootCause: ''
  } as const
  for (const edit of [
    { ...input, tags: [...input.tags], startedAt: '2026-03-01T09:00:00+01:00' },
    {},
    { title: null, summary: null, severity: null, startedAt: null, tags: null }
  ]) {
    const { updateIncident } = await app.admin.run(UpdateIncident, { input: { id: declared.id, version: 1, ...edit } })
    expect(updateIncident).toMatchObject({ __typename: 'IncidentPayload', cursor: declared.cursor, incident: { version: 1 } })
  }
  expect(await readRecord(app.admin)).toEqual(before)
})

it('what was done and the root cause can be taken back: they are null again', async () => {
  const incident = await take(app.admin, await declare(app.admin), ['resolveIncident', { resolution: 'Restarted it', rootCause: 'A full disk' }])
  const { updateIncident } = await app.admin.run(UpdateIncident, { input: { ...incident, resolution: '', rootCause: ' ' } })
  expect(updateIncident).toMatchObject({ incident: { resolution: null, rootCause: null } })
})

it('an edit that is refused for one field changes no other', async () => {
  const { id } = await declare(app.admin)
  const before = await readIncident(app.admin, id)
  const { errors } = await app.admin.ask(UpdateIncident, { input: { id, version: 1, title: 'Other', startedAt: '2999-01-01T00:00:00Z' } })
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', problems: [{ field: 'input.startedAt', rule: 'must not lie in the future' }] })
  expect(await readIncident(app.admin, id)).toEqual(before)
})

describe('an edit made on an old version', () => {
  it('gets a conflict that carries the present state, and changes nothing', async () => {
    const { id } = await declare(app.admin)
    await app.admin.run(UpdateIncident, { input: { id, version: 1, title: 'Mine' } })
    const before = await readRecord(app.admin)
    const { updateIncident } = await app.admin.run(UpdateIncident, { input: { id, version: 1, title: 'Yours', severity: 'LOW' } })
    expect(updateIncident).toEqual({
      __typename: 'VersionConflictError',
      message: 'The incident is at version 2; this edit was made on version 1. Look at the current state and try again.',
      currentVersion: 2,
      current: { __typename: 'Incident', id, version: 2, title: 'Mine', severity: 'MODERATE' }
    })
    expect(await readRecord(app.admin)).toEqual(before)
  })

  it('is refused for a version that has not come yet, too', async () => {
    const { id } = await declare(app.admin)
    expect((await app.admin.run(UpdateIncident, { input: { id, version: 2, title: 'Mine' } })).updateIncident).toMatchObject({
      __typename: 'VersionConflictError',
      currentVersion: 1
    })
  })

  it('of twelve that are made at once on two nodes, exactly one wins, and nobody loses work unknowingly', async () => {
    await using one = await startOnServer()
    await using two = await startOnServer({ databaseUrl: one.databaseUrl ?? '' })
    const { id } = await declare(one.admin)
    for (let version = 1; version <= 5; version++) {
      const answers = await Promise.all(
        Array.from({ length: 12 }, async (_, index) => {
          const title = `Version ${version} by ${index}`
          return { title, result: (await [one, two][index % 2]?.admin.run(UpdateIncident, { input: { id, version, title } }))?.updateIncident }
        })
      )
      const [winner, ...others] = answers.filter(({ result }) => result?.__typename === 'IncidentPayload')
      expect(others).toEqual([])
      const conflicts = answers.flatMap(({ result }) => (result?.__typename === 'VersionConflictError' ? result.current : []))
      expect(conflicts).toHaveLength(11)
      for (const current of conflicts) expect(current).toMatchObject({ title: winner?.title, version: version + 1 })
    }
    expect(await readRecord(two.admin, { kind: ['INCIDENT_TITLE_CHANGED'] })).toHaveLength(5)
  })
})
