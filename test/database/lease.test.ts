// Work that one node does for all, on a real PostgreSQL: never twice at once, taken over when its node stops or is lost.
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest'
import { wrapEngine } from '../../src/database/database.ts'
import type { Database } from '../../src/database/engine.ts'
import { Prisma } from '../../src/database/generated/client/client.ts'
import { type Leadership, lead } from '../../src/database/lease.ts'
import { openPostgres } from '../../src/database/postgresql/postgresql.ts'
import { createDatabase } from '../kit/postgres.ts'

/** Shorter than in life; a renewal has to fit in several times. */
const times = { leaseMs: 600, renewMs: 150 }

let databases: [Database, Database]

beforeAll(async () => {
  const url = await createDatabase(inject('postgresUrl'), inject('postgresTemplate'))
  databases = [wrapEngine(await openPostgres(url, 2)), wrapEngine(await openPostgres(url, 2))]
})
afterAll(() => Promise.all(databases.map((database) => database.close())))

/** What two nodes do with the same work: it lasts until its signal aborts, and they say what they see of each other. */
class Work {
  /** Who is at it, in the order in which they began. */
  readonly began: string[] = []
  readonly at = new Set<string>()
  most = 0

  readonly by = (node: string) => async (signal: AbortSignal) => {
    this.began.push(node)
    this.at.add(node)
    this.most = Math.max(this.most, this.at.size)
    await new Promise<void>((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })))
    this.at.delete(node)
  }

  until(condition: () => boolean): Promise<void> {
    return vi.waitFor(() => expect(condition()).toBe(true), { timeout: 10_000, interval: 10 })
  }
}

const never = (error: unknown) => {
  throw error
}

it('is done by one of two, and by the other as soon as the first stops', async () => {
  const work = new Work()
  const first = lead(databases[0], 'stops', work.by('first'), never, times)
  await work.until(() => work.at.has('first'))
  const second = lead(databases[1], 'stops', work.by('second'), never, times)
  // The second asks several times while the first renews.
  const asked = vi.spyOn(databases[1], 'query')
  await work.until(() => asked.mock.calls.length >= 6)
  expect(work.began).toEqual(['first'])
  await first.stop()
  expect(work.at.has('first')).toBe(false)
  await work.until(() => work.at.has('second'))
  await second.stop()
  expect(work).toMatchObject({ began: ['first', 'second'], most: 1 })
  expect(await databases[0].query(Prisma.sql`SELECT name FROM lease WHERE name = 'stops'`)).toEqual([])
  asked.mockRestore()
})

it('is taken over from a node that cannot renew, which ends its own first', async () => {
  const work = new Work()
  const lost = { ...databases[0], query: databases[0].query } as Database
  const first = lead(lost, 'lost', work.by('first'), never, times)
  await work.until(() => work.at.has('first'))
  const second = lead(databases[1], 'lost', work.by('second'), never, times)
  lost.query = () => Promise.reject(new Error('The database is away'))
  await work.until(() => work.at.has('second'))
  expect(work).toMatchObject({ began: ['first', 'second'], most: 1 })
  await Promise.all([first.stop(), second.stop()])
})

it('is taken over from a node whose database never answers', async () => {
  const work = new Work()
  const hung = { ...databases[0], query: databases[0].query } as Database
  const first = lead(hung, 'hung', work.by('first'), never, times)
  await work.until(() => work.at.has('first'))
  const second = lead(databases[1], 'hung', work.by('second'), never, times)
  hung.query = () => new Promise(() => {})
  await work.until(() => work.at.has('second'))
  expect(work).toMatchObject({ began: ['first', 'second'], most: 1 })
  await second.stop()
  // The first is never answered any more, as a process that hangs.
  void first.stop()
})

it('is taken over from a node that is gone without a word, when its lease has run out', async () => {
  const work = new Work()
  await databases[0].query(Prisma.sql`
    INSERT INTO lease (name, holder_id, expires_at) VALUES ('gone', gen_random_uuid(), now() + interval '400 milliseconds') RETURNING name`)
  const began = performance.now()
  const second = lead(databases[1], 'gone', work.by('second'), never, times)
  await work.until(() => work.at.has('second'))
  expect(performance.now() - began).toBeGreaterThan(300)
  await second.stop()
})

it('is begun anew when it ends or fails by itself, and says why it failed', async () => {
  const failures: unknown[] = []
  let begun = 0
  const leadership: Leadership = lead(
    databases[0],
    'fails',
    async () => {
      if (++begun === 1) throw new Error('Once')
    },
    (error) => failures.push(error),
    times
  )
  await vi.waitFor(() => expect(begun).toBeGreaterThanOrEqual(3), { timeout: 10_000, interval: 10 })
  await leadership.stop()
  expect(failures).toEqual([expect.objectContaining({ message: 'Once' })])
})

it('has any number of names side by side', async () => {
  const work = new Work()
  const both = [lead(databases[0], 'one', work.by('one'), never, times), lead(databases[1], 'other', work.by('other'), never, times)]
  await work.until(() => work.at.size === 2)
  await Promise.all(both.map((each) => each.stop()))
})
