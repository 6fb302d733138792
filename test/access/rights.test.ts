// Which role each field of the API needs, tried with every role there is and with none.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { quiet, startEmbedded, type TestApp } from '../kit/app.ts'
import { Client } from '../kit/client.ts'
import { dumpDatabase } from '../kit/dump.ts'
import { generousLimits, type RootField, rootFieldsOf } from '../kit/full-operation.ts'
import { clientAs } from '../kit/seed.ts'
import { answerTo, type Role, roles, rootFields } from './root-fields.ts'
import { populate, type World } from './world.ts'

/** Fields below the root that only admins may see. */
const forAdmins = new Set(['subject', 'prefix', 'expiresAt', 'lastUsedAt'])

let app: TestApp
let world: World
let fields: Map<string, RootField>
let clients: Record<Role, Client>

beforeAll(async () => {
  app = await startEmbedded({ environment: { ...generousLimits, ...quiet.environment } })
  world = await populate(app.admin, 'Own')
  fields = new Map((await rootFieldsOf(app.admin)).map((field) => [`${field.kind} ${field.name}`, field]))
  clients = { VIEWER: await clientAs(app.admin, 'VIEWER'), RESPONDER: await clientAs(app.admin, 'RESPONDER'), ADMIN: await clientAs(app.admin, 'ADMIN') }
})

afterAll(() => app[Symbol.asyncDispose]())

it('knows every field that the schema has', () => {
  expect(Object.keys(rootFields).sort()).toEqual([...fields.keys()].sort())
})

describe.each(Object.keys(rootFields))('%s', (name) => {
  const { role: required, variables = () => ({}) } = rootFields[name] ?? { role: 'ADMIN' as Role }

  it('needs a credential', async () => {
    const { operation, name: field } = fieldOf(name)
    const given = await variables(world, app.admin)
    const before = await dumpDatabase(app.database)
    const { data, errors } = await new Client(app.url).ask(operation, given)
    expect(errors).toEqual([expect.objectContaining({ extensions: expect.objectContaining({ code: 'UNAUTHENTICATED', reason: 'CREDENTIAL_MISSING' }) })])
    expect((data as Record<string, unknown> | null | undefined)?.[field] ?? null).toBeNull()
    expect(await dumpDatabase(app.database)).toEqual(before)
  })

  it.each(roles.filter((role) => roles.indexOf(role) < roles.indexOf(required)))(`is forbidden for %s, and nothing is changed`, async (role) => {
    const { operation, name: field } = fieldOf(name)
    const given = await variables(world, app.admin)
    const before = await dumpDatabase(app.database)
    const { data, errors } = await clients[role].ask(operation, given)
    expect(errors).toEqual([expect.objectContaining({ extensions: expect.objectContaining({ code: 'FORBIDDEN', requiredRole: required }) })])
    expect((data as Record<string, unknown> | null | undefined)?.[field] ?? null).toBeNull()
    expect(await dumpDatabase(app.database)).toEqual(before)
  })

  it.each(roles.filter((role) => roles.indexOf(role) >= roles.indexOf(required)))('is allowed for %s', async (role) => {
    const { kind, operation, name: field } = fieldOf(name)
    const given = await variables(world, clients[role])
    const answer = await answerTo(clients[role], { kind, operation }, given)
    // What only an admin may see of a member or key is refused in its place; the rest of the answer is there.
    const refused = answer.errors?.filter(({ path }) => role === 'ADMIN' || !forAdmins.has(String(path?.at(-1)))) ?? []
    expect(refused).toEqual([])
    const [value] = [(answer.data as Record<string, { __typename: string } | { __typename: string }[]>)[field]].flat()
    expect(value?.__typename).toMatch(kind === 'mutation' ? /Payload$/ : kind === 'subscription' ? /Frame$/ : /^\w+$/)
  })
})

function fieldOf(name: string): RootField {
  const field = fields.get(name)
  if (!field) throw new Error(`The schema has no ${name}`)
  return field
}
