import { afterAll, beforeAll, expect, it } from 'vitest'
import { startEmbedded, type TestApp } from '../kit/app.ts'
import { Clock } from '../kit/clock.ts'
import { take } from '../kit/incident.ts'
import { declare } from '../kit/seed.ts'

const clock = new Clock()
let app: TestApp

const metrics = `query ($filter: IncidentFilter) { incidentMetrics(filter: $filter) { count
  timeToAcknowledge { count mean median p90 } timeToMitigate { count mean median p90 } timeToResolve { count mean median p90 } } }`

async function measure(filter: object = {}) {
  return (await app.admin.run<{ incidentMetrics: Record<string, unknown> }>(metrics, { filter })).incidentMetrics
}

const none = { count: 0, mean: null, median: null, p90: null }

beforeAll(async () => {
  app = await startEmbedded({ clock: clock.read })
})
afterAll(() => app[Symbol.asyncDispose]())

it('has no figures without incidents', async () => {
  expect(await measure()).toEqual({ count: 0, timeToAcknowledge: none, timeToMitigate: none, timeToResolve: none })
})

it('counts all incidents of the filter, and takes the figures of those that have come so far', async () => {
  // Declared a quarter of an hour after the harm began; acknowledged after 1, 2, 3, 4 and 10 minutes.
  for (const minutes of [1, 2, 3, 4, 10]) {
    const incident = await declare(app.admin, { severity: 'HIGH', startedAt: clock.before(15) })
    clock.forward(minutes)
    const acknowledged = await take(app.admin, incident, 'acknowledgeIncident')
    clock.forward(5)
    if (minutes < 4) await take(app.admin, acknowledged, ['changeIncidentStatus', { status: 'MONITORING' }])
    clock.forward(5)
    if (minutes < 3) await take(app.admin, { ...acknowledged, version: 3 }, 'resolveIncident')
  }
  await declare(app.admin, { severity: 'LOW' })
  const survivor = await declare(app.admin, { severity: 'LOW' })
  const acknowledged = await take(app.admin, await declare(app.admin, { severity: 'LOW' }), 'acknowledgeIncident')
  await take(app.admin, acknowledged, ['mergeIncident', { intoId: survivor.id }])
  await take(app.admin, await declare(app.admin, { severity: 'LOW' }), 'acknowledgeIncident', 'cancelIncident')
  const figures = {
    timeToAcknowledge: { count: 5, mean: 'PT4M', median: 'PT3M', p90: 'PT7M36S' },
    timeToMitigate: { count: 3, mean: 'PT22M', median: 'PT22M', p90: 'PT22M48S' },
    timeToResolve: { count: 2, mean: 'PT26M30S', median: 'PT26M30S', p90: 'PT26M54S' }
  }
  expect(await measure()).toEqual({ count: 9, ...figures })
  expect(await measure({ severity: ['HIGH'] })).toEqual({ count: 5, ...figures })
  expect(await measure({ severity: ['LOW'] })).toEqual({ count: 4, timeToAcknowledge: none, timeToMitigate: none, timeToResolve: none })
})
