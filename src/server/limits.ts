// What is refused before anything runs: documents that are too large, deep, wide or expensive, and texts that no
// database can hold. The same for queries, mutations and subscriptions, over HTTP and websocket.
import { complexityFromQuery } from '@pothos/plugin-complexity'
import {
  type ASTVisitor,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  type ValidationContext,
  visit,
  visitWithTypeInfo
} from 'graphql'
import type { Config } from '../config.ts'
import { InvalidInput } from '../errors.ts'
import { EqualOperations } from './equal-operations.ts'

/** Far more than any input of the schema needs. */
const deepestVariable = 20

/**
 * Refuses a document with too many aliases. In introspection there are none at all: it is free of cost, tools need
 * no alias there, and a few on each level would multiply the whole schema without end.
 */
export function aliasLimit(most: number) {
  return (context: ValidationContext): ASTVisitor => {
    let aliases = 0
    let introspection = false
    return {
      Field({ alias, name }) {
        if (!alias) return
        if (++aliases === most + 1) context.reportError(tooMuch(`The document has more than ${most} aliases.`, 'MAX_ALIASES'))
        if (introspection || !(name.value === '__schema' || context.getParentType()?.name.startsWith('__'))) return
        introspection = true
        context.reportError(tooMuch('There are no aliases in introspection.', 'MAX_ALIASES'))
      }
    }
  }
}

/** Refuses an operation whose depth or cost is above the limits, and texts that are not well-formed Unicode or hold a NUL. */
export function assertWithinLimits(
  config: Config,
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Record<string, unknown>
): void {
  walk(variables, 'variables', 0)
  const operation = getOperationAST(document, operationName)
  if (!operation) return
  // Before anything else looks at them, and would say which names of the schema come close to a wrong one.
  if (!config.MAYDAY_INTROSPECTION) {
    const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, { hideSuggestions: true })
    if (errors) throw errors[0]
  }
  const equal = within.get(config) ?? new EqualOperations<void>()
  within.set(config, equal)
  const given = Object.fromEntries(countingIn(schema, document).map((name) => [name, variables[name]]))
  equal.get(document, operationName, given, () => assertNew(config, schema, document, operation, variables))
}

/** The operations that were found within the limits of a config. */
const within = new WeakMap<Config, EqualOperations<void>>()

const counting = new WeakMap<DocumentNode, readonly string[]>()

/** The names of the variables that the cost of a document's operations may depend on: those in arguments that count, such as the size of a page. */
function countingIn(schema: GraphQLSchema, document: DocumentNode): readonly string[] {
  let known = counting.get(document)
  if (known) return known
  const names = new Set<string>()
  const types = new TypeInfo(schema)
  const noteVariables: ASTVisitor = { Variable: ({ name }) => void names.add(name.value) }
  visit(
    document,
    visitWithTypeInfo(types, {
      Field({ arguments: given = [] }) {
        if (typeof types.getFieldDef()?.extensions.complexity === 'function') for (const each of given) visit(each, noteVariables)
      }
    })
  )
  known = [...names]
  counting.set(document, known)
  return known
}

function assertNew(
  config: Config,
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>
): void {
  assertTexts(document)
  const { depth, complexity } = complexityFromQuery(
    { ...document, definitions: [operation, ...document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)] },
    { schema, variables, ctx: {} }
  )
  if (depth > config.MAYDAY_MAX_DEPTH) throw tooMuch(`The operation is ${depth} levels deep; at most ${config.MAYDAY_MAX_DEPTH} are allowed.`, 'MAX_DEPTH')
  if (complexity > config.MAYDAY_MAX_COST)
    throw tooMuch(`The operation costs ${complexity}; at most ${config.MAYDAY_MAX_COST} is allowed. Ask for smaller pages or fewer nested lists.`, 'MAX_COST')
}

function assertTexts(document: DocumentNode): void {
  visit(document, {
    StringValue({ value }) {
      assertText(value, 'the document')
    }
  })
}

function walk(value: unknown, path: string, depth: number): void {
  if (typeof value === 'string') assertText(value, path)
  if (value === null || typeof value !== 'object') return
  if (depth > deepestVariable) throw new InvalidInput([{ field: path.slice(0, 200), rule: `must not be nested more than ${deepestVariable} levels` }])
  for (const [key, each] of Object.entries(value)) {
    assertText(key, path)
    walk(each, `${path}.${key}`, depth + 1)
  }
}

function assertText(text: string, field: string): void {
  if (!text.isWellFormed()) throw new InvalidInput([{ field, rule: 'must be well-formed Unicode' }])
  if (text.includes('\0')) throw new InvalidInput([{ field, rule: 'must not contain the character U+0000' }])
}

function tooMuch(message: string, limit: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'OPERATION_TOO_LARGE', limit, http: { status: 400, spec: true } } })
}
