// A command that was let in, and whose right ends before it commits, does nothing: what counts is the moment of the commit.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmbedded, startOnServer, type TestApp } from '../kit/app.ts'
import { type Answer, Client } from '../kit/client.ts'
import { Clock } from '../kit/clock.ts'
import { dumpDatabase } from '../kit/dump.ts'
import { type IdentityProvider, startIdentityProvider } from '../kit/identity-provider.ts'
import { clientAs, declare } from '../kit/seed.ts'
import { holdWorkspace } from '../kit/workspace-lock.ts'
import { addMember } from './world.ts'

const revokeKey = 'revoked: revokeApiKey(id: $id) { __typename }'
const rotateKey = 'rotated: rotateApiKey(input: { id: $id }) { __typename }'
const demote = 'demoted: updateMember(input: { id: $id, version: 1, role: VIEWER }) { __typename }'
const remove = 'removed: removeMember(id: $id) { __typename }'
const commands = {
  declareIncident: 'next: declareIncident(input: { title: "After all", severity: LOW }) { __typename }',
  createApiKey: 'next: createApiKey(input: { name: "Back door", role: ADMIN }) { __typename }',
  createWorkspace: 'next: createWorkspace(name: "Refuge") { __typename }'
}

let provider: IdentityProvider

beforeAll(async () => {
  provider = await startIdentityProvider()
})

afterAll(() => provider[Symbol.asyncDispose]())

describe.each(Object.entries(commands))('%s, later in the document that ended the right to it', (_name, command) => {
  it.each([
    ['revoked its key', revokeKey],
    ['gave its key another secret', rotateKey]
  ])('is refused, when that %s', async (_what, ending) => {
    await using app = await startEmbedded()
    const robot = await clientAs(app.admin, 'ADMIN')
    const { data, errors } = await robot.ask<Ended>(`mutation ($id: ID!) { ${ending} ${command} }`, { id: robot.keyId })
    expect(data ?? null).toBeNull()
    expect(errors).toEqual([refusedWith({ code: 'UNAUTHENTICATED', reason: 'CREDENTIAL_REVOKED' })])
    expect(JSON.stringify(await dumpDatabase(app.database))).not.toMatch(/After all|Back door|Refuge/)
  })

  it.each([
    ['took the role from its member', demote, { code: 'FORBIDDEN', reason: 'ROLE_CHANGED' }],
    ['removed its member', remove, { code: 'UNAUTHENTICATED', reason: 'CREDENTIAL_REVOKED' }]
  ])('is refused, when that %s', async (_what, ending, expected) => {
    await using app = await startEmbedded({ environment: provider.environment })
    const { id } = await addMember(app.admin, { name: 'Ada', subject: 'idp|ada', role: 'ADMIN' })
    const ada = new Client(app.url, await provider.token('idp|ada'))
    const { data, errors } = await ada.ask<Ended>(`mutation ($id: ID!) { ${ending} ${command} }`, { id })
    expect(data ?? null).toBeNull()
    expect(errors).toEqual([refusedWith(expected)])
    expect(JSON.stringify(await dumpDatabase(app.database))).not.toMatch(/After all|Back door|Refuge/)
  })
})

describe('a command that waits for its turn on one node while another node ends its right', () => {
  const clock = new Clock(new Date().toISOString())

  it.each<[string, string, Record<string, string>]>([
    ['revokes its key', revokeKey, { code: 'UNAUTHENTICATED', reason: 'CREDENTIAL_REVOKED' }],
    ['gives its key another secret', rotateKey, { code: 'UNAUTHENTICATED', reason: 'CREDENTIAL_REVOKED' }]
  ])('is refused: the other %s', async (_what, ending, expected) => {
    await using one = await startOnServer()
    await using two = await startOnServer({ databaseUrl: one.databaseUrl })
    const robot = await clientAs(one.admin, 'RESPONDER')
    const answer = await overtaken(one, () => one.admin.ask(`mutation ($id: ID!) { ${ending} }`, { id: robot.keyId }), new Client(two.url, robot.key))
    expect(answer.errors).toEqual([refusedWith(expected)])
    expect(await incidentsOf(one)).toBe(0)
  })

  it.each<[string, string, Record<string, string>]>([
    ['takes the role from its member', demote, { code: 'FORBIDDEN', reason: 'ROLE_CHANGED' }],
    ['removes its member', remove, { code: 'UNAUTHENTICATED', reason: 'CREDENTIAL_REVOKED' }]
  ])('is refused: the other %s', async (_what, ending, expected) => {
    await using one = await startOnServer()
    await using two = await startOnServer({ databaseUrl: one.databaseUrl, environment: provider.environment })
    const { id } = await addMember(one.admin, { name: 'Ada', subject: 'idp|ada', role: 'RESPONDER' })
    const ada = new Client(two.url, await provider.token('idp|ada'))
    const answer = await overtaken(one, () => one.admin.ask(`mutation ($id: ID!) { ${ending} }`, { id }), ada)
    expect(answer.errors).toEqual([refusedWith(expected)])
    expect(await incidentsOf(one)).toBe(0)
  })

  it('is refused: its key expires meanwhile', async () => {
    await using app = await startOnServer({ clock: clock.read })
    const robot = await clientAs(app.admin, 'RESPONDER', new Date(clock.read().getTime() + 60_000).toISOString())
    await using lock = await holdWorkspace(app)
    const waiting = robot.ask(`mutation { ${commands.declareIncident} }`)
    await lock.waiters(1)
    clock.forward(1)
    await lock.release()
    expect((await waiting).errors).toEqual([refusedWith({ code: 'UNAUTHENTICATED', reason: 'CREDENTIAL_EXPIRED' })])
    expect(await incidentsOf(app)).toBe(0)
  })

  it('is done when nothing has ended it', async () => {
    await using one = await startOnServer()
    await using two = await startOnServer({ databaseUrl: one.databaseUrl })
    const robot = await clientAs(one.admin, 'RESPONDER')
    const answer = await overtaken(one, () => declare(one.admin), new Client(two.url, robot.key))
    expect(answer).toEqual({ data: { next: { __typename: 'DeclareIncidentPayload' } } })
    expect(await incidentsOf(one)).toBe(2)
  })
})

interface Ended {
  next: { __typename: string } | null
}

/** Lets `first` and then a declaration come to the workspace's lock, in this order, and then go on. */
async function overtaken(app: TestApp, first: () => Promise<unknown>, late: Client): Promise<Answer<unknown>> {
  await using lock = await holdWorkspace(app)
  const ending = first()
  await lock.waiters(1)
  const waiting = late.ask(`mutation { ${commands.declareIncident} }`)
  await lock.waiters(2)
  await lock.release()
  await ending
  return await waiting
}

function incidentsOf({ database }: TestApp): Promise<number> {
  return database.prisma.incident.count()
}

function refusedWith(extensions: Record<string, string>) {
  return expect.objectContaining({ extensions: expect.objectContaining(extensions) })
}
