// Reads: those that find no answer ready, and those that come again and again while a few things change.
import { deepEqual } from 'node:assert/strict'
import type { Measured } from '../child.ts'
import { Changes } from '../load/changes.ts'
import { Connection } from '../load/connection.ts'
import { loadRequests, operationRequest, type RequestFigures, type RequestLoad, successOf } from '../load/requests.ts'
import { type Operation, type Operations, requestBody } from '../operations.ts'
import { documentedTarget, floorTarget, maydayTarget, missing, type Target } from '../target.ts'
import { bestPeer, type Goal, ratioAtLeast, timesDocumented } from './goal.ts'
import type { Measurement, Row } from './measurement.ts'

/** Changes a second in the background: comments, and incidents that are declared again. */
const pace = { comments: 4, declared: 1 }
const changesPerSecond = pace.comments + pace.declared
/** How much more than the best peer. */
const ahead = 10

/** So often each has its turn: whatever else the machine does falls into all of them. The middle one counts. */
const turns = 3

export function measureReads(name: 'wall' | 'incident' | 'list'): Measurement {
  return async (bench) => {
    const { options, operations, key, requestFloor } = bench
    const operation = operations[name]
    const onServer = bench.filled.engine === 'postgresql'
    await using mayday = await bench.startMayday()
    await using documented = onServer ? await bench.startDocumented() : undefined
    const target = maydayTarget(mayday.url, key)
    const { missed, floor, met, beside } = await inTurns(options.requests, {
      missed: (load) => loadRequests(mayday, missing(target), operation, load),
      floor: (load) => loadRequests(requestFloor, floorTarget(requestFloor.url), operation, load),
      // Longer than the others: there is little in it to even out what else the machine does.
      met: (load) => whileChanging(target, operations, () => loadRequests(mayday, target, operation, { ...load, seconds: load.seconds * 2 })),
      ...(documented && { beside: (load) => loadRequests(documented, documentedTarget(documented.url), operation, load) })
    })
    if (!missed || !floor || !met) throw new Error('Each of them has had its turn')
    const size = `${operation.name}, ${(missed.bytes / 1000).toFixed(1)} kB`
    const changing = `with ${changesPerSecond} changes/s`
    const besideDocumented = (what: string, figures: RequestFigures, times: number) =>
      beside ? requestRows(`${size}, ${what} (beside: Yoga, Pothos and Prisma as documented)`, figures, beside, [ratioAtLeast(times)]) : []
    return [
      ...requestRows(`${size}, every answer made anew`, missed, floor, onServer ? [ratioAtLeast(bestPeer[name])] : []),
      ...besideDocumented('every answer made anew', missed, timesDocumented[name]),
      ...requestRows(`${size}, ${changing}`, met, floor, [ratioAtLeast(ahead * bestPeer[name])], name),
      ...besideDocumented(changing, met, ahead * timesDocumented[name])
    ]
  }
}

type Loads = Record<string, (load: RequestLoad) => Promise<RequestFigures>>

async function inTurns({ connections, seconds, warmUpSeconds }: RequestLoad, loads: Loads): Promise<Record<string, RequestFigures>> {
  const figures = new Map<string, RequestFigures[]>(Object.keys(loads).map((name) => [name, []]))
  for (let turn = 0; turn < turns; turn++) {
    const load = { connections, seconds: seconds / turns, warmUpSeconds: turn === 0 ? warmUpSeconds : warmUpSeconds / 4 }
    for (const [name, run] of Object.entries(loads)) figures.get(name)?.push(await run(load))
  }
  return Object.fromEntries(
    [...figures].map(([name, all]) => [name, all.sort((one, other) => one.perSecond - other.perSecond)[Math.floor(turns / 2)] as RequestFigures])
  )
}

export function requestRows(group: string, ours: RequestFigures, floor: RequestFigures | undefined, goals: Goal[], equalOnEngines?: string): Row[] {
  return [
    { group, name: 'requests', unit: '/s', value: ours.perSecond, floor: floor?.perSecond, goals, equalOnEngines },
    { group, name: 'requests', unit: '/CPU-s', value: ours.perCpuSecond, floor: floor?.perCpuSecond },
    { group, name: 'p50', unit: 'ms', value: ours.p50, floor: floor?.p50 },
    { group, name: 'p99', unit: 'ms', value: ours.p99, floor: floor?.p99 }
  ]
}

/** Every so manieth comment, whoever made it looks at the wall. */
const lookEvery = 4

/** Runs a load while what the wall shows is talked about and moves, and throws when a look at the wall does not show the newest of them. */
export async function whileChanging<Result>(target: Target, { wall, commentOnWall, declareAgain }: Operations, load: () => Promise<Result>): Promise<Result> {
  using comments = new Changes(target, commentOnWall)
  using declared = new Changes(target, declareAgain)
  const reader = await Connection.open(target.url)
  const look = operationRequest(target, wall, {})
  const assertWall = successOf(wall)
  let over = false
  let made = 0
  let looking = Promise.resolve()
  const declaring = declared.steadily(
    pace.declared,
    Number.POSITIVE_INFINITY,
    () => {},
    () => over
  )
  const commenting = comments.steadily(
    pace.comments,
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
  const [result] = await Promise.all([stopping, commenting, declaring])
  await looking
  reader.close()
  return result
}

/** What answers something else is no comparison. What a write makes anew differs, and only that and what is named. */
export async function assertSameAnswers(one: Target, other: Target, operation: Operation, unlike: readonly string[] = []): Promise<void> {
  const isRead = operation.document.startsWith('query')
  for (const variables of operation.variables.slice(0, isRead ? operation.variables.length : 1)) {
    const answers = await Promise.all(
      [one, other].map(async (target) => {
        const response = await fetch(target.url + target.path(operation), {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...target.headers },
          body: requestBody(operation, variables)
        })
        const differs = isRead ? unlike : [...unlike, 'id', 'cursor', 'createdAt']
        return JSON.parse(await response.text(), (name, value) => (differs.includes(name) ? typeof value : value))
      })
    )
    deepEqual(answers[0], answers[1], `What is beside "${operation.name}" gives another answer`)
  }
}

/** To be called before anything has changed: that what stands beside Mayday answers what Mayday answers. */
export async function assertFloors(mayday: Target, floor: Measured, documented: Measured | undefined, operations: Operations): Promise<void> {
  const { wall, incident, list, comment } = operations
  // Cursors are opaque, and each has its own.
  if (documented) for (const operation of [wall, incident, list]) await assertSameAnswers(mayday, documentedTarget(documented.url), operation, ['endCursor'])
  for (const operation of [wall, incident, list, comment]) await assertSameAnswers(mayday, floorTarget(floor.url), operation)
}
