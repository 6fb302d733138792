// A real Prefect server and a worker, as processes on loopback, with data of their own that outlives a restart.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inject, vi } from 'vitest'
import { createDatabase } from '../../kit/postgres.ts'
import { prefectPrograms } from './environment.ts'

// biome-ignore lint/suspicious/noExplicitAny: rows are as Prefect has them.
export type Row = Record<string, any> & { id: string }

export class RealPrefect implements AsyncDisposable {
  readonly #bin: string
  readonly #folder = mkdtempSync(join(tmpdir(), 'mayday-prefect-'))
  readonly #port: number
  /** On SQLite, its default, it stands still for a minute now and then, waiting for a lock of its own. */
  readonly #databaseUrl: string
  readonly #processes = new Map<string, ChildProcess>()
  /** Ids of deployments by what flows.py calls them. */
  deployments: Record<string, string> = {}

  private constructor(bin: string, port: number, databaseUrl: string) {
    this.#bin = bin
    this.#port = port
    this.#databaseUrl = databaseUrl.replace(/^postgres(ql)?:/, 'postgresql+asyncpg:')
    cpSync(fileURLToPath(new URL('flows.py', import.meta.url)), join(this.#folder, 'flows.py'))
  }

  static async start(): Promise<RealPrefect> {
    const prefect = new RealPrefect(await prefectPrograms(), await freePort(), await createDatabase(inject('postgresUrl')))
    try {
      await prefect.#begin()
      return prefect
    } catch (error) {
      await prefect[Symbol.asyncDispose]()
      throw error
    }
  }

  get apiUrl(): string {
    return `http://127.0.0.1:${this.#port}/api`
  }

  /** A small environment of its own: nothing of the caller's gets in, and what is not loopback leads nowhere. */
  get #environment(): Record<string, string> {
    return {
      PATH: `${this.#bin}:/usr/bin:/bin`,
      HOME: this.#folder,
      TMPDIR: this.#folder,
      PREFECT_HOME: join(this.#folder, 'home'),
      PREFECT_API_URL: this.apiUrl,
      PREFECT_SERVER_DATABASE_CONNECTION_URL: this.#databaseUrl,
      PREFECT_SERVER_ANALYTICS_ENABLED: 'false',
      DO_NOT_TRACK: '1',
      PREFECT_SERVER_UI_ENABLED: 'false',
      PREFECT_WORKER_QUERY_SECONDS: '1',
      PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS: '2',
      PREFECT_SERVER_SERVICES_LATE_RUNS_LOOP_SECONDS: '1',
      http_proxy: 'http://127.0.0.1:9',
      https_proxy: 'http://127.0.0.1:9',
      no_proxy: '127.0.0.1,localhost'
    }
  }

  async startServer(): Promise<void> {
    this.#spawn('server', 'server', 'start', '--host', '127.0.0.1', '--port', String(this.#port))
    await vi
      .waitFor(() => this.call('GET', '/health'), { timeout: 90_000, interval: 200 })
      .catch(() => {
        throw new Error(`The server did not start: ${this.#logOf('server')}`)
      })
  }

  startWorker(): void {
    this.#spawn('worker', 'worker', 'start', '--pool', 'busy', '--limit', '3')
  }

  /** Ends a process and those that it started, as a machine that fails does. */
  async kill(name: 'server' | 'worker'): Promise<void> {
    const process_ = this.#processes.get(name)
    if (!process_?.pid) return
    this.#processes.delete(name)
    const ended = new Promise((resolve) => process_.once('exit', resolve))
    process.kill(-process_.pid, 'SIGKILL')
    await ended
  }

  async call<Answer = Row>(method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${this.apiUrl}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (response.status === 204 ? undefined : await response.json()) as Answer
  }

  /** All rows of a list. */
  async all(name: string, filter: object = {}): Promise<Row[]> {
    const rows: Row[] = []
    for (;;) {
      const page = await this.call<Row[]>('POST', `/${name}/filter`, { ...filter, limit: 200, offset: rows.length })
      rows.push(...page)
      if (page.length < 200) return rows
    }
  }

  /** The ids of all of its events. */
  async eventIds(): Promise<string[]> {
    const occurred = { since: new Date(Date.now() - 3_600_000).toISOString(), until: new Date().toISOString() }
    type Page = { events: Row[]; next_page: string | null }
    let page = await this.call<Page>('POST', '/events/filter', { filter: { occurred }, limit: 50 })
    const ids = page.events.map(({ id }) => id)
    while (page.next_page) {
      page = await this.call<Page>('GET', page.next_page.replace(/^.*\/api/, ''))
      ids.push(...page.events.map(({ id }) => id))
    }
    return ids
  }

  /** Runs a deployment now. */
  async run(deployment: string, parameters: object = {}): Promise<string> {
    return (await this.call('POST', `/deployments/${this.deployments[deployment]}/create_flow_run`, { parameters })).id
  }

  async stateOf(runId: string): Promise<{ type: string; name: string }> {
    return (await this.call('GET', `/flow_runs/${runId}`)).state
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill('worker')
    await this.kill('server')
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #begin(): Promise<void> {
    await this.startServer()
    const { status, stdout, stderr } = spawnSync(join(this.#bin, 'python'), ['flows.py'], {
      cwd: this.#folder,
      env: this.#environment,
      encoding: 'utf8'
    })
    if (status !== 0) throw new Error(`The deployments were not made: ${stderr}`)
    this.deployments = JSON.parse(stdout)
  }

  #spawn(name: 'server' | 'worker', ...args: string[]): void {
    const log = openSync(join(this.#folder, `${name}.log`), 'a')
    // A session of its own, so that the processes of flow runs end with it.
    this.#processes.set(
      name,
      spawn(join(this.#bin, 'prefect'), args, { cwd: this.#folder, env: this.#environment, stdio: ['ignore', log, log], detached: true })
    )
  }

  #logOf(name: string): string {
    return readFileSync(join(this.#folder, `${name}.log`), 'utf8').slice(-3_000)
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
