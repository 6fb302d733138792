// The composition root: everything is made here, from a config and a database, and nowhere else. Tests call it too.
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import { createAuthenticator } from './access/authenticator.ts'
import { KnownActors } from './access/known-actors.ts'
import { createTokenVerifier } from './access/token.ts'
import { Vault } from './access/vault.ts'
import { provisionMember } from './access/workspace.ts'
import { Fanout } from './change/fanout.ts'
import { Feed } from './change/feed.ts'
import { Heads } from './change/heads.ts'
import { KeyedQueue } from './change/queue.ts'
import type { Config } from './config.ts'
import type { Core } from './core.ts'
import type { Database } from './database/engine.ts'
import { Prisma } from './database/generated/client/client.ts'
import type { Leadership } from './database/lease.ts'
import { exitCode, StartupError } from './errors.ts'
import { startRetention } from './event/retention.ts'
import { ingestBody } from './event/service.ts'
import { checkExternalId } from './impact/gate/external-id.ts'
import { Gate, type GateFailure } from './impact/gate/gate.ts'
import { told } from './impact/gate/told.ts'
import { Graphs } from './impact/graph/graphs.ts'
import { startRecorder } from './impact/recorder/recorder.ts'
import { patience } from './pause.ts'
import { Supervisor } from './prefect/supervisor.ts'
import { schema } from './schema.ts'
import { createGateHandler } from './server/gate.ts'
import { createGraphql } from './server/graphql.ts'
import { createHttpServer, graphqlPath } from './server/http.ts'
import { createJsonDoor } from './server/json-door.ts'
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

export function createCore(database: Database, log: Logger, clock: () => Date, gateFails: GateFailure = 'open', secret?: string): Core {
  const heads = new Heads()
  const feed = new Feed({ database, heads, log })
  const graphs = new Graphs({ database, heads, log, feed })
  return {
    database,
    log,
    clock,
    queue: new KeyedQueue(),
    heads,
    actors: new KnownActors(heads),
    feed,
    graphs,
    gate: new Gate({ graphs, log }, gateFails),
    vault: new Vault(secret)
  }
}

export function createApp({ config, database, clock, log }: { config: Config; database: Database; clock: () => Date; log: Logger }): App {
  const core = createCore(database, log, clock, config.MAYDAY_GATE_FAIL, config.MAYDAY_SECRET)
  const authenticator = createAuthenticator({
    database,
    heads: core.heads,
    clock,
    verifyToken: createTokenVerifier(config, clock),
    provision: provisionMember(core, config)
  })
  const live = new Live(core, config, schema, new Fanout(core, core.feed), authenticator)
  const graphql = createGraphql(core, config, schema, live, authenticator)
  const supervisor = new Supervisor(core, config)
  let stopping = false
  let recorder: Leadership | undefined
  let retention: Leadership | undefined

  async function isReady(): Promise<boolean> {
    if (stopping) return false
    const answer = database.query(Prisma.sql`SELECT 1`).then(
      () => true,
      () => false
    )
    return (await patience(answer, readyTimeoutMs)) ?? false
  }

  const http = createHttpServer({
    core,
    config,
    graphql: createPostHandler({ core, config, schema, graphql, authenticator }),
    doors: new Map([
      ['events', createJsonDoor({ core, config, authenticator, role: 'RESPONDER', take: ingestBody })],
      ['gate', createGateHandler(authenticator, async (workspaceOf, externalId) => told(await core.gate.check(workspaceOf, checkExternalId(externalId))))]
    ]),
    pages: wallPages,
    isReady
  })
  const closeUnused = watchUnused(http)
  const websockets = createWebsocketServer({ core, config, graphql, live, authenticator, server: http, path: graphqlPath })

  return {
    core,
    async start() {
      await core.feed.start(config.MAYDAY_HEARTBEAT_MS)
      live.start()
      if (config.MAYDAY_BACKGROUND) {
        recorder = await startRecorder(core)
        await supervisor.start()
        retention = startRetention(core, { eventDays: config.MAYDAY_EVENT_RETENTION_DAYS, runDays: config.MAYDAY_RUN_RETENTION_DAYS })
      }
      await new Promise<void>((resolve, reject) => {
        http.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(config, error)))
        http.listen({ port: config.PORT, host: config.HOST, backlog: connectionBacklog }, resolve)
      })
      const { port } = http.address() as AddressInfo
      return `http://${config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST}:${port}`
    },
    async stop() {
      stopping = true
      const unfollowed = supervisor.stop()
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
      const ended = [unfollowed, recorder?.stop(), retention?.stop()]
      // Whoever waits for a graph that cannot come would wait for ever.
      core.graphs.stop()
      await Promise.all(ended)
      await core.feed.stop()
    }
  }
}

function cannotListen({ HOST, PORT }: Config, error: NodeJS.ErrnoException): StartupError {
  if (error.code === 'EADDRINUSE')
    return new StartupError(`Port ${PORT} on ${HOST} is taken. Stop what runs there, or choose another with PORT.`, exitCode.unavailable)
  return new StartupError(`Cannot listen on ${HOST}:${PORT}: ${error.message}`, exitCode.unavailable)
}
