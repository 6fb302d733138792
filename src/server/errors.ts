// What a client sees of an error. Errors that are meant for callers keep their words and code; all others are masked,
// and logged whole with the request's id.
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import type { Logger } from 'pino'
import { RequestError, Unauthenticated, Unavailable } from '../errors.ts'

const published = new WeakSet<GraphQLError>()

/** The error as the client may see it; one that has become so already stays as it is. */
export function publicError(error: unknown, requestId: string, log: Logger): GraphQLError {
  if (error instanceof GraphQLError && published.has(error)) return error
  const made = makePublic(error, requestId, log)
  published.add(made)
  return made
}

function makePublic(error: unknown, requestId: string, log: Logger): GraphQLError {
  const wrapped =
    error instanceof GraphQLError
      ? error
      : new GraphQLError(error instanceof Error ? error.message : String(error), { originalError: error instanceof Error ? error : null })
  const cause = rootCause(error)
  const { nodes, source, positions, path } = wrapped
  const place = { nodes, source, positions, path }
  if (cause instanceof RequestError) {
    if (cause instanceof Unavailable) log.warn({ err: cause, requestId, path }, 'A request could not be served')
    const http = cause instanceof Unauthenticated ? { http: { status: 401 } } : cause instanceof Unavailable ? { http: { status: 503 } } : {}
    return new GraphQLError(cause.message, { ...place, extensions: { code: cause.code, ...cause.details, requestId, ...http } })
  }
  if (cause instanceof GraphQLError) {
    const code = cause.extensions.code ?? wrapped.extensions.code ?? 'BAD_USER_INPUT'
    // The outer one says more: which variable, beside what is wrong with its value.
    return new GraphQLError(wrapped.message, { ...place, extensions: { ...wrapped.extensions, ...cause.extensions, code, requestId } })
  }
  log.error({ err: cause, requestId, path }, 'A request failed unexpectedly')
  return new GraphQLError('Something went wrong here. The operator finds it in the log by the request id.', {
    ...place,
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId, http: { status: 500, spec: false } }
  })
}

/** For a websocket, which has no status. */
export function formatted(error: GraphQLError): GraphQLFormattedError {
  const { http: _, ...extensions } = error.extensions
  return { ...error.toJSON(), extensions }
}

function rootCause(error: unknown): unknown {
  let cause = error
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError
  return cause
}
