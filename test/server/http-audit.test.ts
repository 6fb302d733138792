// GraphQL over HTTP, as the audit suite of the specification's own reference implementation sees it.
import { type AuditResult, serverAudits } from 'graphql-http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { adminKey, startEmbedded, type TestApp } from '../kit/app.ts'

let app: TestApp

beforeAll(async () => {
  app = await startEmbedded()
})

afterAll(() => app[Symbol.asyncDispose]())

const asNobody = (url: string, init?: RequestInit) => fetch(url, init)
const asAdmin = (url: string, init?: RequestInit) => fetch(url, { ...init, headers: { ...init?.headers, authorization: `Bearer ${adminKey}` } })

// The MAYs are choices; those made here are that bad parameters are answered with 400, and GET may query but not mutate.
const audits = [
  ...serverAudits({ url: () => `${app.url}/graphql`, fetchFn: asNobody }).map((audit) => ({ ...audit, who: 'nobody' })),
  ...serverAudits({ url: () => `${app.url}/graphql`, fetchFn: asAdmin }).map((audit) => ({ ...audit, who: 'an admin' }))
]

it.each(audits)('$name [$id, asked by $who]', async ({ fn }) => {
  const result = await fn()
  expect(result.status, await explain(result)).toBe('ok')
})

async function explain(result: AuditResult): Promise<string> {
  return result.status === 'ok'
    ? ''
    : `${result.reason} ${result.response.status} ${await result.response
        .clone()
        .text()
        .catch(() => '')}`
}
