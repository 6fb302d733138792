// The moments that an incident's life fixes, and the durations that teams report from them.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startEmbedded, type TestApp } from '../kit/app.ts'
import { Clock } from '../kit/clock.ts'
import { UpdateIncident } from '../kit/documents.ts'
import { readIncident, type Step, take, tryStep } from '../kit/incident.ts'
import { addMember, declare } from '../kit/seed.ts'

const clock = new Clock()
let app: TestApp

beforeAll(async () => {
  app = await startEmbedded({ clock: clock.read })
})
afterAll(() => app[Symbol.asyncDispose]())

/** Takes steps ten minutes apart and tells the moments of the last, in minutes from the declaration. */
async function momentsAfter(...steps: (Step | [Step, Record<string, unknown>])[]) {
  const start = clock.read()
  let incident: { id: string; version: number } = await declare(app.admin, { startedAt: clock.before(30) })
  for (const step of steps) {
    clock.forward(10)
    incident = await take(app.admin, incident, step)
  }
  const found = await readIncident(app.admin, incident.id)
  const minutes = (moment?: string | null) => (moment ? (Date.parse(moment) - start.getTime()) / 60_000 : null)
  return {
    acknowledged: minutes(found.acknowledgedAt),
    mitigated: minutes(found.mitigatedAt),
    resolved: minutes(found.resolvedAt),
    closed: minutes(found.closedAt),
    durations: [found.timeToAcknowledge, found.timeToMitigate, found.timeToResolve]
  }
}

const monitoring: [Step, Record<string, unknown>] = ['changeIncidentStatus', { status: 'MONITORING' }]
const investigating: [Step, Record<string, unknown>] = ['changeIncidentStatus', { status: 'INVESTIGATING' }]

it.each<[string, Parameters<typeof momentsAfter>, Awaited<ReturnType<typeof momentsAfter>>]>([
  ['a declaration', [], { acknowledged: null, mitigated: null, resolved: null, closed: null, durations: [null, null, null] }],
  [
    'the whole way',
    ['acknowledgeIncident', monitoring, 'resolveIncident', 'closeIncident'],
    { acknowledged: 10, mitigated: 20, resolved: 30, closed: 40, durations: ['PT10M', 'PT50M', 'PT1H'] }
  ],
  ['the short way', ['resolveIncident'], { acknowledged: 10, mitigated: 10, resolved: 10, closed: null, durations: ['PT10M', 'PT40M', 'PT40M'] }],
  [
    'a fix that did not hold: mitigation counts anew, the first acknowledgement stays',
    ['acknowledgeIncident', monitoring, investigating, 'resolveIncident'],
    { acknowledged: 10, mitigated: 40, resolved: 40, closed: null, durations: ['PT10M', 'PT1H10M', 'PT1H10M'] }
  ],
  [
    'a reopening',
    ['resolveIncident', 'closeIncident', 'reopenIncident'],
    { acknowledged: 10, mitigated: null, resolved: null, closed: null, durations: ['PT10M', null, null] }
  ],
  [
    'a second end',
    ['resolveIncident', 'reopenIncident', 'resolveIncident', 'closeIncident'],
    { acknowledged: 10, mitigated: 30, resolved: 30, closed: 40, durations: ['PT10M', 'PT1H', 'PT1H'] }
  ],
  ['a false alarm', ['cancelIncident'], { acknowledged: null, mitigated: null, resolved: null, closed: 10, durations: [null, null, null] }]
])('after %s', async (_name, steps, expected) => {
  expect(await momentsAfter(...steps)).toEqual(expected)
})

it('durations follow a corrected start, and are never negative', async () => {
  const incident = await take(app.admin, await declare(app.admin), 'resolveIncident')
  clock.forward(60)
  for (const [startedAt, version, timeToResolve] of [
    [clock.before(60 + 24 * 60), incident.version, 'P1D'],
    [clock.before(1), incident.version + 1, 'PT0S']
  ] as const) {
    await app.admin.run(UpdateIncident, { input: { id: incident.id, version, startedAt } })
    expect((await readIncident(app.admin, incident.id)).timeToResolve).toBe(timeToResolve)
  }
})

it('resolveIncident keeps what was done and the root cause; what it leaves out stays as it was', async () => {
  const declared = await declare(app.admin)
  const answer = await tryStep(app.admin, 'resolveIncident', {
    id: declared.id,
    version: 1,
    resolution: 'Restarted it',
    rootCause: ' A full disk ',
    note: 'puh'
  })
  expect(answer.__typename).toBe('IncidentPayload')
  const resolved = await readIncident(app.admin, declared.id)
  expect(resolved).toMatchObject({ resolution: 'Restarted it', rootCause: 'A full disk' })
  expect(resolved.timeline.nodes.at(-1)).toMatchObject({
    message: 'First admin key resolved it: Restarted it',
    text: { resolution: 'Restarted it', rootCause: 'A full disk', note: 'puh' }
  })
  await take(app.admin, resolved, 'reopenIncident', ['resolveIncident', { resolution: 'Cleaned the disk' }])
  expect(await readIncident(app.admin, declared.id)).toMatchObject({ resolution: 'Cleaned the disk', rootCause: 'A full disk' })
})

it('a machine that acknowledges does not become the lead', async () => {
  const declared = await declare(app.admin)
  await take(app.admin, declared, 'acknowledgeIncident')
  expect((await readIncident(app.admin, declared.id)).lead).toBeNull()
  const lead = await addMember(app.admin, 'Ada')
  const led = await declare(app.admin, { leadId: lead.id })
  await take(app.admin, led, 'acknowledgeIncident')
  expect((await readIncident(app.admin, led.id)).lead).toMatchObject({ name: 'Ada' })
})
