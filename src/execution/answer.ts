// One answer in the making: its text, and what its fields are called with.
import { type FieldNode, type GraphQLField, type GraphQLObjectType, type GraphQLResolveInfo, getArgumentValues } from 'graphql'
import type { Path } from 'graphql/jsutils/Path.js'

/** Appends what becomes of a value. Whatever it throws, graphql-js has to answer then. */
export type Writer = (answer: Answer, value: unknown) => void

/** A field of an operation where it stands, for all the objects that are asked for it there. */
export interface Place {
  /** Counts the places of an operation. */
  readonly number: number
  readonly parentType: GraphQLObjectType
  readonly definition: GraphQLField<unknown, unknown>
  readonly nodes: GraphQLResolveInfo['fieldNodes']
  /** Undefined below a list, where it is another one for each item. */
  readonly path: Path | undefined
}

/** What the resolvers of one execution are told alike. */
export type Request = Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'rootValue' | 'operation' | 'variableValues'>

/** A stretch of text, or the pieces that came in its place later. */
type Piece = string | Piece[]

const noArguments = Object.freeze({})

export class Answer {
  readonly context: unknown
  /** What is being written; writers append to it. */
  text = ''
  readonly #request: Request
  readonly #arguments: Record<string, unknown>[] = []
  readonly #infos: GraphQLResolveInfo[] = []
  readonly #whole: Piece[] = []
  #pieces = this.#whole
  #awaited = 1
  #stopped = false
  readonly #finished = Promise.withResolvers<string | null>()

  constructor(request: Request, context: unknown) {
    this.#request = request
    this.context = context
  }

  /** Begins with the root value. Gives the text when the last promise has settled, or null as soon as graphql-js has to answer. */
  begin(write: Writer): Promise<string | null> {
    this.#fill(this.#whole, write, this.#request.rootValue)
    return this.#finished.promise
  }

  /** Leaves a gap for what a promise will give, so that nothing behind it has to wait. */
  later(promise: PromiseLike<unknown>, write: Writer): void {
    const gap: Piece[] = []
    this.#pieces.push(this.text, gap)
    this.text = ''
    this.#awaited++
    promise.then((value) => this.#fill(gap, write, value), this.#stop)
  }

  /** The arguments of a field, the same object for all that are asked for it: a resolver that changed them would fail. */
  argumentsOf(place: Place): Record<string, unknown> {
    const { definition, nodes, number } = place
    if (definition.args.length === 0) return noArguments
    const known = this.#arguments[number]
    if (known) return known
    const made = Object.freeze(getArgumentValues(definition, nodes[0] as FieldNode, this.#request.variableValues))
    this.#arguments[number] = made
    return made
  }

  infoOf(place: Place): GraphQLResolveInfo {
    const known = this.#infos[place.number]
    if (known) return known
    const made = infoOf(place, this.#request)
    this.#infos[place.number] = made
    return made
  }

  #fill(gap: Piece[], write: Writer, value: unknown): void {
    if (this.#stopped) return
    const around = this.#pieces
    this.#pieces = gap
    try {
      write(this, value)
    } catch {
      this.#stop()
      return
    }
    gap.push(this.text)
    this.text = ''
    // What says it is a promise may give its value at once, in the middle of what is written.
    this.#pieces = around
    if (--this.#awaited === 0) this.#finished.resolve(`{"data":${joined(this.#whole)}}`)
  }

  /** What is still awaited may come or fail, and nothing more is asked for then. */
  readonly #stop = (): void => {
    this.#stopped = true
    this.#finished.resolve(null)
  }
}

function joined(pieces: readonly Piece[]): string {
  let text = ''
  for (const piece of pieces) text += typeof piece === 'string' ? piece : joined(piece)
  return text
}

function infoOf({ definition, nodes, parentType, path }: Place, request: Request): GraphQLResolveInfo {
  const info = { fieldName: definition.name, fieldNodes: nodes, returnType: definition.type, parentType, ...request }
  if (path) return { ...info, path }
  return {
    ...info,
    get path(): never {
      throw new Error('Only graphql-js knows the path below a list')
    }
  }
}
