// Runs subscriptions: makes a group's frames by executing its document once, and ends or narrows what a viewer may no
// longer have. Transports give it a sink; it knows neither sockets nor streams.
import { type DocumentNode, execute, type FieldNode, GraphQLError, type GraphQLSchema, getOperationAST, Kind, print, visit } from 'graphql'
import { collectFields } from 'graphql/execution/collectFields.js'
import { getArgumentValues, getVariableValues } from 'graphql/execution/values.js'
import { accessChangeNames } from '../access/events.ts'
import { roleAllows } from '../access/role.ts'
import type { Authenticator, Viewer } from '../access/viewer.ts'
import { decodeCursor } from '../change/change.ts'
import type { Fanout } from '../change/fanout.ts'
import type { Batch } from '../change/feed.ts'
import type { Sink, Source } from '../change/frame.ts'
import type { LiveField } from '../change/live.ts'
import type { Subscriber } from '../change/subscriber.ts'
import type { Config } from '../config.ts'
import { Context } from '../context.ts'
import type { Core } from '../core.ts'
import { Forbidden, RequestError, Unauthenticated, Unavailable } from '../errors.ts'
import { formatted, publicError } from './errors.ts'

/** A subscription operation that was parsed, validated and found within the limits. */
export interface LiveOperation {
  document: DocumentNode
  operationName: string | null | undefined
  variables: Record<string, unknown>
  viewer: Viewer
  requestId: string
}

/** Where frames go; `fail` gets an error that a client may see. */
export interface LiveSink {
  write(text: string): boolean
  fail(error: GraphQLError): void
}

/** A running subscription, as its transport holds it. */
export interface LiveSubscription {
  drained(): void
  close(): void
}

interface Running {
  viewer: Viewer
  readonly sourceFor: (viewer: Viewer) => Source
  readonly subscriber: Subscriber
  /** The last look at its rights, after which the next one comes. */
  turn: Promise<void>
}

export class Live {
  readonly #core: Core
  readonly #config: Config
  readonly #schema: GraphQLSchema
  readonly #fanout: Fanout
  readonly #authenticator: Authenticator
  readonly #running = new Map<string, Set<Running>>()
  readonly #printed = new WeakMap<DocumentNode, string>()
  #sweep: NodeJS.Timeout | undefined

  constructor(core: Core, config: Config, schema: GraphQLSchema, fanout: Fanout, authenticator: Authenticator) {
    this.#core = core
    this.#config = config
    this.#schema = schema
    this.#fanout = fanout
    this.#authenticator = authenticator
    fanout.beforeDelivery = (batch) => this.#reviewRights(batch)
  }

  start(): void {
    this.#sweep = setInterval(() => this.#endExpired(), 1_000)
  }

  stop(): void {
    clearInterval(this.#sweep)
    for (const all of this.#running.values()) {
      for (const { subscriber } of [...all]) subscriber.fail(new Unavailable('This node is going away. Subscribe again, with the cursor of your last frame.'))
    }
  }

  /** Starts a subscription and sends its first frame. Throws a public error when it may not be had. */
  async open(operation: LiveOperation, sink: LiveSink): Promise<LiveSubscription> {
    const { requestId } = operation
    try {
      const field = this.#fieldOf(operation)
      const sourceFor = (viewer: Viewer) => this.#sourceOf(operation, field, viewer)
      let opened = false
      let failure: unknown
      const close = () => {
        subscriber.close()
        this.#forget(running)
      }
      const failing: Sink = {
        write: (text) => sink.write(text),
        fail: (error) => {
          close()
          if (opened) sink.fail(publicError(error, requestId, this.#core.log))
          else failure = error
        }
      }
      const subscriber = await this.#fanout.enter(operation.viewer.workspaceId, field.after, failing)
      const running: Running = { viewer: operation.viewer, sourceFor, subscriber, turn: Promise.resolve() }
      this.#remember(running)
      await this.#inTurn(running, () => this.#begin(running)).catch((error: unknown) => {
        close()
        throw error
      })
      if (failure) throw failure
      opened = true
      return { drained: () => subscriber.drained(), close }
    } catch (error) {
      throw publicError(error, requestId, this.#core.log)
    }
  }

  /** From here on every change of rights is heard of; one that was committed before is found by looking once more. */
  async #begin(running: Running): Promise<void> {
    running.viewer = await this.#authenticator.current(running.viewer)
    await running.subscriber.join(running.sourceFor(running.viewer))
  }

  #fieldOf({ document, operationName, variables, viewer }: LiveOperation) {
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
    const live = definition.extensions.live as LiveField
    return {
      live,
      args,
      after: typeof after === 'string' ? decodeCursor(viewer.workspaceId, after) : null,
      shared: withoutAfter(document, node, variables)
    }
  }

