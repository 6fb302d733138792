// Answers an operation both ways: by compiled writers, and by graphql-js with JSON.stringify.
import { type ExecutionResult, execute, type GraphQLSchema, parse, validate } from 'graphql'
import { executeText } from '../../src/execution/execute.ts'

export interface Asked {
  schema: GraphQLSchema
  document: string
  operationName?: string
  variables?: Record<string, unknown>
  rootValue?: unknown
  /** Makes a context; each way gets its own. */
  context?: () => { narrowedTo(selected: unknown): unknown }
}

export interface Both {
  text: string | null
  /** What graphql-js gives, as text and as it is. */
  expected: string
  result: ExecutionResult
}

const nothing = { narrowedTo: () => nothing }

export async function answerBothWays({ schema, document: source, operationName, variables, rootValue, context = () => nothing }: Asked): Promise<Both> {
  const document = parse(source)
  const [error] = validate(schema, document)
  if (error) throw error
  const asked = { schema, document, operationName, variableValues: variables, rootValue }
  const text = await executeText({ ...asked, contextValue: context() })
  const result = await execute({ ...asked, contextValue: context() })
  return { text, expected: JSON.stringify(result), result }
}
