// Answers that are kept as long as they are true: until that part of their workspace moves which they show. Equal queries that
// come while one is being answered wait for that answer. What is kept is so many bytes, of answers without errors.
import type { Heads, Part } from '../change/heads.ts'

/** What is asked: equal ones have equal keys. */
export interface Question {
  readonly workspaceId: string
  readonly part: Part
  /** Tells apart all that an answer depends on beside the workspace's changes. */
  readonly key: string
}

interface Kept {
  /** The newest change that this node knew of when the answer began to be made. */
  readonly at: number
  readonly body: Promise<Buffer | null>
  /** The same, as soon as it is there. */
  ready: Buffer | undefined
}

/** What an answer weighs beside its bytes: its place in the map, its key, its objects. */
const overhead = 1_000

export class Answers {
  readonly #kept = new Map<string, Kept>()
  readonly #heads: Heads
  readonly #mostBytes: number
  #bytes = 0

  constructor(heads: Heads, mostBytes: number) {
    this.#heads = heads
    this.#mostBytes = mostBytes
  }

  /** The answer that is true now, when it is here. */
  find(question: Question): Buffer | undefined {
    const kept = this.#kept.get(question.key)
    return kept?.ready && this.#isTrue(kept, question) ? kept.ready : undefined
  }

  /** The answer that is being made, or is made now; null when `make` found it not fit to be shared. */
  get(question: Question, make: () => Promise<Buffer | null>): Promise<Buffer | null> {
    const { workspaceId, key } = question
    const at = this.#heads.newest(workspaceId)
    if (at === undefined || this.#mostBytes === 0) return make()
    const before = this.#kept.get(key)
    if (before && this.#isTrue(before, question)) return before.body
    if (before) this.#drop(key, before)
    const kept: Kept = { at, body: make(), ready: undefined }
    this.#kept.set(key, kept)
    this.#bytes += overhead
    kept.body.then(
      (body) => (body && body.length < this.#mostBytes && this.#kept.get(key) === kept ? this.#keep(kept, body) : this.#drop(key, kept)),
      () => this.#drop(key, kept)
    )
    return kept.body
  }

  #isTrue({ at }: Kept, { workspaceId, part }: Question): boolean {
    return this.#heads.sameSince(workspaceId, at, part)
  }

  #keep(kept: Kept, body: Buffer): void {
    kept.ready = body
    this.#bytes += body.length
    // Those that were made longest ago are the likeliest to be no longer true.
    for (const [key, oldest] of this.#kept) {
      if (this.#bytes <= this.#mostBytes) return
      this.#drop(key, oldest)
    }
  }

  #drop(key: string, kept: Kept): void {
    if (this.#kept.get(key) !== kept) return
    this.#kept.delete(key)
    this.#bytes -= overhead + (kept.ready?.length ?? 0)
  }
}
