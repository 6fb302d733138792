// docs/events.md: what it shows is what happens.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { adminKey, startEmbedded } from '../kit/app.ts'

const text = readFileSync(new URL('../../docs/events.md', import.meta.url), 'utf8')

it('does what its examples say', async () => {
  await using app = await startEmbedded({ clock: () => new Date('2026-11-23T13:00:00Z') })
  const [, graphql = ''] = /<<'JSON'\n(.*?)\nJSON\n/s.exec(text) ?? []
  const [, event = '', answer = ''] = /localhost:4000\/events .*? -d '(.*?)'\n.*?```json\n(.*?)\n```/s.exec(text) ?? []
  const post = async (path: string, body: string) =>
    (await fetch(`${app.url}${path}`, { method: 'POST', headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' }, body })).json()
  expect(await post('/graphql', graphql)).toEqual({
    data: { upsertResources: { rejected: [] }, addDependencies: { rejected: [] }, upsertRuns: { written: 2, rejected: [] } }
  })
  expect(await post('/events', event)).toEqual(JSON.parse(answer))
  expect(
    await app.admin.run('{ resource(externalId: "s3://raw/orders") { upstream { nodes { kind upstream { name owners } } } events { nodes { name } } } }')
  ).toEqual({
    resource: {
      upstream: { nodes: [{ kind: 'PRODUCED_BY', upstream: { name: 'orders', owners: ['team:data'] } }] },
      events: { nodes: [{ name: 'acme.table.checked' }] }
    }
  })
})
