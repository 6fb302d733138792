import { afterAll, beforeAll, expect, test } from 'vitest'
import { startEmbedded, type TestApp } from '../kit/app.ts'

let mayday: TestApp

beforeAll(async () => {
  mayday = await startEmbedded()
})

afterAll(() => mayday[Symbol.asyncDispose]())

test('the wall and all that it names are there, each with a policy that lets nothing else in', async () => {
  const html = await (await fetch(`${mayday.url}/wall`)).text()
  const named = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path)
  expect(named.length).toBeGreaterThan(2)
  for (const path of ['/wall', '/wall/', ...named]) {
    const response = await fetch(mayday.url + path)
    expect([path, response.status]).toEqual([path, 200])
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/unsafe|\*|data:|https?:/)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  }
})

test('the wall is for reading only', async () => {
  const head = await fetch(`${mayday.url}/wall`, { method: 'HEAD' })
  expect([head.status, await head.text()]).toEqual([200, ''])
  const post = await fetch(`${mayday.url}/wall`, { method: 'POST' })
  expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
})

test('no path leads out of the pages', async () => {
  for (const path of ['/wall/../pages.ts', '/wall/%2e%2e/pages.ts', '/wall/tsconfig.json', '/wall/wall.html', '/wall//wall.js']) {
    expect([path, (await fetch(mayday.url + path)).status]).toEqual([path, 404])
  }
})

test('the first page leads to the wall', async () => {
  expect(await (await fetch(mayday.url)).text()).toContain('href="/wall"')
})
