// What lies below a row can be read before the row is there, when its id is known: an operation asks for the same each
// time it runs, so what it asked for last is asked for at once, and all of it goes to the database together.

/** Of more rows it is not worth guessing: some of them may not be wanted. */
const mostRows = 10

/** What makes a loader of something below rows; it must give nothing of a row that the viewer may not see. */
type Factory = unknown

/** Gives the loader of one run that a factory makes. */
type LoaderOf = (factory: Factory) => { load(key: { parentId: string; args: object; ahead: true }): Promise<unknown> }

/** What an operation asked for when it ran last. */
export class AskedLast {
  asked: ReadonlyMap<string, { factory: Factory; args: object }> = new Map()
}

/** One run of an operation. */
export class ReadAhead {
  readonly #last: AskedLast
  readonly #loaderOf: LoaderOf
  readonly #asked = new Map<string, { factory: Factory; args: object }>()

  constructor(last: AskedLast, loaderOf: LoaderOf) {
    this.#last = last
    this.#loaderOf = loaderOf
  }

  /** Something is asked for below rows; `text` tells it from all else that is. */
  note(text: string, factory: Factory, args: object): void {
    this.#asked.set(text, { factory, args })
    this.#last.asked = this.#asked
  }

  /** Begins to read what will be asked for below rows with these ids, if they are few. */
  begin(ids: readonly string[]): void {
    if (ids.length > mostRows) return
    for (const { factory, args } of [...this.#last.asked.values()]) {
      const loader = this.#loaderOf(factory)
      // Whoever asks for it hears what went wrong.
      for (const parentId of ids) loader.load({ parentId, args, ahead: true }).catch(() => {})
    }
  }
}
