// People come with a JWT of the identity provider: which tokens are let in, and as whom.
import { createHmac } from 'node:crypto'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { startEmbedded, startOnServer, type TestApp } from '../kit/app.ts'
import { type Answer, Client } from '../kit/client.ts'
import { type IdentityProvider, startIdentityProvider } from '../kit/identity-provider.ts'
import { declare, otherWorkspace } from '../kit/seed.ts'
import { holdWorkspace } from '../kit/workspace-lock.ts'
import { addMember } from './world.ts'

const who = '{ viewer { role expiresAt workspace { key } actor { __typename id name ... on Member { email } } } }'

interface Who {
  viewer: { role: string; expiresAt: string | null; workspace: { key: string }; actor: { __typename: string; id: string; name: string; email?: string | null } }
}

let provider: IdentityProvider

beforeAll(async () => {
  provider = await startIdentityProvider()
})

afterAll(() => provider[Symbol.asyncDispose]())

describe('a token', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await startEmbedded({ environment: provider.environment })
    await addMember(app.admin, { name: 'Ada', subject: 'idp|ada', role: 'RESPONDER', email: 'ada@example.org' })
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const ask = (token: string, headers: Record<string, string> = {}) => new Client(app.url, token, headers).ask<Who>(who)

  it('makes the request that of the member whom it names, with the role of the membership, until it expires', async () => {
    const exp = Math.floor(Date.now() / 1000) + 600
    const { data } = await ask(await provider.token('idp|ada', { exp, role: 'ADMIN', name: 'Somebody else' }))
    expect(data?.viewer).toMatchObject({
      role: 'RESPONDER',
      expiresAt: new Date(exp * 1000).toISOString(),
      actor: { __typename: 'Member', name: 'Ada', email: 'ada@example.org' }
    })
  })

  it('of an unknown person is refused, and leaves no trace', async () => {
    expect(refusal(await ask(await provider.token('idp|mallory')))).toBe('NOT_A_MEMBER')
    expect(await app.database.prisma.actor.count({ where: { subject: 'idp|mallory' } })).toBe(0)
  })

  const now = () => Math.floor(Date.now() / 1000)
  it.each<[string, string, () => Promise<string>]>([
    ['of another issuer', 'CREDENTIAL_INVALID', () => provider.token('idp|ada', { iss: 'https://evil.example' })],
    ['without an issuer', 'CREDENTIAL_INVALID', () => provider.token('idp|ada', { iss: undefined })],
    ['for another audience', 'CREDENTIAL_INVALID', () => provider.token('idp|ada', { aud: 'billing' })],
    ['without an audience', 'CREDENTIAL_INVALID', () => provider.token('idp|ada', { aud: undefined })],
    ['that has expired', 'CREDENTIAL_EXPIRED', () => provider.token('idp|ada', { exp: now() - 60 })],
    ['that never expires', 'CREDENTIAL_INVALID', () => provider.token('idp|ada', { exp: undefined })],
    ['that is not valid yet', 'CREDENTIAL_INVALID', () => provider.token('idp|ada', { nbf: now() + 600 })],
    ['that names nobody', 'CREDENTIAL_INVALID', () => provider.token('', {})],
    ['whose subject no database can hold', 'CREDENTIAL_INVALID', () => provider.token('idp|ada\0')],
    ['whose subject is endless', 'CREDENTIAL_INVALID', () => provider.token('a'.repeat(301))],
    ['whose subject is no text', 'CREDENTIAL_INVALID', () => provider.token('', { sub: { $ne: null } as never })],
    ['that names an unknown key', 'CREDENTIAL_INVALID', () => provider.token('idp|ada', {}, { kid: 'key-2' })],
    ['signed with nothing', 'CREDENTIAL_INVALID', async () => unsigned({ alg: 'none' }, await provider.token('idp|ada'))],
    ['signed with nothing, spelt otherwise', 'CREDENTIAL_INVALID', async () => unsigned({ alg: 'nOnE', kid: 'key-1' }, await provider.token('idp|ada'))],
    ['signed with the public key as a shared secret', 'CREDENTIAL_INVALID', async () => signedWithPublicKey(await provider.token('idp|ada'))],
    ['signed with a key of its own', 'CREDENTIAL_INVALID', async () => signedByStranger(await provider.token('idp|ada'), {})],
    ['that brings its own key along', 'CREDENTIAL_INVALID', async () => signedByStranger(await provider.token('idp|ada'), { jwk: true })],
    ['whose claims were changed', 'CREDENTIAL_INVALID', async () => altered(await provider.token('idp|mallory'))],
    ['that is none', 'CREDENTIAL_INVALID', async () => 'a.b.c'],
    ['that looks like a key', 'CREDENTIAL_INVALID', async () => 'mayday_no-such-key']
  ])('%s is refused', async (_what, reason, make) => {
    expect(refusal(await ask(await make()))).toBe(reason)
  })

  it('is refused where no identity provider is configured', async () => {
    await using plain = await startEmbedded()
    expect(refusal(await new Client(plain.url, await provider.token('idp|ada')).ask(who))).toBe('CREDENTIAL_INVALID')
  })

  it('is asked for again, not refused, while the identity provider is away', async () => {
    await using away = await startIdentityProvider()
    away.status = 503
    await using plain = await startEmbedded({ environment: away.environment })
    await addMember(plain.admin, { name: 'Ada', subject: 'idp|ada', role: 'VIEWER' })
    const ada = new Client(plain.url, await away.token('idp|ada'))
    expect((await ada.ask(who)).errors).toEqual([expect.objectContaining({ extensions: expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' }) })])
    away.status = 200
    expect((await ada.ask<Who>(who)).data?.viewer.actor.name).toBe('Ada')
  })

  it('names the member by another claim when the options say so', async () => {
    await using plain = await startEmbedded({ environment: { ...provider.environment, MAYDAY_JWT_MEMBER_CLAIM: 'email' } })
    await addMember(plain.admin, { name: 'Ada', subject: 'ada@example.org', role: 'VIEWER' })
    const answerTo = async (claims: Record<string, unknown>) => new Client(plain.url, await provider.token('ada@example.org', claims)).ask<Who>(who)
    expect((await answerTo({ email: 'ada@example.org' })).data?.viewer.actor.name).toBe('Ada')
    expect(refusal(await answerTo({}))).toBe('CREDENTIAL_INVALID')
  })

  it('of a person in several workspaces must say which, and opens no other', async () => {
    const elsewhere = await otherWorkspace(app.admin)
    const third = await otherWorkspace(app.admin)
    await addMember(app.admin, { name: 'Grace here', subject: 'idp|grace', role: 'VIEWER' })
    await addMember(elsewhere, { name: 'Grace there', subject: 'idp|grace', role: 'ADMIN' })
    const token = await provider.token('idp|grace')
    const key = async (client: Client) => (await client.run<Who>(who)).viewer.workspace.key
    expect(refusal(await ask(token))).toBe('WORKSPACE_REQUIRED')
    expect((await ask(token, { 'mayday-workspace': await key(app.admin) })).data?.viewer).toMatchObject({ role: 'VIEWER', actor: { name: 'Grace here' } })
    expect((await ask(token, { 'mayday-workspace': await key(elsewhere) })).data?.viewer).toMatchObject({ role: 'ADMIN', actor: { name: 'Grace there' } })
    const refused = await Promise.all(
      [await key(third), '0197b3c4-0000-7000-8000-000000000000', 'nonsense'].map((id) => ask(token, { 'mayday-workspace': id }))
    )
    expect(refused.map(refusal)).toEqual(['NOT_A_MEMBER', 'NOT_A_MEMBER', 'NOT_A_MEMBER'])
    expect(new Set(refused.map(({ errors }) => errors?.[0]?.message)).size).toBe(1)
  })
})

describe('just-in-time membership', () => {
  it('takes in an unknown person with the configured role, once, and says so in the record', async () => {
    await using app = await startOnServer()
    await using one = await startProvisioning(app)
    await using two = await startProvisioning(app)
    const token = await provider.token('idp|new', { name: 'Nell', email: 'nell@example.org', role: 'ADMIN' })
    const answers = await Promise.all([one, two, one, two].map(({ url }) => new Client(url, token).ask<Who>(who)))
    expect(new Set(answers.map(({ data }) => data?.viewer.actor.id)).size).toBe(1)
    expect(answers[0]?.data?.viewer).toMatchObject({ role: 'RESPONDER', actor: { name: 'Nell', email: 'nell@example.org' } })
    const { changes } = await app.admin.run<{ changes: { nodes: { data: unknown; actor: null }[] } }>(
      '{ changes(filter: { kind: [MEMBER_ADDED] }) { nodes { data actor { id } } } }'
    )
    expect(changes.nodes).toEqual([{ data: { role: 'RESPONDER', joined: true }, actor: null }])
    await declare(new Client(one.url, token))
  })

  it('does not let in again somebody who was removed, until an admin does', async () => {
    await using app = await startOnServer()
    await using node = await startProvisioning(app)
    const nell = new Client(node.url, await provider.token('idp|new'))
    const { viewer } = await nell.run<Who>(who)
    await app.admin.run('mutation ($id: ID!) { removeMember(id: $id) { __typename ... on MemberPayload { member { removedAt } } } }', { id: viewer.actor.id })
    expect(refusal(await nell.ask(who))).toBe('NOT_A_MEMBER')
    const { id } = await addMember(app.admin, { name: 'Nell', subject: 'idp|new', role: 'VIEWER' })
    expect(id).toBe(viewer.actor.id)
    expect((await nell.run<Who>(who)).viewer.role).toBe('VIEWER')
  })

  it('does not let somebody who was removed keep the workspace busy by asking again', async () => {
    await using app = await startOnServer()
    await using node = await startProvisioning(app)
    const { id } = await addMember(app.admin, { name: 'Nell', subject: 'idp|nell', role: 'VIEWER' })
    await app.admin.run('mutation ($id: ID!) { removeMember(id: $id) { __typename ... on MemberPayload { member { removedAt } } } }', { id })
    await using lock = await holdWorkspace(app)
    expect(refusal(await new Client(node.url, await provider.token('idp|nell')).ask(who))).toBe('NOT_A_MEMBER')
    await lock.release()
  })

  it('takes in a person whatever the provider says of the name', async () => {
    await using app = await startOnServer()
    await using node = await startProvisioning(app)
    for (const name of ['\0', ' ', 'x'.repeat(2_000), { first: 'Nell' }]) {
      const subject = `idp|${JSON.stringify(name).length}`
      const { viewer } = await new Client(node.url, await provider.token(subject, { name, email: name })).run<Who>(who)
      expect(viewer.actor.name).toBe(typeof name === 'string' && name.startsWith('x') ? 'x'.repeat(200) : subject)
    }
  })

  it('does not take in a person who is a member elsewhere', async () => {
    await using app = await startOnServer()
    await using node = await startProvisioning(app)
    const elsewhere = await otherWorkspace(app.admin)
    await addMember(elsewhere, { name: 'Grace', subject: 'idp|grace', role: 'VIEWER' })
    const token = await provider.token('idp|grace')
    expect(refusal(await new Client(node.url, token, { 'mayday-workspace': app.workspace.workspaceId }).ask(who))).toBe('NOT_A_MEMBER')
  })

  it('needs the id of a workspace, not just any text', () => {
    expect(() => readConfig({ MAYDAY_JWT_PROVISION_WORKSPACE: 'ours' })).toThrow('MAYDAY_JWT_PROVISION_WORKSPACE')
  })

  /** Another node of the same Mayday, which takes in the unknown. */
  function startProvisioning({ databaseUrl, workspace }: TestApp): Promise<TestApp> {
    return startOnServer({
      databaseUrl,
      environment: { ...provider.environment, MAYDAY_JWT_PROVISION_WORKSPACE: workspace.workspaceId, MAYDAY_JWT_PROVISION_ROLE: 'RESPONDER' }
    })
  }
})

function refusal({ data, errors }: Answer<unknown>): unknown {
  if (data) return data
  expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
  return errors?.[0]?.extensions.reason
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function unsigned(header: Record<string, unknown>, token: string): string {
  return `${encoded(header)}.${token.split('.')[1]}.`
}

/** The classic confusion: what everybody may read is taken for a secret. */
function signedWithPublicKey(token: string): string {
  const signed = `${encoded({ alg: 'HS256', kid: 'key-1' })}.${token.split('.')[1]}`
  return `${signed}.${createHmac('sha256', JSON.stringify(provider.publicJwk)).update(signed).digest('base64url')}`
}

async function signedByStranger(token: string, header: { jwk?: boolean }): Promise<string> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  const payload = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>
  return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'key-1', ...(header.jwk ? { jwk: await exportJWK(publicKey) } : {}) }).sign(privateKey)
}

function altered(token: string): string {
  const [header, payload = '', signature] = token.split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
  return `${header}.${encoded({ ...claims, sub: 'idp|ada' })}.${signature}`
}
