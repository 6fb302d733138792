// Runs subscriptions: makes a group's frames by executing its document once, and ends or narrows what a viewer may no
// longer have. Transports give it a sink; it knows neither sockets nor streams.
import { execute, type GraphQLError, type GraphQLSchema } from 'graphql'
import type { Authenticator } from '../access/authenticator.ts'
import { accessChangeNames } from '../access/events.ts'
import { roleAllows } from '../access/role.ts'
import type { Viewer } from '../access/viewer.ts'
import { decodeCursor } from '../change/change.ts'
import type { Fanout } from '../change/fanout.ts'
import type { Batch } from '../change/feed.ts'
import type { Frame, Sink, Source } from '../change/frame.ts'
import type { LiveFrame } from '../change/live.ts'
import type { Subscriber } from '../change/subscriber.ts'
import type { Config } from '../config.ts'
import { Context, type Reads, wholeRows } from '../context.ts'
import type { Core } from '../core.ts'
import { Forbidden, RequestError, Unauthenticated, Unavailable } from '../errors.ts'
import { executeText } from '../execution/execute.ts'
import { formatted, publicError } from './errors.ts'
import { type Followed, FollowedFields, type FollowingOperation } from './followed.ts'

export interface LiveOperation extends FollowingOperation {
  readonly viewer: Viewer
  readonly requestId: string
}

/** Where frames go; `fail` gets an error that a client may see. */
export interface LiveSink {
  write(frame: Frame): boolean
  fail(error: GraphQLError): void
}

/** A running subscription, as its transport holds it. */
export interface LiveSubscription {
  drained(): void
  close(): void
}

interface Running {
  viewer: Viewer
  readonly followed: Followed
  readonly requestId: string
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
  readonly #followed: FollowedFields
  readonly #contexts = new WeakMap<object, Map<Viewer['role'], Context>>()
  /** What the frames of a workspace read, by role: those made at one time are made together again. */
  readonly #reads = new Map<string, Map<Viewer['role'], Reads>>()
  #sweep: NodeJS.Timeout | undefined

  constructor(core: Core, config: Config, schema: GraphQLSchema, fanout: Fanout, authenticator: Authenticator) {
    this.#core = core
    this.#config = config
    this.#schema = schema
    this.#fanout = fanout
    this.#authenticator = authenticator
    this.#followed = new FollowedFields(schema)
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
    const { viewer, requestId } = operation
    try {
      const followed = this.#followed.of(operation)
      const after = followed.after === null ? null : decodeCursor(viewer.workspaceId, followed.after)
      let opened = false
      let failure: unknown
      const close = () => {
        subscriber.close()
        this.#forget(running)
      }
      const failing: Sink = {
        write: (frame) => sink.write(frame),
        fail: (error) => {
          close()
          if (opened) sink.fail(publicError(error, requestId, this.#core.log))
          else failure = error
        }
      }
      const subscriber = await this.#fanout.enter(viewer.workspaceId, after, failing)
      const running: Running = { viewer, followed, requestId, subscriber, turn: Promise.resolve() }
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
    await this.#join(running)
  }

  #join({ subscriber, followed, viewer, requestId }: Running): Promise<void> {
    return subscriber.join(this.#sourceOf(followed, viewer, requestId))
  }

  #sourceOf(followed: Followed, viewer: Viewer, requestId: string): Source {
    const { live, args } = followed
    const { workspaceId, role } = viewer
    return {
      workspaceId,
      key: `${role} ${followed.key}`,
      resumeLimit: live.resets ? this.#config.MAYDAY_RESUME_LIMIT : Number.POSITIVE_INFINITY,
      isFinal: (error) => error instanceof RequestError && !(error instanceof Unavailable),
      produce: async (range) => {
        if (!roleAllows(role, live.role)) throw new Forbidden(`This needs the role ${live.role}.`, { requiredRole: live.role })
        const context = this.#contextOf(range.occasion, viewer, requestId)
        const value = await live.frame(context, args, range)
        return value && { text: await this.#textOf(followed, context, value, requestId), to: value.to }
      }
    }
  }

  /**
   * One context for all frames that are made at one time under one role, so that their groups load together. What lies
   * below a subscription depends on the workspace and the role only, so any member of any of them may stand for all.
   */
  #contextOf(occasion: object, viewer: Viewer, requestId: string): Context {
    const contexts = this.#contexts.get(occasion) ?? new Map<Viewer['role'], Context>()
    this.#contexts.set(occasion, contexts)
    const context = contexts.get(viewer.role) ?? new Context(this.#core, viewer, requestId, this.#readsOf(viewer))
    contexts.set(viewer.role, context)
    return context
  }

  #readsOf({ workspaceId, role }: Viewer): Reads {
    const byRole = this.#reads.get(workspaceId) ?? new Map<Viewer['role'], Reads>()
    this.#reads.set(workspaceId, byRole)
    const reads = byRole.get(role) ?? wholeRows()
    byRole.set(role, reads)
    return reads
  }

  async #textOf({ document, operationName, variables }: Followed, context: Context, rootValue: LiveFrame, requestId: string): Promise<string> {
    const operation = { schema: this.#schema, document, operationName, variableValues: variables, rootValue }
    // Others with other fields may use the same context, so it cannot be narrowed to the fields of this operation.
    const text = await executeText({ ...operation, contextValue: { narrowedTo: () => context } })
    if (text !== null) return text
    const { data, errors = [] } = await execute({ ...operation, contextValue: context })
    const problems = errors.map((error) => publicError(error, requestId, this.#core.log))
    // A frame that failed half-way must not pass for one that was delivered: its subscribers try again from their place.
    const failure = problems.find(({ extensions }) => extensions.code === 'INTERNAL_SERVER_ERROR' || extensions.code === 'SERVICE_UNAVAILABLE')
    if (failure) throw failure
    return JSON.stringify(problems.length > 0 ? { errors: problems.map(formatted), data } : { data })
  }

  #remember(running: Running): void {
    const { workspaceId } = running.viewer
    const all = this.#running.get(workspaceId) ?? new Set()
    this.#running.set(workspaceId, all.add(running))
  }

  #forget(running: Running): void {
    const { workspaceId } = running.viewer
    const all = this.#running.get(workspaceId)
    all?.delete(running)
    if (all?.size !== 0) return
    this.#running.delete(workspaceId)
    this.#reads.delete(workspaceId)
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
      if (regroup) await this.#join(running)
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
