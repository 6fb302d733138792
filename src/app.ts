// The composition root: everything is made here, from a config and a database, and nowhere else. Tests call it too.
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import { createAuthenticator } from './access/authenticator.ts'
import { KnownActors } from './access/known-actors.ts'
import { createTokenVerifier } from './access/token.ts'
import { provisionMember } from './access/workspace.ts'
import { Fanout } from './change/fanout.ts'
import { Feed } from './change/feed.ts'
import { Heads } from './change/heads.ts'
import { KeyedQueue } from './change/queue.ts'
import type { Config } from './config.ts'
import type { Core } from './core.ts'
import type { Database } from './database/engine.ts'
import { Prisma } from './database/generated/client/client.ts'
import { exitCode, StartupError } from './errors.ts'
import { schema } from './schema.ts'
import { createGraphql } from './server/graphql.ts'
import { createHttpServer, graphqlPath } from './server/http.ts'
import { Live } from './server/live.ts'
import { createPostHandler } from './server/post.ts'
import { watchUnused } from './server/unused.ts'
import { createWebsocketServer } from './server/websocket.ts'
import { wallPages } from './wall/pages.ts'

/** How long running requests have to end, out of the ten seconds in which the process must. */
const drainMs = 8_000
const readyTimeoutMs = 2_000
/** Connections that wait to be taken: when a node starts again, all its websockets come back at once. The system may allow fewer. */
const connectionBacklog = 4_096

export interface App {
  readonly core: Core
  /** Starts to listen and returns the address, such as `http://localhost:4000`. */
  start(): Promise<string>
  /** Stops accepting, lets running requests end, says goodbye to sockets. The database stays open. */
  stop(): Promise<void>
}

export function createCore(database: Database, log: Logger, clock: () => Date): Core {
  const heads = new Heads()
  return { database, log, clock, queue: new KeyedQueue(), heads, actors: new KnownActors(heads) }
}

export function createApp({ config, database, clock, log }: { config: Config; database: Database; clock: () => Date; log: Logger }): App {
  const core = createCore(database, log, clock)
  const authenticator = createAuthenticator({
    database,
    heads: core.heads,
    clock,
    verifyToken: createTokenVerifier(config, clock),
    provision: provisionMember(core, config)
  })
  const feed = new Feed(core, config.MAYDAY_HEARTBEAT_MS)
  const live = new Live(core, config, schema, new Fanout(core, feed), authenticator)
  const graphql = createGraphql(core, config, schema, live, authenticator)
  let stopping = false

  async function isReady(): Promise<boolean> {
    if (stopping) return false
    const answer = database.query(Prisma.sql`SELECT 1`).then(
      () => true,
      () => false
    )
    const patience = Promise.withResolvers<boolean>()
    const timer = setTimeout(() => patience.resolve(false), readyTimeoutMs)
    return Promise.race([answer, patience.promise]).finally(() => clearTimeout(timer))
  }

  const http = createHttpServer(core, config, createPostHandler({ core, config, schema, graphql, authenticator }), wallPages, isReady)
  const closeUnused = watchUnused(http)
  const websockets = createWebsocketServer({ core, config, graphql, live, authenticator, server: http, path: graphqlPath })

  return {
    core,
    async start() {
      await feed.start()
      live.start()
      await new Promise<void>((resolve, reject) => {
        http.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(config, error)))
        http.listen({ port: config.PORT, host: config.HOST, backlog: connectionBacklog }, resolve)
      })
      const { port } = http.address() as AddressInfo
      return `http://${config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST}:${port}`
    },
    async stop() {
      stopping = true
      const closed = new Promise<void>((resolve) => http.close(() => resolve()))
      http.closeIdleConnections()
      closeUnused()
      websockets.closeAll()
      live.stop()
      const force = setTimeout(() => {
        websockets.terminateAll()
        http.closeAllConnections()
      }, drainMs)
      await closed
      clearTimeout(force)
      await feed.stop()
    }
  }
}

function cannotListen({ HOST, PORT }: Config, error: NodeJS.ErrnoException): StartupError {
  if (error.code === 'EADDRINUSE')
    return new StartupError(`Port ${PORT} on ${HOST} is taken. Stop what runs there, or choose another with PORT.`, exitCode.unavailable)
  return new StartupError(`Cannot listen on ${HOST}:${PORT}: ${error.message}`, exitCode.unavailable)
}
