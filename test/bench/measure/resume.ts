// A client that was away for long: from a cursor thousands of changes back to the newest.
import { Client } from '../../kit/client.ts'
import { placeOf, Walls } from '../load/walls.ts'
import { followChanges } from '../operations.ts'
import { figuresOf } from '../statistics.ts'
import { maydayTarget } from '../target.ts'
import { valueAtMost } from './goal.ts'
import type { Measurement, Row } from './measurement.ts'

const rounds = 5
const patienceMs = 30_000

export const measureResume: Measurement = async (bench) => {
  const { options, key, filled } = bench
  const goals = filled.engine === 'postgresql' ? [valueAtMost(300)] : []
  await using mayday = await bench.startMayday()
  const target = maydayTarget(mayday.url, key)
  const { changes } = await new Client(mayday.url, key).run<{ changes: { nodes: { cursor: string }[] } }>(
    '{ changes(first: 1, newestFirst: true) { nodes { cursor } } }'
  )
  const { mark, sequence } = placeOf(changes.nodes[0]?.cursor ?? '')
  const behind = Math.min(options.behind, sequence)
  const after = Buffer.from(`${mark}.${sequence - behind}`).toString('base64url')

  async function resume(): Promise<number> {
    using walls = new Walls(target)
    const begin = performance.now()
    await walls.open(1, () => ({ query: followChanges, variables: { after } }))
    if (!(await walls.reached(sequence, patienceMs))) throw new Error(`No frame came to the change ${sequence}`)
    return (walls.received[0]?.times.at(-1) ?? Number.NaN) - begin
  }

  const before = await mayday.usage()
  const first = await resume()
  const times: number[] = []
  while (times.length < rounds) times.push(await resume())
  const later = await mayday.usage()
  const group = `changes from a cursor ${behind.toLocaleString('en')} back`
  const rows: Row[] = [
    { group, name: 'until the newest, the first time', unit: 'ms', value: first, goals },
    { group, name: 'until the newest, p50 of five more', unit: 'ms', value: figuresOf(times).p50, goals },
    { group, name: 'resident memory, at most more', unit: 'MB', value: (later.peak - before.peak) / 1e6 }
  ]
  return rows
}
