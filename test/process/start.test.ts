// The process as an operator starts it: what it prints, what it keeps, and how it refuses.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { adminKey } from '../kit/app.ts'
import { Client } from '../kit/client.ts'
import { createDatabase, freePort } from '../kit/postgres.ts'
import { createDataFolder, kill, type RunningProcess, startNode, startProcess } from '../kit/process.ts'
import { declare } from '../kit/seed.ts'

let folder: string
const started: RunningProcess[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mayday-process-'))
})

afterEach(async () => {
  for (const each of started.splice(0)) if (each.child.exitCode === null) await kill(each)
  await rm(folder, { recursive: true, force: true })
})

async function up(environment: Record<string, string>) {
  const node = await startNode(environment)
  started.push(node)
  return node
}

/** The one line that a process ended with, and its exit code. */
async function refusal(environment: Record<string, string>): Promise<{ line: string; code: unknown; stdout: string }> {
  const running = startProcess({ PORT: '0', HOST: '127.0.0.1', MAYDAY_DATA: join(folder, 'data'), ...environment })
  started.push(running)
  const code = await running.exited
  expect(running.stderr()).toMatch(/^mayday: [^\n]+\n$/)
  return { line: running.stderr(), code, stdout: running.stdout() }
}

/** A database of its own that is migrated already. */
const emptyDatabase = () => createDatabase(inject('postgresUrl'), inject('postgresTemplate'))

const keyIn = (stdout: string) => stdout.match(/mayday_[\w-]{43}/g) ?? []

describe('on an embedded folder', () => {
  it('prints an admin key at the first start, and after a restart none, with the data still there', { timeout: 60_000 }, async () => {
    const data = join(folder, 'data')
    const first = await up({ MAYDAY_DATA: data })
    const [key, ...more] = keyIn(first.stdout())
    expect(more).toEqual([])
    const { id } = await declare(new Client(first.url, key), { title: 'Kept' })
    await kill(first, 'SIGTERM')
    const second = await up({ MAYDAY_DATA: data })
    expect(keyIn(second.stdout())).toEqual([])
    expect(await new Client(second.url, key).run('query ($id: ID!) { incident(id: $id) { title } }', { id })).toEqual({ incident: { title: 'Kept' } })
    expect(first.stderr() + second.stderr()).toBe('')
  })

  it('refuses a folder that another process uses, which goes on', { timeout: 60_000 }, async () => {
    const data = await createDataFolder(folder)
    const node = await up({ MAYDAY_DATA: data, MAYDAY_ADMIN_KEY: adminKey })
    const { line, code, stdout } = await refusal({ MAYDAY_DATA: data })
    expect([code, stdout]).toEqual([75, ''])
    expect(line).toContain(`The data folder ${data} is in use by another Mayday process.`)
    await declare(new Client(node.url, adminKey))
  })

  it('of two that start on one folder at the same moment, exactly one serves', { timeout: 60_000 }, async () => {
    const environment = { MAYDAY_DATA: join(folder, 'data'), MAYDAY_ADMIN_KEY: adminKey }
    const results = await Promise.allSettled([up(environment), up(environment)])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const failed = results.find((result) => result.status === 'rejected')
    expect(String(failed?.reason)).toContain('is in use by another Mayday process')
  })

  it('takes a folder over from a process that was killed', { timeout: 60_000 }, async () => {
    const environment = { MAYDAY_DATA: await createDataFolder(folder), MAYDAY_ADMIN_KEY: adminKey }
    await kill(await up(environment), 'SIGKILL')
    await declare(new Client((await up(environment)).url, adminKey))
  })

  it('refuses a folder that cannot be made', async () => {
    await writeFile(join(folder, 'file'), '')
    const { line, code } = await refusal({ MAYDAY_DATA: join(folder, 'file', 'data') })
    expect(code).toBe(73)
    expect(line).toContain('cannot be created')
  })
})

