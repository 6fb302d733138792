// What clocks on the wall show in a time zone. Wall times are written as if they were UTC, in milliseconds.
const dayMs = 86_400_000
const zones = new Map<string, Zone>()

export class Zone {
  readonly #format: Intl.DateTimeFormat

  /** Throws when there is no such zone. */
  static named(name: string): Zone {
    const known = zones.get(name)
    if (known) return known
    const zone = new Zone(name)
    zones.set(name, zone)
    return zone
  }

  private constructor(name: string) {
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
  }

  wallOf(instant: number): number {
    return instant + this.#offsetAt(instant)
  }

  /** When clocks show it for the first time; where they skip it, as long after the skip as it would have been. */
  instantOf(wall: number): number {
    const before = this.#offsetAt(wall - dayMs)
    const after = this.#offsetAt(wall + dayMs)
    const isShown = this.#offsetAt(wall - before) === before || this.#offsetAt(wall - after) !== after
    return wall - (isShown ? before : after)
  }

  #offsetAt(instant: number): number {
    const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(this.#format.format(instant)) ?? []
    return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000
  }
}
