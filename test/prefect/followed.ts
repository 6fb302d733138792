// Following a fake server as the application does, at a pace that tests have time for.
import { randomUUID } from 'node:crypto'
import { vi } from 'vitest'
import { follow } from '../../src/prefect/follower.ts'
import type { Pace } from '../../src/prefect/pace.ts'
import type { TestApp } from '../kit/app.ts'

export const quick: Pace = {
  catalogueMs: 300_000,
  mostCatalogueMs: 300_000,
  runsMs: 300_000,
  mostAllRunsMs: 600_000,
  reconcileMs: 300_000,
  settleMs: 50,
  retryMs: 50,
  mostRetryMs: 200,
  silenceMs: 2_000
}

export interface Followed extends AsyncDisposable {
  readonly connectionId: string
  /** The connection's row. */
  row(): Promise<{ state: string; error: string | null; lastEventAt: Date | null; lastSyncAt: Date | null; lagMs: number | null; eventsUntil: Date | null }>
  /** Stops, as a node does that goes away. */
  stop(): Promise<void>
}

/** Follows a server, under a connection that nobody else follows: the application's own supervisor is kept from it. */
export async function startFollowing(
  app: TestApp,
  apiUrl: string,
  { pace = {}, connectionId = randomUUID() }: { pace?: Partial<Pace>; connectionId?: string } = {}
): Promise<Followed> {
  const { prisma } = app.database
  await prisma.lease.upsert({
    where: { name: `prefect ${connectionId}` },
    create: { name: `prefect ${connectionId}`, holderId: randomUUID(), expiresAt: new Date('2999-01-01') },
    update: {}
  })
  await prisma.prefectServer.upsert({
    where: { id: connectionId },
    create: { id: connectionId, workspaceId: app.workspace.workspaceId, name: 'Fake', apiUrl, origin: 'API', createdAt: app.app.core.clock() },
    update: {}
  })
  const stopping = new AbortController()
  const following = follow(app.app.core, connectionId, { environmentKey: undefined, horizonMs: 86_400_000, pace: { ...quick, ...pace } }, stopping.signal)
  const stop = async () => {
    stopping.abort()
    await following
  }
  return { connectionId, row: () => prisma.prefectServer.findUniqueOrThrow({ where: { id: connectionId } }), stop, [Symbol.asyncDispose]: stop }
}

/** Waits until all of it goes well, and gives the connection's row. */
export const isLive = ({ row }: Followed) => eventually(row, ({ state }) => state === 'LIVE')

/** Looks again and again until the condition holds, and gives what was seen last. */
export function eventually<Value>(look: () => Promise<Value>, condition: (value: Value) => boolean, timeout = 30_000): Promise<Value> {
  return vi.waitFor(
    async () => {
      const value = await look()
      if (!condition(value)) throw new Error(`Not yet: ${JSON.stringify(value)}`)
      return value
    },
    { timeout, interval: 20 }
  )
}
