import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startEmbedded, startOnServer, type TestApp } from '../kit/app.ts'
import { hasChromium, launchChromium, openPage } from '../kit/browser.ts'
import type { Client } from '../kit/client.ts'
import { ChangeIncidentStatus, ResolveIncident, UpdateIncident } from '../kit/documents.ts'
import { freePort } from '../kit/postgres.ts'
import { addResources, comment, declare } from '../kit/seed.ts'

describe.skipIf(!hasChromium())('in a real browser', () => {
  let browser: Browser
  let mayday: TestApp

  beforeAll(async () => {
    browser = await launchChromium()
    mayday = await startEmbedded()
  })

  afterAll(async () => {
    await browser?.close()
    await mayday?.[Symbol.asyncDispose]()
  })

  const elsewhere = (requests: string[]) => requests.filter((url) => new URL(url).host !== new URL(mayday.url).host)

  describe('GraphiQL', () => {
    test('a query works with the key in the headers editor, from this server alone, and the key does not stay', async () => {
      const { secret } = mayday.workspace
      await using watched = await openPage(browser, `${mayday.url}/graphql?query=${encodeURIComponent('{ viewer { actor { name } } }')}`)
      const { page } = watched
      await authorize(page, secret)
      await page.locator('.graphiql-execute-button').click()
      await page.locator('.result-window').getByText('"First admin key"').waitFor()
      expect(elsewhere(watched.requests)).toEqual([])
      expect(watched.troubles).toEqual([])
      expect(await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, document.cookie]))).not.toContain(secret)
    })

    test('the subscription that stands there works as well, and is pushed to', async () => {
      await declare(mayday.admin, { title: 'Known before' })
      await using watched = await openPage(browser, `${mayday.url}/graphql`)
      const { page } = watched
      const result = page.locator('.result-window')
      await authorize(page, mayday.workspace.secret)
      await page.locator('.graphiql-execute-button').click()
      await result.getByText('"Known before"').waitFor()
      await declare(mayday.admin, { title: 'Pushed to GraphiQL' })
      await result.getByText('"Pushed to GraphiQL"').waitFor()
      expect(elsewhere(watched.requests)).toEqual([])
      expect(watched.troubles).toEqual([])
    })
  })

  describe('the wall', () => {
    test('says why a key is refused, and takes a good one, which it keeps for the tab only', async () => {
      await using watched = await openPage(browser, `${mayday.url}/wall`)
      const { page } = watched
      await enter(page, `mayday_${'x'.repeat(43)}`)
      await page.getByText('This key is not valid here.').waitFor()
      const viewer = await keyOf(mayday.admin)
      await enter(page, viewer.secret)
      await live(page)
      expect(await page.evaluate(() => [localStorage.length, document.cookie, Object.values(sessionStorage)])).toEqual([0, '', [viewer.secret]])
      await page.reload()
      await live(page)
      expect(await page.locator('#door').isVisible()).toBe(false)
    })

    test('an incident comes, changes and goes as it happens', async () => {
      await using watched = await openPage(browser, `${mayday.url}/wall`)
      const { page } = watched
      await enter(page, mayday.workspace.secret)
      await live(page)

      const [run] = await addResources(mayday.admin, { kind: 'FLOW_RUN', externalId: 'prefect.flow-run.1', name: 'noble-lemming', state: 'Failed' })
      const incident = await declare(mayday.admin, { title: 'Orders are missing', tags: ['tier-1'], resourceIds: [run?.id ?? ''] })
      const card = page.locator(`[data-id="${incident.id}"]`)
      await card.getByText('Orders are missing').waitFor()
      await card.getByText('Triage').waitFor()
      await card.getByText('Flow run noble-lemming Failed').waitFor()
      await card.getByText('#tier-1').waitFor()
      await card.getByText('Nobody leads yet').waitFor()
      await card.getByText(/^0:00:\d\d$/).waitFor()

      await comment(mayday.admin, incident.id, 'The token has expired')
      await card.getByText('The token has expired').waitFor()
      await mayday.admin.run(UpdateIncident, { input: { id: incident.id, version: 1, severity: 'CRITICAL' } })
      await card.getByText('SEV-1').waitFor()
      expect(await page.locator('.card').first().getAttribute('data-id')).toBe(incident.id)
      await mayday.admin.run(ChangeIncidentStatus, { input: { id: incident.id, version: 2, status: 'MONITORING' } })
      await card.getByText('Monitoring').waitFor()
      await addResources(mayday.admin, { kind: 'FLOW_RUN', externalId: 'prefect.flow-run.1', name: 'noble-lemming', state: 'Completed' })
      await card.getByText('Flow run noble-lemming Completed').waitFor()
      await mayday.admin.run(ResolveIncident, { input: { id: incident.id, version: 3 } })
      await card.waitFor({ state: 'detached' })
    })

    test('asks for nothing from elsewhere, and shows markup as the text that it is', async () => {
      await using watched = await openPage(browser, `${mayday.url}/wall`)
      const { page, requests, troubles } = watched
      await enter(page, mayday.workspace.secret)
      await live(page)
      const markup = '<img src="https://example.com/x.png" onerror="alert(1)"><script>alert(2)</script>'
      const { id } = await declare(mayday.admin, { title: markup, tags: [markup.slice(0, 40)] })
      await comment(mayday.admin, id, markup)
      const card = page.locator(`[data-id="${id}"]`)
      await card.locator('.comment').getByText(markup).waitFor()
      expect(await card.locator('.title').textContent()).toBe(markup)
      expect(await page.locator('img, script:not([src])').count()).toBe(0)
      expect(elsewhere(requests)).toEqual([])
      expect(troubles).toEqual([])
    })

    test('runs only its own script: what else gets into the page is refused by its policy', async () => {
      await using watched = await openPage(browser, `${mayday.url}/wall`)
      const { page } = watched
      const outcome = await page
        .evaluate(() => {
          const script = document.createElement('script')
          script.text = 'window.intruder = true'
          document.body.append(script)
          return 'intruder' in window
        })
        .catch((error: Error) => error.message)
      expect(outcome).toContain('TrustedScript')
      expect(await page.evaluate(() => fetch('http://127.0.0.1:9/').catch((error: Error) => error.message))).toContain('Failed to fetch')
      expect(watched.troubles.some((trouble) => trouble.includes("connect-src 'self'"))).toBe(true)
    })

    test('shows as many as can be read, the most severe first, and counts the rest', async () => {
      await using crowded = await startEmbedded()
      for (let index = 0; index < 14; index++) await declare(crowded.admin, { title: `Incident ${index}`, severity: index === 5 ? 'HIGH' : 'LOW' })
      await using watched = await openPage(browser, `${crowded.url}/wall`)
      const { page } = watched
      await enter(page, crowded.workspace.secret)
      await page.getByText('and 2 more, less severe or older').waitFor()
      expect(await page.locator('.title').allTextContents()).toEqual([5, 13, 12, 11, 10, 9, 8, 7, 6, 4, 3, 2].map((index) => `Incident ${index}`))
      const cards = page.locator('.card')
      const clipped = await cards.evaluateAll(
        (all) => all.filter((card) => card.scrollHeight > card.clientHeight || card.scrollWidth > card.clientWidth).length
      )
      expect(clipped).toBe(0)
    })

    test('says that all is quiet when it is', async () => {
      await using quiet = await startEmbedded()
      await using watched = await openPage(browser, `${quiet.url}/wall`)
      await enter(watched.page, quiet.workspace.secret)
      await watched.page.getByText('All quiet').waitFor()
    })

    test('a revoked key takes everything off the screen and says why', async () => {
      const viewer = await keyOf(mayday.admin)
      await declare(mayday.admin, { title: 'Not for strangers' })
      await using watched = await openPage(browser, `${mayday.url}/wall`)
      const { page } = watched
      await enter(page, viewer.secret)
      await page.getByText('Not for strangers').waitFor()
      await mayday.admin.run('mutation ($id: ID!) { revokeApiKey(id: $id) { __typename } }', { id: viewer.id })
      await page.getByText('This key has been revoked.').waitFor()
      expect(await page.content()).not.toContain('Not for strangers')
      expect(await page.evaluate(() => sessionStorage.length)).toBe(0)
    })

    test('a restart of its server is told, and afterwards it goes on where it was', async () => {
      await using other = await startOnServer()
      const options = { databaseUrl: other.databaseUrl ?? '', environment: { PORT: String(await freePort()) } }
      const first = await startOnServer(options)
      await declare(other.admin, { title: 'Before the restart' })
      await using watched = await openPage(browser, 'about:blank')
      const { page } = watched
      const exchanged = messagesOf(page)
      await page.goto(`${first.url}/wall`)
      await enter(page, other.workspace.secret)
      await page.getByText('Before the restart').waitFor()

      await first[Symbol.asyncDispose]()
      await page.locator('#state[data-state="waiting"]').waitFor()
      await page.getByText(/Connection lost, again in \d+ s, as of/).waitFor()
      expect(await page.getByText('Before the restart').isVisible()).toBe(true)
      await declare(other.admin, { title: 'During the restart' })
      await using _second = await startOnServer(options)
      await page.getByText('During the restart').waitFor()
      await live(page)

      const [opened, ...more] = exchanged.sent.filter(({ type }) => type === 'subscribe').map(({ payload }) => payload.variables.after)
      const frames = exchanged.received.filter(({ type }) => type === 'next').map(({ payload }) => payload.data.incidents)
      expect(opened).toBeNull()
      expect(more).toEqual([frames[0].cursor])
      expect(frames.map(({ reset, incidents }) => [reset, incidents.map(({ title }: { title: string }) => title)])).toEqual([
        [true, ['Before the restart']],
        [false, ['During the restart']]
      ])
    })
  })
})

