// How many batches of events a node takes in at once for those who send them: a few, and some that wait. Whoever comes
// then is sent away at once, and comes again; the database and the memory are kept for those who are in.
import type { Core } from '../core.ts'
import { Unavailable } from '../errors.ts'

/** More would only wait inside the database. */
const mostAtWork = 4
const mostWaiting = 32

export class Admission {
  #atWork = 0
  readonly #waiting: (() => void)[] = []

  /** Does the work when there is room. Throws Unavailable when too many wait already. */
  async admit<T>(work: () => Promise<T>): Promise<T> {
    if (this.#atWork < mostAtWork) this.#atWork++
    else await this.#wait()
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#atWork--
    }
  }

  /** Whoever is done hands over the place. */
  #wait(): Promise<void> {
    if (this.#waiting.length >= mostWaiting) throw new Unavailable('Too many events are coming in just now. Send them again in a moment.')
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}

const admissions = new WeakMap<Core, Admission>()

/** The one of a node. */
export function admissionOf(core: Core): Admission {
  const admission = admissions.get(core) ?? new Admission()
  admissions.set(core, admission)
  return admission
}
