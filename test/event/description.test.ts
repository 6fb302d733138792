import { expect, it } from 'vitest'
import { descriptionOf } from '../../src/event/description.ts'

const asset = { kind: 'ASSET' } as const
const told = (labels: Record<string, string> | null, stateEvent: string | null = null) => ({ externalId: 's3://raw', stateEvent, labels })
const owned = (owners: string) => descriptionOf(told({ 'prefect.asset.owners': owners }), asset).owners

it('is what the newest events say of an asset', () => {
  const labels = {
    'prefect.resource.id': 's3://raw',
    'prefect.resource.name': ' Raw ',
    'prefect.asset.owners': '["team:a","b","b"," "]',
    'prefect.asset.url': 'https://example.com/raw'
  }
  expect(descriptionOf(told(labels, 'prefect.asset.materialization.failed'), asset)).toEqual({
    state: 'Failed',
    name: 'Raw',
    owners: ['team:a', 'b'],
    url: 'https://example.com/raw'
  })
})

it('has no owners and no page when none, or nonsense, is told', () => {
  for (const owners of ['', 'null', '{}', '"me"', '[1, null, {}]', '[', '[""]']) expect(owned(owners)).toEqual([])
  expect(descriptionOf(told({ 'prefect.asset.url': 'javascript:alert(1)' }), asset)).toEqual({ state: undefined, owners: [], url: null })
})

it('cuts what is too long, as the catalogue does, so that it is not news again', () => {
  expect(owned(JSON.stringify(Array.from({ length: 30 }, (_, index) => `${index} ${'x'.repeat(300)}`)))).toEqual(
    Array.from({ length: 20 }, (_, index) => `${index} ${'x'.repeat(300)}`.slice(0, 200))
  )
  expect(descriptionOf(told({ 'prefect.resource.name': 'n'.repeat(400) }), asset)).toMatchObject({ name: 'n'.repeat(300) })
})

it('is the state only for what stands in catalogues, and nothing for what was not told', () => {
  const labels = { 'prefect.resource.name': 'k8s', 'prefect.asset.owners': '["x"]' }
  expect(descriptionOf(told(labels, 'prefect.work-pool.paused'), { kind: 'WORK_POOL' })).toEqual({ state: 'Paused' })
  expect(descriptionOf(told(null), asset)).toEqual({ state: undefined })
})
