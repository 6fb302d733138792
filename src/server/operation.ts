// What a request asks for, checked: parsed, validated, within the limits. Nothing of it depends on who asks.
import { type DocumentNode, type GraphQLError, type GraphQLSchema, getOperationAST } from 'graphql'
import type { Part } from '../change/heads.ts'
import type { Config } from '../config.ts'
import { keepingOf } from './keeping.ts'
import { assertWithinLimits } from './limits.ts'

export interface Operation {
  readonly document: DocumentNode
  readonly operationName: string | undefined
  readonly variables: Record<string, unknown>
  readonly kind: 'query' | 'mutation'
  /** Of a query whose answer is the same for everyone with the same role in the same workspace. */
  readonly shared: Shared | undefined
}

interface Shared {
  /** Its number among those that are known. */
  readonly number: number
  /** The part of the workspace that the answer shows. */
  readonly part: Part
}

interface Pipeline {
  config: Config
  schema: GraphQLSchema
  parse(query: string): DocumentNode
  validate(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[]
}

/** The longest body that is known again, and how many bytes of bodies are at the most: what is parsed takes many times as much. */
const longestKnown = 10_000
const mostKnownBytes = 2_000_000

export class Operations {
  readonly #pipeline: Pipeline
  readonly #known = new Map<string, Operation>()
  #knownBytes = 0
  #count = 0

  constructor(pipeline: Pipeline) {
    this.#pipeline = pipeline
  }

  /** The operation that a JSON body asks for; undefined for a subscription, and for whatever is wrong with it. The same bytes mean the same again. */
  read(body: Buffer): Operation | undefined {
    const text = body.length <= longestKnown ? body.toString('latin1') : undefined
    const known = text === undefined ? undefined : this.#known.get(text)
    if (known) return known
    const operation = this.#check(body)
    if (text !== undefined && operation?.kind === 'query') {
      this.#known.set(text, operation)
      this.#knownBytes += text.length
      this.#forgetOldest()
    }
    return operation
  }

  #forgetOldest(): void {
    for (const text of this.#known.keys()) {
      if (this.#knownBytes <= mostKnownBytes) return
      this.#known.delete(text)
      this.#knownBytes -= text.length
    }
  }

  #check(body: Buffer): Operation | undefined {
    const parameters = parametersOf(body)
    if (!parameters) return undefined
    const { query, variables, operationName } = parameters
    const { config, schema, parse, validate } = this.#pipeline
    try {
      const document = parse(query)
      const operation = getOperationAST(document, operationName)
      if (!operation || operation.operation === 'subscription' || validate(schema, document).length > 0) return undefined
      assertWithinLimits(config, schema, document, operationName, variables)
      const { operation: kind } = operation
      const part = kind === 'query' && body.length <= longestKnown && keepingOf(schema, document, operation, variables)
      return { document, operationName, variables, kind, shared: part ? { number: ++this.#count, part } : undefined }
    } catch {
      return undefined
    }
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function parametersOf(body: Buffer) {
  let given: unknown
  try {
    given = JSON.parse(utf8.decode(body))
  } catch {
    return undefined
  }
  if (!isObject(given)) return undefined
  const { query, variables, operationName, extensions, ...others } = given
  if (typeof query !== 'string' || Object.keys(others).length > 0 || !isObject(extensions ?? {})) return undefined
  if (!isObject(variables ?? {}) || typeof (operationName ?? '') !== 'string') return undefined
  return { query, variables: (variables ?? {}) as Record<string, unknown>, operationName: (operationName ?? undefined) as string | undefined }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
