import { expect, it } from 'vitest'
import { startEmbedded } from '../kit/app.ts'
import { Client } from '../kit/client.ts'
import { startIdentityProvider } from '../kit/identity-provider.ts'
import { readIncident, take } from '../kit/incident.ts'
import { addMember, declare } from '../kit/seed.ts'

it('a member who acknowledges an incident without a lead becomes its lead; one that has a lead keeps it', async () => {
  await using provider = await startIdentityProvider()
  await using app = await startEmbedded({ environment: provider.environment })
  await addMember(app.admin, 'Ada')
  const bob = await addMember(app.admin, 'Bob')
  const ada = new Client(app.url, await provider.token('Ada'))
  const [free, led] = [await declare(app.admin), await declare(app.admin, { leadId: bob.id })]
  await take(ada, free, ['acknowledgeIncident', { note: 'mine' }])
  await take(ada, led, 'acknowledgeIncident')
  const mine = await readIncident(app.admin, free.id)
  expect(mine).toMatchObject({ version: 2, lead: { name: 'Ada' } })
  expect(mine.timeline.nodes.slice(1).map(({ message }) => message)).toEqual(['Ada acknowledged it: mine', 'Ada changed the lead'])
  const other = await readIncident(app.admin, led.id)
  expect(other.lead).toMatchObject({ name: 'Bob' })
  expect(other.timeline.nodes.slice(1).map(({ kind }) => kind)).toEqual(['INCIDENT_ACKNOWLEDGED'])
})
