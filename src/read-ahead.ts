// What lies below a row can be read before the row is there, when its id is known: an operation asks for the same each
// time it runs, so what it asked for last is asked for at once, and all of it goes to the database together.

/** Of more rows it is not worth guessing: some of them may not be wanted. */
const mostRows = 10

/** What makes a loader of something below rows; it must give nothing of a row that the viewer may not see. */
type Factory = unknown

/** Gives the loader of one run that a factory makes. */
type LoaderOf = (factory: Factory) => { load(key: { parentId: string; args: object; ahead: true }): Promise<unknown> }

/** Of each loader, with which arguments it was asked, by their text. */
type Asked = ReadonlyMap<Factory, ReadonlyMap<string, object>>

/** What an operation asked for when it ran last. */
export class AskedLast {
  asked: Asked = new Map()
}

/** One run of an operation. */
export class ReadAhead {
  readonly #last: AskedLast
  readonly #loaderOf: LoaderOf
  readonly #asked = new Map<Factory, Map<string, object>>()

  constructor(last: AskedLast, loaderOf: LoaderOf) {
    this.#last = last
    this.#loaderOf = loaderOf
  }

  /** A loader is asked for something below rows; `text` is that of the arguments. */
  note(factory: Factory, args: object, text: string): void {
    const before = this.#asked.get(factory) ?? new Map<string, object>()
    this.#asked.set(factory, before.set(text, args))
    this.#last.asked = this.#asked
  }

  /** Begins to read what will be asked for below rows with these ids, if they are few. */
  begin(ids: readonly string[]): void {
    if (ids.length > mostRows) return
    for (const [factory, asked] of this.#last.asked) {
      const loader = this.#loaderOf(factory)
      // Whoever asks for it hears what went wrong.
      for (const args of asked.values()) for (const parentId of ids) loader.load({ parentId, args, ahead: true }).catch(() => {})
    }
  }
}
