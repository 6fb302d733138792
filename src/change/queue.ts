import { Unavailable } from '../errors.ts'

/**
 * Runs jobs of the same key one after the other, of different keys side by side.
 * The database would order commands of one workspace by its row lock anyway; waiting here instead keeps the
 * waiting ones from holding every connection of the pool.
 */
export class KeyedQueue {
  readonly #tails = new Map<string, { last: Promise<unknown>; waiting: number }>()
  readonly #mostWaiting: number

  constructor(mostWaiting = 1_000) {
    this.#mostWaiting = mostWaiting
  }

  run<T>(key: string, job: () => Promise<T>): Promise<T> {
    const tail = this.#tails.get(key) ?? { last: Promise.resolve(), waiting: 0 }
    if (tail.waiting >= this.#mostWaiting) throw new Unavailable('Too many commands are waiting in this workspace. Nothing was changed; try again in a moment.')
    this.#tails.set(key, tail)
    tail.waiting++
    const result = tail.last.then(job)
    tail.last = result
      .catch(() => {})
      .then(() => {
        tail.waiting--
        if (tail.waiting === 0) this.#tails.delete(key)
      })
    return result
  }
}
