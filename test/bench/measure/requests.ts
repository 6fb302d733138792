// Requests per second and their latency, Mayday and its floor one right after the other.
import { deepEqual } from 'node:assert/strict'
import { loadRequests, type Target } from '../load/requests.ts'
import { type Operation, type Operations, requestBody } from '../operations.ts'
import type { Measurement } from './measurement.ts'

export function measureRequests(name: Exclude<keyof Operations, 'commentOnWall'>): Measurement {
  return async ({ options, operations, mayday, key, requestFloor }) => {
    const operation = operations[name]
    const [ourTarget, floorsTarget] = [maydayTarget(mayday.url, key), floorTarget(requestFloor.url)]
    await assertSameAnswers(ourTarget, floorsTarget, operation)
    const ours = await loadRequests(mayday, ourTarget, operation, options.requests)
    const floors = await loadRequests(requestFloor, floorsTarget, operation, options.requests)
    const group = `${operation.name}, ${(ours.bytes / 1000).toFixed(1)} kB`
    return [
      { group, name: 'requests', unit: '/s', value: ours.perSecond, floor: floors.perSecond },
      { group, name: 'requests', unit: '/CPU-s', value: ours.perCpuSecond, floor: floors.perCpuSecond },
      { group, name: 'p50', unit: 'ms', value: ours.p50, floor: floors.p50 },
      { group, name: 'p99', unit: 'ms', value: ours.p99, floor: floors.p99 }
    ]
  }
}

export function maydayTarget(url: string, key: string): Target {
  return { url, path: () => '/graphql', headers: { authorization: `Bearer ${key}` } }
}

export function floorTarget(url: string): Target {
  return { url, path: ({ path }) => path, headers: {} }
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
