// Answers queries by compiled writers: the same text as graphql-js and JSON.stringify give, for a fraction of the work.
import { type ExecutionArgs, getVariableValues } from 'graphql'
import { Answer } from './answer.ts'
import { planOf } from './plan.ts'
import type { SelectedFields } from './selected.ts'

interface TextArgs extends Pick<ExecutionArgs, 'schema' | 'document' | 'operationName' | 'variableValues' | 'rootValue'> {
  readonly contextValue: Narrowing
}

/** A context that can make another one for the same request, which reads no more than these fields ask for. */
interface Narrowing {
  narrowedTo(selected: SelectedFields): unknown
}

/**
 * The answer `{"data":{…}}` of a query, or of the selection of a subscription on its root value, as text; byte for
 * byte what graphql-js's `execute` would have given. The document must be valid.
 *
 * Null means: let graphql-js answer. So it is for whatever goes wrong (wrong variables, an error, a null where none may
 * be), since graphql-js says it precisely; for introspection; and for mutations, which are never begun here. Resolvers
 * then run a second time, with the context as it was given. It never rejects.
 *
 * All that is asked for a list is started before anything is awaited, so loaders batch as they do under graphql-js.
 * What resolvers may rely on less than there: arguments are one frozen object for all items of a list, as is `info`, in
 * which a field below a list has no `path` (reading it leaves the operation to graphql-js).
 */
export async function executeText({ schema, document, operationName, variableValues, rootValue, contextValue }: TextArgs): Promise<string | null> {
  const plan = planOf(schema, document, operationName)
  if (!plan) return null
  const { operation, fragments, selected } = plan
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variableValues ?? {})
  const write = coerced && plan.writerFor(coerced)
  if (!write) return null
  return new Answer({ schema, fragments, rootValue, operation, variableValues: coerced }, contextValue.narrowedTo(selected)).begin(write)
}
