// One client's subscription: a place in the changes, and a sink.
import type { Logger } from 'pino'
import type { Frame, Sink, Source } from './frame.ts'
import type { Group, Member } from './group.ts'

/** Where a subscriber finds its group. */
export interface Groups {
  group(source: Source): Group
  leave(group: Group, member: Member): void
}

/** How often, a second apart, a frame may fail before the subscription does; its client then comes back with its cursor. */
const mostStumbles = 30

export class Subscriber implements Member {
  readonly #groups: Groups
  readonly #sink: Sink
  readonly #log: Logger
  readonly #left: () => void
  #group: Group | undefined
  #position: number | null
  #state: 'catching up' | 'live' | 'full' | 'closed' = 'catching up'
  #greeted = false
  #retry: NodeJS.Timeout | undefined
  #stumbles = 0

  constructor(groups: Groups, sink: Sink, position: number | null, log: Logger, left: () => void) {
    this.#groups = groups
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
    if (this.#group) this.#groups.leave(this.#group, this)
    this.#group = this.#groups.group(source)
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
    if (this.#group) this.#groups.leave(this.#group, this)
    this.#left()
  }

  /** Ends the subscription by the server's decision. */
  fail(error: unknown): void {
    if (this.#state === 'closed') return
    this.close()
    this.#sink.fail(error)
  }

  take(from: number, frame: Frame | null, to: number): void {
    if (this.#state !== 'live' || this.#position !== from) return
    this.#position = to
    if (frame) this.#send(frame)
  }

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
    if (this.#sink.write(frame)) return true
    this.#state = 'full'
    return false
  }
}
