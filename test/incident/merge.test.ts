import { afterAll, beforeAll, expect, it } from 'vitest'
import { startEmbedded, type TestApp } from '../kit/app.ts'
import { VerifyChanges } from '../kit/documents.ts'
import { readIncident, readRecord, stepDocument, take, tryStep } from '../kit/incident.ts'
import { addResources, comment, declare } from '../kit/seed.ts'

let app: TestApp

beforeAll(async () => {
  app = await startEmbedded()
})
afterAll(() => app[Symbol.asyncDispose]())

it('the survivor has the comments and resources of both; the merged one keeps its own story', async () => {
  const [flow = '', pool = '', block = ''] = (
    await addResources(
      app.admin,
      { kind: 'FLOW', externalId: 'prefect.flow.1', name: 'load-orders' },
      { kind: 'WORK_POOL', externalId: 'prefect.work-pool.1', name: 'night' },
      { kind: 'BLOCK', externalId: 'prefect.block-document.1', name: 'warehouse' }
    )
  ).map(({ id }) => id)
  const ending = await declare(app.admin, { title: 'Orders are late', resourceIds: [flow, pool] })
  const survivor = await declare(app.admin, { title: 'The night pool stands still', resourceIds: [pool, block] })
  await comment(app.admin, ending.id, 'Nothing since midnight')
  await comment(app.admin, survivor.id, 'No worker is online')
  await comment(app.admin, ending.id, 'Same here')
  const result = await tryStep(app.admin, 'mergeIncident', { id: ending.id, version: 1, intoId: survivor.id, note: 'same workers' })
  expect(result).toMatchObject({ __typename: 'IncidentPayload', incident: { id: ending.id, status: 'MERGED', version: 2 } })

  const after = await readIncident(app.admin, survivor.id)
  expect(after).toMatchObject({
    version: 2,
    status: 'TRIAGE',
    mergedIncidents: [{ reference: ending.reference }],
    resources: { totalCount: 3, nodes: [{ name: 'load-orders' }, { name: 'night' }, { name: 'warehouse' }] }
  })
  expect(after.comments.nodes.map(({ body, originalIncident }) => [body, originalIncident?.reference])).toEqual([
    ['Nothing since midnight', ending.reference],
    ['No worker is online', undefined],
    ['Same here', ending.reference]
  ])
  expect(after.timeline.nodes.at(-1)).toMatchObject({
    kind: 'INCIDENT_ABSORBED',
    message: `First admin key merged ${ending.reference} into this incident`,
    data: { mergedNumber: ending.number, comments: 2 }
  })

  const ended = await readIncident(app.admin, ending.id)
  expect(ended).toMatchObject({
    status: 'MERGED',
    active: false,
    mergedInto: { id: survivor.id },
    comments: { totalCount: 0 },
    resources: { totalCount: 2, nodes: [{ name: 'load-orders' }, { name: 'night' }] }
  })
  expect(ended.timeline.nodes.map(({ kind }) => kind)).toEqual(['INCIDENT_DECLARED', 'COMMENT_ADDED', 'COMMENT_ADDED', 'INCIDENT_MERGED'])
  expect(ended.timeline.nodes.at(-1)?.message).toBe(`First admin key merged it into ${survivor.reference}: same workers`)
  expect((await app.admin.run(VerifyChanges)).verifyChanges.valid).toBe(true)
})

it('along a chain of merges everything arrives at the last survivor, and tells where it was written', async () => {
  const [ledger] = await addResources(app.admin, { kind: 'ASSET', externalId: 's3://ledger', name: 'ledger' })
  const first = await declare(app.admin, { resourceIds: [ledger?.id ?? ''] })
  const [second, third] = [await declare(app.admin), await declare(app.admin)]
  await comment(app.admin, first.id, 'on the first')
  await take(app.admin, first, ['mergeIncident', { intoId: second.id }])
  await comment(app.admin, second.id, 'on the second')
  await take(app.admin, { id: second.id, version: 2 }, ['mergeIncident', { intoId: third.id }])
  const late = await comment(app.admin, first.id, 'late, on the first')
  expect(late.incident?.id).toBe(third.id)
  const survivor = await readIncident(app.admin, third.id)
  expect(survivor.comments.nodes.map(({ body, originalIncident }) => [body, originalIncident?.reference])).toEqual([
    ['on the first', first.reference],
    ['on the second', second.reference],
    ['late, on the first', first.reference]
  ])
  expect(survivor.resources.nodes).toMatchObject([{ name: 'ledger' }])
  expect(survivor.mergedIncidents).toEqual([{ reference: second.reference }])
  expect((await readIncident(app.admin, first.id)).mergedInto).toMatchObject({ id: second.id })
  const found = await app.admin.run<{ incidents: { nodes: { id: string }[] } }>('{ incidents(filter: { search: "\\"on the first\\"" }) { nodes { id } } }')
  expect(found.incidents.nodes).toEqual([{ id: third.id }])
})

it('goes into another, active incident only', async () => {
  const [incident, other] = [await declare(app.admin), await declare(app.admin)]
  const ended = await take(app.admin, other, 'resolveIncident')
  const { reference } = await readIncident(app.admin, ended.id)
  const ask = async (intoId: string) =>
    (await app.admin.ask(stepDocument('mergeIncident'), { input: { id: incident.id, version: 1, intoId } })).errors?.[0]?.extensions
  const before = await readRecord(app.admin)
  expect(await ask(incident.id)).toMatchObject({ code: 'BAD_USER_INPUT', problems: [{ field: 'input.intoId', rule: 'must be another incident' }] })
  expect(await ask(ended.id)).toMatchObject({
    code: 'BAD_USER_INPUT',
    problems: [{ field: 'input.intoId', rule: `must be an active incident; ${reference} is RESOLVED` }]
  })
  const nowhere = Buffer.from(`Incident:${crypto.randomUUID()}`).toString('base64url')
  expect(await tryStep(app.admin, 'mergeIncident', { id: incident.id, version: 1, intoId: nowhere })).toMatchObject({ __typename: 'NotFoundError' })
  expect(await readRecord(app.admin)).toEqual(before)
})

it('of two incidents that are merged into each other at once, one goes on', async () => {
  const [left, right] = [await declare(app.admin), await declare(app.admin)]
  const input = (from: { id: string }, into: { id: string }) => ({ input: { id: from.id, version: 1, intoId: into.id } })
  const document = stepDocument('mergeIncident')
  const answers = await Promise.all([
    app.admin.ask<{ step: { __typename: string } }>(document, input(left, right)),
    app.admin.ask<{ step: { __typename: string } }>(document, input(right, left))
  ])
  expect(answers.filter(({ data }) => data?.step.__typename === 'IncidentPayload')).toHaveLength(1)
  const statuses = [(await readIncident(app.admin, left.id)).status, (await readIncident(app.admin, right.id)).status]
  expect(statuses.sort()).toEqual(['MERGED', 'TRIAGE'])
})
