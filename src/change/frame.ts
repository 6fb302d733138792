// What the parts of the fan-out hand to each other.
import type { ChangeRow } from './change.ts'

/** The stretch of changes that a frame covers; `from: null` asks for a snapshot of everything up to `to`. */
export interface Range {
  readonly from: number | null
  readonly to: number
  /** A frame has to come of it, even an empty one: the subscriber waits for its first. */
  readonly first: boolean
  /** The same object for all frames that are made at one time, of one batch: what one of them has loaded, the others may use. */
  readonly occasion: object
  /** The changes of the stretch, oldest first, at most `limit` of them. */
  changes(limit: number): Promise<readonly ChangeRow[]>
}

/** A frame, ready to be sent: its text, and the place up to which it brings a subscriber. One object for all who get it. */
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
  write(frame: Frame): boolean
  /** The subscription is over, by the server's decision. */
  fail(error: unknown): void
}
