// A hundred subscriptions that have nothing in common but what they show: what the frames cost, when few can be shared.
import { distinctWalls, type Subscription } from '../operations.ts'
import { measurePushes, steadyPhase } from './fanout.ts'
import { valueAtLeast } from './goal.ts'
import type { Measurement } from './measurement.ts'

/** On PostgreSQL only, since what is asked is how few statements it takes. */
export const measureDistinct: Measurement = async (bench) => {
  const { options, filled } = bench
  if (!filled.server) return []
  const { manySockets, distinct } = options
  const subscriptions = distinctWalls(distinct)
  const phase = { ...steadyPhase(manySockets, options.fanout, `sockets with ${distinct} different subscriptions`), goals: { delivered: [valueAtLeast(100)] } }
  let transactions: number | undefined
  const counted = {
    ...phase,
    make: async (...given: Parameters<typeof phase.make>) => {
      // In the floor's turns too: there the server tells what it had not counted yet, and a heartbeat or two comes to it.
      const before = await filled.transactions?.()
      await phase.make(...given)
      const after = await filled.transactions?.()
      if (before !== undefined && after !== undefined) transactions = (transactions ?? 0) + after - before
    }
  }
  const rows = await measurePushes(bench, [counted], manySockets, (index) => subscriptions[index % distinct] as Subscription)
  if (transactions !== undefined) {
    rows.push({ group: phase.group, name: 'transactions a change', unit: '', value: transactions / (options.fanout.perSecond * options.fanout.seconds) })
  }
  return rows
}
