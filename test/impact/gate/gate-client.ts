// Asking the gate over plain HTTP, about resources that are known by their external ids.
import { expect } from 'vitest'
import type { TestApp } from '../../kit/app.ts'
import type { Client } from '../../kit/client.ts'
import { addResources } from '../../kit/seed.ts'

interface Told {
  decision: 'ALLOW' | 'HOLD'
  certain: boolean
  resource: string
  incident: { reference: string; title: string; severity: string; status: string } | null
  reason: string
  path: string[] | null
}

export const key = (app: TestApp) => app.workspace.secret

export function send(app: TestApp, externalId: string, init: RequestInit & { key?: string } = {}): Promise<Response> {
  return fetch(`${app.url}/gate/${encodeURIComponent(externalId)}`, { headers: { authorization: `Bearer ${init.key ?? key(app)}` }, ...init })
}

export async function ask(app: TestApp, externalId: string, secret?: string): Promise<Told> {
  const response = await send(app, externalId, secret ? { key: secret } : {})
  expect(response.status).toBe(200)
  return (await response.json()) as Told
}

export async function idsOf(client: Client, ...resources: { externalId: string; belongsTo?: string[] }[]): Promise<string[]> {
  return (await addResources(client, ...resources.map((each) => ({ ...each, kind: 'CUSTOM' as const, name: each.externalId })))).map(({ id }) => id)
}
