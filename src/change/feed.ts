// Tails the changes of the workspaces that somebody on this node watches. A notification only says which workspace
// has moved and how far; what is new is then read by one query for all of them, but for what this node has just made
// itself. A heartbeat finds what a lost notification hid; a node on which nobody watches or asks anything asks the
// database for nothing.
import type { Logger } from 'pino'
import { arrayOf } from '../database/array.ts'
import { type Database, find } from '../database/engine.ts'
import { Prisma } from '../database/generated/client/client.ts'
import { type ChangeRow, changeColumns } from './change.ts'
import { Fresh } from './fresh.ts'
import type { Heads } from './heads.ts'
import { type Moved, movedBy } from './moved.ts'
import { changeChannel, decodeMoved } from './notification.ts'
import { readSequences } from './sequence.ts'

/** New changes of one workspace: all that lies after `from` and up to `to`, without a gap. */
export interface Batch {
  readonly workspaceId: string
  readonly from: number
  readonly to: number
  readonly changes: readonly ChangeRow[]
}

/** A place in the changes of a workspace, from which somebody gets all that is new. */
export interface Watch {
  /** The newest change when it began. */
  readonly start: number
  stop(): void
}

interface Watcher {
  readonly workspaceId: string
  position: number
  /** A batch is being handed over; the next one waits, and grows, in the database. */
  busy: boolean
  readonly deliver: (batch: Batch) => Promise<void>
}

/** What a feed works with: parts of the core, which holds the feed itself. */
export interface FeedParts {
  readonly database: Database
  readonly heads: Heads
  readonly log: Logger
}

/** The most changes in one batch; what is beyond follows in the next. */
export const batchLimit = 500

export class Feed {
  readonly #parts: FeedParts
  /** By workspace. Each watcher is at its own place: whoever takes long over a batch holds up nobody else. */
  readonly #watchers = new Map<string, Set<Watcher>>()
  /** Those for whom there is something new, and up to which place at the least; to infinity, who has to look. */
  readonly #due = new Map<Watcher, number>()
  readonly #fresh = new Fresh()
  #heartbeat: NodeJS.Timeout | undefined
  #looking: Promise<void> | undefined
  #pumping: Promise<void> | undefined
  #stopped = false
  readonly #listeners: ((workspaceId: string) => void)[] = []

  constructor(parts: FeedParts) {
    this.#parts = parts
  }

  async start(heartbeatMs: number): Promise<void> {
    const { database, heads } = this.#parts
    await database.listen(changeChannel, {
      notified: (payload) => this.#notified(payload),
      lost: () => heads.deafen(),
      reconnected: () => {
        heads.hear()
        this.#look()
      }
    })
    heads.hear()
    this.#heartbeat = setInterval(() => this.#look(), heartbeatMs)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#heartbeat)
    this.#parts.heads.deafen()
    this.#watchers.clear()
    this.#due.clear()
    await this.#looking
    await this.#pumping
  }

  /** Tells of each workspace that a notification names, whether it is watched or not. One that is lost is not made up for. */
  onHeard(heard: (workspaceId: string) => void): void {
    this.#listeners.push(heard)
  }

