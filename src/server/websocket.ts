// GraphQL over websocket (graphql-transport-ws). graphql-ws speaks the protocol; frames of subscriptions go to the
// socket directly, so that equal subscribers share one text and a socket that does not read costs bounded memory.
import type { IncomingMessage, Server } from 'node:http'
import { type ExecutionArgs, GraphQLError, getOperationAST } from 'graphql'
import { CloseCode, handleProtocols, makeServer, type SubscribePayload } from 'graphql-ws'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Authenticator, Viewer } from '../access/viewer.ts'
import type { Config } from '../config.ts'
import { Context } from '../context.ts'
import type { Core } from '../core.ts'
import { Unauthenticated } from '../errors.ts'
import { formatted, publicError } from './errors.ts'
import type { Graphql, PipelineContext } from './graphql.ts'
import { assertWithinLimits } from './limits.ts'
import type { Live, LiveOperation } from './live.ts'
import { requestIdOf } from './request-id.ts'

/** How often a client must show that it is there; one that stops reading has this long, twice, before it is dropped. */
const keepAliveMs = 30_000
const serviceRestart = 1001
const tryAgainLater = 1013

interface Extra {
  socket: WebSocket
  request: IncomingMessage
  viewer?: Viewer
  /** Subscriptions that wait for the socket to be read. */
  waiting: Set<() => void>
}

/** What graphql-ws carries from our `prepare` to its own `subscribe`. */
interface PreparedArgs extends ExecutionArgs {
  opened?: AsyncGenerator<never>
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
  const sockets = new WebSocketServer({ noServer: true, maxPayload: config.MAYDAY_MAX_BODY_BYTES, handleProtocols: (protocols) => handleProtocols(protocols) })

