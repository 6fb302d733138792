// Answers from memory, over every query that there is: two who ask alike, with the same role, get what each would have
// got by itself. A field that looks at who asks, and is not marked `unshared`, is found here. Some of these operations are
// too long to be kept; what they select is also below `changes`, `resources` and the other short ones.
import { stripIgnoredCharacters } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { quiet, startEmbedded, type TestApp } from '../kit/app.ts'
import type { Client } from '../kit/client.ts'
import { Clock } from '../kit/clock.ts'
import { generousLimits, type RootField, rootFieldsOf } from '../kit/full-operation.ts'
import { clientAs } from '../kit/seed.ts'
import { rootFields } from './root-fields.ts'
import { populate, type World } from './world.ts'

let app: TestApp
let world: World
let fields: Map<string, RootField>
let askers: [Client, Client]

beforeAll(async () => {
  app = await startEmbedded({ environment: { ...generousLimits, ...quiet.environment }, clock: new Clock().read })
  world = await populate(app.admin, 'Own')
  fields = new Map((await rootFieldsOf(app.admin)).map((field) => [`${field.kind} ${field.name}`, field]))
  askers = [await clientAs(app.admin, 'ADMIN'), await clientAs(app.admin, 'ADMIN', '2126-11-23T00:00:00Z')]
})
afterAll(() => app[Symbol.asyncDispose]())

describe.each(Object.keys(rootFields).filter((name) => name.startsWith('query ')))('%s', (name) => {
  it('answers the second of two who ask alike as it would have without the first', async () => {
    const [one, other] = askers
    // A key's last use keeps any answer out of the memory, and would hide what else should.
    const operation = stripIgnoredCharacters((fields.get(name)?.operation ?? '').replaceAll(/\blastUsedAt\b/g, ''))
    const given = await rootFields[name]?.variables?.(world, app.admin)
    const ask = async (client: Client, headers = {}) => (await client.send(operation, given, headers)).text()
    await ask(one)
    const shared = await ask(other)
    expect(shared).toContain('"data":{')
    expect(shared).toBe(await ask(other, { 'cache-control': 'no-cache' }))
  })
})
