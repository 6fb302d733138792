import { describe, expect, it } from 'vitest'
import { engines, startEmbedded } from '../kit/app.ts'
import { DeclareIncident } from '../kit/documents.ts'
import { declare } from '../kit/seed.ts'

describe.each(engines)('declareIncident on $engine', ({ start }) => {
  it('gives each incident the next number, in TRIAGE, begun now', async () => {
    await using app = await start()
    const first = await declare(app.admin, { title: '  Orders are late ', tags: ['b', 'a', 'b'] })
    const second = await declare(app.admin)
    expect(first).toMatchObject({ reference: 'INC-1', version: 1, status: 'TRIAGE', title: 'Orders are late', tags: ['a', 'b'] })
    expect(second.number).toBe(2)
  })

  it('answers a repeated request with the first incident, and refuses the key for another input', async () => {
    await using app = await start()
    const input = { title: 'Once', severity: 'LOW', idempotencyKey: 'request-1' } as const
    const answers = await Promise.all([1, 2, 3].map(() => app.admin.run(DeclareIncident, { input })))
    const declared = answers.map(({ declareIncident }) => (declareIncident.__typename === 'DeclareIncidentPayload' ? declareIncident : null))
    expect(new Set(declared.map((each) => each?.incident.number))).toEqual(new Set([1]))
    expect(declared.map((each) => each?.outcome).sort()).toEqual(['DECLARED', 'REPEATED', 'REPEATED'])
    const { errors } = await app.admin.ask(DeclareIncident, { input: { ...input, title: 'Other' } })
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', problems: [{ field: 'input.idempotencyKey' }] } })
  })
})

it('names each field and rule of a bad input, and changes nothing', async () => {
  await using app = await startEmbedded()
  const { errors } = await app.admin.ask(DeclareIncident, {
    input: { title: ' ', severity: 'LOW', tags: Array.from({ length: 21 }, (_, index) => `tag ${index}`) }
  })
  expect(errors?.[0]?.extensions.problems).toEqual([
    { field: 'input.title', rule: 'must not be empty' },
    { field: 'input.tags', rule: 'must have at most 20 tags' }
  ])
  expect((await app.admin.run<{ incidents: { totalCount: number } }>('{ incidents { totalCount } }')).incidents.totalCount).toBe(0)
})
