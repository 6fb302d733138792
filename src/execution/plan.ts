// The compiled operations of documents, kept as long as their documents are.
import {
  type DirectiveNode,
  type DocumentNode,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  visit
} from 'graphql'
import type { Writer } from './answer.ts'
import { compile, type Source } from './compile.ts'
import { type SelectedFields, selectedFields } from './selected.ts'

/** As many as four variables that @skip and @include ask for have values between them. */
const mostVariants = 16

const plans = new WeakMap<DocumentNode, Plan[]>()

/** The plan of an operation of a valid document; undefined when there is none of that name, or it is a mutation. */
export function planOf(schema: GraphQLSchema, document: DocumentNode, operationName: string | null | undefined): Plan | undefined {
  const operation = getOperationAST(document, operationName)
  if (!operation || operation.operation === OperationTypeNode.MUTATION) return undefined
  let known = plans.get(document)
  if (!known) {
    known = []
    plans.set(document, known)
  }
  let plan = known.find((each) => each.schema === schema && each.operation === operation)
  if (!plan) {
    plan = new Plan(schema, document, operation)
    known.push(plan)
  }
  return plan
}

export class Plan {
  readonly schema: GraphQLSchema
  readonly operation: OperationDefinitionNode
  readonly fragments: Source['fragments']
  readonly selected: SelectedFields
  readonly #conditions: readonly string[]
  readonly #writers = new Map<string, Writer | undefined>()

  constructor(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) {
    this.schema = schema
    this.operation = operation
    this.fragments = Object.fromEntries(document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [])))
    this.selected = selectedFields(schema, document)
    this.#conditions = conditionsOf(document)
  }

  /** The writer for these variables; undefined when graphql-js has to answer. */
  writerFor(variables: Record<string, unknown>): Writer | undefined {
    const given = this.#conditions.filter((name) => name in variables)
    const key = given.map((name) => `${name} ${variables[name]}`).join()
    if (this.#writers.has(key)) return this.#writers.get(key)
    if (this.#writers.size >= mostVariants) return undefined
    const writer = this.#compile(Object.fromEntries(given.map((name) => [name, variables[name]])))
    this.#writers.set(key, writer)
    return writer
  }

  #compile(conditions: Record<string, unknown>): Writer | undefined {
    try {
      return compile({ schema: this.schema, fragments: this.fragments, operation: this.operation, conditions })
    } catch {
      return undefined
    }
  }
}

/** The names of the variables in @skip and @include. */
function conditionsOf(document: DocumentNode): string[] {
  const names = new Set<string>()
  const note = ({ arguments: given = [] }: DirectiveNode) => {
    for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value)
  }
  visit(document, { Directive: note })
  return [...names]
}