describe('on a PostgreSQL server', () => {
  it('prints no key that the operator has given', async () => {
    const node = await up({ DATABASE_URL: await emptyDatabase(), MAYDAY_ADMIN_KEY: adminKey })
    expect(keyIn(node.stdout())).toEqual([])
    await declare(new Client(node.url, adminKey))
  })

  it('two that start on an empty database at the same moment both serve, as one: one workspace, one key', { timeout: 60_000 }, async () => {
    const DATABASE_URL = await createDatabase(inject('postgresUrl'))
    const nodes = await Promise.all([up({ DATABASE_URL }), up({ DATABASE_URL })])
    const keys = nodes.flatMap(({ stdout }) => keyIn(stdout()))
    expect(keys).toHaveLength(1)
    const [one, other] = nodes.map(({ url }) => new Client(url, keys[0]))
    const { id } = await declare(one!, { title: 'On both' })
    expect(await other!.run('query ($id: ID!) { incident(id: $id) { title } }', { id })).toEqual({ incident: { title: 'On both' } })
    const client = new pg.Client({ connectionString: DATABASE_URL })
    await client.connect()
    expect((await client.query('SELECT count(*)::int AS workspaces FROM workspace')).rows).toEqual([{ workspaces: 1 }])
    await client.end()
  })

  it('refuses a database that cannot be reached, or is not there', async () => {
    const nobody = await refusal({ DATABASE_URL: `postgresql://mayday@127.0.0.1:${await freePort()}/mayday` })
    expect(nobody).toMatchObject({ code: 69, stdout: '', line: expect.stringContaining('The database cannot be reached: ') })
    const missing = new URL(inject('postgresUrl'))
    missing.pathname = '/mayday_is_not_here'
    expect(await refusal({ DATABASE_URL: missing.href })).toMatchObject({
      code: 69,
      line: expect.stringContaining('database "mayday_is_not_here" does not exist')
    })
  })
})

describe('refuses', () => {
  it('a port that is taken', async () => {
    const holder = createServer()
    const port = await new Promise<number>((resolve) => holder.listen(0, '127.0.0.1', () => resolve((holder.address() as { port: number }).port)))
    const { line, code } = await refusal({ PORT: String(port), MAYDAY_ADMIN_KEY: adminKey, DATABASE_URL: await emptyDatabase() })
    holder.close()
    expect(code).toBe(69)
    expect(line).toBe(`mayday: Port ${port} on 127.0.0.1 is taken. Stop what runs there, or choose another with PORT.\n`)
  })

  it('an address that is not one of this machine', async () => {
    const { line, code } = await refusal({ HOST: '192.0.2.1', MAYDAY_ADMIN_KEY: adminKey, DATABASE_URL: await emptyDatabase() })
    expect(code).toBe(69)
    expect(line).toContain('Cannot listen on 192.0.2.1:0: ')
  })

  it('bad options, all of them in one line', async () => {
    const { line, code, stdout } = await refusal({ PORT: '-1', MAYDAY_LOG_LEVEL: 'loud', MAYDAY_MAX_DEPHT: '5' })
    expect([code, stdout]).toEqual([78, ''])
    expect(line).toMatch(/^mayday: Bad configuration: MAYDAY_MAX_DEPHT is no option of Mayday; PORT: .*; MAYDAY_LOG_LEVEL: .*\n$/)
  })

  it.each([
    [{ PORT: 'http' }, /PORT: /],
    [{ PORT: '65536' }, /PORT: /],
    [{ DATABASE_URL: 'mysql://localhost/mayday' }, /DATABASE_URL: must start with postgres:/],
    [{ MAYDAY_GRAPHIQL: 'yes' }, /MAYDAY_GRAPHIQL: /],
    [{ MAYDAY_ADMIN_KEY: 'secret' }, /MAYDAY_ADMIN_KEY: must be mayday_/],
    [{ MAYDAY_JWT_JWKS_URL: 'https://id.example.org/keys' }, /needs MAYDAY_JWT_ISSUER and MAYDAY_JWT_AUDIENCE/],
    [{ MAYDAY_X: '1' }, /MAYDAY_X is no option of Mayday/]
  ])('the options %j', (environment, says) => {
    expect(() => readConfig(environment as unknown as Record<string, string>)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(says), exitCode: 78 })
    )
  })
})
