// Equal subscriptions: what they get is produced once.
import type { Logger } from 'pino'
import type { Database } from '../database/engine.ts'
import { changesBetween } from './change.ts'
import type { Batch } from './feed.ts'
import type { Frame, Range, Source } from './frame.ts'

/** What a group needs of whoever belongs to it. */
export interface Member {
  /** Whether it has all that the group has had, and takes the group's next frame. */
  readonly isLive: boolean
  /** The group's next frame. Whoever is not live, or not at the frame's start, has a catching-up of its own. */
  take(from: number, frame: Frame | null, to: number): void
  /** The group's frame could not be made. */
  stumble(error: unknown): void
}

export class Group {
  readonly source: Source
  readonly members = new Set<Member>()
  /** The place up to which the live members have everything. */
  position: number
  readonly #core: { database: Database; log: Logger }
  /** Frames for those who catch up, by their stretch; dropped when the group moves on. */
  readonly #frames = new Map<string, Promise<Frame | null>>()

  constructor(source: Source, position: number, core: { database: Database; log: Logger }) {
    this.source = source
    this.position = position
    this.#core = core
  }

  async deliver(batch: Batch): Promise<void> {
    const from = this.position
    if (from >= batch.to) return
    let frame: Frame | null = null
    try {
      if (this.#hasLiveMember()) frame = await this.source.produce(newsAfter(from, batch))
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
        occasion: {},
        changes: (limit) => changesBetween(database, { workspaceId: source.workspaceId, from: start ?? 0, to: position, limit })
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

/** The rest of a batch, for those who have a part of it; most have none, and get the same array. */
function newsAfter(from: number, batch: Batch): Range {
  const changes = from <= batch.from ? batch.changes : batch.changes.filter(({ sequence }) => sequence > from)
  return {
    from,
    to: batch.to,
    first: false,
    occasion: batch,
    changes: async (limit) => (changes.length <= limit ? changes : changes.slice(0, limit))
  }
}
