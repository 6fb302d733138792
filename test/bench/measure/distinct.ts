// A hundred subscriptions that have nothing in common but what they show: what the frames cost, when few can be shared.
import type { PushFigures } from '../load/push.ts'
import { distinctWalls, followWall, type Subscription } from '../operations.ts'
import { floorTarget, maydayTarget } from '../target.ts'
import { pushRows, runPhases, startedFor, steadyPhase } from './fanout.ts'
import { valueAtLeast } from './goal.ts'
import type { Measurement, Row } from './measurement.ts'

/** On PostgreSQL only, since what is asked is how few statements it takes. */
export const measureDistinct: Measurement = async (bench) => {
  const { options, operations, key, filled } = bench
  if (!filled.server) return []
  const { manySockets, distinct } = options
  const subscriptions = distinctWalls(distinct)
  const phase = { ...steadyPhase(manySockets, options.fanout, `sockets with ${distinct} different subscriptions`), goals: { delivered: [valueAtLeast(100)] } }
  let transactions: number | undefined
  const counted = {
    ...phase,
    make: async (...given: Parameters<typeof phase.make>) => {
      const before = await filled.transactions?.()
      await phase.make(...given)
      const after = await filled.transactions?.()
      if (before !== undefined && after !== undefined) transactions = after - before
    }
  }
  const { commentOnWall } = operations
  const ours = await startedFor(bench.startMayday(), (mayday) =>
    runPhases(mayday, maydayTarget(mayday.url, key), [counted], manySockets, commentOnWall, (index) => subscriptions[index % distinct] as Subscription, options)
  )
  const theirs = await startedFor(bench.startBroadcastFloor(ours.frameBytes), (floor) =>
    runPhases(floor, floorTarget(floor.url), [phase], manySockets, commentOnWall, () => followWall, options)
  )
  const rows: Row[] = pushRows(phase, ours.figures[0] as PushFigures, theirs.figures[0])
  if (transactions !== undefined) {
    rows.push({ group: phase.group, name: 'transactions a change', unit: '', value: transactions / (options.fanout.perSecond * options.fanout.seconds) })
  }
  return rows
}
