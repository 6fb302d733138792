import { setImmediate } from 'node:timers/promises'
import { Unavailable } from '../errors.ts'

/** Carries out what was asked, in order, all of it or nothing, and gives the answer to each. */
export type Work<Item, Answer> = (items: readonly Item[]) => Promise<readonly Answer[]>

interface Turn {
  readonly work: Work<unknown, unknown>
  readonly members: { readonly item: unknown; resolve(answer: unknown): void; reject(error: unknown): void }[]
}

/** How many go together at most: beyond it, what each of them costs says more than the way there and back. */
const mostTogether = 64

/**
 * Runs jobs of the same key one after the other, of different keys side by side.
 * The database would order commands of one workspace by its row lock anyway; waiting here instead keeps the
 * waiting ones from holding every connection of the pool, and lets those that stand one behind the other go together.
 */
export class KeyedQueue {
  readonly #lines = new Map<string, { waiting: number; turns: Turn[] }>()
  readonly #mostWaiting: number

  constructor(mostWaiting = 1_000) {
    this.#mostWaiting = mostWaiting
  }

  run<T>(key: string, job: () => Promise<T>): Promise<T> {
    return this.runTogether(key, async () => [await job()], undefined)
  }

  /**
   * Runs a piece of work for an item, together with those right before and after it in the line that ask for the same
   * work. When that fails, each is tried alone, so that nobody fails for another; not so when the database is away,
   * since then it may have been done.
   */
  runTogether<Item, Answer>(key: string, work: Work<Item, Answer>, item: Item): Promise<Answer> {
    const open = this.#lines.get(key)
    const line = open ?? { waiting: 0, turns: [] }
    if (line.waiting >= this.#mostWaiting) throw new Unavailable('Too many commands are waiting in this workspace. Nothing was changed; try again in a moment.')
    line.waiting++
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const asked = { work, members: [{ item, resolve, reject }] } as unknown as Turn
    const last = line.turns.at(-1)
    if (last?.work === asked.work && last.members.length < mostTogether) last.members.push(...asked.members)
    else line.turns.push(asked)
    if (!open) {
      this.#lines.set(key, line)
      void this.#serve(key, line)
    }
    return promise
  }

  async #serve(key: string, line: { waiting: number; turns: Turn[] }): Promise<void> {
    while (line.turns.length > 0) {
      // Lets in what has arrived on other connections.
      await setImmediate()
      const turn = line.turns.shift() as Turn
      await take(turn)
      line.waiting -= turn.members.length
    }
    this.#lines.delete(key)
  }
}

async function take({ work, members }: Turn): Promise<void> {
  try {
    const answers = await work(members.map(({ item }) => item))
    members.forEach(({ resolve }, index) => void resolve(answers[index]))
  } catch (error) {
    if (members.length === 1 || error instanceof Unavailable) for (const { reject } of members) reject(error)
    else for (const member of members) await take({ work, members: [member] })
  }
}
