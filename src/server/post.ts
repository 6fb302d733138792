// POST /graphql as nearly everyone sends it. What goes well is answered here, from what is kept or by executing it,
// without the work of a general HTTP stack. Whatever is out of the ordinary, and every error, is left to the whole
// pipeline, which gets the body (and the result, when there is one) and has the only word on how errors are told.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ExecutionResult, GraphQLSchema } from 'graphql'
import type { Authenticator } from '../access/authenticator.ts'
import type { Viewer } from '../access/viewer.ts'
import { reach } from '../change/sequence.ts'
import type { Config } from '../config.ts'
import { Context } from '../context.ts'
import type { Core } from '../core.ts'
import { executeText } from '../execution/execute.ts'
import { Answers } from './answers.ts'
import { executeOperation } from './execute.ts'
import { afterHeader, type Graphql, workspaceHeader } from './graphql.ts'
import { type Operation, Operations } from './operation.ts'
import { type MediaType, plainMediaType, readBody } from './plain-request.ts'

export function createPostHandler(options: { core: Core; config: Config; schema: GraphQLSchema; graphql: Graphql; authenticator: Authenticator }) {
  const { core, config, schema, graphql, authenticator } = options
  const answers = new Answers(core.heads, config.MAYDAY_CACHE_BYTES)
  const { parse, validate } = graphql.getEnveloped({} as never)
  const operations = new Operations({ config, schema, parse, validate })

  return async (request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> => {
    const mediaType = plainMediaType(request, config.MAYDAY_MAX_BODY_BYTES)
    if (!mediaType) return void (await graphql(request, response))
    const body = await readBody(request)
    const operation = operations.read(body)
    const viewer = operation && (await viewerOf(request))
    const answer = viewer && (await answerTo(operation, viewer, request, requestId))
    if (Buffer.isBuffer(answer)) return send(request, response, requestId, mediaType, answer)
    // Read already; where Node's frameworks leave it, the pipeline looks for it.
    Object.assign(request, { body })
    await graphql(request, response, { result: answer })
  }

  /** Undefined when there is none: the whole pipeline tells why. */
  async function viewerOf({ headers }: IncomingMessage): Promise<Viewer | undefined> {
    const credential = { authorization: headers.authorization ?? null, workspaceId: text(headers[workspaceHeader]) }
    try {
      const viewer = await authenticator.authenticate(credential)
      const cursor = text(headers[afterHeader])
      if (cursor !== null) await reach(core, viewer.workspaceId, cursor, afterHeader)
      return viewer
    } catch {
      return undefined
    }
  }

  async function answerTo(operation: Operation, viewer: Viewer, { headers }: IncomingMessage, requestId: string): Promise<Buffer | ExecutionResult> {
    const answer = () => execute(operation, new Context(core, viewer, requestId))
    if (operation.shared === undefined || wantsNoCache(headers['cache-control'])) return answer()
    const { workspaceId, role } = viewer
    const { number, part } = operation.shared
    const question = { workspaceId, part, key: `${number} ${role} ${workspaceId}` }
    const found = answers.find(question)
    if (found) return found
    let own: Buffer | ExecutionResult | undefined
    const shared = await answers.get(question, async () => {
      own = await answer()
      return Buffer.isBuffer(own) ? own : null
    })
    // Errors are told to each by its own request's id.
    return shared ?? own ?? answer()
  }

  async function execute({ document, operationName, variables, kind }: Operation, context: Context): Promise<Buffer | ExecutionResult> {
    const args = { schema, document, operationName, variableValues: variables }
    const compiled = kind === 'query' ? await executeText({ ...args, contextValue: context }) : null
    if (compiled !== null) return Buffer.from(compiled)
    const result = await executeOperation(core, context, args)
    return result.errors ? result : Buffer.from(JSON.stringify(result))
  }
}

function send({ headers }: IncomingMessage, response: ServerResponse, requestId: string, mediaType: MediaType, body: Buffer): void {
  const head = ['content-type', `${mediaType}; charset=utf-8`, 'content-length', String(body.length), 'x-request-id', requestId]
  if (headers.origin !== undefined) head.push('access-control-allow-origin', headers.origin, 'vary', 'Origin')
  response.writeHead(200, head).end(body)
}

/** The request directives that ask for an answer made for this request (RFC 9111, 5.2.1). */
function wantsNoCache(cacheControl: string | undefined): boolean {
  return cacheControl !== undefined && /\bno-(cache|store)\b/i.test(cacheControl)
}

function text(header: string | string[] | undefined): string | null {
  return typeof header === 'string' ? header : null
}
