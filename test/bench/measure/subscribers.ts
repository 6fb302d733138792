// What a subscriber costs that only waits; and whether ten thousand of them hold.
import type { Measured } from '../child.ts'
import { Changes } from '../load/changes.ts'
import { push, pushFigures } from '../load/push.ts'
import { Walls } from '../load/walls.ts'
import { followWall } from '../operations.ts'
import { maydayTarget, type Target } from '../target.ts'
import { valueAtLeast, valueAtMost } from './goal.ts'
import type { Measurement, Row } from './measurement.ts'

/** Opened and closed first, so that what the server needs once is there before it is weighed. */
const first = 1_000
/** Beside the sockets. */
const otherFiles = 100
const changeCount = 5

export const measureSubscribers: Measurement = async (bench) => {
  const { options, operations, key, filled } = bench
  const { manySockets, mostSockets } = options
  await using mayday = await bench.startMayday()
  const target = maydayTarget(mayday.url, key)
  const before = await warmed(mayday, target)
  using walls = new Walls(target)
  await walls.open(manySockets, () => followWall)
  const roomy = (await mayday.settled()).memory
  const many = (await mayday.shrunk()).memory
  const group = `${manySockets.toLocaleString('en')} idle subscribers`
  const rows: Row[] = [
    ...weighed(group, before, many, manySockets),
    { group, name: 'with room for what is new', unit: 'kB', value: (roomy.rss - before.rss) / manySockets / 1000 }
  ]

  // What comes of sockets is the same on both engines.
  if (!filled.server) return rows
  if (openFiles() < mostSockets + otherFiles) {
    process.stdout.write(`\nNOT MEASURED: ${mostSockets} sockets need as many open files, but the limit is ${openFiles()}. Raise it: ulimit -n 20000\n\n`)
    return rows
  }
  await walls.open(mostSockets - manySockets, () => followWall)
  using changes = new Changes(target, operations.commentOnWall)
  const figures = pushFigures(await push(mayday, [walls], changes, (all, made) => all.steadily(1, changeCount, made)))
  const most = (await mayday.shrunk()).memory
  const busy = `${mostSockets.toLocaleString('en')} subscribers, ${changeCount} changes, one a second`
  return [
    ...rows,
    { group: busy, name: 'delivered', unit: '%', value: figures.delivered, goals: [valueAtLeast(100)] },
    { group: busy, name: 'p50', unit: 'ms', value: figures.p50 },
    { group: busy, name: 'p99', unit: 'ms', value: figures.p99 },
    ...weighed(busy, before, most, mostSockets),
    { group: busy, name: 'of each that was added', unit: 'kB', value: (most.rss - many.rss) / (mostSockets - manySockets) / 1000, goals: [valueAtMost(20)] }
  ]
}

async function warmed(mayday: Measured, target: Target): Promise<NodeJS.MemoryUsage> {
  {
    using walls = new Walls(target)
    await walls.open(first, () => followWall)
  }
  return (await mayday.shrunk()).memory
}

function weighed(group: string, before: NodeJS.MemoryUsage, memory: NodeJS.MemoryUsage, sockets: number): Row[] {
  const each = (bytes: (memory: NodeJS.MemoryUsage) => number) => (bytes(memory) - bytes(before)) / sockets / 1000
  return [
    { group, name: 'resident memory of each', unit: 'kB', value: each(({ rss }) => rss), goals: [valueAtMost(20)] },
    { group, name: 'of it on the heap', unit: 'kB', value: each(({ heapUsed, external }) => heapUsed + external) }
  ]
}

/** How many files, and so sockets, a process may have open. */
function openFiles(): number {
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft?: number | 'unlimited' } } }
  const limit = userLimits?.open_files?.soft
  return typeof limit === 'number' ? limit : Number.POSITIVE_INFINITY
}
