// API keys: what is kept of them, how long they are good, and who may end whom.
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adminKey, startEmbedded, type TestApp } from '../kit/app.ts'
import { type Answer, Client } from '../kit/client.ts'
import { Clock } from '../kit/clock.ts'
import { CreateApiKey } from '../kit/documents.ts'
import { dumpDatabase } from '../kit/dump.ts'
import { clientAs, declare, otherWorkspace } from '../kit/seed.ts'
import { addMember } from './world.ts'

const who = '{ viewer { role expiresAt actor { name } } }'

interface ApiKey {
  id: string
  prefix: string
  role: string
  expiresAt: string | null
  lastUsedAt: string | null
  revokedAt: string | null
}

describe('a new key', () => {
  it('is kept as a hash: its secret, and those after its rotations, stand nowhere in the database', async () => {
    await using app = await startEmbedded()
    const first = await create(app.admin, { name: 'Robot', role: 'RESPONDER' })
    const second = await rotate(app.admin, first.id, 'PT1H')
    await declare(new Client(app.url, first.secret))
    await declare(new Client(app.url, second.secret))
    const kept = JSON.stringify(await dumpDatabase(app.database))
    for (const secret of [first.secret, second.secret, adminKey]) {
      expect(kept).toContain(createHash('sha256').update(secret).digest('hex'))
      const random = secret.slice('mayday_'.length)
      const forms = [random, random.slice(8), hexOf(secret), hexOf(random), base64Of(secret), base64Of(random), hexOf(Buffer.from(random, 'base64url'))]
      for (const form of forms) expect(kept).not.toContain(form)
    }
  })

  it('shows its secret in the answer that made it and never again, and is known by its first characters', async () => {
    await using app = await startEmbedded()
    const { id, secret } = await create(app.admin, { name: 'Robot', role: 'VIEWER' })
    expect(Buffer.from(secret.slice('mayday_'.length), 'base64url')).toHaveLength(32)
    const key = await read(app.admin, id)
    expect(key).toMatchObject({ prefix: secret.slice(0, 15), role: 'VIEWER', expiresAt: null, lastUsedAt: null, revokedAt: null })
    const everything = await app.admin.run('{ apiKeys { nodes { id name prefix role } } changes(last: 100) { nodes { message data text } } }')
    expect(JSON.stringify(everything)).toContain(secret.slice(0, 15))
    expect(JSON.stringify(everything)).not.toContain(secret.slice(0, 16))
  })

  it('acts with its own role, under its own name', async () => {
    await using app = await startEmbedded()
    const { secret } = await create(app.admin, { name: 'Robot', role: 'RESPONDER' })
    expect(await new Client(app.url, secret).run(who)).toEqual({ viewer: { role: 'RESPONDER', expiresAt: null, actor: { name: 'Robot' } } })
  })
})

describe('a credential', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await startEmbedded()
  })
  afterAll(() => app[Symbol.asyncDispose]())

  it.each([
    ['an unknown key', `Bearer mayday_${'b'.repeat(43)}`, 'CREDENTIAL_INVALID'],
    ['the prefix of a key', `Bearer ${adminKey.slice(0, 15)}`, 'CREDENTIAL_INVALID'],
    ['the hash of a key', `Bearer ${createHash('sha256').update(adminKey).digest('hex')}`, 'CREDENTIAL_INVALID'],
    ['a key in other letters', `Bearer ${adminKey.toUpperCase()}`, 'CREDENTIAL_INVALID'],
    ['a key without its scheme', adminKey, 'CREDENTIAL_INVALID'],
    ['a key with another scheme', `Basic ${adminKey}`, 'CREDENTIAL_INVALID'],
    ['two keys', `Bearer ${adminKey} ${adminKey}`, 'CREDENTIAL_INVALID'],
    ['an empty scheme', 'Bearer', 'CREDENTIAL_INVALID'],
    ['nothing', '', 'CREDENTIAL_MISSING']
  ])('that is %s is refused', async (_what, authorization, reason) => {
    expect(refusal(await new Client(app.url, undefined, { authorization }).ask(who))).toBe(reason)
  })

  it('is not taken from the address', async () => {
    const query = new URLSearchParams({ query: who, authorization: `Bearer ${adminKey}`, access_token: adminKey })
    const answer = (await (await fetch(`${app.url}/graphql?${query}`)).json()) as Answer<unknown>
    expect(refusal(answer)).toBe('CREDENTIAL_MISSING')
  })

  it('of one workspace does not open another, whether that exists or not', async () => {
    const elsewhere = await otherWorkspace(app.admin)
    const { viewer } = await elsewhere.run<{ viewer: { workspace: { key: string } } }>('{ viewer { workspace { key } } }')
    const answers = await Promise.all(
      [viewer.workspace.key, '0197b3c4-0000-7000-8000-000000000000', 'nonsense'].map((id) => new Client(app.url, adminKey, { 'mayday-workspace': id }).ask(who))
    )
    expect(answers.map(refusal)).toEqual(['NOT_A_MEMBER', 'NOT_A_MEMBER', 'NOT_A_MEMBER'])
    expect(new Set(answers.map(({ errors }) => errors?.[0]?.message)).size).toBe(1)
  })
})

