// Reads: those that find no answer ready, and those that come again and again while a few things change.
import { deepEqual } from 'node:assert/strict'
import type { Measured } from '../child.ts'
import { Changes } from '../load/changes.ts'
import { Connection } from '../load/connection.ts'
import { loadRequests, operationRequest, type RequestFigures, successOf } from '../load/requests.ts'
import { type Operation, type Operations, requestBody } from '../operations.ts'
import { floorTarget, maydayTarget, missing, type Target } from '../target.ts'
import { bestPeer, type Goal, ratioAtLeast } from './goal.ts'
import type { Measurement, Row } from './measurement.ts'

/** Changes a second in the background. */
const pace = 5
/** How much more than the best peer. */
const ahead = 10

export function measureReads(name: 'wall' | 'incident' | 'list'): Measurement {
  return async (bench) => {
    const { options, operations, key, requestFloor } = bench
    const operation = operations[name]
    await using mayday = await bench.startMayday()
    const target = maydayTarget(mayday.url, key)
    const missed = await loadRequests(mayday, missing(target), operation, options.requests)
    const floor = await loadRequests(requestFloor, floorTarget(requestFloor.url), operation, options.requests)
    const met = await whileChanging(target, operations, () => loadRequests(mayday, target, operation, options.requests))
    const size = `${operation.name}, ${(missed.bytes / 1000).toFixed(1)} kB`
    const goals = bench.filled.engine === 'postgresql' ? [ratioAtLeast(bestPeer[name])] : []
    return [
      ...requestRows(`${size}, every answer made anew`, missed, floor, goals),
      ...requestRows(`${size}, with ${pace} changes/s`, met, floor, [ratioAtLeast(ahead * bestPeer[name])], true)
    ]
  }
}

export function requestRows(group: string, ours: RequestFigures, floor: RequestFigures | undefined, goals: Goal[], equalOnEngines = false): Row[] {
  return [
    { group, name: 'requests', unit: '/s', value: ours.perSecond, floor: floor?.perSecond, goals, equalOnEngines },
    { group, name: 'requests', unit: '/CPU-s', value: ours.perCpuSecond, floor: floor?.perCpuSecond },
    { group, name: 'p50', unit: 'ms', value: ours.p50, floor: floor?.p50 },
    { group, name: 'p99', unit: 'ms', value: ours.p99, floor: floor?.p99 }
  ]
}

/** Every so manieth change, whoever made it looks at the wall. */
const lookEvery = 5

/** Runs a load while comments are added to what the wall shows, and throws when a look at the wall does not show the newest of them. */
export async function whileChanging<Result>(target: Target, { wall, commentOnWall }: Operations, load: () => Promise<Result>): Promise<Result> {
  using changes = new Changes(target, commentOnWall)
  const reader = await Connection.open(target.url)
  const look = operationRequest(target, wall, {})
  const assertWall = successOf(wall)
  let over = false
  let made = 0
  let looking = Promise.resolve()
  const changing = changes.steadily(
    pace,
    Number.POSITIVE_INFINITY,
    ({ mark }) => {
      if (++made % lookEvery !== 0) return
      looking = looking.then(async () => {
        const answer = await reader.ask(look)
        assertWall(answer)
        if (!answer.includes(mark)) throw new Error('A stale answer: the wall does not show a comment that had been added before it was asked for')
      })
      // Awaited at the end.
      looking.catch(() => {})
    },
    () => over
  )
  // Whoever fails first, the others are not left alone with it.
  const stopping = load().finally(() => {
    over = true
  })
  const [result] = await Promise.all([stopping, changing])
  await looking
  reader.close()
  return result
}

/** A floor that answers something else is none. What a write makes anew differs, and only that. */
export async function assertSameAnswers(one: Target, other: Target, operation: Operation): Promise<void> {
  const isRead = operation.document.startsWith('query')
  for (const variables of operation.variables.slice(0, isRead ? operation.variables.length : 1)) {
    const answers = await Promise.all(
      [one, other].map(async (target) => {
        const response = await fetch(target.url + target.path(operation), {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...target.headers },
          body: requestBody(operation, variables)
        })
        return JSON.parse(await response.text(), (name, value) => (!isRead && ['id', 'cursor', 'createdAt'].includes(name) ? typeof value : value))
      })
    )
    deepEqual(answers[0], answers[1], `The floor of "${operation.name}" gives another answer`)
  }
}

/** To be called before anything has changed: that each floor answers what Mayday answers. */
export async function assertFloors(mayday: Measured, key: string, floor: Measured, { wall, incident, list, comment }: Operations): Promise<void> {
  for (const operation of [wall, incident, list, comment]) await assertSameAnswers(maydayTarget(mayday.url, key), floorTarget(floor.url), operation)
}
