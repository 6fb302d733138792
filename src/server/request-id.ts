import { randomUUID } from 'node:crypto'

const known = new WeakMap<object, string>()

/** The id of a request: the caller's own `X-Request-Id` when it is a sane one, or a new one; the same for the whole request. */
export function requestIdOf(given: string | string[] | null | undefined, request: object): string {
  let id = known.get(request)
  if (!id) {
    id = typeof given === 'string' && /^[\w.:-]{1,100}$/.test(given) ? given : randomUUID()
    known.set(request, id)
  }
  return id
}
