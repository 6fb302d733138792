// What a subscription operation follows: found once for all operations that are equal, since thousands of walls come
// with the same document and variables, at once when a server starts again.
import { type DocumentNode, type FieldNode, GraphQLError, type GraphQLSchema, getOperationAST, Kind, print, visit } from 'graphql'
import { collectFields } from 'graphql/execution/collectFields.js'
import { getArgumentValues, getVariableValues } from 'graphql/execution/values.js'
import type { LiveField } from '../change/live.ts'
import { EqualOperations } from './equal-operations.ts'

/** A subscription operation that was parsed, validated and found within the limits. */
export interface FollowingOperation {
  readonly document: DocumentNode
  readonly operationName: string | null | undefined
  readonly variables: Record<string, unknown>
}

export interface Followed extends FollowingOperation {
  readonly live: LiveField
  readonly args: Record<string, unknown>
  /** The cursor that it was given. */
  readonly after: string | null
  /** Equal for operations that get the same frames, from wherever they come. */
  readonly key: string
}

export class FollowedFields {
  readonly #schema: GraphQLSchema
  readonly #known = new EqualOperations<Followed>()
  readonly #printed = new WeakMap<DocumentNode, string>()

  constructor(schema: GraphQLSchema) {
    this.#schema = schema
  }

  /** Throws a GraphQLError for an operation that follows nothing, or with wrong values. */
  of(operation: FollowingOperation): Followed {
    return this.#known.get(operation.document, operation.operationName, operation.variables, () => this.#find(operation))
  }

  #find({ document, operationName, variables }: FollowingOperation): Followed {
    const operation = getOperationAST(document, operationName)
    const root = this.#schema.getSubscriptionType()
    if (!operation || !root) throw new Error('Only a subscription of the schema is followed')
    const { coerced, errors } = getVariableValues(this.#schema, operation.variableDefinitions ?? [], variables)
    if (errors) throw errors[0]
    const fragments = Object.fromEntries(document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [])))
    const [[node] = []] = collectFields(this.#schema, fragments, coerced, root, operation.selectionSet).values()
    const definition = node && root.getFields()[node.name.value]
    if (!definition) throw new GraphQLError('The subscription has no field to follow.', { extensions: { code: 'BAD_USER_INPUT' } })
    const { after, ...args } = getArgumentValues(definition, node, coerced)
    return {
      document,
      operationName,
      variables,
      live: definition.extensions.live as LiveField,
      args,
      after: typeof after === 'string' ? after : null,
      key: JSON.stringify([this.#print(document), operationName ?? null, withoutAfter(document, node, variables)])
    }
  }

  #print(document: DocumentNode): string {
    let printed = this.#printed.get(document)
    if (printed === undefined) {
      printed = print(document)
      this.#printed.set(document, printed)
    }
    return printed
  }
}

/** Subscribers that come from different places are equal from then on, so `after` is no part of what they share. */
function withoutAfter(document: DocumentNode, field: FieldNode, variables: Record<string, unknown>): Record<string, unknown> {
  const after = field.arguments?.find(({ name }) => name.value === 'after')?.value
  if (after?.kind !== Kind.VARIABLE) return variables
  let uses = 0
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => {
      if (name.value === after.name.value) uses++
    }
  })
  if (uses !== 1) return variables
  const { [after.name.value]: _, ...rest } = variables
  return rest
}
