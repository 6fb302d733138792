// GraphQL over websocket (graphql-transport-ws). graphql-ws speaks the protocol; frames of subscriptions go to the
// socket directly, so that equal subscribers share one text and a socket that does not read costs bounded memory.
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type ExecutionArgs, GraphQLError, getOperationAST } from 'graphql'
import { CloseCode, handleProtocols, makeServer, type SubscribePayload } from 'graphql-ws'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Authenticator } from '../access/authenticator.ts'
import type { Credential, Viewer } from '../access/viewer.ts'
import type { Config } from '../config.ts'
import { Context } from '../context.ts'
import type { Core } from '../core.ts'
import { Unauthenticated } from '../errors.ts'
import { formatted, publicError } from './errors.ts'
import { bytesOf, messageStart } from './frame-bytes.ts'
import { type Graphql, type PipelineContext, workspaceHeader } from './graphql.ts'
import { pathOf } from './http.ts'
import { KeepAlive } from './keep-alive.ts'
import { assertWithinLimits } from './limits.ts'
import type { Live, LiveOperation } from './live.ts'
import { badRequest } from './request-body.ts'
import { requestIdOf } from './request-id.ts'

const goingAway = 1001
const unsupportedData = 1003
const tryAgainLater = 1013
const nothing = Buffer.alloc(0)

interface Start {
  abandoned: boolean
}

interface Extra {
  readonly socket: WebSocket
  /** What the socket writes to; nothing else does. */
  readonly connection: Duplex
  /** What the request for it had in its headers; dropped when it is of no more use. */
  headers: Credential | undefined
  viewer?: Viewer
  /** Subscriptions that wait for the socket to be read. */
  readonly waiting: (() => void)[]
  /** Operations that have no answer yet, by their id. */
  readonly starting: Map<string, Start>
  /** Subscriptions that run, by their id, and how to end them. */
  readonly running: Map<string, () => void>
}

/** What graphql-ws carries from our `prepare` to its own `subscribe`. */
interface PreparedArgs extends ExecutionArgs {
  opened?: AsyncGenerator<never>
  /** The operation is about to be answered. */
  started(): void
}