it('ends by itself when it expires', async () => {
  const clock = new Clock()
  await using app = await startEmbedded({ clock: clock.read })
  const expiresAt = new Date(clock.read().getTime() + 60 * 60_000).toISOString()
  const robot = await clientAs(app.admin, 'ADMIN', expiresAt)
  clock.forward(59)
  expect((await robot.run<{ viewer: { expiresAt: string } }>(who)).viewer.expiresAt).toBe(expiresAt)
  clock.forward(1)
  expect(refusal(await robot.ask(who))).toBe('CREDENTIAL_EXPIRED')
  const { errors } = await app.admin.ask(CreateApiKey, { input: { name: 'Late', role: 'VIEWER', expiresAt: clock.read().toISOString() } })
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', problems: [{ field: 'input.expiresAt' }] })
})

it('tells when it was last used, to the minute, and not when it was refused', async () => {
  const clock = new Clock()
  await using app = await startEmbedded({ clock: clock.read })
  const { id, secret } = await create(app.admin, { name: 'Robot', role: 'VIEWER' })
  const used = clock.forward(5)
  await new Client(app.url, secret).run(who)
  clock.forward(0.5)
  await new Client(app.url, secret).run(who)
  expect((await read(app.admin, id)).lastUsedAt).toBe(used)
  const later = clock.forward(1)
  await new Client(app.url, secret).run(who)
  expect((await read(app.admin, id)).lastUsedAt).toBe(later)
  await revoke(app.admin, id)
  clock.forward(10)
  await new Client(app.url, secret).ask(who)
  expect((await read(app.admin, id)).lastUsedAt).toBe(later)
})

it('ends at once when it is revoked, and stays in the list of keys with the time', async () => {
  const clock = new Clock()
  await using app = await startEmbedded({ clock: clock.read })
  const { id, secret } = await create(app.admin, { name: 'Robot', role: 'ADMIN' })
  const old = await rotate(app.admin, id, 'P1D')
  const at = clock.forward(1)
  expect(await revoke(app.admin, id)).toMatchObject({ __typename: 'ApiKeyPayload' })
  for (const each of [secret, old.secret]) expect(refusal(await new Client(app.url, each).ask(who))).toMatch(/^CREDENTIAL_(REVOKED|INVALID)$/)
  expect((await read(app.admin, id)).revokedAt).toBe(at)
  expect(await revoke(app.admin, id)).toMatchObject({ __typename: 'NotFoundError' })
  expect(await tryRotate(app.admin, { id })).toMatchObject({ __typename: 'NotFoundError' })
})

describe('rotation', () => {
  it('without grace ends the old secret at once', async () => {
    await using app = await startEmbedded()
    const { id, secret } = await create(app.admin, { name: 'Robot', role: 'VIEWER' })
    const next = await rotate(app.admin, id)
    expect(next.secret).not.toBe(secret)
    expect(refusal(await new Client(app.url, secret).ask(who))).toBe('CREDENTIAL_INVALID')
    expect((await new Client(app.url, next.secret).run<{ viewer: { role: string } }>(who)).viewer.role).toBe('VIEWER')
    expect((await read(app.admin, id)).prefix).toBe(next.secret.slice(0, 15))
  })

  it('with grace keeps the old secret for that long, and only the one before', async () => {
    const clock = new Clock()
    await using app = await startEmbedded({ clock: clock.read })
    const { id, secret: first } = await create(app.admin, { name: 'Robot', role: 'VIEWER' })
    const { secret: second } = await rotate(app.admin, id, 'PT1H')
    const until = new Date(clock.read().getTime() + 60 * 60_000).toISOString()
    clock.forward(59)
    expect((await new Client(app.url, first).run<{ viewer: { expiresAt: string } }>(who)).viewer.expiresAt).toBe(until)
    expect((await new Client(app.url, second).run<{ viewer: { expiresAt: null } }>(who)).viewer.expiresAt).toBeNull()
    clock.forward(1)
    expect(refusal(await new Client(app.url, first).ask(who))).toBe('CREDENTIAL_EXPIRED')
    const { secret: third } = await rotate(app.admin, id, 'PT1H')
    expect(refusal(await new Client(app.url, first).ask(who))).toBe('CREDENTIAL_INVALID')
    for (const secret of [second, third]) expect((await new Client(app.url, secret).ask(who)).errors).toBeUndefined()
  })

  it('does not make a key outlive its own end', async () => {
    const clock = new Clock()
    await using app = await startEmbedded({ clock: clock.read })
    const expiresAt = new Date(clock.read().getTime() + 60_000).toISOString()
    const { id, secret } = await create(app.admin, { name: 'Robot', role: 'VIEWER', expiresAt })
    const next = await rotate(app.admin, id, 'P7D')
    for (const each of [secret, next.secret]) {
      expect((await new Client(app.url, each).run<{ viewer: { expiresAt: string } }>(who)).viewer.expiresAt).toBe(expiresAt)
    }
    clock.forward(1)
    for (const each of [secret, next.secret]) expect(refusal(await new Client(app.url, each).ask(who))).toBe('CREDENTIAL_EXPIRED')
  })

  it('gives at most seven days of grace, and none backwards', async () => {
    await using app = await startEmbedded()
    const { id } = await create(app.admin, { name: 'Robot', role: 'VIEWER' })
    for (const gracePeriod of ['P7DT1S', '-PT1S', 'P1Y']) {
      const { errors } = await app.admin.ask(rotateDocument, { input: { id, gracePeriod } })
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
    }
  })
})

