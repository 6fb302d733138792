// A subscription as a stream of results, for SSE. It holds one frame at the most: while that is not taken, the
// subscriber only keeps its place, and catches up from there.
import type { ExecutionResult, GraphQLError } from 'graphql'
import type { Live, LiveOperation } from './live.ts'

/** A result whose text is made already, so that all streams of a group send the same. */
type PreparedResult = ExecutionResult & { stringify: () => string }

export async function frameStream(live: Live, operation: LiveOperation): Promise<AsyncIterableIterator<ExecutionResult>> {
  let held: ExecutionResult | undefined
  let over = false
  let waiting: ((result: IteratorResult<ExecutionResult>) => void) | undefined

  function give(result: ExecutionResult): boolean {
    if (waiting) {
      waiting({ done: false, value: result })
      waiting = undefined
      return true
    }
    held = result
    return false
  }

  const subscription = await live.open(operation, {
    write: ({ text }) => give(prepared(text)),
    fail(error: GraphQLError) {
      over = true
      give({ errors: [error] })
    }
  })

  const stream: AsyncIterableIterator<ExecutionResult> = {
    [Symbol.asyncIterator]: () => stream,
    next() {
      if (held) {
        const value = held
        held = undefined
        if (!over) setImmediate(() => subscription.drained())
        return Promise.resolve({ done: false, value })
      }
      if (over) return Promise.resolve({ done: true, value: undefined })
      return new Promise((resolve) => {
        waiting = resolve
      })
    },
    return() {
      over = true
      held = undefined
      subscription.close()
      waiting?.({ done: true, value: undefined })
      return Promise.resolve({ done: true, value: undefined })
    }
  }
  return stream
}

function prepared(text: string): PreparedResult {
  return { stringify: () => text }
}
