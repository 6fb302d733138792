// Another server in Mayday's place: the same load of requests and the same walls, by documents of its own.
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Measured, Usage } from '../child.ts'
import { markPlace } from '../load/mark.ts'
import { loadRequests } from '../load/requests.ts'
import { Side } from '../load/side.ts'
import { byMark } from '../load/walls.ts'
import type { Operation } from '../operations.ts'
import type { Options, PeerOptions } from '../options.ts'
import { floorTarget, type Target } from '../target.ts'
import { burstPhase, inTurns, type Phase, pushRows, steadyPhase } from './fanout.ts'
import type { Bench, Row } from './measurement.ts'
import { requestRows } from './reads.ts'

const variables = z.record(z.string(), z.unknown())
const operation = z.strictObject({ document: z.string(), variables: z.array(variables).min(1).default([{}]), proof: z.string().min(1) })
const operationsFile = z.strictObject({
  requests: z.record(z.enum(['wall', 'incident', 'list', 'comment']), operation.optional()).default({} as never),
  subscription: z.strictObject({ query: z.string(), variables: variables.optional() }).optional(),
  change: operation.optional(),
  /** Where websockets are, when it is elsewhere. */
  socketPath: z.string().optional()
})

/** What the floors are measured with, when they are. */
export type Floors = Pick<Bench, 'operations' | 'requestFloor' | 'startBroadcastFloor'>

export async function measurePeer(peer: PeerOptions, options: Options, floors: Floors | undefined): Promise<Row[]> {
  const { requests, subscription, change, socketPath } = operationsFile.parse(JSON.parse(readFileSync(peer.operations, 'utf8')))
  const { origin, pathname } = new URL(peer.url)
  const target: Target = { url: origin, path: () => pathname, headers: peer.headers, socketPath: socketPath ?? pathname }
  const measured = { usage: async () => ({ cpu: peer.pid ? processorSeconds(peer.pid) : Number.NaN, workersCpu: 0 }) as Usage }
  const rows: Row[] = []
  for (const name of ['wall', 'incident', 'list', 'comment'] as const) {
    const given = requests[name]
    if (!given) continue
    const ours = await loadRequests(measured, target, { name, path: '', ...given }, options.requests)
    const floor = floors && (await loadRequests(floors.requestFloor, floorTarget(floors.requestFloor.url), floors.operations[name], options.requests))
    rows.push(...requestRows(`${name}, ${(ours.bytes / 1000).toFixed(1)} kB`, ours, floor, []))
  }
  if (subscription && change) {
    if (!JSON.stringify(change.variables).includes(markPlace))
      throw new Error(`The variables of "change" must hold ${markPlace}, in a text that its frames show`)
    const { sockets } = options.fanout
    rows.push(
      ...(await measureWalls(
        measured,
        target,
        { name: 'change', path: '', ...change },
        subscription,
        [steadyPhase(sockets, options.fanout), burstPhase(sockets, options.fanout)],
        options,
        floors
      ))
    )
  }
  return rows
}

async function measureWalls(
  measured: Pick<Measured, 'usage'>,
  target: Target,
  change: Operation,
  subscription: { query: string },
  phases: Phase[],
  options: Options,
  floors: Floors | undefined
): Promise<Row[]> {
  const { sockets } = options.fanout
  using ours = await Side.open(measured, target, sockets, change, () => subscription, options, byMark)
  await using floor = await floors?.startBroadcastFloor(ours.frameBytes)
  using theirs = floor && floors && (await Side.open(floor, floorTarget(floor.url), sockets, floors.operations.commentOnWall, () => subscription, options))
  const rows: Row[] = []
  for (const phase of phases) {
    const [figures, beside] = await inTurns(phase, theirs ? [ours, theirs] : [ours])
    if (figures) rows.push(...pushRows({ ...phase, goals: {} }, figures, beside))
  }
  return rows
}

/** Of all threads of a process on this machine, as Linux tells it, in hundredths of a second. */
function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}
