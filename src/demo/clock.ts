/** The server's clock: set back while the past is told, so that the demo's history has its own times, then the real one. */
export class DemoClock {
  #told: Date | undefined

  constructor(begin: Date) {
    this.#told = begin
  }

  now(): Date {
    return this.#told ?? new Date()
  }

  /** Stands still at a moment of the past. */
  tell(moment: Date): void {
    this.#told = moment
  }

  goLive(): void {
    this.#told = undefined
  }
}
