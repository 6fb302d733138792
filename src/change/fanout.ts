// Brings each batch of changes to every subscriber. Equal subscriptions (the same document, variables and rights)
// form a group: what they get is produced once and its text is sent to all. A subscriber is only a place in the
// changes and a sink; whatever it missed (before it came, or while it could not keep up) is produced from its place.
import type { Logger } from 'pino'
import type { Core } from '../core.ts'
import { type ChangeRow, changesBetween } from './change.ts'
import type { Batch, Feed } from './feed.ts'

/** The stretch of changes that a frame covers; `from: null` asks for a snapshot of everything up to `to`. */
export interface Range {
  readonly from: number | null
  readonly to: number
  /** A frame has to come of it, even an empty one: the subscriber waits for its first. */
  readonly first: boolean
  /** The changes of the stretch, oldest first, at most `limit` of them. */
  changes(limit: number): Promise<readonly ChangeRow[]>
}

/** A frame, ready to be sent: its text, and the place up to which it brings a subscriber. */
export interface Frame {
  readonly text: string
  readonly to: number
}

/** What a group of equal subscriptions listens to. */
export interface Source {
  readonly workspaceId: string
  /** Equal for subscriptions that get the same frames. */
  readonly key: string
  /** A subscriber more than this many changes behind gets a snapshot instead of what it missed. */
  readonly resumeLimit: number
  /** Makes the frame of a stretch, or null when nothing in it concerns the group. Throws when the group may not have it. */
  produce(range: Range): Promise<Frame | null>
  /** True for an error that ends the subscription; any other is tried again. */
  isFinal(error: unknown): boolean
}

/** Where a subscriber's frames go. */
export interface Sink {
  /** Takes a frame; false when it wants no more until `Subscriber.drained` is called. */
  write(text: string): boolean
  /** The subscription is over, by the server's decision. */
  fail(error: unknown): void
}

export class Fanout {
  readonly #rooms = new Map<string, Promise<Room>>()
  readonly #core: Pick<Core, 'database' | 'log'>
  readonly #feed: Feed
  /** Called with each batch before anyone gets it: the place to end what is no longer allowed. */
  beforeDelivery: (batch: Batch) => Promise<void> = async () => {}

  constructor(core: Pick<Core, 'database' | 'log'>, feed: Feed) {
    this.#core = core
    this.#feed = feed
  }

  /** Adds a subscriber and sends its first frame. `after` is the place it has reached; null for one that comes anew. */
  async subscribe(source: Source, after: number | null, sink: Sink): Promise<Subscriber> {
    const room = await this.#enter(source.workspaceId)
    const subscriber = new Subscriber(room, sink, after, this.#core.log, () => this.#leave(room))
    try {
      await room.reach(after)
      await subscriber.join(source)
    } catch (error) {
      subscriber.close()
      throw error
    }
    return subscriber
  }

  async #enter(workspaceId: string): Promise<Room> {
    const opening = this.#rooms.get(workspaceId) ?? Room.open(workspaceId, this.#core, this.#feed, (batch) => this.beforeDelivery(batch))
    this.#rooms.set(workspaceId, opening)
    try {
      const room = await opening
      room.guests++
      return room
    } catch (error) {
      if (this.#rooms.get(workspaceId) === opening) this.#rooms.delete(workspaceId)
      throw error
    }
  }

  #leave(room: Room): void {
    if (--room.guests > 0) return
    this.#rooms.delete(room.workspaceId)
    this.#feed.unwatch(room.workspaceId)
  }
}

/** The subscribers of one workspace on this node. */
class Room {
  guests = 0
  /** The end of the newest batch: where a new group starts. */
  position = 0
  /** The end of the newest batch that every group is done with. */
  #delivered = 0
  readonly workspaceId: string
  readonly #core: Pick<Core, 'database' | 'log'>
  readonly #feed: Feed
  readonly #groups = new Map<string, Group>()
  readonly #arrivals = new Set<() => void>()

  private constructor(workspaceId: string, core: Pick<Core, 'database' | 'log'>, feed: Feed) {
    this.workspaceId = workspaceId
    this.#core = core
    this.#feed = feed
  }

  static async open(workspaceId: string, core: Pick<Core, 'database' | 'log'>, feed: Feed, before: (batch: Batch) => Promise<void>): Promise<Room> {
    const room = new Room(workspaceId, core, feed)
    const start = await feed.watch(workspaceId, async (batch) => {
      await before(batch)
      await room.deliver(batch)
    })
    room.position = Math.max(room.position, start)
    room.#delivered = Math.max(room.#delivered, start)
    return room
  }

