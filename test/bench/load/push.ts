// Changes while walls look on: how long each took to each wall, and what that cost the server.
import type { Measured } from '../child.ts'
import { type Figures, figuresOf } from '../statistics.ts'
import type { Changes, Made } from './changes.ts'
import { byCursor, type Places, type Walls } from './walls.ts'

export interface PushFigures extends Figures {
  /** How many percent of all (change, wall) pairs arrived. */
  delivered: number
  perSecond: number
  /** For each second of processor time that the server used, without that of an embedded database. */
  perCpuSecond: number
  /** The same with it. */
  perCpuSecondInAll: number
  /** Frames that a wall got, on average: fewer than changes, when one frame brings several. */
  frames: number
}

/** What a push came to on a group of walls, to be reckoned up with others like it. */
export interface Pushed {
  readonly latencies: readonly number[]
  /** How many (change, wall) pairs there were. */
  readonly pairs: number
  readonly walls: number
  readonly frames: number
  /** From the first change sent to the last frame received. */
  readonly seconds: number
  /** Processor time of the server, in seconds: without that of an embedded database, and with it. */
  readonly cpu: number
  readonly cpuInAll: number
}

const patienceMs = 30_000

/** What comes to each group of walls, in order; processor time is that of one measured process. */
export async function push(
  measured: Pick<Measured, 'usage'>,
  groups: readonly Walls[],
  changes: Changes,
  make: (changes: Changes, made: (each: Made) => void) => Promise<void>,
  places: Places = byCursor
): Promise<Pushed[]> {
  for (const walls of groups) walls.forget()
  const sentAt = new Map<number, number>()
  const before = await measured.usage()
  const begin = performance.now()
  await make(changes, (each) => sentAt.set(places.ofChange(each), each.sent))
  const newest = Math.max(...sentAt.keys())
  await Promise.all(groups.map((walls) => walls.reached(newest, patienceMs)))
  const after = await measured.usage()
  const cpuInAll = after.cpu - before.cpu
  const cpu = cpuInAll - (after.workersCpu - before.workersCpu)
  return groups.map((walls) => {
    const { latencies, last, frames } = reckon(walls, sentAt)
    const count = walls.received.length
    return { latencies, pairs: sentAt.size * count, walls: count, frames, seconds: (last - begin) / 1000, cpu, cpuInAll }
  })
}

/** The figures of one push, or of several on the same walls taken together. */
export function pushFigures(all: readonly Pushed[]): PushFigures {
  const latencies = all.flatMap((each) => each.latencies)
  const sum = (of: 'pairs' | 'frames' | 'seconds' | 'cpu' | 'cpuInAll') => all.reduce((total, each) => total + each[of], 0)
  return {
    ...figuresOf(latencies),
    delivered: (100 * latencies.length) / sum('pairs'),
    perSecond: latencies.length / sum('seconds'),
    perCpuSecond: latencies.length / sum('cpu'),
    perCpuSecondInAll: latencies.length / sum('cpuInAll'),
    frames: sum('frames') / (all[0]?.walls ?? Number.NaN)
  }
}

/** How long each change took to each wall: a frame brings all changes after the place of the one before, up to its own. */
function reckon({ received }: Walls, sentAt: Map<number, number>) {
  const latencies: number[] = []
  const changes = [...sentAt].sort(([one], [other]) => one - other)
  let last = 0
  let frames = 0
  for (const { places, times } of received) {
    let next = changes.findIndex(([place]) => place > (places[0] as number))
    for (let index = 1; index < places.length; index++) {
      frames++
      const time = times[index] as number
      last = Math.max(last, time)
      for (let change = changes[next]; change && change[0] <= (places[index] as number); change = changes[++next]) latencies.push(time - change[1])
    }
  }
  return { latencies, last, frames }
}
