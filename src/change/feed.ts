// Tails the changes of the workspaces that somebody on this node watches. A notification only says which workspace
// has moved and how far; what is new is then read by one query for all of them. A heartbeat finds what a lost
// notification hid; a node on which nobody watches or asks anything asks the database for nothing.
import { accessChangeNames } from '../access/events.ts'
import type { Core } from '../core.ts'
import { Prisma } from '../database/generated/client/client.ts'
import { type ChangeRow, changeColumns } from './change.ts'
import type { Moved } from './heads.ts'
import { changeChannel, decodeMoved } from './notification.ts'
import { readSequences } from './sequence.ts'

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
  readonly #core: Pick<Core, 'database' | 'heads' | 'log'>
  readonly #watched = new Map<string, Watched>()
  readonly #moved = new Set<string>()
  readonly #heartbeatMs: number
  #heartbeat: NodeJS.Timeout | undefined
  #looking: Promise<void> | undefined
  #pumping: Promise<void> | undefined
  #stopped = false

  constructor(core: Pick<Core, 'database' | 'heads' | 'log'>, heartbeatMs: number) {
    this.#core = core
    this.#heartbeatMs = heartbeatMs
  }

  async start(): Promise<void> {
    const { database, heads } = this.#core
    await database.listen(changeChannel, {
      notified: (payload) => this.#notified(payload),
      lost: () => heads.deafen(),
      reconnected: () => {
        heads.hear()
        this.#look()
      }
    })
    heads.hear()
    this.#heartbeat = setInterval(() => this.#look(), this.#heartbeatMs)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#heartbeat)
    this.#core.heads.deafen()
    this.#watched.clear()
    await this.#looking
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

  /** The sequence number of the newest committed change of a workspace, read from the database. */
  async newest(workspaceId: string): Promise<number> {
    return (await readSequences(this.#core, [workspaceId])).get(workspaceId) ?? 0
  }

  /** Looks at once instead of waiting for a notification. */
  poke(workspaceId: string): void {
    this.#wake(workspaceId)
  }

  #notified(payload: string): void {
    const moved = decodeMoved(payload)
    if (!moved) return
    this.#core.heads.advance(moved)
    if (moved.last > this.#positionOf(moved.workspaceId)) this.#wake(moved.workspaceId)
  }

  /** Finds what no notification told of. */
  #look(): void {
    const workspaceIds = [...new Set([...this.#watched.keys(), ...this.#core.heads.takeUsed()])]
    if (workspaceIds.length === 0 || this.#looking) return
    this.#looking = readSequences(this.#core, workspaceIds)
      .then((sequences) => {
        for (const [workspaceId, sequence] of sequences) if (sequence > this.#positionOf(workspaceId)) this.#wake(workspaceId)
      })
      .catch((error: unknown) => this.#core.log.warn({ err: error }, 'The database could not be asked for changes; trying again'))
      .finally(() => {
        this.#looking = undefined
      })
  }

  /** Beyond everything for a workspace that nobody watches. */
  #positionOf(workspaceId: string): number {
    return this.#watched.get(workspaceId)?.position ?? Number.POSITIVE_INFINITY
  }

  #wake(workspaceId: string): void {
    if (this.#stopped || !this.#watched.has(workspaceId)) return
    this.#moved.add(workspaceId)
    this.#pumping ??= this.#pump().finally(() => {
      this.#pumping = undefined
      if (this.#ready().length > 0) this.#wake(this.#ready()[0] as string)
    })
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
    const news = this.#core.heads.observe()
    try {
      const changes = await this.#readAfter(workspaceIds)
      for (const [workspaceId, rows] of Map.groupBy(changes, (change) => change.workspaceId)) this.#handOver(workspaceId, rows, news)
    } catch (error) {
      // The heartbeat looks again.
      this.#core.log.warn({ err: error }, 'The changes could not be read; trying again')
    }
  }

  #readAfter(workspaceIds: string[]): Promise<ChangeRow[]> {
    const positions = workspaceIds.map((workspaceId) => this.#watched.get(workspaceId)?.position ?? 0)
    return this.#core.database.query<ChangeRow>(Prisma.sql`
      SELECT ${changeColumns}
      FROM unnest(${workspaceIds}::uuid[], ${positions}::bigint[]) AS place (workspace_id, sequence)
      CROSS JOIN LATERAL (
        SELECT * FROM change WHERE workspace_id = place.workspace_id AND sequence > place.sequence ORDER BY sequence LIMIT ${batchLimit}
      ) c
      ORDER BY c.workspace_id, c.sequence`)
  }

  #handOver(workspaceId: string, changes: ChangeRow[], news: (moved: Moved) => void): void {
    const watched = this.#watched.get(workspaceId)
    const [first, last] = [changes[0], changes.at(-1)]
    // Not watched any more, or watched anew from a later place while the query ran.
    if (!watched || !first || !last || first.sequence <= watched.position) return
    // The notification of the last of them may still be on its way.
    const rights = changes.some(({ kind }) => accessChangeNames.has(kind))
    news({ workspaceId, first: first.sequence, last: last.sequence, rights })
    if (rights) this.#core.heads.rightsMoved(workspaceId, last.sequence)
    const batch = { workspaceId, from: watched.position, to: last.sequence, changes }
    watched.position = last.sequence
    watched.busy = true
    if (changes.length === batchLimit) this.#moved.add(workspaceId)
    watched
      .deliver(batch)
      .catch((error: unknown) => this.#core.log.error({ err: error, workspaceId }, 'A batch of changes could not be delivered'))
      .finally(() => {
        watched.busy = false
        if (this.#moved.has(workspaceId)) this.#wake(workspaceId)
      })
  }
}
