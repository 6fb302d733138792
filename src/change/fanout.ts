// Brings each batch of changes to every subscriber. Equal subscriptions (the same document, variables and rights)
// form a group: what they get is produced once and its text is sent to all. A subscriber is only a place in the
// changes and a sink; whatever it missed (before it came, or while it could not keep up) is produced from its place.
import type { Core } from '../core.ts'
import type { Batch, Feed, Watch } from './feed.ts'
import type { Sink, Source } from './frame.ts'
import { Group, type Member } from './group.ts'
import { type Groups, Subscriber } from './subscriber.ts'

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

  /**
   * Adds a subscriber, for whom every batch from now on passes `beforeDelivery`; it gets its first frame when it joins a
   * source. `after` is the place it has reached; null for one that comes anew.
   */
  async enter(workspaceId: string, after: number | null, sink: Sink): Promise<Subscriber> {
    const room = await this.#room(workspaceId)
    const subscriber = new Subscriber(room, sink, after, this.#core.log, () => this.#leave(room))
    try {
      await room.reach(after)
    } catch (error) {
      subscriber.close()
      throw error
    }
    return subscriber
  }

  async #room(workspaceId: string): Promise<Room> {
    const opening = this.#rooms.get(workspaceId) ?? Room.open(workspaceId, this.#core, this.#feed, (batch) => this.beforeDelivery(batch))
    this.#rooms.set(workspaceId, opening)
    try {
      const room = await opening
      // Its last guest may have left, and closed it, just now.
      if (this.#rooms.get(workspaceId) !== opening) return this.#room(workspaceId)
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
    room.close()
  }
}

/** The subscribers of one workspace on this node. */
class Room implements Groups {
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
  #watch: Watch | undefined

  private constructor(workspaceId: string, core: Pick<Core, 'database' | 'log'>, feed: Feed) {
    this.workspaceId = workspaceId
    this.#core = core
    this.#feed = feed
  }

  static async open(workspaceId: string, core: Pick<Core, 'database' | 'log'>, feed: Feed, before: (batch: Batch) => Promise<void>): Promise<Room> {
    const room = new Room(workspaceId, core, feed)
    room.#watch = await feed.watch(workspaceId, async (batch) => {
      await before(batch)
      await room.deliver(batch)
    })
    const { start } = room.#watch
    room.position = Math.max(room.position, start)
    room.#delivered = Math.max(room.#delivered, start)
    return room
  }

  close(): void {
    this.#watch?.stop()
  }

  group(source: Source): Group {
    let group = this.#groups.get(source.key)
    if (!group) {
      group = new Group(source, this.position, this.#core)
      this.#groups.set(source.key, group)
    }
    return group
  }

  leave(group: Group, member: Member): void {
    group.members.delete(member)
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