/** Writes the key into GraphiQL's headers editor, between the quotes that stand there. */
async function authorize(page: Page, key: string): Promise<void> {
  await page.locator('.graphiql-editor-tool .graphiql-editor:not(.hidden) .monaco-editor').click()
  await page.keyboard.press('Control+End')
  for (const _ of '" }') await page.keyboard.press('ArrowLeft')
  await page.keyboard.insertText(`Bearer ${key}`)
}

async function enter(page: Page, key: string): Promise<void> {
  await page.getByLabel('API key').fill(key)
  await page.getByRole('button', { name: 'Show the wall' }).click()
}

function live(page: Page): Promise<void> {
  return page.locator('#state[data-state="live"]').waitFor({ state: 'attached' })
}

async function keyOf(admin: Client): Promise<{ id: string; secret: string }> {
  const { createApiKey } = await admin.run<{ createApiKey: { secret: string; apiKey: { id: string } } }>(
    'mutation { createApiKey(input: { name: "Wall", role: VIEWER }) { secret apiKey { id } } }'
  )
  return { id: createApiKey.apiKey.id, secret: createApiKey.secret }
}

// biome-ignore lint/suspicious/noExplicitAny: messages of the protocol, as they come.
function messagesOf(page: Page): { sent: any[]; received: any[] } {
  // biome-ignore lint/suspicious/noExplicitAny: see above.
  const messages: { sent: any[]; received: any[] } = { sent: [], received: [] }
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => messages.sent.push(JSON.parse(String(payload))))
    socket.on('framereceived', ({ payload }) => messages.received.push(JSON.parse(String(payload))))
  })
  return messages
}
