// Connections to servers that are no Prefect, refuse, or answer with something else: they say what is wrong, and hold up nobody.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmbedded, type TestApp } from '../kit/app.ts'
import { cloudKey, connect, disconnect, one, standing } from './connected.ts'
import { FakePrefect } from './fake-prefect.ts'
import { eventually } from './followed.ts'

let app: TestApp
let fake: FakePrefect

beforeAll(async () => {
  fake = await FakePrefect.start()
  app = await startEmbedded({ clock: () => fake.now() })
})

afterAll(async () => {
  await app[Symbol.asyncDispose]()
  await fake[Symbol.asyncDispose]()
})

describe('a connection', () => {
  it('whose key is refused fails, and says so', async () => {
    fake.key = cloudKey
    expect(await standing(app.admin, { apiUrl: fake.apiUrl }, 'FAILING')).toMatchObject({ error: 'The server refuses the API key (401).' })
    fake.key = undefined
  })

  it.each([
    ['is no Prefect', 'html', 'FAILING', /no Prefect API. Does the address end in \/api\?/],
    ['answers with nonsense', 'nonsense', 'FAILING', /something else than a page/],
    ['is in trouble', 'error', 'FAILING', /in trouble or overloaded \(500\)/],
    ['redirects', 'redirect', 'FAILING', /redirect, which is not followed/],
    ['breaks off its answers', 'cut', 'FAILING', /cannot be reached/],
    ['answers with more than can be', 'huge', 'FAILING', /more than 5000000 bytes/]
  ] as const)('to a server that %s: %s', async (_what, trouble, state, error) => {
    fake.troubles.set('/', trouble)
    const seen = await standing(app.admin, { apiUrl: fake.apiUrl }, state)
    fake.troubles.clear()
    expect(seen.error).toMatch(error)
    expect(seen.error).not.toContain('secret details')
  })

  it.each([
    ['lists that never end', '/flows/filter', 'endless', /does not end/],
    ['a list that the key may not see', '/automations/filter', 'forbidden', /automations cannot be read/],
    ['a stream that cannot be had', '/events/out', 'error', /in trouble or overloaded/]
  ] as const)('to a server with %s is followed as far as that goes', async (_what, path, trouble, error) => {
    fake.troubles.set(path, trouble)
    const seen = await standing(app.admin, { apiUrl: fake.apiUrl }, 'DEGRADED')
    fake.troubles.clear()
    expect(seen.error).toMatch(error)
  })

  it('does not hold up the API while a server never answers', async () => {
    const callsBefore = fake.called.length
    fake.troubles.set('/', 'silent')
    const { answer } = await connect(app.admin, { name: 'Silent', apiUrl: fake.apiUrl })
    await eventually(
      async () => fake.called.length,
      (calls) => calls > callsBefore
    )
    const began = performance.now()
    expect(await one(app.admin, answer?.connection.id ?? '')).toMatchObject({ state: 'CONNECTING' })
    await disconnect(app.admin, answer?.connection.id ?? '')
    expect(performance.now() - began).toBeLessThan(2_000)
    fake.troubles.clear()
  })
})
