// One change, a thousand walls: how fast, and for how much, a frame reaches all of them.
import type { Measured } from '../child.ts'
import { Connection, requestBytes } from '../load/connection.ts'
import { assertSuccess, type Target } from '../load/requests.ts'
import { openWalls, sequenceOf, type Walls } from '../load/sockets.ts'
import { followWall, type Operation, requestBody } from '../operations.ts'
import { type Figures, figuresOf } from '../statistics.ts'
import type { Bench, Row } from './measurement.ts'
import { floorTarget, maydayTarget } from './requests.ts'

interface PushFigures extends Figures {
  /** How many of the changes reached how many of the walls, of all that should. */
  delivered: number
  perSecond: number
  perCpuSecond: number
  /** Frames that a wall got, on average: fewer than changes, when one frame brings several. */
  frames: number
}

export async function measureFanout({ options, operations, mayday, key, startBroadcastFloor }: Bench): Promise<Row[]> {
  const { sockets, perSecond, seconds, burst, connections } = options.fanout
  const phases = [
    { group: `push, ${sockets} sockets, ${perSecond} changes/s`, send: (send: Send) => steadily(send, perSecond, seconds) },
    { group: `push, ${sockets} sockets, burst of ${burst} changes`, send: (send: Send) => atOnce(send, burst, connections) }
  ]
  const change = operations.commentOnWall

  async function run(measured: Measured, target: Target) {
    using walls = await openWalls(measured.url, sockets, key, followWall)
    const senders = await Promise.all(Array.from({ length: connections }, () => Connection.open(measured.url)))
    const requests = change.variables.map((variables) => requestBytes(target.url, target.path(change), target.headers, requestBody(change, variables)))
    const figures: PushFigures[] = []
    await push(measured, walls, (send) => steadily(send, perSecond, options.fanout.warmUpSeconds), senders, requests, change)
    for (const { send } of phases) figures.push(await push(measured, walls, send, senders, requests, change))
    for (const sender of senders) sender.close()
    return { figures, frameBytes: walls.frameBytes() }
  }

  const ours = await run(mayday, maydayTarget(mayday.url, key))
  await using floor = await startBroadcastFloor(ours.frameBytes)
  const theirs = await run(floor, floorTarget(floor.url))
  return phases.flatMap(({ group }, index) => rowsOf(group, ours.figures[index] as PushFigures, theirs.figures[index] as PushFigures))
}

function rowsOf(group: string, value: PushFigures, floor: PushFigures): Row[] {
  const row = (name: string, unit: string, figure: keyof PushFigures) => ({ group, name, unit, value: value[figure], floor: floor[figure] })
  return [
    row('delivered', '%', 'delivered'),
    row('messages', '/s', 'perSecond'),
    row('messages', '/CPU-s', 'perCpuSecond'),
    row('frames a socket', '', 'frames'),
    row('p50', 'ms', 'p50'),
    row('p99', 'ms', 'p99')
  ]
}

/** Makes one change over one of the connections. */
type Send = (connection: number) => Promise<void>

/** At an even pace, whether or not the change before has been answered. */
async function steadily(send: Send, perSecond: number, seconds: number): Promise<void> {
  const sent: Promise<void>[] = []
  const begin = performance.now()
  for (let index = 0; index < perSecond * seconds; index++) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, begin + (index * 1000) / perSecond - performance.now())))
    sent.push(send(index))
  }
  await Promise.all(sent)
}

/** As fast as the connections get their answers. */
async function atOnce(send: Send, count: number, connections: number): Promise<void> {
  let left = count
  await Promise.all(
    Array.from({ length: connections }, async (_, connection) => {
      while (left-- > 0) await send(connection)
    })
  )
}

const patienceMs = 30_000

async function push(
  measured: Measured,
  walls: Walls,
  changes: (send: Send) => Promise<void>,
  senders: Connection[],
  requests: Buffer[],
  operation: Operation
): Promise<PushFigures> {
  walls.forget()
  const sentAt = new Map<number, number>()
  const before = await measured.usage()
  const begin = performance.now()
  await changes(async (index) => {
    const request = requests[(sentAt.size + index) % requests.length] as Buffer
    const sent = performance.now()
    const answer = await (senders[index % senders.length] as Connection).ask(request)
    assertSuccess(answer, operation)
    sentAt.set(sequenceOf(/"cursor":"([^"]+)"/.exec(answer.toString('latin1'))?.[1] ?? ''), sent)
  })
  await walls.reached(Math.max(...sentAt.keys()), patienceMs)
  const after = await measured.usage()
  const { latencies, last, frames } = reckon(walls, sentAt)
  return {
    ...figuresOf(latencies),
    delivered: (100 * latencies.length) / (sentAt.size * walls.received.length),
    perSecond: latencies.length / ((last - begin) / 1000),
    perCpuSecond: latencies.length / (after.cpu - before.cpu),
    frames: frames / walls.received.length
  }
}

/** How long each change took to each wall: a frame brings all changes after the place of the one before, up to its own. */
function reckon({ received }: Walls, sentAt: Map<number, number>) {
  const latencies: number[] = []
  let last = 0
  let frames = 0
  for (const { places, times } of received) {
    for (let index = 1; index < places.length; index++) {
      frames++
      const time = times[index] as number
      last = Math.max(last, time)
      for (let sequence = (places[index - 1] as number) + 1; sequence <= (places[index] as number); sequence++) {
        const sent = sentAt.get(sequence)
        if (sent !== undefined) latencies.push(time - sent)
      }
    }
  }
  return { latencies, last, frames }
}
