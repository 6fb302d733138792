// Every status against every way on: what `availableTransitions` says is what the mutations do, and nothing else.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmbedded, type TestApp } from '../kit/app.ts'
import { readIncident, readRecord, type Step, stepDocument, take, tryStep } from '../kit/incident.ts'
import { addResources, declare } from '../kit/seed.ts'

let app: TestApp
let survivor: { id: string }

beforeAll(async () => {
  app = await startEmbedded()
  survivor = await declare(app.admin, { title: 'The one that goes on' })
})
afterAll(() => app[Symbol.asyncDispose]())

/** How an incident gets to each status, from a declaration. */
const ways: Record<string, () => (Step | [Step, Record<string, unknown>])[]> = {
  TRIAGE: () => [],
  INVESTIGATING: () => ['acknowledgeIncident'],
  IDENTIFIED: () => [['changeIncidentStatus', { status: 'IDENTIFIED' }]],
  MONITORING: () => [['changeIncidentStatus', { status: 'MONITORING' }]],
  RESOLVED: () => ['resolveIncident'],
  CLOSED: () => ['resolveIncident', 'closeIncident'],
  MERGED: () => [['mergeIncident', { intoId: survivor.id }]],
  CANCELED: () => ['cancelIncident']
}

/** Each mutation, where it leads, and the statuses that it is for. */
const moves: { step: Step; to: string; from: string[]; more?: () => Record<string, unknown>; kind: string }[] = [
  { step: 'acknowledgeIncident', to: 'INVESTIGATING', from: ['TRIAGE'], kind: 'INCIDENT_ACKNOWLEDGED' },
  ...(
    [
      ['INVESTIGATING', ['TRIAGE', 'IDENTIFIED', 'MONITORING']],
      ['IDENTIFIED', ['TRIAGE', 'INVESTIGATING', 'MONITORING']],
      ['MONITORING', ['TRIAGE', 'INVESTIGATING', 'IDENTIFIED']]
    ] as [string, string[]][]
  ).map(([to, from]) => ({ step: 'changeIncidentStatus' as const, to, from, more: () => ({ status: to }), kind: 'INCIDENT_STATUS_CHANGED' })),
  { step: 'resolveIncident', to: 'RESOLVED', from: ['TRIAGE', 'INVESTIGATING', 'IDENTIFIED', 'MONITORING'], kind: 'INCIDENT_RESOLVED' },
  { step: 'closeIncident', to: 'CLOSED', from: ['RESOLVED'], kind: 'INCIDENT_CLOSED' },
  { step: 'reopenIncident', to: 'INVESTIGATING', from: ['RESOLVED', 'CLOSED'], kind: 'INCIDENT_REOPENED' },
  { step: 'cancelIncident', to: 'CANCELED', from: ['TRIAGE', 'INVESTIGATING', 'IDENTIFIED', 'MONITORING'], kind: 'INCIDENT_CANCELED' },
  {
    step: 'mergeIncident',
    to: 'MERGED',
    from: ['TRIAGE', 'INVESTIGATING', 'IDENTIFIED', 'MONITORING'],
    more: () => ({ intoId: survivor.id }),
    kind: 'INCIDENT_MERGED'
  }
]

