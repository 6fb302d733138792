import type { Logger } from 'pino'
import type { KnownActors } from './access/known-actors.ts'
import type { Vault } from './access/vault.ts'
import type { Viewer } from './access/viewer.ts'
import type { Feed } from './change/feed.ts'
import type { Heads } from './change/heads.ts'
import type { KeyedQueue } from './change/queue.ts'
import type { SelectedFields } from './database/columns.ts'
import type { Database } from './database/engine.ts'
import type { Gate } from './impact/gate/gate.ts'
import type { Graphs } from './impact/graph/graphs.ts'
import type { ReadAhead } from './read-ahead.ts'

/** What every service works with; made once by app.ts. */
export interface Core {
  readonly database: Database
  readonly log: Logger
  readonly clock: () => Date
  /** Lets one command a workspace at a time go to the database. */
  readonly queue: KeyedQueue
  readonly heads: Heads
  readonly actors: KnownActors
  readonly vault: Vault
  readonly feed: Feed
  /** What depends on what, in memory. */
  readonly graphs: Graphs
  readonly gate: Gate
}

/** A viewer at work: the first argument of every service function. */
export interface Session {
  readonly core: Core
  readonly viewer: Viewer
  /** The fields that are asked for, where loaders may read less than whole rows. */
  readonly selected?: SelectedFields
  /** What the same operation asked for before, where it may be read before it is asked for. */
  readonly ahead?: ReadAhead
}