  group(source: Source): Group {
    let group = this.#groups.get(source.key)
    if (!group) {
      group = new Group(source, this.position, this.#core)
      this.#groups.set(source.key, group)
    }
    return group
  }

  leave(group: Group, subscriber: Subscriber): void {
    group.members.delete(subscriber)
    if (group.members.size === 0 && this.#groups.get(group.source.key) === group) this.#groups.delete(group.source.key)
  }

  async deliver(batch: Batch): Promise<void> {
    this.position = batch.to
    await Promise.all([...this.#groups.values()].map((group) => group.deliver(batch)))
    this.#delivered = batch.to
    for (const arrived of this.#arrivals) arrived()
  }

  /** Waits until every group here has come to a place that another node gave a cursor for; returns at once for a place that no node has reached. */
  async reach(after: number | null): Promise<void> {
    if (after === null || after <= this.#delivered || after > (await this.#feed.newest(this.workspaceId))) return
    await new Promise<void>((resolve) => {
      const arrived = () => {
        if (this.#delivered < after) return
        this.#arrivals.delete(arrived)
        resolve()
      }
      this.#arrivals.add(arrived)
      this.#feed.poke(this.workspaceId)
      arrived()
    })
  }
}

class Group {
  readonly source: Source
  readonly members = new Set<Subscriber>()
  /** The place up to which the live members have everything. */
  position: number
  readonly #core: Pick<Core, 'database' | 'log'>
  /** Frames for those who catch up, by their stretch; dropped when the group moves on. */
  readonly #frames = new Map<string, Promise<Frame | null>>()

  constructor(source: Source, position: number, core: Pick<Core, 'database' | 'log'>) {
    this.source = source
    this.position = position
    this.#core = core
  }

  async deliver(batch: Batch): Promise<void> {
    const from = this.position
    if (from >= batch.to) return
    let frame: Frame | null = null
    try {
      const changes = batch.changes.filter(({ sequence }) => sequence > from)
      if (this.#hasLiveMember()) frame = await this.source.produce({ from, to: batch.to, first: false, changes: async (limit) => changes.slice(0, limit) })
      this.#advance(batch.to)
      for (const member of this.members) member.take(from, frame, batch.to)
    } catch (error) {
      this.#advance(batch.to)
      if (!this.source.isFinal(error)) this.#core.log.error({ err: error }, 'A frame could not be made; its subscribers catch up later')
      for (const member of [...this.members]) if (member.isLive) member.stumble(error)
    }
  }

  /** The frame that brings a subscriber from its place to the group's; made once for all who stand at the same place. */
  catchUp(from: number | null, first: boolean): Promise<Frame | null> {
    const { position, source } = this
    const start = from === null || from > position || position - from > source.resumeLimit ? null : from
    const key = `${start} ${first}`
    let frame = this.#frames.get(key)
    if (!frame) {
      const { database } = this.#core
      frame = source.produce({
        from: start,
        to: position,
        first,
        changes: (limit) => changesBetween(database, source.workspaceId, start ?? 0, position, limit)
      })
      this.#frames.set(key, frame)
      frame.catch(() => this.#frames.delete(key))
    }
    return frame
  }

  #hasLiveMember(): boolean {
    for (const member of this.members) if (member.isLive) return true
    return false
  }

  #advance(position: number): void {
    this.position = position
    this.#frames.clear()
  }
}

/** How often, a second apart, a frame may fail before the subscription does; its client then comes back with its cursor. */
const mostStumbles = 30

/** One client's subscription. */
export class Subscriber {
  readonly #room: Room
  readonly #sink: Sink
  readonly #log: Logger
  readonly #left: () => void
  #group: Group | undefined
  #position: number | null
  #state: 'catching up' | 'live' | 'full' | 'closed' = 'catching up'
  #greeted = false
  #retry: NodeJS.Timeout | undefined
  #stumbles = 0

  constructor(room: Room, sink: Sink, position: number | null, log: Logger, left: () => void) {
    this.#room = room
    this.#sink = sink
    this.#position = position
    this.#log = log
    this.#left = left
  }

  get isLive(): boolean {
    return this.#state === 'live'
  }

  /** Joins the group of a source and sends what lies between its place and the group's. Throws when that may not be had. */
  async join(source: Source): Promise<void> {
    if (this.#state === 'closed') return
    if (this.#group) this.#room.leave(this.#group, this)
    this.#group = this.#room.group(source)
    this.#group.members.add(this)
    await this.#catchUp()
  }

  /** The sink has room again. */
  drained(): void {
    if (this.#state === 'full') this.#catchUpOrStumble()
  }

  close(): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    clearTimeout(this.#retry)
    if (this.#group) this.#room.leave(this.#group, this)
    this.#left()
  }

  /** Ends the subscription by the server's decision. */
  fail(error: unknown): void {
    if (this.#state === 'closed') return
    this.close()
    this.#sink.fail(error)
  }

  /** The group's next frame. Whoever is not live, or not at the frame's start, has a catching-up of its own. */
  take(from: number, frame: Frame | null, to: number): void {
    if (this.#state !== 'live' || this.#position !== from) return
    this.#position = to
    if (frame) this.#send(frame)
  }

  /** The group's frame could not be made. */
  stumble(error: unknown): void {
    if (this.#state === 'closed') return
    if (this.#group?.source.isFinal(error) || ++this.#stumbles > mostStumbles) {
      this.fail(error)
      return
    }
    this.#state = 'catching up'
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => this.#catchUpOrStumble(), 1_000)
  }

  #catchUpOrStumble(): void {
    this.#catchUp().catch((error: unknown) => {
      this.#log.debug({ err: error }, 'A subscriber could not catch up')
      this.stumble(error)
    })
  }

  async #catchUp(): Promise<void> {
    this.#state = 'catching up'
    const group = this.#group
    while (group && (!this.#greeted || this.#position !== group.position)) {
      const target = group.position
      const frame = await group.catchUp(this.#position, !this.#greeted)
      if (this.#state !== 'catching up' || this.#group !== group) return
      this.#position = frame ? frame.to : target
      this.#greeted = true
      this.#stumbles = 0
      if (frame && !this.#send(frame)) return
    }
    this.#state = 'live'
  }

  #send(frame: Frame): boolean {
    if (this.#sink.write(frame.text)) return true
    this.#state = 'full'
    return false
  }
}
