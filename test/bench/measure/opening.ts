// All come back at once, as after a restart behind a load balancer: how long until the last has its first frame.
import type { Measured } from '../child.ts'
import { Walls } from '../load/walls.ts'
import { followWall } from '../operations.ts'
import { floorTarget, maydayTarget, type Target } from '../target.ts'
import { valueAtMost } from './goal.ts'
import type { Measurement } from './measurement.ts'

/** As many as the backlog of a listening socket takes without making the others wait for a second try. */
const atOnce = 256

export const measureOpening: Measurement = async (bench) => {
  const { options, key } = bench
  const { manySockets } = options
  async function run(measured: Measured, target: Target) {
    // One first: a process that has never answered would measure its own start.
    using one = new Walls(target)
    await one.open(1, () => followWall)
    using walls = new Walls(target)
    const { cpu } = await measured.usage()
    const begin = performance.now()
    await walls.open(manySockets, () => followWall, atOnce)
    const last = Math.max(...walls.received.map(({ times }) => times[0] ?? Number.NaN))
    return { seconds: (last - begin) / 1000, cpu: (await measured.usage()).cpu - cpu, bytes: one.frameBytes }
  }
  const ours = await startedFor(bench.startMayday(), (mayday) => run(mayday, maydayTarget(mayday.url, key)))
  const theirs = await startedFor(bench.startBroadcastFloor(ours.bytes, ours.bytes), (floor) => run(floor, floorTarget(floor.url)))
  const group = `${manySockets.toLocaleString('en')} walls opened at once, ${(ours.bytes / 1000).toFixed(1)} kB to each`
  return [
    { group, name: 'until the last has its first frame', unit: 's', value: ours.seconds, floor: theirs.seconds, goals: [valueAtMost(2)] },
    { group, name: 'processor time', unit: 'CPU-s', value: ours.cpu, floor: theirs.cpu }
  ]
}

/** Runs something with a process of its own. */
async function startedFor<Result>(starting: Promise<Measured>, run: (measured: Measured) => Promise<Result>): Promise<Result> {
  await using measured = await starting
  return await run(measured)
}