describe('the last admin', () => {
  it('cannot be revoked while nobody else can manage the workspace for good', async () => {
    await using app = await startEmbedded()
    const mine = (await keys(app.admin))[0]?.id ?? ''
    await clientAs(app.admin, 'RESPONDER')
    await clientAs(app.admin, 'ADMIN', new Date(Date.now() + 3_600_000).toISOString())
    const before = await dumpDatabase(app.database)
    expect(await revoke(app.admin, mine)).toMatchObject({ __typename: 'LastAdminError' })
    expect(await dumpDatabase(app.database)).toEqual(before)
    await addMember(app.admin, { name: 'Ada', subject: 'idp|ada', role: 'ADMIN' })
    expect(await revoke(app.admin, mine)).toMatchObject({ __typename: 'ApiKeyPayload' })
    expect(refusal(await app.admin.ask(who))).toBe('CREDENTIAL_REVOKED')
  })

  it('is not one of another workspace', async () => {
    await using app = await startEmbedded()
    await otherWorkspace(app.admin)
    expect(await revoke(app.admin, (await keys(app.admin))[0]?.id ?? '')).toMatchObject({ __typename: 'LastAdminError' })
  })

  it('stays when two revoke each other at the same moment', async () => {
    await using app = await startEmbedded()
    const other = await clientAs(app.admin, 'ADMIN')
    const mine = (await keys(app.admin)).find(({ id }) => id !== other.keyId)?.id ?? ''
    await Promise.all([app.admin.ask(revokeDocument, { id: other.keyId }), other.ask(revokeDocument, { id: mine })])
    const good = await app.database.prisma.actor.count({ where: { role: 'ADMIN', disabledAt: null } })
    expect(good).toBe(1)
  })
})

const revokeDocument = 'mutation ($id: ID!) { revokeApiKey(id: $id) { __typename ... on Error { message } } }'
const rotateDocument =
  'mutation ($input: RotateApiKeyInput!) { rotateApiKey(input: $input) { __typename ... on ApiKeyPayload { secret } ... on Error { message } } }'

async function create(
  admin: Client,
  input: { name: string; role: 'VIEWER' | 'RESPONDER' | 'ADMIN'; expiresAt?: string }
): Promise<{ id: string; secret: string }> {
  const { createApiKey } = await admin.run(CreateApiKey, { input })
  return { id: createApiKey.apiKey.id, secret: createApiKey.secret ?? '' }
}

async function rotate(admin: Client, id: string, gracePeriod?: string): Promise<{ secret: string }> {
  const rotated = await tryRotate(admin, { id, gracePeriod })
  if (!rotated.secret) throw new Error(`Not rotated: ${JSON.stringify(rotated)}`)
  return { secret: rotated.secret }
}

async function tryRotate(admin: Client, input: { id: string; gracePeriod?: string }): Promise<{ __typename: string; secret?: string }> {
  return (await admin.run<{ rotateApiKey: { __typename: string; secret?: string } }>(rotateDocument, { input })).rotateApiKey
}

async function revoke(admin: Client, id: string): Promise<{ __typename: string }> {
  return (await admin.run<{ revokeApiKey: { __typename: string } }>(revokeDocument, { id })).revokeApiKey
}

async function read(admin: Client, id: string): Promise<ApiKey> {
  const found = (await keys(admin)).find((key) => key.id === id)
  if (!found) throw new Error(`There is no key ${id}`)
  return found
}

async function keys(admin: Client): Promise<ApiKey[]> {
  const { apiKeys } = await admin.run<{ apiKeys: { nodes: ApiKey[] } }>('{ apiKeys { nodes { id prefix role expiresAt lastUsedAt revokedAt } } }')
  return apiKeys.nodes
}

function refusal({ data, errors }: Answer<unknown>): unknown {
  if (data) return data
  expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
  return errors?.[0]?.extensions.reason
}

function hexOf(text: string | Buffer): string {
  return Buffer.from(text).toString('hex')
}

function base64Of(text: string): string {
  return Buffer.from(text).toString('base64').replace(/=+$/, '')
}
