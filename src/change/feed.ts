// Tails the changes of the workspaces that somebody on this node watches. A notification only says which workspace
// has moved; what is new is then read by one query for all of them. A heartbeat finds what a lost notification hid.
import type { Logger } from 'pino'
import type { Database } from '../database/engine.ts'
import { Prisma } from '../database/generated/client/client.ts'
import { type ChangeRow, changeColumns } from './change.ts'
import { changeChannel } from './record.ts'

/** New changes of one workspace: all that lies after `from` and up to `to`, without a gap. */
export interface Batch {
  readonly workspaceId: string
  readonly from: number
  readonly to: number
  readonly changes: readonly ChangeRow[]
}

interface Watched {
  position: number
  /** A batch is being handed over; the next one waits, and grows, in the database. */
  busy: boolean
  readonly deliver: (batch: Batch) => Promise<void>
}

/** The most changes in one batch; what is beyond follows in the next. */
export const batchLimit = 500

export class Feed {
  readonly #database: Database
  readonly #log: Logger
  readonly #watched = new Map<string, Watched>()
  readonly #moved = new Set<string>()
  readonly #heartbeatMs: number
  #heartbeat: NodeJS.Timeout | undefined
  #pumping: Promise<void> | undefined
  #stopped = false

  constructor(database: Database, log: Logger, heartbeatMs: number) {
    this.#database = database
    this.#log = log
    this.#heartbeatMs = heartbeatMs
  }

  async start(): Promise<void> {
    await this.#database.listen(changeChannel, {
      notified: (workspaceId) => this.#wake(workspaceId),
      reconnected: () => this.#look()
    })
    this.#heartbeat = setInterval(() => this.#look(), this.#heartbeatMs)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#heartbeat)
    this.#watched.clear()
    await this.#pumping
  }

  /** Starts at the newest change; `deliver` gets every later one, a batch at a time, in order. Returns that start. */
  async watch(workspaceId: string, deliver: (batch: Batch) => Promise<void>): Promise<number> {
    const position = await this.newest(workspaceId)
    this.#watched.set(workspaceId, { position, busy: false, deliver })
    // A commit between the look and the entry above has notified nobody here.
    this.#wake(workspaceId)
    return position
  }

  unwatch(workspaceId: string): void {
    this.#watched.delete(workspaceId)
  }

  /** The sequence number of the newest committed change of a workspace. */
  async newest(workspaceId: string): Promise<number> {
    const [row] = await this.#database.query<{ sequence: number }>(Prisma.sql`SELECT sequence FROM workspace WHERE id = ${workspaceId}::uuid`)
    return row?.sequence ?? 0
  }

  /** Looks at once instead of waiting for a notification. */
  poke(workspaceId: string): void {
    this.#wake(workspaceId)
  }

  #wake(workspaceId: string): void {
    if (this.#stopped || !this.#watched.has(workspaceId)) return
    this.#moved.add(workspaceId)
    this.#pumping ??= this.#pump().finally(() => {
      this.#pumping = undefined
      if (this.#ready().length > 0) this.#wake(this.#ready()[0] as string)
    })
  }

  #look(): void {
    for (const workspaceId of this.#watched.keys()) this.#wake(workspaceId)
  }

  #ready(): string[] {
    return [...this.#moved].filter((workspaceId) => this.#watched.get(workspaceId)?.busy === false)
  }

  async #pump(): Promise<void> {
    // A round trip of nothing lets all notifications of one burst be read by one query.
    await new Promise((resolve) => setImmediate(resolve))
    const workspaceIds = this.#ready()
    if (workspaceIds.length === 0) return
    for (const workspaceId of workspaceIds) this.#moved.delete(workspaceId)
    try {
      const changes = await this.#readAfter(workspaceIds)
      for (const [workspaceId, rows] of Map.groupBy(changes, (change) => change.workspaceId)) this.#handOver(workspaceId, rows)
    } catch (error) {
      // The heartbeat looks again.
      this.#log.warn({ err: error }, 'The changes could not be read; trying again')
    }
  }

  #readAfter(workspaceIds: string[]): Promise<ChangeRow[]> {
    const positions = workspaceIds.map((workspaceId) => this.#watched.get(workspaceId)?.position ?? 0)
    return this.#database.query<ChangeRow>(Prisma.sql`
      SELECT ${changeColumns}
      FROM unnest(${workspaceIds}::uuid[], ${positions}::bigint[]) AS place (workspace_id, sequence)
      CROSS JOIN LATERAL (
        SELECT * FROM change WHERE workspace_id = place.workspace_id AND sequence > place.sequence ORDER BY sequence LIMIT ${batchLimit}
      ) c
      ORDER BY c.workspace_id, c.sequence`)
  }

  #handOver(workspaceId: string, changes: ChangeRow[]): void {
    const watched = this.#watched.get(workspaceId)
    const last = changes.at(-1)
    // Not watched any more, or watched anew from a later place while the query ran.
    if (!watched || !last || changes[0] === undefined || changes[0].sequence <= watched.position) return
    const batch = { workspaceId, from: watched.position, to: last.sequence, changes }
    watched.position = last.sequence
    watched.busy = true
    if (changes.length === batchLimit) this.#moved.add(workspaceId)
    watched
      .deliver(batch)
      .catch((error: unknown) => this.#log.error({ err: error, workspaceId }, 'A batch of changes could not be delivered'))
      .finally(() => {
        watched.busy = false
        if (this.#moved.has(workspaceId)) this.#wake(workspaceId)
      })
  }
}
