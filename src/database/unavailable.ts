import { Unavailable } from '../errors.ts'

/** Classes and codes of PostgreSQL (https://www.postgresql.org/docs/current/errcodes-appendix.html), Prisma and Node that mean: not now. */
const passing = /^(08...|53...|57014|57P0[1-5]|25P03|P1001|P1002|P1008|P1017|P2024|P2028|P2034|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/
const passingWords =
  /terminat(ed|ing) (connection|unexpectedly)|Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|server closed the connection/i

/**
 * Runs a statement or transaction; an error that says that the database is away, overloaded or restarting becomes
 * Unavailable, so that a client knows that it may try again. What was not acknowledged may have been done or not;
 * a repeated request with its idempotency key is safe either way.
 */
export async function whileAvailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isPassing(error)) throw error
    throw new Unavailable('The database cannot be reached just now. Try again in a moment.', { cause: error })
  }
}

function isPassing(error: unknown): boolean {
  if (error === null || typeof error !== 'object') return false
  const { code, cause, message, meta } = error as { code?: unknown; cause?: unknown; message?: unknown; meta?: { driverAdapterError?: unknown } }
  if (typeof code === 'string' && passing.test(code)) return true
  if (typeof message === 'string' && passingWords.test(message)) return true
  return isPassing(meta?.driverAdapterError) || isPassing(cause)
}
