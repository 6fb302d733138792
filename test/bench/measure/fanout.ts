// One change, a thousand walls: how fast, and for how much, a frame reaches all of them.
import type { Changes, Made } from '../load/changes.ts'
import { type Pushed, type PushFigures, pushFigures } from '../load/push.ts'
import { Side } from '../load/side.ts'
import { followWall, type Subscription } from '../operations.ts'
import type { Options } from '../options.ts'
import { floorTarget, maydayTarget } from '../target.ts'
import { type Goal, ratioAtLeast, ratioAtMost, valueAtLeast } from './goal.ts'
import type { Bench, Measurement, Row } from './measurement.ts'

export interface Phase {
  group: string
  /** How many times it comes, each time for another part of the changes. */
  rounds: number
  make(changes: Changes, made: (each: Made) => void): Promise<void>
  goals: Partial<Record<keyof PushFigures, Goal[]>>
}

/** So often one has its turn, and then the other: whatever else the machine does falls into both. */
const turns = 3

export function steadyPhase(sockets: number, { perSecond, seconds }: Options['fanout'], what = 'sockets'): Phase {
  return {
    group: `push, ${sockets.toLocaleString('en')} ${what}, ${perSecond} changes/s`,
    rounds: turns,
    make: (changes, made) => changes.steadily(perSecond, Math.ceil((perSecond * seconds) / turns), made),
    goals: { perCpuSecond: [ratioAtLeast(0.9)], delivered: [valueAtLeast(100)], p99: [ratioAtMost(3)] }
  }
}

export function burstPhase(sockets: number, { burst, connections }: Options['fanout']): Phase {
  return {
    group: `push, ${sockets.toLocaleString('en')} sockets, burst of ${burst} changes`,
    rounds: 1,
    make: (changes, made) => changes.atOnce(burst, connections, made),
    goals: { delivered: [valueAtLeast(100)], p99: [ratioAtMost(2)] }
  }
}

export function measureFanout(socketsOf: (options: Options) => number, withBurst: boolean): Measurement {
  return async (bench) => {
    const { options } = bench
    const sockets = socketsOf(options)
    const phases = [steadyPhase(sockets, options.fanout), ...(withBurst ? [burstPhase(sockets, options.fanout)] : [])]
    return measurePushes(bench, phases, sockets, () => followWall)
  }
}

/** Pushes of Mayday and of the floor, in turns. */
export async function measurePushes(
  { options, operations, key, startMayday, startBroadcastFloor }: Bench,
  phases: readonly Phase[],
  sockets: number,
  subscriptionOf: (index: number) => Subscription
): Promise<Row[]> {
  await using mayday = await startMayday()
  using ours = await Side.open(mayday, maydayTarget(mayday.url, key), sockets, operations.commentOnWall, subscriptionOf, options)
  await using floor = await startBroadcastFloor(ours.frameBytes)
  using theirs = await Side.open(floor, floorTarget(floor.url), sockets, operations.commentOnWall, () => followWall, options)
  const rows: Row[] = []
  for (const phase of phases) {
    const [value, beside] = (await inTurns(phase, [ours, theirs])) as [PushFigures, PushFigures]
    rows.push(...pushRows(phase, value, beside))
  }
  return rows
}

/** The figures of each side, all of which go through a phase. */
export async function inTurns({ rounds, make }: Phase, sides: readonly Side[]): Promise<PushFigures[]> {
  const pushed = sides.map((): Pushed[] => [])
  for (let round = 0; round < rounds; round++) {
    for (const [index, side] of sides.entries()) pushed[index]?.push(await side.push(make))
  }
  return pushed.map(pushFigures)
}

export function pushRows({ group, goals }: Phase, value: PushFigures, floor: PushFigures | undefined): Row[] {
  const row = (name: string, unit: string, figure: keyof PushFigures): Row => {
    return { group, name, unit, value: value[figure], floor: floor?.[figure], goals: goals[figure] }
  }
  return [
    row('delivered', '%', 'delivered'),
    row('messages', '/s', 'perSecond'),
    row('messages', '/CPU-s', 'perCpuSecond'),
    ...(value.perCpuSecondInAll < value.perCpuSecond ? [row('with its database', '/CPU-s', 'perCpuSecondInAll')] : []),
    row('frames a socket', '', 'frames'),
    row('p50', 'ms', 'p50'),
    row('p99', 'ms', 'p99')
  ]
}
