// Writers that do not give up and followers that are cut off and come back: the load of the ordering tests.
import { adminKey } from './app.ts'
import { Client } from './client.ts'
import { AddComment, FollowChanges } from './documents.ts'

/** A small random generator with a seed, so that a failure can be repeated. */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

/** Adds a comment through whichever node answers; a repeated request carries the same key, as a careful client does. */
export async function commentSurely(urls: () => string[], incidentId: string, body: string, pick: () => number): Promise<void> {
  for (;;) {
    const all = urls()
    const url = all[Math.floor(pick() * all.length)] ?? ''
    try {
      const { data } = await new Client(url, adminKey).ask(AddComment, { input: { incidentId, body, idempotencyKey: body } })
      if (data?.addComment.__typename === 'CommentPayload') return
    } catch {
      // The node is away; the next try may meet another.
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Adds a comment by one request without a key, which must be answered: the way of a client that no harm is done to. */
export async function commentOnce(urls: () => string[], incidentId: string, body: string, pick: () => number): Promise<void> {
  const all = urls()
  const url = all[Math.floor(pick() * all.length)] ?? ''
  const { addComment } = await new Client(url, adminKey).run(AddComment, { input: { incidentId, body } })
  if (addComment.__typename !== 'CommentPayload') throw new Error(`Not added: ${JSON.stringify(addComment)}`)
}

export interface Follower {
  /** The sequence numbers that its frames brought, in the order in which they came. */
  readonly sequences: number[]
  /** Settles when its frames have brought this change. */
  reached(sequence: number): Promise<void>
  readonly resumes: () => number
  stop(): void
}

/** Follows all changes after a cursor, hangs up now and then without a word, and comes back on any node with its last cursor. */
export function follow(urls: () => string[], after: string, pick: () => number): Follower {
  const sequences: number[] = []
  const waiting: { sequence: number; resolve: () => void }[] = []
  let cursor = after
  let stopped = false
  let resumes = 0
  let hangUp: () => void = () => {}

  async function run(): Promise<void> {
    while (!stopped) {
      const all = urls()
      const url = all[Math.floor(pick() * all.length)] ?? ''
      await connectOnce(url, 1 + Math.floor(pick() * 6)).catch(() => {})
      resumes++
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  function connectOnce(url: string, framesUntilCut: number): Promise<void> {
    return new Promise((resolve) => {
      let left = framesUntilCut
      let socket: { terminate(): void } | undefined
      const client = new Client(url, adminKey).connect({ on: { connected: (opened) => (socket = opened as typeof socket), closed: () => resolve() } })
      hangUp = () => {
        socket?.terminate()
        resolve()
      }
      client.subscribe(
        { query: String(FollowChanges), variables: { after: cursor } },
        {
          next: ({ data }) => {
            const frame = data?.changes as { cursor: string; changes: { sequence: number }[] } | undefined
            // What comes after the hanging-up was not seen by this client.
            if (!frame || left <= 0) return
            cursor = frame.cursor
            sequences.push(...frame.changes.map(({ sequence }) => sequence))
            for (const each of waiting) if ((sequences.at(-1) ?? 0) >= each.sequence) each.resolve()
            if (--left === 0) hangUp()
          },
          error: () => resolve(),
          complete: () => resolve()
        }
      )
    })
  }

  void run()
  return {
    sequences,
    resumes: () => resumes,
    reached: (sequence) =>
      new Promise((resolve) => {
        if ((sequences.at(-1) ?? 0) >= sequence) resolve()
        else waiting.push({ sequence, resolve })
      }),
    stop() {
      stopped = true
      hangUp()
    }
  }
}
