// The same operations before and after the workspace has grown a hundred times: what they lose.
import type { Measured } from '../child.ts'
import { grow } from '../fill/grow.ts'
import { Changes } from '../load/changes.ts'
import { push, pushFigures } from '../load/push.ts'
import { loadRequests, type RequestFigures } from '../load/requests.ts'
import { Walls } from '../load/walls.ts'
import { followWall } from '../operations.ts'
import { floorTarget, maydayTarget, missing } from '../target.ts'
import { ratioAtLeast, ratioAtMost } from './goal.ts'
import type { Bench, Measurement, Row } from './measurement.ts'

const kept = 0.8

export const measureGrowth: Measurement = async (bench) => {
  const { options, filled } = bench
  if (!filled.server) return []
  await using mayday = await bench.startMayday()
  await using floor = await bench.startRequestFloor(filled.forMayday)
  const before = await measureAll(bench, mayday, floor)
  const begin = performance.now()
  await grow(filled.server.databaseUrl, options.growth.to, filled.server.ours)
  const seconds = (performance.now() - begin) / 1000
  const after = await measureAll(bench, mayday, floor)
  const { incidents, changes } = options.growth.to
  const size = `${incidents.toLocaleString('en')} incidents, ${changes.toLocaleString('en')} changes`
  return [
    ...after.map((row, index) => ({ ...row, group: `${row.group}, grown to ${size} (beside: before)`, floor: before[index]?.value })),
    { group: 'the growing itself', name: 'took', unit: 's', value: seconds }
  ]
}

/** The same rows whenever it is called. */
async function measureAll({ options, operations, key }: Bench, mayday: Measured, floor: Measured): Promise<Row[]> {
  const { wall, incident, list, uncounted, comment } = operations
  const target = maydayTarget(mayday.url, key)
  const load = { ...options.requests, ...options.growth.load }
  const rows: Row[] = []
  for (const operation of [wall, incident, list, uncounted, comment]) {
    const goals = operation === uncounted ? [] : [ratioAtLeast(kept)]
    const figures = await orNothing(loadRequests(mayday, missing(target), operation, load))
    rows.push({ group: operation.name, name: 'requests', unit: '/s', value: figures?.perSecond ?? Number.NaN, goals })
    rows.push({ group: operation.name, name: 'p50', unit: 'ms', value: figures?.p50 ?? Number.NaN })
    if (operation !== list) continue
    // It counts the incidents themselves, a hundred times as many: what that alone costs.
    const counted = await orNothing(loadRequests(floor, floorTarget(floor.url), operation, load))
    rows.push({ group: operation.name, name: 'requests of the floor', unit: '/s', value: counted?.perSecond ?? Number.NaN })
  }

  using walls = new Walls(target)
  await walls.open(options.fanout.sockets, () => followWall)
  using changes = new Changes(target, operations.commentOnWall)
  const { perSecond, warmUp, sockets } = options.fanout
  const steadily = (pace: number, seconds: number) => push(mayday, [walls], changes, (all, made) => all.steadily(pace, Math.ceil(pace * seconds), made))
  await steadily(warmUp.perSecond, warmUp.seconds)
  const pushed = pushFigures(await steadily(perSecond, options.growth.pushSeconds))
  const group = `push, ${sockets.toLocaleString('en')} sockets`
  rows.push({ group, name: 'messages', unit: '/CPU-s', value: pushed.perCpuSecond, goals: [ratioAtLeast(kept)] })
  rows.push({ group, name: 'p50', unit: 'ms', value: pushed.p50, goals: [ratioAtMost(1 / kept)] })
  return rows
}

/** A statement that takes too long after growing is a finding, and the others are worth having all the same. */
async function orNothing(loading: Promise<RequestFigures>): Promise<RequestFigures | undefined> {
  try {
    return await loading
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    return undefined
  }
}
