// The HTTP side: GraphQL, health, and the page that says what this is.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Config } from '../config.ts'
import type { Core } from '../core.ts'
import { landingPage } from './landing.ts'
import { requestIdOf } from './request-id.ts'

export const graphqlPath = '/graphql'

/** Answers what is sent to `graphqlPath`. */
export type GraphqlHandler = (request: IncomingMessage, response: ServerResponse, requestId: string) => Promise<void>

/** Answers all that is sent to one path and below it; `rest` is what follows the path and a slash, as it came. */
export type Door = (request: IncomingMessage, response: ServerResponse, rest: string, requestId: string) => Promise<void>

/** Pages that stay the same while the server runs, by their path. */
export type StaticPages = ReadonlyMap<string, { readonly headers: Record<string, string>; readonly body: Buffer }>

/** Makes the server. `doors` are what else is served, by the first part of the path; `isReady` answers whether requests can be served now. */
export function createHttpServer(options: {
  core: Core
  config: Config
  graphql: GraphqlHandler
  doors: ReadonlyMap<string, Door>
  pages: StaticPages
  isReady: () => Promise<boolean>
}): Server {
  const { core, config, graphql, doors, pages, isReady } = options
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 15_000 }, (request, response) => {
    const requestId = requestIdOf(request.headers['x-request-id'], request)
    const started = performance.now()
    response.on('close', () => {
      core.log.debug(
        { requestId, method: request.method, path: pathOf(request), status: response.statusCode, ms: Math.round(performance.now() - started) },
        'request'
      )
      // A server that stops has closed what was idle then; what becomes so since is kept by its client for seconds.
      if (!server.listening) setImmediate(() => server.closeIdleConnections())
    })
    request.headers['x-request-id'] = requestId
    route(request, response, requestId).catch((error: unknown) => {
      core.log.error({ err: error, requestId }, 'A request failed unexpectedly')
      if (!response.headersSent) json(response, 500, { error: 'Something went wrong here.', requestId })
      else response.destroy()
    })
  })
  return server

  async function route(request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> {
    // What is behind puts host and path together to an address, and must not stumble over it.
    if (!URL.canParse(`http://${request.headers.host ?? 'localhost'}`)) return json(response, 400, { error: 'The header Host is not the name of a host.' })
    switch (pathOf(request)) {
      case graphqlPath:
        return graphql(request, response, requestId)
      case '/health/live':
        return json(response, 200, { status: 'live' })
      case '/health/ready': {
        const ready = await isReady()
        return json(response, ready ? 200 : 503, { status: ready ? 'ready' : 'not ready' })
      }
      case '/':
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(landingPage(config))
        return
      default: {
        const page = pages.get(pathOf(request))
        if (page) return show(page, request, response)
        const [, first = '', rest = ''] = /^\/([^/]*)\/?(.*)$/s.exec(pathOf(request)) ?? []
        const door = doors.get(first)
        if (door) return door(request, response, rest, requestId)
        json(response, 404, { error: `There is nothing at ${pathOf(request)}. The API is at ${graphqlPath}.` })
      }
    }
  }
}

function show({ headers, body }: { headers: Record<string, string>; body: Buffer }, { method }: IncomingMessage, response: ServerResponse): void {
  if (method === 'GET' || method === 'HEAD') response.writeHead(200, headers).end(body)
  else response.writeHead(405, { allow: 'GET, HEAD' }).end()
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(`${JSON.stringify(body)}\n`)
}

/** The path, read leniently: what comes over the wire need not be an address at all. */
export function pathOf(request: IncomingMessage): string {
  const [path = '/'] = (request.url ?? '/').split('?')
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}
