// The connection on which a node hears, against a server that breaks it.
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import type { Engine, Listener } from '../../../src/database/engine.ts'
import { openPostgres } from '../../../src/database/postgresql/postgresql.ts'
import { startOnServer } from '../../kit/app.ts'
import { createDatabase } from '../../kit/postgres.ts'

let url: string
let engine: Engine
let operator: pg.Client

beforeEach(async () => {
  url = await createDatabase(inject('postgresUrl'))
  engine = await openPostgres(url, 2)
  operator = new pg.Client({ connectionString: url })
  await operator.connect()
})

afterEach(async () => {
  await engine.close()
  await operator.end()
})

const listening = `FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'mayday listen'`

async function listeners(client = operator): Promise<number> {
  return (await client.query(`SELECT pid ${listening}`)).rows.length
}

/** Breaks the connections that listen. */
const cut = () => operator.query(`SELECT pg_terminate_backend(pid) ${listening}`)

/** What a listener is told, in order. */
class Ear implements Listener {
  readonly told: string[] = []
  #news = Promise.withResolvers<void>()

  notified(payload: string): void {
    this.#tell(`notified ${payload}`)
  }

  lost(): void {
    this.#tell('lost')
  }

  reconnected(): void {
    this.#tell('reconnected')
  }

  /** Waits until it has been told so much. */
  async until(count: number): Promise<string[]> {
    while (this.told.length < count) await this.#news.promise
    return this.told
  }

  #tell(what: string): void {
    this.told.push(what)
    this.#news.resolve()
    this.#news = Promise.withResolvers()
  }
}

describe('listening', () => {
  it('takes one connection, whatever the number of channels and listeners', async () => {
    const [one, same, other] = [new Ear(), new Ear(), new Ear()]
    await Promise.all([engine.listen('one', one), engine.listen('one', same), engine.listen('Other "channel"', other)])
    expect(await listeners()).toBe(1)
    await operator.query(`SELECT pg_notify('one', 'a'), pg_notify('nobody', 'b'), pg_notify('Other "channel"', 'c')`)
    expect([await one.until(1), await same.until(1), await other.until(1)]).toEqual([['notified a'], ['notified a'], ['notified c']])
  })

  it('tells every listener when the connection is lost and when it is back, and hears all channels again', async () => {
    const [one, other] = [new Ear(), new Ear()]
    await engine.listen('one', one)
    await engine.listen('other', other)
    for (const payload of ['first', 'second']) {
      const before = one.told.length
      await cut()
      expect((await one.until(before + 2)).slice(before)).toEqual(['lost', 'reconnected'])
      await other.until(before + 2)
      expect(await listeners()).toBe(1)
      await operator.query(`SELECT pg_notify('one', '${payload}'), pg_notify('other', '${payload}')`)
      await Promise.all([one.until(before + 3), other.until(before + 3)])
    }
    const all = ['lost', 'reconnected', 'notified first', 'lost', 'reconnected', 'notified second']
    expect([one.told, other.told]).toEqual([all, all])
  })

  it('that is begun while the connection is away begins when it is back', async () => {
    const [early, late] = [new Ear(), new Ear()]
    await engine.listen('early', early)
    await cut()
    await early.until(1)
    await engine.listen('late', late)
    await operator.query(`SELECT pg_notify('early', 'a'), pg_notify('late', 'b')`)
    expect([await early.until(3), await late.until(1)]).toEqual([['lost', 'reconnected', 'notified a'], ['notified b']])
    expect(await listeners()).toBe(1)
  })

  it('that waits for the connection fails when the database is closed', async () => {
    const [early, late] = [new Ear(), new Ear()]
    await engine.listen('early', early)
    await cut()
    await early.until(1)
    const waiting = expect(engine.listen('late', late)).rejects.toThrow()
    await engine.close()
    await waiting
    expect(early.told).toEqual(['lost'])
    engine = await openPostgres(url, 2)
  })

  it('that cannot begin fails, and the next one tries anew', async () => {
    const admin = new pg.Client({ connectionString: inject('postgresUrl') })
    await admin.connect()
    const allow = (allowed: boolean) => admin.query(`ALTER DATABASE ${new URL(url).pathname.slice(1)} ALLOW_CONNECTIONS ${allowed}`)
    const [refused, taken] = [new Ear(), new Ear()]
    await allow(false)
    await expect(engine.listen('one', refused)).rejects.toThrow('not currently accepting connections')
    await allow(true)
    await engine.listen('one', taken)
    await operator.query(`NOTIFY one, 'a'`)
    expect([refused.told, await taken.until(1)]).toEqual([[], ['notified a']])
    expect(await listeners()).toBe(1)
    await admin.end()
  })
})

it('a whole node takes one connection to listen', async () => {
  await using app = await startOnServer()
  const inside = new pg.Client({ connectionString: app.databaseUrl })
  await inside.connect()
  expect(await listeners(inside)).toBe(1)
  await inside.end()
})
