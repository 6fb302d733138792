// Keeps the lineages of the workspaces that somebody on this node asks about: loaded on first use, then brought up to
// date by what the changes touched. In memory a resource takes about 400 bytes and a dependency about 45.
import type { Logger } from 'pino'
import type { Feed } from '../../change/feed.ts'
import type { Heads } from '../../change/heads.ts'
import type { Database } from '../../database/engine.ts'
import { Unavailable } from '../../errors.ts'
import { Following } from './following.ts'
import type { Difference, Lineage } from './lineage.ts'

/** What is not asked for so long is let go. */
const idleMs = 600_000
const retryMs = 1_000
/** Read in a second or two, which is about as long as a large graph takes to load. */
const mostBehind = 10_000
/** Nobody waits longer, not even for a lineage that takes longer to load; whoever asks then finds it. */
const patienceMs = 10_000

interface Parts {
  readonly database: Database
  readonly heads: Heads
  readonly log: Logger
  readonly feed: Feed
}

/** Called with what has become other; after a load, with all there is. */
export type Moved = (difference: Difference) => void

export class Graphs {
  readonly #parts: Parts & { readonly mostBehind: number }
  readonly #idleMs: number
  readonly #kept = new Map<string, { readonly following: Following; readonly idle: NodeJS.Timeout }>()
  /** Whoever wants a workspace's lineage kept. */
  readonly #followers = new Map<string, Set<Moved>>()
  #stopped = false

  constructor(parts: Parts, limits: { idleMs?: number; mostBehind?: number } = {}) {
    this.#parts = { mostBehind, ...parts, ...limits }
    this.#idleMs = limits.idleMs ?? idleMs
  }

  /** The lineage of a workspace, loaded when it is not here, and at least as new as all that this node knows to be committed. Unavailable when that takes too long. */
  of(workspaceId: string): Promise<Lineage> {
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(() => late.reject(new Unavailable('What depends on what is not up to date here yet. Try again in a moment.')), patienceMs)
    return Promise.race([this.#upToDate(workspaceId), late.promise]).finally(() => clearTimeout(timer))
  }

  async #upToDate(workspaceId: string): Promise<Lineage> {
    const { following, idle } = this.#kept.get(workspaceId) ?? this.#open(workspaceId)
    idle.refresh()
    await following.loaded
    await following.reach(this.#parts.heads.newest(workspaceId) ?? (await this.#parts.feed.newest(workspaceId)))
    return following.lineage
  }

  /** The same without waiting: undefined unless it is here, and certainly up to date. */
  peek(workspaceId: string): Lineage | undefined {
    const kept = this.#kept.get(workspaceId)
    const newest = this.#parts.heads.newest(workspaceId)
    if (!kept || newest === undefined || kept.following.position < newest) return undefined
    kept.idle.refresh()
    return kept.following.lineage
  }

  /** Keeps a workspace's lineage here until the returned function is called, and tells what moves in it. */
  follow(workspaceId: string, moved: Moved): () => void {
    const followers = this.#followers.get(workspaceId) ?? new Set()
    this.#followers.set(workspaceId, followers.add(moved))
    this.#load(workspaceId)
    return () => {
      followers.delete(moved)
      if (followers.size === 0 && this.#followers.get(workspaceId) === followers) this.#followers.delete(workspaceId)
    }
  }

  stop(): void {
    this.#stopped = true
    this.#followers.clear()
    for (const workspaceId of [...this.#kept.keys()]) this.#drop(workspaceId, new Error('This node is going away.'))
  }

  #open(workspaceId: string) {
    const following: Following = new Following(this.#parts, workspaceId, {
      moved: (difference) => {
        for (const moved of this.#followers.get(workspaceId) ?? []) moved(difference)
      },
      failed: (error) => {
        if (this.#kept.get(workspaceId)?.following !== following) return
        this.#drop(workspaceId, error)
        if (this.#stopped) return
        this.#parts.log.warn({ err: error, workspaceId }, 'The dependencies of a workspace could not be read; they are loaded anew when they are asked for')
        if (this.#followers.has(workspaceId)) setTimeout(() => this.#load(workspaceId), retryMs).unref()
      }
    })
    const kept = { following, idle: setTimeout(() => this.#letGo(workspaceId), this.#idleMs).unref() }
    this.#kept.set(workspaceId, kept)
    return kept
  }

  /** What fails here is told by `failed`, and tried again. */
  #load(workspaceId: string): void {
    if (!this.#stopped) this.of(workspaceId).catch(() => {})
  }

  #letGo(workspaceId: string): void {
    if (this.#followers.has(workspaceId)) this.#kept.get(workspaceId)?.idle.refresh()
    else this.#drop(workspaceId, new Error('It was let go.'))
  }

  #drop(workspaceId: string, reason: unknown): void {
    const kept = this.#kept.get(workspaceId)
    if (!kept) return
    this.#kept.delete(workspaceId)
    clearTimeout(kept.idle)
    kept.following.stop(reason)
  }
}