  #sourceOf(
    { document, operationName, variables, requestId }: LiveOperation,
    { live, args, shared }: { live: LiveField; args: Record<string, unknown>; shared: Record<string, unknown> },
    viewer: Viewer
  ): Source {
    const { workspaceId, role } = viewer
    return {
      workspaceId,
      key: JSON.stringify([role, this.#print(document), operationName ?? null, shared]),
      resumeLimit: live.resets ? this.#config.MAYDAY_RESUME_LIMIT : Number.POSITIVE_INFINITY,
      isFinal: (error) => error instanceof RequestError && !(error instanceof Unavailable),
      produce: async (range) => {
        if (!roleAllows(role, live.role)) throw new Forbidden(`This needs the role ${live.role}.`, { requiredRole: live.role })
        // What lies below a subscription depends on the workspace and the role only, so any member of a group may stand for all.
        const context = new Context(this.#core, viewer, requestId)
        const value = await live.frame(context, args, range)
        if (!value) return null
        const result = await execute({ schema: this.#schema, document, operationName, variableValues: variables, rootValue: value, contextValue: context })
        const errors = result.errors?.map((error) => publicError(error, requestId, this.#core.log))
        // A frame that failed half-way must not pass for one that was delivered: its subscribers try again from their place.
        const failure = errors?.find(({ extensions }) => extensions.code === 'INTERNAL_SERVER_ERROR' || extensions.code === 'SERVICE_UNAVAILABLE')
        if (failure) throw failure
        return { text: JSON.stringify(errors ? { errors: errors.map(formatted), data: result.data } : { data: result.data }), to: value.to }
      }
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

  #remember(running: Running): void {
    const { workspaceId } = running.viewer
    const all = this.#running.get(workspaceId) ?? new Set()
    this.#running.set(workspaceId, all.add(running))
  }

  #forget(running: Running): void {
    const all = this.#running.get(running.viewer.workspaceId)
    all?.delete(running)
    if (all?.size === 0) this.#running.delete(running.viewer.workspaceId)
  }

  /** Before a batch is seen by anyone: whoever lost a right in it loses it here, and gets no more under it. */
  async #reviewRights({ workspaceId, changes }: Batch): Promise<void> {
    const touched = new Set(changes.filter(({ kind }) => accessChangeNames.has(kind)).map(({ subjectId }) => subjectId))
    if (touched.size === 0) return
    const concerned = [...(this.#running.get(workspaceId) ?? [])].filter(({ viewer }) => touched.has(viewer.actorId))
    await Promise.all(concerned.map((running) => this.#inTurn(running, () => this.#review(running))))
  }

  /** Looks at the rights of one subscription come one after the other, so that what the last one finds is what holds. */
  #inTurn(running: Running, look: () => Promise<void>): Promise<void> {
    const done = running.turn.then(look)
    running.turn = done.catch(() => {})
    return done
  }

  async #review(running: Running): Promise<void> {
    try {
      const viewer = await this.#authenticator.refresh(running.viewer)
      const regroup = viewer.role !== running.viewer.role
      running.viewer = viewer
      if (regroup) await running.subscriber.join(running.sourceFor(viewer))
    } catch (error) {
      // When it is not certain that the right still stands, it does not.
      const reason = error instanceof RequestError ? error : new Unauthenticated('CREDENTIAL_REVOKED', 'The credential could not be checked any more.')
      running.subscriber.fail(reason instanceof Forbidden ? new Forbidden(reason.message, { ...reason.details, reason: 'ROLE_CHANGED' }) : reason)
    }
  }

  #endExpired(): void {
    const now = this.#core.clock()
    for (const all of this.#running.values()) {
      for (const { viewer, subscriber } of [...all]) {
        if (viewer.expiresAt && viewer.expiresAt <= now) subscriber.fail(new Unauthenticated('CREDENTIAL_EXPIRED', 'This credential has expired.'))
      }
    }
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
