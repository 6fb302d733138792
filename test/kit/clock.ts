// A clock that stands still until a test moves it: give `read` to the app.
export class Clock {
  #now: number

  constructor(start = '2026-03-02T09:00:00.000Z') {
    this.#now = Date.parse(start)
  }

  readonly read = (): Date => new Date(this.#now)

  /** Goes forward by so many minutes and says what time it is then. */
  forward(minutes: number): string {
    this.#now += minutes * 60_000
    return this.read().toISOString()
  }

  /** The moment so many minutes before now. */
  before(minutes: number): string {
    return new Date(this.#now - minutes * 60_000).toISOString()
  }
}