  /** Starts at the newest change; `deliver` gets every later one, a batch at a time, in order. */
  async watch(workspaceId: string, deliver: (batch: Batch) => Promise<void>): Promise<Watch> {
    const start = await this.newest(workspaceId)
    const watcher: Watcher = { workspaceId, position: start, busy: false, deliver }
    const watchers = this.#watchers.get(workspaceId) ?? new Set()
    this.#watchers.set(workspaceId, watchers.add(watcher))
    // A commit between the look and the entry above has notified nobody here.
    this.poke(workspaceId)
    return {
      start,
      stop: () => {
        watchers.delete(watcher)
        this.#due.delete(watcher)
        if (watchers.size > 0 || this.#watchers.get(workspaceId) !== watchers) return
        this.#watchers.delete(workspaceId)
        this.#fresh.drop(workspaceId)
      }
    }
  }

  /** The sequence number of the newest committed change of a workspace, read from the database. */
  async newest(workspaceId: string): Promise<number> {
    return (await readSequences(this.#parts, [workspaceId])).get(workspaceId) ?? 0
  }

  /** Looks at once instead of waiting for a notification. */
  poke(workspaceId: string): void {
    this.#wake(workspaceId, Number.POSITIVE_INFINITY)
  }

  /** This node has committed something. Given the changes themselves, those who watch here need not read them. */
  committed({ workspaceId, last }: Moved, changes: readonly ChangeRow[]): void {
    if (!this.#watchers.has(workspaceId)) return
    if (changes.length > 0) this.#fresh.keep(workspaceId, changes)
    this.#wake(workspaceId, last)
  }

  #notified(payload: string): void {
    const moved = decodeMoved(payload)
    if (!moved) return
    this.#parts.heads.advance(moved)
    this.#wake(moved.workspaceId, moved.last)
    for (const heard of this.#listeners) heard(moved.workspaceId)
  }

  /** Finds what no notification told of. */
  #look(): void {
    const workspaceIds = [...new Set([...this.#watchers.keys(), ...this.#parts.heads.takeUsed()])]
    if (workspaceIds.length === 0 || this.#looking) return
    this.#looking = readSequences(this.#parts, workspaceIds)
      .then((sequences) => {
        for (const [workspaceId, sequence] of sequences) this.#wake(workspaceId, sequence)
      })
      .catch((error: unknown) => this.#parts.log.warn({ err: error }, 'The database could not be asked for changes; trying again'))
      .finally(() => {
        this.#looking = undefined
      })
  }

  /** A workspace has come to a place: whoever watches it from before has something to read. */
  #wake(workspaceId: string, place: number): void {
    if (this.#stopped) return
    for (const watcher of this.#watchers.get(workspaceId) ?? []) {
      if (watcher.position < place) this.#due.set(watcher, Math.max(place, this.#due.get(watcher) ?? 0))
    }
    this.#pumpSoon()
  }

  #pumpSoon(): void {
    if (this.#stopped || this.#ready().length === 0) return
    this.#pumping ??= this.#pump().finally(() => {
      this.#pumping = undefined
      this.#pumpSoon()
    })
  }

  #ready(): Watcher[] {
    return [...this.#due.keys()].filter(({ busy }) => !busy)
  }

  async #pump(): Promise<void> {
    // A round trip of nothing lets all notifications of one burst be read by one query.
    await new Promise((resolve) => setImmediate(resolve))
    const ready = this.#ready()
    if (ready.length === 0) return
    const news = this.#parts.heads.observe()
    const behind = ready.filter((watcher) => {
      const fresh = this.#fresh.after(watcher.workspaceId, watcher.position, this.#due.get(watcher) ?? Number.POSITIVE_INFINITY)
      this.#due.delete(watcher)
      if (fresh) this.#handOver(watcher, fresh, news)
      return !fresh
    })
    if (behind.length === 0) return
    try {
      // Those of a workspace who are at the same place, as they mostly are, share what is read.
      const places = Map.groupBy(behind, ({ workspaceId, position }) => `${workspaceId} ${position}`)
      const changes = await this.#readAfter([...places.values()].map(([first]) => first as Watcher))
      for (const [place, rows] of Map.groupBy(changes, (change) => `${change.workspaceId} ${change.after}`)) {
        for (const watcher of places.get(place) ?? []) this.#handOver(watcher, rows, news)
      }
    } catch (error) {
      // The heartbeat looks again.
      this.#parts.log.warn({ err: error }, 'The changes could not be read; trying again')
    }
  }

  #readAfter(places: Watcher[]): Promise<(ChangeRow & { after: number })[]> {
    const workspaceIds = places.map(({ workspaceId }) => workspaceId)
    const positions = places.map(({ position }) => position)
    return this.#parts.database.query(
      Prisma.sql`
        SELECT ${changeColumns}, place.sequence AS after
        FROM unnest(${arrayOf('uuid', workspaceIds)}, ${arrayOf('bigint', positions)}) AS place (workspace_id, sequence)
        CROSS JOIN LATERAL (
          SELECT * FROM change WHERE workspace_id = place.workspace_id AND sequence > place.sequence ORDER BY sequence LIMIT ${batchLimit}
        ) c
        ORDER BY place.workspace_id, place.sequence, c.sequence`,
      find
    )
  }

  #handOver(watcher: Watcher, changes: readonly ChangeRow[], news: (moved: Moved) => void): void {
    const { workspaceId } = watcher
    const [first, last] = [changes[0], changes.at(-1)]
    // It may have stopped while the query ran.
    if (!first || !last || !this.#watchers.get(workspaceId)?.has(watcher)) return
    // The notification of the last of them may still be on its way.
    const moved = movedBy(workspaceId, first.sequence, changes)
    news(moved)
    if (moved.rights) this.#parts.heads.rightsMoved(workspaceId, last.sequence)
    const batch = { workspaceId, from: watcher.position, to: last.sequence, changes }
    watcher.position = last.sequence
    watcher.busy = true
    if (changes.length === batchLimit) this.#due.set(watcher, Number.POSITIVE_INFINITY)
    watcher
      .deliver(batch)
      .catch((error: unknown) => this.#parts.log.error({ err: error, workspaceId }, 'A batch of changes could not be delivered'))
      .finally(() => {
        watcher.busy = false
        this.#pumpSoon()
      })
  }
}
