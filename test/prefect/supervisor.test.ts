// When a node looks which servers are to be followed.
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Prisma } from '../../src/database/generated/client/client.ts'
import { connectionChannel } from '../../src/prefect/notification.ts'
import { engines, quiet, startOnServer, type TestApp } from '../kit/app.ts'
import { comment, declare } from '../kit/seed.ts'
import { FakePrefect } from './fake-prefect.ts'
import { eventually } from './followed.ts'

/** Where nobody listens. */
const nowhere = 'http://127.0.0.1:9/api'

/** Counts the statements that ask for connections, or write them. */
function watchConnections({ database }: TestApp): { readonly texts: string[] } & Disposable {
  const { query } = database
  const texts: string[] = []
  database.query = (statement, options) => {
    if (statement.text.includes('prefect_server')) texts.push(statement.text)
    return query(statement, options)
  }
  return {
    texts,
    [Symbol.dispose]() {
      database.query = query
    }
  }
}

function connection({ workspace: { workspaceId } }: TestApp, apiUrl = nowhere) {
  return { id: randomUUID(), workspaceId, name: 'Prefect', apiUrl, origin: 'API' as const, createdAt: new Date() }
}

describe.each(engines)('on $engine', ({ start }) => {
  it('commits that concern no connection ask for none', async () => {
    await using app = await start()
    const { id } = await declare(app.admin)
    using watched = watchConnections(app)
    // Several times as long as it takes from being asked for a look to looking.
    const until = performance.now() + 1_000
    while (performance.now() < until) await comment(app.admin, id, 'Looking')
    // The look of the start may be late.
    expect(watched.texts.length).toBeLessThanOrEqual(1)
  })

  it('a connection is told of when it is made, followed in another way, or deleted, and not when its health moves', async () => {
    await using app = await start(quiet)
    const { prisma } = app.database
    const heard: string[] = []
    const end = Promise.withResolvers<void>()
    const hear = (channel: string, notified: (payload: string) => void) => app.database.listen(channel, { notified, lost() {}, reconnected() {} })
    await hear(connectionChannel, () => heard.push('connection'))
    await hear('mark', () => heard.push('mark'))
    await hear('end', () => end.resolve())
    const mark = () => app.database.query(Prisma.sql`NOTIFY mark`)
    const { id, ...given } = connection(app)
    await prisma.prefectServer.create({ data: { id, ...given } })
    await mark()
    await prisma.prefectServer.update({ where: { id }, data: { state: 'LIVE', lagMs: 5, lastEventAt: new Date() } })
    await prisma.prefectServer.update({ where: { id }, data: { version: 1 } })
    await mark()
    await prisma.prefectServer.update({ where: { id }, data: { name: 'Ours', version: { increment: 1 } } })
    await mark()
    await prisma.prefectServer.delete({ where: { id } })
    await app.database.query(Prisma.sql`NOTIFY "end"`)
    await end.promise
    expect(heard).toEqual(['connection', 'mark', 'mark', 'connection', 'mark', 'connection'])
  })
})

it('a connection that another node makes is followed, and one that it ends is not, without waiting for the next look', async () => {
  await using fake = await FakePrefect.start()
  await using follower = await startOnServer({ clock: () => fake.now() })
  await using other = await startOnServer({ ...quiet, databaseUrl: follower.databaseUrl ?? '' })
  const data = connection(other, fake.apiUrl)
  await other.database.prisma.prefectServer.create({ data })
  const streams = (count: number) =>
    eventually(
      async () => fake.streams,
      (current) => current === count
    )
  await streams(1)
  await other.database.prisma.prefectServer.update({ where: { id: data.id }, data: { disabledAt: new Date(), version: { increment: 1 } } })
  await streams(0)
})

it('what was told while the node did not hear is found when it hears again', async () => {
  await using fake = await FakePrefect.start()
  await using app = await startOnServer({ clock: () => fake.now() })
  const { prisma } = app.database
  // Both in one transaction: the connection that listens is gone before the notification is sent.
  await prisma.$transaction(async (tx) => {
    await tx.prefectServer.create({ data: connection(app, fake.apiUrl) })
    await tx.$executeRaw`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'mayday listen'`
  })
  await eventually(
    async () => fake.streams,
    (streams) => streams === 1
  )
})
