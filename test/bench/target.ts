// A server to send load to: where it takes what, and what to say who one is.
import type { Operation } from './operations.ts'

export interface Target {
  /** Such as `http://localhost:4000`. */
  readonly url: string
  readonly path: (operation: Pick<Operation, 'path'>) => string
  readonly headers: Record<string, string>
  /** Where its websockets are. */
  readonly socketPath: string
}

export function maydayTarget(url: string, key: string): Target {
  return { url, path: () => '/graphql', headers: { authorization: `Bearer ${key}` }, socketPath: '/graphql' }
}

/** The same, but no answer comes from what the server has kept of earlier ones. */
export function missing(target: Target): Target {
  return { ...target, headers: { ...target.headers, 'cache-control': 'no-cache' } }
}

export function floorTarget(url: string): Target {
  return { url, path: ({ path }) => path, headers: {}, socketPath: '/' }
}

export function documentedTarget(url: string): Target {
  return { url, path: () => '/graphql', headers: {}, socketPath: '/graphql' }
}