  const protocol = makeServer<Record<string, unknown>, Extra>({
    connectionInitWaitTimeout: 10_000,
    async onConnect({ connectionParams, extra }) {
      try {
        extra.viewer = await authenticator.authenticate(credentialOf(connectionParams, extra.request))
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
      try {
        if (Object.keys(subscriptions).length > config.MAYDAY_MAX_SUBSCRIPTIONS)
          throw new GraphQLError(`At most ${config.MAYDAY_MAX_SUBSCRIPTIONS} operations run at once on one websocket.`, {
            extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' }
          })
        return await prepare(extra, id, payload, requestId)
      } catch (error) {
        return (Array.isArray(error) ? error : [error]).map((each: unknown) => publicError(each, requestId, core.log)) as GraphQLError[]
      }
    },

    execute: (args) => graphql.getEnveloped(args.contextValue as never).execute(args),
    subscribe: ({ opened }: PreparedArgs) => opened as AsyncGenerator<never>,
    onError: (_context, _id, _payload, errors) => errors.map((error) => formatted(error as GraphQLError)),
    onNext: (_context, _id, _payload, _args, result) =>
      result.errors ? { ...result, errors: result.errors.map((error) => formatted(error as GraphQLError)) as never } : result
  })

  /** Parses, validates, and, for a subscription, starts it. Errors answer this operation; the socket's others go on. */
  async function prepare(extra: Extra, id: string, payload: SubscribePayload, requestId: string): Promise<PreparedArgs> {
    const { viewer: viewerAtConnect } = extra
    if (!viewerAtConnect) throw new Unauthenticated('CREDENTIAL_MISSING', 'This websocket has no credential.')
    const viewer = await authenticator.refresh(viewerAtConnect)
    const context: PipelineContext = { mayday: new Context(core, viewer, requestId) }
    const { schema, parse, validate } = graphql.getEnveloped(context as never)
    const document = parse(payload.query)
    const problems = validate(schema, document)
    if (problems.length > 0) throw problems
    const { operationName } = payload
    const variables = payload.variables ?? {}
    const operation = getOperationAST(document, operationName)
    if (!operation) throw new GraphQLError('The document has no such operation; name one by `operationName`.', { extensions: { code: 'BAD_USER_INPUT' } })
    const args = { schema, document, operationName, variableValues: variables, contextValue: context }
    if (operation.operation !== 'subscription') return args
    assertWithinLimits(config, schema, document, operationName, variables)
    return { ...args, opened: await openOnSocket(extra, id, { document, operationName, variables, viewer, requestId }) }
  }

  /** A subscription whose frames go straight to the socket; what graphql-ws iterates only ends it. */
  async function openOnSocket(extra: Extra, id: string, operation: LiveOperation): Promise<AsyncGenerator<never>> {
    const { socket, waiting } = extra
    const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`
    const ended = Promise.withResolvers<IteratorResult<never>>()
    // Whoever iterates hears of it; nobody does, when the client is gone already.
    ended.promise.catch(() => {})
    const subscription = await live.open(operation, {
      write(text) {
        if (socket.readyState !== socket.OPEN) return true
        socket.send(`${head}${text}}`, () => wakeWaiting(extra))
        if (socket.bufferedAmount <= config.MAYDAY_SLOW_SOCKET_BYTES) return true
        waiting.add(() => subscription.drained())
        return false
      },
      fail(error) {
        ended.reject(error)
        if (error.extensions.code === 'UNAUTHENTICATED') setImmediate(() => socket.close(CloseCode.Forbidden, String(error.extensions.reason)))
      }
    })
    const close = (): Promise<IteratorResult<never>> => {
      subscription.close()
      ended.resolve({ done: true, value: undefined })
      return ended.promise
    }
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

  function wakeWaiting({ socket, waiting }: Extra): void {
    if (waiting.size === 0 || socket.bufferedAmount > 0) return
    const drained = [...waiting]
    waiting.clear()
    for (const wake of drained) wake()
  }

  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    const extra: Extra = { socket, request, waiting: new Set() }
    // A broken frame, a text that is not UTF-8, a message too large: ws closes the socket with the code for it.
    socket.on('error', (error) => core.log.debug({ err: error }, 'A websocket broke'))
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (data) => new Promise<void>((resolve) => (socket.readyState === socket.OPEN ? socket.send(data, () => resolve()) : resolve())),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (heard) => {
          socket.on('message', (data) => {
            heard(String(data)).catch((error: unknown) => {
              core.log.error({ err: error }, 'A websocket message failed unexpectedly')
              socket.close(CloseCode.InternalServerError, 'Internal server error')
            })
          })
        }
      },
      extra
    )
    const stopBeating = keepAlive(socket)
    socket.once('close', (code, reason) => {
      stopBeating()
      extra.waiting.clear()
      closed(code, String(reason)).catch((error: unknown) => core.log.error({ err: error }, 'A websocket did not close cleanly'))
    })
  })

  options.server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    if (new URL(request.url ?? '/', 'http://localhost').pathname !== path) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request))
  })

  return {
    /** Tells every client to come back elsewhere. */
    closeAll(): void {
      for (const socket of sockets.clients) socket.close(serviceRestart, 'Going away')
    },
    /** For those who have not answered the farewell. */
    terminateAll(): void {
      for (const socket of sockets.clients) socket.terminate()
    }
  }
}

/** The credential of `connection_init`; or, from clients that can set headers, that of the request. */
function credentialOf(parameters: Readonly<Record<string, unknown>> | undefined, request: IncomingMessage) {
  const given = new Map(Object.entries(parameters ?? {}).map(([name, value]) => [name.toLowerCase(), value]))
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null)
  return {
    authorization: text(given.get('authorization')) ?? request.headers.authorization ?? null,
    workspaceId: text(given.get('mayday-workspace')) ?? text(given.get('workspace')) ?? text(request.headers['mayday-workspace'])
  }
}

function keepAlive(socket: WebSocket): () => void {
  let missed = 0
  socket.on('pong', () => {
    missed = 0
  })
  const beat = setInterval(() => {
    if (missed++ >= 2) socket.terminate()
    else if (socket.readyState === socket.OPEN) socket.ping()
  }, keepAliveMs)
  return () => clearInterval(beat)
}
