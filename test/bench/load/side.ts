// One of those who take turns at a push: a server with its walls, warmed up.
import type { Measured } from '../child.ts'
import type { Operation, Subscription } from '../operations.ts'
import type { Options } from '../options.ts'
import type { Target } from '../target.ts'
import { Changes, type Made } from './changes.ts'
import { type Pushed, push } from './push.ts'
import { byCursor, type Places, Walls } from './walls.ts'

type MeasuredSide = Pick<Measured, 'usage'> & Partial<Pick<Measured, 'settled'>>

export class Side implements Disposable {
  readonly #measured: MeasuredSide
  readonly #walls: Walls
  readonly #changes: Changes
  readonly #places: Places

  private constructor(measured: MeasuredSide, walls: Walls, changes: Changes, places: Places) {
    this.#measured = measured
    this.#walls = walls
    this.#changes = changes
    this.#places = places
  }

  static async open(
    measured: MeasuredSide,
    target: Target,
    sockets: number,
    change: Operation,
    subscriptionOf: (index: number) => Subscription,
    { fanout: { connections, warmUp } }: Options,
    places: Places = byCursor
  ): Promise<Side> {
    const side = new Side(measured, new Walls(target, places), new Changes(target, change), places)
    await side.#walls.open(sockets, subscriptionOf)
    await side.#changes.connect(connections)
    await side.push((all, made) => all.steadily(warmUp.perSecond, warmUp.perSecond * warmUp.seconds, made))
    // What opening all the sockets has left behind is no part of a push.
    await measured.settled?.()
    return side
  }

  get frameBytes(): number {
    return this.#walls.frameBytes
  }

  async push(make: (changes: Changes, made: (each: Made) => void) => Promise<void>): Promise<Pushed> {
    const [pushed] = await push(this.#measured, [this.#walls], this.#changes, make, this.#places)
    return pushed as Pushed
  }

  [Symbol.dispose](): void {
    this.#walls[Symbol.dispose]()
    this.#changes[Symbol.dispose]()
  }
}
