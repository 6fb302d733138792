// A real Chromium, where there is one: Debian's, or the one that CHROMIUM_PATH names.
import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'

const path = process.env.CHROMIUM_PATH || '/usr/bin/chromium'

/** Whether browser tests can run. Without a Chromium CI fails; elsewhere they are left out, and say so. */
export function hasChromium(): boolean {
  if (existsSync(path)) return true
  const message = `There is no Chromium at ${path}: install it, or name another with CHROMIUM_PATH.`
  if (process.env.CI === 'true') throw new Error(message)
  console.warn(`Browser tests are skipped. ${message}`)
  return false
}

export function launchChromium(): Promise<Browser> {
  const quiet = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
  return chromium.launch({ executablePath: path, args: ['--no-sandbox', '--disable-gpu', ...quiet] })
}

/** A page of its own that notes what it asked for, and what went wrong in it. */
export interface WatchedPage extends AsyncDisposable {
  readonly page: Page
  /** Every address that it asked for, but those it made itself (`blob:`, `data:`). */
  readonly requests: string[]
  /** Errors in the console (also what the Content-Security-Policy refused), uncaught ones, and dialogs. */
  readonly troubles: string[]
}

export async function openPage(browser: Browser, url: string): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } })
  // Less than a test has, so that what was waited for in vain has a name.
  context.setDefaultTimeout(15_000)
  const page = await context.newPage()
  const requests: string[] = []
  const troubles: string[] = []
  page.on('request', (request) => {
    if (/^(https?|wss?):/.test(request.url())) requests.push(request.url())
  })
  page.on('websocket', (socket) => requests.push(socket.url()))
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text())
  })
  page.on('pageerror', (error) => troubles.push(error.message))
  page.on('dialog', (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  await page.goto(url)
  return { page, requests, troubles, [Symbol.asyncDispose]: () => context.close() }
}
