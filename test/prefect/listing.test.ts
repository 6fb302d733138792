// Reading a whole catalogue: what is kept of it stays within bounds, whatever the server says.
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { PrefectApi } from '../../src/prefect/api.ts'
import { catalogueOf } from '../../src/prefect/catalogue.ts'
import { readListing } from '../../src/prefect/listing.ts'
import { FakePrefect } from './fake-prefect.ts'
import type { Row } from './recorded.ts'

let fake: FakePrefect

beforeEach(async () => {
  fake = await FakePrefect.start()
})
afterEach(() => fake[Symbol.asyncDispose]())

const read = () => readListing(new PrefectApi({ apiUrl: fake.apiUrl, key: undefined }, new AbortController().signal))

it('gives up a catalogue of large things that never ends, before it fills the memory', async () => {
  fake.troubles.set('/flows', 'growing')
  await expect(read()).rejects.toMatchObject({ kind: 'too-large', message: 'The catalogue of the server takes more than the 100 MB that Mayday keeps of one.' })
  // Each answer has a little more than 4 MB.
  expect(fake.called).toEqual(Array.from({ length: 25 }, () => '/flows/filter'))
})

it('gives up a catalogue of objects that are small in JSON and large in memory', async () => {
  const [automation] = fake.lists.automations as [Row]
  const trigger = Array.from({ length: 30_000 }, () => ({}))
  fake.lists.automations = Array.from({ length: 100 }, () => ({ ...automation, id: randomUUID(), trigger }))
  await expect(read()).rejects.toMatchObject({ kind: 'too-large' })
})

it('reads a catalogue that is large in what is not kept of it', async () => {
  const [deployment] = fake.lists.deployments as [Row]
  const block = fake.lists.block_documents.find(({ block_type }) => block_type) as Row
  const job_variables = { pad: 'x'.repeat(100_000), secret: `{{ prefect.blocks.${block.block_type.slug}.${block.name} }}` }
  fake.lists.deployments = Array.from({ length: 600 }, () => ({ ...deployment, id: randomUUID(), job_variables, parameters: job_variables }))
  const { listed, lacking } = await read()
  expect(lacking).toBeNull()
  expect(listed.deployments).toHaveLength(600)
  expect(listed.deployments[0]?.job_variables).toEqual([`${block.block_type.slug} ${block.name}`])
  expect(JSON.stringify(listed)).not.toContain('xxx')
})

it('takes a name of absurd length for none that Prefect has', async () => {
  fake.lists.flows.push({ id: randomUUID(), name: 'x'.repeat(1_001) })
  expect(await read()).toMatchObject({ listed: { flows: { length: 9 } }, lacking: 'The catalogue is not whole: 1 of flows are not as Prefect has them.' })
})

it('takes half of a surrogate pair in a name for the sign of what is unknown, so that the name has its place in an address', async () => {
  const [pool] = fake.lists.work_pools as [Row]
  fake.lists.work_pools = [{ ...pool, name: 'half \ud83d' }]
  const { listed } = await read()
  expect(listed.workPools[0]?.name).toBe('half \ufffd')
  expect(catalogueOf(listed, fake.apiUrl).resources).toContainEqual(expect.objectContaining({ url: expect.stringContaining('half%20%EF%BF%BD') }))
})