export function createWebsocketServer(options: {
  core: Core
  config: Config
  graphql: Graphql
  live: Live
  authenticator: Authenticator
  server: Server
  path: string
}) {
  const { core, config, graphql, live, authenticator, path } = options
  const { schema, parse, validate } = graphql.getEnveloped({} as never)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: config.MAYDAY_MAX_BODY_BYTES, handleProtocols: (protocols) => handleProtocols(protocols) })

  const keepAlive = new KeepAlive()

  const protocol = makeServer<Record<string, unknown>, Extra>({
    connectionInitWaitTimeout: 10_000,
    async onConnect({ connectionParams, extra }) {
      try {
        extra.viewer = await authenticator.authenticate(credentialOf(connectionParams, extra.headers))
        extra.headers = undefined
        return true
      } catch (error) {
        if (error instanceof Unauthenticated) extra.socket.close(CloseCode.Forbidden, error.details.reason)
        else {
          core.log.error({ err: error }, 'A websocket could not be opened')
          extra.socket.close(tryAgainLater, 'Try again later')
        }
        return false
      }
    },

    async onSubscribe({ extra, subscriptions }, id, payload) {
      const requestId = requestIdOf(undefined, payload)
      const start: Start = { abandoned: false }
      try {
        takeId(extra, id, start)
        if (Math.max(Object.keys(subscriptions).length, extra.running.size + extra.starting.size) > config.MAYDAY_MAX_SUBSCRIPTIONS)
          throw new GraphQLError(`At most ${config.MAYDAY_MAX_SUBSCRIPTIONS} operations run at once on one websocket.`, {
            extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' }
          })
        return await prepare(extra, id, start, payload, requestId)
      } catch (error) {
        isStarted(extra, id, start)
        return (Array.isArray(error) ? error : [error]).map((each: unknown) => publicError(each, requestId, core.log)) as GraphQLError[]
      }
    },

    async execute(prepared) {
      const { started, ...args } = prepared as PreparedArgs
      const result = await graphql.getEnveloped(args.contextValue as never).execute(args)
      started()
      return result
    },
    subscribe(prepared) {
      const { started, opened } = prepared as PreparedArgs
      started()
      return opened as AsyncGenerator<never>
    },
    onError: (_context, _id, _payload, errors) => errors.map((error) => formatted(error as GraphQLError)),
    onNext: (_context, _id, _payload, _args, result) =>
      result.errors ? { ...result, errors: result.errors.map((error) => formatted(error as GraphQLError)) as never } : result
  })

  /** Parses, validates, and, for a subscription, starts it. Errors answer this operation; the socket's others go on. */
  async function prepare(extra: Extra, id: string, start: Start, payload: SubscribePayload, requestId: string): Promise<PreparedArgs> {
    const { viewer: viewerAtConnect } = extra
    if (!viewerAtConnect) throw new Unauthenticated('CREDENTIAL_MISSING', 'This websocket has no credential.')
    const viewer = await authenticator.current(viewerAtConnect)
    const context: PipelineContext = { mayday: new Context(core, viewer, requestId) }
    const document = parse(payload.query)
    const problems = validate(schema, document)
    if (problems.length > 0) throw problems
    const { operationName } = payload
    const variables = payload.variables ?? {}
    const operation = getOperationAST(document, operationName)
    if (!operation) throw new GraphQLError('The document has no such operation; name one by `operationName`.', { extensions: { code: 'BAD_USER_INPUT' } })
    const started = () => isStarted(extra, id, start)
    assertWithinLimits(config, schema, document, operationName, variables)
    if (operation.operation !== 'subscription') return { schema, document, operationName, variableValues: variables, contextValue: context, started }
    // graphql-ws keeps the payload as long as the subscription runs: let it be the text that all with this document share.
    Object.assign(payload, { query: document.loc?.source.body ?? payload.query })
    const opened = await openOnSocket(extra, id, start, { document, operationName, variables, viewer, requestId })
    return { schema, document, operationName, started, opened }
  }

  /**
   * graphql-ws forgets an operation as soon as the client completes it, and whoever then takes its id at once is mistaken
   * for it. So an id is free when we are done with it, too: what still runs under it is ended, what still starts never runs.
   */
  function takeId({ starting, running }: Extra, id: string, start: Start): void {
    running.get(id)?.()
    const before = starting.get(id)
    if (before) {
      before.abandoned = true
      throw badRequest('The operation before with this id was still starting; neither runs. Give each an id of its own.')
    }
    starting.set(id, start)
  }

  function isStarted({ starting }: Extra, id: string, start: Start): void {
    if (starting.get(id) === start) starting.delete(id)
  }

  /** A subscription whose frames go straight to the socket; what graphql-ws iterates only ends it. */
  async function openOnSocket(extra: Extra, id: string, start: Start, operation: LiveOperation): Promise<AsyncGenerator<never>> {
    const { socket, connection, running } = extra
    const begin = messageStart(id)
    const ended = Promise.withResolvers<IteratorResult<never>>()
    // Whoever iterates hears of it; nobody does, when the client is gone already.
    ended.promise.catch(() => {})
    const subscription = await live.open(operation, {
      write(frame) {
        if (start.abandoned || socket.readyState !== socket.OPEN) return true
        bytesOf(frame).write(connection, begin)
        if (connection.writableLength <= config.MAYDAY_SLOW_SOCKET_BYTES) return true
        awaitRoom(extra, () => subscription.drained())
        return false
      },
      fail(error) {
        if (running.get(id) === close) running.delete(id)
        ended.reject(error)
        if (error.extensions.code === 'UNAUTHENTICATED') setImmediate(() => socket.close(CloseCode.Forbidden, String(error.extensions.reason)))
      }
    })
    function close(): Promise<IteratorResult<never>> {
      if (running.get(id) === close) running.delete(id)
      subscription.close()
      ended.resolve({ done: true, value: undefined })
      return ended.promise
    }
    if (start.abandoned) void close()
    else running.set(id, close)
    const ending: AsyncGenerator<never> = {
      next: () => ended.promise,
      return: close,
      throw: close,
      [Symbol.asyncIterator]: () => ending,
      [Symbol.asyncDispose]: async () => {
        await close()
      }
    }
    return ending
  }

  /** Calls back when all that is written so far has gone out. */
  function awaitRoom({ connection, waiting }: Extra, drained: () => void): void {
    waiting.push(drained)
    if (waiting.length > 1) return
    connection.write(nothing, (broken) => {
      if (broken) return
      for (const wake of waiting.splice(0)) wake()
    })
  }

  sockets.on('connection', (socket: WebSocket, request: IncomingMessage, connection: Duplex) => {
    const extra: Extra = { socket, connection, headers: headersOf(request), waiting: [], starting: new Map(), running: new Map() }
    // A broken frame, a text that is not UTF-8, a message too large: ws closes the socket with the code for it.
    socket.on('error', (error) => core.log.debug({ err: error }, 'A websocket broke'))
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (data) => new Promise<void>((resolve) => (socket.readyState === socket.OPEN ? socket.send(data, () => resolve()) : resolve())),
        // A reason may quote the client, and must fit into a frame of 125 bytes.
        close: (code, reason) => socket.close(code, Buffer.byteLength(reason ?? '') > 123 ? '' : reason),
        onMessage: (heard) => {
          socket.on('message', (data, isBinary) => {
            if (isBinary) return socket.close(unsupportedData, 'Send text')
            heard(String(data)).catch((error: unknown) => {
              // The client's own fault: a message that only servers send.
              if (error instanceof Error && error.message.startsWith('Unexpected message of type'))
                return socket.close(CloseCode.BadRequest, 'Unexpected message')
              core.log.error({ err: error }, 'A websocket message failed unexpectedly')
              socket.close(CloseCode.InternalServerError, 'Internal server error')
            })
          })
        }
      },
      extra
    )
    keepAlive.watch(socket)
    socket.once('close', (code, reason) => {
      extra.waiting.length = 0
      for (const end of extra.running.values()) end()
      closed(code, String(reason)).catch((error: unknown) => core.log.error({ err: error }, 'A websocket did not close cleanly'))
    })
  })

  options.server.on('upgrade', (request, socket, head) => {
    socket.on('error', destroy)
    if (pathOf(request) !== path) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request, socket))
  })

  return {
    /** Tells every client to come back elsewhere. */
    closeAll(): void {
      for (const socket of sockets.clients) socket.close(goingAway, 'Going away')
    },
    /** For those who have not answered the farewell. */
    terminateAll(): void {
      for (const socket of sockets.clients) socket.terminate()
    }
  }
}

/** The credential of `connection_init`; or, from clients that can set headers, that of the request. */
function credentialOf(parameters: Readonly<Record<string, unknown>> | undefined, headers: Credential | undefined): Credential {
  const given = new Map(Object.entries(parameters ?? {}).map(([name, value]) => [name.toLowerCase(), value]))
  return {
    authorization: text(given.get('authorization')) ?? headers?.authorization ?? null,
    workspaceId: text(given.get(workspaceHeader)) ?? text(given.get('workspace')) ?? headers?.workspaceId ?? null
  }
}

function headersOf({ headers }: IncomingMessage): Credential {
  return { authorization: headers.authorization ?? null, workspaceId: text(headers[workspaceHeader]) }
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

/** Not a closure, which would keep the request as long as the socket. */
function destroy(this: Duplex): void {
  this.destroy()
}
