// The credential of a websocket: where it is given, and how one that opens nothing is turned away.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { adminKey, startEmbedded, type TestApp } from '../kit/app.ts'
import { type IdentityProvider, startIdentityProvider } from '../kit/identity-provider.ts'
import { RawSocket } from '../kit/raw-socket.ts'
import { clientAs, otherWorkspace } from '../kit/seed.ts'
import { addMember } from './world.ts'

const who = { query: '{ viewer { role workspace { key } } }' }

let app: TestApp
let provider: IdentityProvider

beforeAll(async () => {
  provider = await startIdentityProvider()
  app = await startEmbedded({ environment: provider.environment })
  await addMember(app.admin, { name: 'Ada', subject: 'idp|ada', role: 'VIEWER' })
})

afterAll(async () => {
  await app[Symbol.asyncDispose]()
  await provider[Symbol.asyncDispose]()
})

describe('connection_init', () => {
  it.each<[string, string, () => unknown]>([
    ['no payload', 'CREDENTIAL_MISSING', () => undefined],
    ['no credential', 'CREDENTIAL_MISSING', () => ({ workspace: app.workspace.workspaceId })],
    ['a credential that is no text', 'CREDENTIAL_MISSING', () => ({ authorization: { toString: `Bearer ${adminKey}` } })],
    ['a wrong key', 'CREDENTIAL_INVALID', () => ({ authorization: `Bearer mayday_${'b'.repeat(43)}` })],
    ['a key without its scheme', 'CREDENTIAL_INVALID', () => ({ authorization: adminKey })],
    ['a revoked key', 'CREDENTIAL_REVOKED', async () => ({ authorization: `Bearer ${await revokedKey()}` })],
    ['a key of another workspace', 'NOT_A_MEMBER', async () => ({ authorization: `Bearer ${adminKey}`, workspace: await otherKey() })],
    ['a token of an unknown person', 'NOT_A_MEMBER', async () => ({ authorization: `Bearer ${await provider.token('idp|mallory')}` })],
    ['an expired token', 'CREDENTIAL_EXPIRED', async () => ({ authorization: `Bearer ${await provider.token('idp|ada', { exp: 1_700_000_000 })}` })]
  ])('with %s closes with 4403 and the reason, and nothing sent along is answered', async (_what, reason, payload) => {
    const greeting = JSON.stringify({ type: 'connection_init', payload: await payload() })
    await using socket = new RawSocket(app.url)
    await socket.opened()
    socket.send(greeting)
    socket.send({ id: '1', type: 'subscribe', payload: who })
    const { code, reason: told } = await socket.closed
    // Whoever does not wait for the answer to the greeting may also be turned away for that.
    expect([`4403 ${reason}`, '4401 Unauthorized']).toContain(`${code} ${told}`)
    expect(socket.heard).toEqual([])

    await using patient = new RawSocket(app.url)
    await patient.opened()
    patient.send(greeting)
    expect(await patient.closed).toEqual({ code: 4403, reason })
    expect(patient.heard).toEqual([])
  })

  it.each<[string, () => Promise<Record<string, unknown>>]>([
    ['authorization', async () => ({ authorization: `Bearer ${adminKey}` })],
    ['Authorization, as the header is written', async () => ({ Authorization: `Bearer ${adminKey}` })],
    ['a token and the workspace', async () => ({ authorization: `Bearer ${await provider.token('idp|ada')}`, workspace: app.workspace.workspaceId })]
  ])('takes %s', async (_what, payload) => {
    const greeting = { type: 'connection_init', payload: await payload() }
    await using socket = new RawSocket(app.url)
    await socket.opened()
    socket.send(greeting)
    await socket.first(({ type }) => type === 'connection_ack')
    expect((await socket.ask('1', who)).data).toMatchObject({ viewer: { workspace: { key: app.workspace.workspaceId } } })
  })

  it('of a person in several workspaces must name one', async () => {
    const elsewhere = await otherWorkspace(app.admin)
    await addMember(app.admin, { name: 'Grace', subject: 'idp|grace', role: 'VIEWER' })
    await addMember(elsewhere, { name: 'Grace', subject: 'idp|grace', role: 'ADMIN' })
    const authorization = `Bearer ${await provider.token('idp|grace')}`
    await using vague = new RawSocket(app.url)
    await vague.opened()
    vague.send({ type: 'connection_init', payload: { authorization } })
    expect(await vague.closed).toEqual({ code: 4403, reason: 'WORKSPACE_REQUIRED' })
    await using exact = new RawSocket(app.url)
    await exact.opened()
    exact.send({ type: 'connection_init', payload: { authorization, workspace: app.workspace.workspaceId } })
    await exact.first(({ type }) => type === 'connection_ack')
    expect((await exact.ask('1', who)).data).toMatchObject({ viewer: { role: 'VIEWER', workspace: { key: app.workspace.workspaceId } } })
  })
})

it('takes the credential from the header of the upgrade, from clients that can set one', async () => {
  const socket = new WebSocket(`${app.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers: { authorization: `Bearer ${adminKey}` } })
  const acknowledged = new Promise((resolve) => socket.once('message', (data) => resolve(JSON.parse(String(data)))))
  socket.once('open', () => socket.send(JSON.stringify({ type: 'connection_init' })))
  expect(await acknowledged).toMatchObject({ type: 'connection_ack' })
  socket.terminate()
})

it.each(['{ viewer { role } }', 'mutation { updateWorkspace(name: "Taken") { cursor } }', 'subscription { incidents { cursor } }'])(
  'closes with 4401 when %s comes before connection_init',
  async (query) => {
    await using socket = new RawSocket(app.url)
    await socket.opened()
    socket.send({ id: '1', type: 'subscribe', payload: { query } })
    expect(await socket.closed).toMatchObject({ code: 4401 })
    expect(socket.heard).toEqual([])
    expect(await app.database.prisma.workspace.count({ where: { name: 'Taken' } })).toBe(0)
  }
)

it('asks anew for each operation whether the credential is still good', async () => {
  const robot = await clientAs(app.admin, 'ADMIN')
  await using socket = await RawSocket.open(app.url, robot.key)
  expect((await socket.ask('1', who)).data).toMatchObject({ viewer: { role: 'ADMIN' } })
  await app.admin.run('mutation ($id: ID!) { revokeApiKey(id: $id) { __typename ... on Error { message } } }', { id: robot.keyId })
  for (const query of [who.query, 'mutation { updateWorkspace(name: "Taken") { cursor } }', 'subscription { incidents { cursor } }']) {
    const { errors } = await socket.ask(query, { query })
    expect(errors).toEqual([expect.objectContaining({ extensions: expect.objectContaining({ code: 'UNAUTHENTICATED', reason: 'CREDENTIAL_REVOKED' }) })])
  }
  expect(await app.database.prisma.workspace.count({ where: { name: 'Taken' } })).toBe(0)
})

async function revokedKey(): Promise<string> {
  const robot = await clientAs(app.admin, 'ADMIN')
  await app.admin.run('mutation ($id: ID!) { revokeApiKey(id: $id) { __typename ... on Error { message } } }', { id: robot.keyId })
  return robot.key
}

async function otherKey(): Promise<string> {
  const { viewer } = await (await otherWorkspace(app.admin)).run<{ viewer: { workspace: { key: string } } }>('{ viewer { workspace { key } } }')
  return viewer.workspace.key
}
