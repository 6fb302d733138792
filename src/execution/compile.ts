// Turns the selections of an operation into writers, once, so that an answer costs little more than calling resolvers.
import {
  defaultTypeResolver,
  type GraphQLAbstractType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType
} from 'graphql'
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js'
import type { Path } from 'graphql/jsutils/Path.js'
import type { Place, Writer } from './answer.ts'
import { leafText, quoted } from './leaf.ts'

/** What is compiled. `conditions` are the variables that @skip and @include ask for; a writer is for these values only. */
export interface Source extends Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'operation'> {
  readonly conditions: Record<string, unknown>
}

type Fields = ReturnType<typeof collectFields>
type Nodes = Place['nodes']

/** The writer of what an operation's root value becomes. Throws when the operation holds something that is left to graphql-js. */
export function compile(source: Source): Writer {
  const { schema, fragments, operation, conditions } = source
  const type = schema.getRootType(operation.operation)
  if (!type) throw new Error('The schema has no such operation')
  return new Compiler(source).object(type, collectFields(schema, fragments, conditions, type, operation.selectionSet), undefined, false)
}

class Compiler {
  readonly #source: Source
  #places = 0

  constructor(source: Source) {
    this.#source = source
  }

  /** An object of this type: its fields, each behind the text that leads to it. */
  object(type: GraphQLObjectType, fields: Fields, above: Path | undefined, inList: boolean): Writer {
    const steps: { before: string; write: Writer }[] = []
    let text = ''
    for (const [key, nodes] of fields) {
      text += `${text === '' && steps.length === 0 ? '{' : ','}${quoted(key)}:`
      if (nodes[0]?.name.value === '__typename') {
        text += quoted(type.name)
        continue
      }
      steps.push({ before: text, write: this.#field(type, key, nodes, above, inList) })
      text = ''
    }
    const end = fields.size === 0 ? '{}' : `${text}}`
    return (answer, value) => {
      for (const { before, write } of steps) {
        answer.text += before
        write(answer, value)
      }
      answer.text += end
    }
  }

  #field(parentType: GraphQLObjectType, key: string, nodes: Nodes, above: Path | undefined, inList: boolean): Writer {
    const definition = parentType.getFields()[nodes[0]?.name.value ?? '']
    if (!definition) throw new Error('Introspection is left to graphql-js')
    const path = inList ? undefined : { prev: above, key, typename: parentType.name }
    const place = { number: this.#places++, parentType, definition, nodes, path }
    const { resolve, name } = definition
    const write = settled(this.#nullable(definition.type, place, inList))
    if (resolve) return (answer, parent) => write(answer, resolve(parent, answer.argumentsOf(place), answer.context, answer.infoOf(place)))
    return (answer, parent) => {
      if (typeof parent !== 'object') throw new Error('Only an object has properties of its own')
      const value = (parent as Record<string, unknown>)[name]
      write(answer, typeof value === 'function' ? value.call(parent, answer.argumentsOf(place), answer.context, answer.infoOf(place)) : value)
    }
  }

  #nullable(type: GraphQLOutputType, place: Place, inList: boolean): Writer {
    if (isNonNullType(type)) {
      const write = this.#present(type.ofType, place, inList)
      return (answer, value) => {
        if (value === null || value === undefined) throw new Error('A null where none may be')
        write(answer, value)
      }
    }
    const write = this.#present(type, place, inList)
    return (answer, value) => {
      if (value === null || value === undefined) answer.text += 'null'
      else write(answer, value)
    }
  }

  #present(type: GraphQLOutputType, place: Place, inList: boolean): Writer {
    if (isListType(type)) return this.#list(type.ofType, place)
    if (isAbstractType(type)) return this.#abstract(type, place, inList)
    if (isObjectType(type)) return this.#child(type, place, inList)
    if (!isLeafType(type)) throw new Error('There is no other output type')
    const text = leafText(type)
    return (answer, value) => {
      answer.text += text(value)
    }
  }

  #list(itemType: GraphQLOutputType, place: Place): Writer {
    const write = settled(this.#nullable(itemType, place, true))
    return (answer, value) => {
      if (typeof value !== 'object' || !(Symbol.iterator in (value as object))) throw new Error('Not a list')
      let separator = '['
      for (const item of value as Iterable<unknown>) {
        answer.text += separator
        write(answer, item)
        separator = ','
      }
      answer.text += separator === '[' ? '[]' : ']'
    }
  }

  /** Objects of several types: each type is compiled when its first object comes. */
  #abstract(type: GraphQLAbstractType, place: Place, inList: boolean): Writer {
    const { schema } = this.#source
    const resolveType = type.resolveType ?? defaultTypeResolver
    const writers = new Map<string | undefined, Writer>()
    const writerOf = (name: string | undefined) => {
      let write = writers.get(name)
      if (!write) {
        const runtimeType = schema.getType(name ?? '')
        if (!isObjectType(runtimeType) || !schema.isSubType(type, runtimeType)) throw new Error('The value is of no type that it may be of')
        write = this.#child(runtimeType, place, inList)
        writers.set(name, write)
      }
      return write
    }
    return (answer, value) => {
      const name = resolveType(value, answer.context, answer.infoOf(place), type)
      if (isPromise(name)) answer.later(name, (_answer, settledName) => writerOf(settledName as string | undefined)(answer, value))
      else writerOf(name)(answer, value)
    }
  }

  #child(type: GraphQLObjectType, place: Place, inList: boolean): Writer {
    const { schema, fragments, conditions } = this.#source
    const write = this.object(type, collectSubfields(schema, fragments, conditions, type, place.nodes), place.path, inList)
    const { isTypeOf } = type
    if (!isTypeOf) return write
    const writeIf: Writer = (answer, value) => {
      const is = isTypeOf(value, answer.context, answer.infoOf(place))
      if (is !== true) throw new Error('The value is not of its type, or will say so later')
      write(answer, value)
    }
    return writeIf
  }
}

/** What a resolver gives may be a promise of the value, or an error that it returns instead of throwing it. */
function settled(write: Writer): Writer {
  const settle: Writer = (answer, value) => {
    if (isPromise(value)) return answer.later(value, settle)
    if (value instanceof Error) throw value
    write(answer, value)
  }
  return settle
}

function isPromise<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
