// One change, a thousand walls: how fast, and for how much, a frame reaches all of them.
import type { Measured } from '../child.ts'
import { Changes, type Made } from '../load/changes.ts'
import { type PushFigures, push } from '../load/push.ts'
import { byCursor, type Places, Walls } from '../load/walls.ts'
import { followWall, type Operation, type Subscription } from '../operations.ts'
import type { Options } from '../options.ts'
import { floorTarget, maydayTarget, type Target } from '../target.ts'
import { type Goal, ratioAtLeast, ratioAtMost, valueAtLeast } from './goal.ts'
import type { Measurement, Row } from './measurement.ts'

export interface Phase {
  group: string
  make(changes: Changes, made: (each: Made) => void): Promise<void>
  goals: Partial<Record<keyof PushFigures, Goal[]>>
}

export function steadyPhase(sockets: number, { perSecond, seconds }: Options['fanout'], what = 'sockets'): Phase {
  return {
    group: `push, ${sockets.toLocaleString('en')} ${what}, ${perSecond} changes/s`,
    make: (changes, made) => changes.steadily(perSecond, Math.ceil(perSecond * seconds), made),
    goals: { perCpuSecond: [ratioAtLeast(0.9)], delivered: [valueAtLeast(100)], p99: [ratioAtMost(3)] }
  }
}

export function burstPhase(sockets: number, { burst, connections }: Options['fanout']): Phase {
  return {
    group: `push, ${sockets.toLocaleString('en')} sockets, burst of ${burst} changes`,
    make: (changes, made) => changes.atOnce(burst, connections, made),
    goals: { delivered: [valueAtLeast(100)], p99: [ratioAtMost(2)] }
  }
}

export function measureFanout(socketsOf: (options: Options) => number, withBurst: boolean): Measurement {
  return async (bench) => {
    const { options, operations, key } = bench
    const sockets = socketsOf(options)
    const phases = [steadyPhase(sockets, options.fanout), ...(withBurst ? [burstPhase(sockets, options.fanout)] : [])]
    const runs = (measured: Measured, target: Target) => runPhases(measured, target, phases, sockets, operations.commentOnWall, () => followWall, options)
    const ours = await startedFor(bench.startMayday(), (mayday) => runs(mayday, maydayTarget(mayday.url, key)))
    const theirs = await startedFor(bench.startBroadcastFloor(ours.frameBytes), (floor) => runs(floor, floorTarget(floor.url)))
    return phases.flatMap((phase, index) => pushRows(phase, ours.figures[index] as PushFigures, theirs.figures[index]))
  }
}

/** Runs something with a process of its own. */
export async function startedFor<Result>(starting: Promise<Measured>, run: (measured: Measured) => Promise<Result>): Promise<Result> {
  await using measured = await starting
  return await run(measured)
}

/** Opens the walls, warms up, and goes through the phases one after the other. */
export async function runPhases(
  measured: Pick<Measured, 'usage'> & Partial<Pick<Measured, 'settled'>>,
  target: Target,
  phases: readonly Phase[],
  sockets: number,
  change: Operation,
  subscriptionOf: (index: number) => Subscription,
  { fanout }: Options,
  places: Places = byCursor
): Promise<{ figures: PushFigures[]; frameBytes: number }> {
  using walls = new Walls(target, places)
  await walls.open(sockets, subscriptionOf)
  using changes = new Changes(target, change)
  await changes.connect(fanout.connections)
  const figures: PushFigures[] = []
  const { warmUp } = fanout
  await push(measured, [walls], changes, (all, made) => all.steadily(warmUp.perSecond, warmUp.perSecond * warmUp.seconds, made), places)
  // What opening all the sockets has left behind is no part of a push.
  await measured.settled?.()
  for (const { make } of phases) figures.push(...(await push(measured, [walls], changes, make, places)))
  return { figures, frameBytes: walls.frameBytes }
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