describe.each(Object.keys(ways))('from %s', (status) => {
  it('availableTransitions names exactly where the mutations lead', async () => {
    const { id } = await take(app.admin, await declare(app.admin), ...(ways[status]?.() ?? []))
    const { availableTransitions, active } = await readIncident(app.admin, id)
    expect([...availableTransitions].sort()).toEqual([...new Set(moves.filter(({ from }) => from.includes(status)).map(({ to }) => to))].sort())
    expect(active).toBe(['TRIAGE', 'INVESTIGATING', 'IDENTIFIED', 'MONITORING'].includes(status))
  })

  it.each(moves.filter(({ from }) => from.includes(status)))('$step leads to $to, with a note', async ({ step, to, more, kind }) => {
    const incident = await take(app.admin, await declare(app.admin), ...(ways[status]?.() ?? []))
    const result = await tryStep(app.admin, step, { ...incident, ...more?.(), note: 'because' })
    expect(result).toMatchObject({ __typename: 'IncidentPayload', incident: { id: incident.id, status: to, version: incident.version + 1 } })
    const { timeline } = await readIncident(app.admin, incident.id)
    expect(timeline.nodes.filter(({ kind }) => kind !== 'INCIDENT_LEAD_CHANGED').at(-1)).toMatchObject({
      kind,
      data: { from: status, to },
      text: { note: 'because' }
    })
  })

  it.each(moves.filter(({ from }) => !from.includes(status)))('$step to $to is refused, and changes nothing', async ({ step, to, more }) => {
    const incident = await take(app.admin, await declare(app.admin), ...(ways[status]?.() ?? []))
    const before = await readIncident(app.admin, incident.id)
    const result = await tryStep(app.admin, step, { ...incident, ...more?.() })
    expect(result).toMatchObject({ __typename: 'TransitionError', from: status, to, availableTransitions: before.availableTransitions })
    expect(await readIncident(app.admin, incident.id)).toEqual(before)
  })
})

it.each<[Step, string, string]>([
  ['acknowledgeIncident', 'MONITORING', 'The incident is MONITORING: changeIncidentStatus takes it to INVESTIGATING.'],
  ['reopenIncident', 'TRIAGE', 'The incident is TRIAGE: changeIncidentStatus takes it to INVESTIGATING.'],
  ['changeIncidentStatus', 'CLOSED', 'The incident is CLOSED: reopenIncident takes it to INVESTIGATING.'],
  [
    'closeIncident',
    'TRIAGE',
    'The incident is TRIAGE and cannot become CLOSED. It can go to INVESTIGATING, IDENTIFIED, MONITORING, RESOLVED, MERGED, CANCELED.'
  ],
  ['resolveIncident', 'CANCELED', 'The incident is CANCELED and cannot become RESOLVED. It has ended for good.']
])('the refusal of %s from %s says what can be done instead', async (step, status, message) => {
  const incident = await take(app.admin, await declare(app.admin), ...(ways[status]?.() ?? []))
  const more = step === 'changeIncidentStatus' ? { status: 'INVESTIGATING' } : {}
  expect(await tryStep(app.admin, step, { ...incident, ...more })).toMatchObject({ __typename: 'TransitionError', message })
})

it.each(['RESOLVED', 'TRIAGE', 'MERGED'])('changeIncidentStatus takes no %s: that has a mutation of its own', async (status) => {
  const incident = await declare(app.admin)
  const { errors } = await app.admin.ask(stepDocument('changeIncidentStatus'), { input: { id: incident.id, version: 1, status } })
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', problems: [{ field: 'input.status' }] })
})

it('every step names the version it was made on: a stale one gets the incident as it is, and changes nothing', async () => {
  const [resource] = await addResources(app.admin, { kind: 'FLOW', externalId: 'prefect.flow.1', name: 'load-orders' })
  const incident = await take(app.admin, await declare(app.admin), 'acknowledgeIncident')
  const steps = [...moves, ...(['linkResources', 'unlinkResources'] as const).map((step) => ({ step, more: () => ({ resourceIds: [resource?.id] }) }))]
  const before = await readRecord(app.admin)
  for (const { step, more } of steps) {
    expect(await tryStep(app.admin, step, { id: incident.id, version: 1, ...more?.() }), step).toMatchObject({
      __typename: 'VersionConflictError',
      currentVersion: 2,
      current: { version: 2, status: 'INVESTIGATING' },
      message: 'The incident is at version 2; this edit was made on version 1. Look at the current state and try again.'
    })
  }
  expect(await readRecord(app.admin)).toEqual(before)
})

it('no step knows an incident that is not there', async () => {
  const id = Buffer.from(`Incident:${crypto.randomUUID()}`).toString('base64url')
  for (const { step, more } of moves) {
    expect(await tryStep(app.admin, step, { id, version: 1, ...more?.() }), step).toEqual({
      __typename: 'NotFoundError',
      message: 'There is no incident with this id.'
    })
  }
})
