// Three nodes on one PostgreSQL: how long a change takes from the node that made it to the sockets of the others, and
// what nodes ask of the database while nothing happens.
import pg from 'pg'
import { Changes } from '../load/changes.ts'
import { push, pushFigures } from '../load/push.ts'
import { Walls } from '../load/walls.ts'
import { followWall } from '../operations.ts'
import { maydayTarget } from '../target.ts'
import { ratioAtMost, valueAtLeast, valueAtMost } from './goal.ts'
import type { Measurement } from './measurement.ts'

const socketsOnEach = 10
const perSecond = 200
const connections = 16

export const measureNodes: Measurement = async (bench) => {
  const { options, operations, key, filled } = bench
  if (!filled.server) return []
  await using own = await bench.startMayday()
  await using second = await bench.startMayday()
  await using third = await bench.startMayday()
  const targets = [own, second, third].map(({ url }) => maydayTarget(url, key))
  using stack = new DisposableStack()
  const groups = targets.map((target) => stack.use(new Walls(target)))
  for (const walls of groups) await walls.open(socketsOnEach, () => followWall)
  const changes = stack.use(new Changes(maydayTarget(own.url, key), operations.commentOnWall))
  await changes.connect(connections)
  await push(own, groups, changes, (all, made) => all.steadily(perSecond, perSecond, made))
  const count = Math.ceil(perSecond * options.nodes.seconds)
  const pushed = await push(own, groups, changes, (all, made) => all.steadily(perSecond, count, made))
  const [here, ...elsewhere] = pushed.map((each) => pushFigures([each]))
  const worst = (figure: 'p50' | 'p99') => Math.max(...elsewhere.map((each) => each[figure]))
  const group = `${perSecond} changes/s, to sockets of two other nodes (beside: of its own)`
  const idle = 'three idle nodes with walls'
  return [
    {
      group,
      name: 'delivered',
      unit: '%',
      value: Math.min(...elsewhere.map(({ delivered }) => delivered)),
      floor: here?.delivered,
      goals: [valueAtLeast(100)]
    },
    // What takes longer for lack of anybody to take it on says nothing of the way from node to node.
    { group, name: 'pace', unit: '/s', value: (here?.perSecond ?? 0) / socketsOnEach, goals: [valueAtLeast(0.9 * perSecond)] },
    { group, name: 'p50', unit: 'ms', value: worst('p50'), floor: here?.p50 },
    { group, name: 'p99', unit: 'ms', value: worst('p99'), floor: here?.p99, goals: [ratioAtMost(3)] },
    {
      group: idle,
      name: 'statements of each',
      unit: '/s',
      value: (await statementsSeen(filled.server.url, options.nodes.idleSeconds)) / groups.length,
      goals: [valueAtMost(1)]
    }
  ]
}

const everyMs = 50

/** How many statements nodes begin in a second, as seen by looking often at what each of their connections does. */
async function statementsSeen(serverUrl: string, seconds: number): Promise<number> {
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  const seen = new Set<string>()
  const look = async () => {
    const { rows } = await client.query<{ statement: string }>(
      `SELECT pid || ' ' || query_start AS statement FROM pg_stat_activity WHERE application_name LIKE 'mayday%' AND query_start IS NOT NULL`
    )
    for (const { statement } of rows) seen.add(statement)
  }
  await look()
  // What was begun before does not count.
  const before = seen.size
  const end = performance.now() + seconds * 1000
  while (performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, everyMs))
    await look()
  }
  await client.end()
  return (seen.size - before) / seconds
}
