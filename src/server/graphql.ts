// The one pipeline of both transports: parse, validate, limits, execute, and what a client sees of errors.
import { renderGraphiQL } from '@graphql-yoga/render-graphiql'
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  type Source,
  validate
} from 'graphql'
import { createYoga, type Plugin } from 'graphql-yoga'
import type { Authenticator } from '../access/authenticator.ts'
import type { Viewer } from '../access/viewer.ts'
import { reach } from '../change/sequence.ts'
import type { Config } from '../config.ts'
import { Context } from '../context.ts'
import type { Core } from '../core.ts'
import { Unauthenticated } from '../errors.ts'
import { DocumentCache } from './document-cache.ts'
import { formatted, publicError } from './errors.ts'
import { executeOperation } from './execute.ts'
import { aliasLimit, assertWithinLimits } from './limits.ts'
import type { Live } from './live.ts'
import { badRequest, isJson, readJsonBody, readQuery } from './request-body.ts'
import { requestIdOf } from './request-id.ts'
import { frameStream } from './stream.ts'

/** Which workspace a request means, for people who are in several. */
export const workspaceHeader = 'mayday-workspace'
/** The cursor of a change that an answer has to know of; a mutation's own, say, that another node has answered. */
export const afterHeader = 'mayday-after'

/** What comes with a request from `post.ts`. */
interface ServerContext {
  /** The operation was executed already, and this came of it. */
  result?: ExecutionResult | undefined
}

/** What the pipeline carries beside the context that resolvers see. */
export interface PipelineContext {
  mayday: Context
}

export function createGraphql(core: Core, config: Config, schema: GraphQLSchema, live: Live, authenticator: Authenticator) {
  const log = core.log

  async function run(args: ExecutionArgs): Promise<ExecutionResult> {
    const context = (args.contextValue as PipelineContext).mayday
    try {
      assertWithinLimits(config, schema, args.document, args.operationName, args.variableValues ?? {})
    } catch (error) {
      return { errors: [publicError(error, context.requestId, log)] }
    }
    return executeOperation(core, context, args)
  }

  async function follow(args: ExecutionArgs) {
    const context = (args.contextValue as PipelineContext).mayday
    try {
      const variables = args.variableValues ?? {}
      assertWithinLimits(config, schema, args.document, args.operationName, variables)
      return await frameStream(live, {
        document: args.document,
        operationName: args.operationName,
        variables,
        viewer: context.viewer,
        requestId: context.requestId
      })
    } catch (error) {
      return { errors: [publicError(error, context.requestId, log)] }
    }
  }

  const maydayPlugin: Plugin<PipelineContext, ServerContext> = {
    onRequestParse({ request, setRequestParser }) {
      if (request.method === 'GET') setRequestParser(readQuery)
      if (request.method !== 'POST') return
      if (!isJson(request.headers.get('content-type'))) throw badRequest('Send the operation as application/json.', 'UNSUPPORTED_MEDIA_TYPE', 415)
      setRequestParser(readJsonBody)
    },
    onParams({ context, setResult }) {
      if (context.result) setResult(context.result)
    },
    onParse({ setParseFn }) {
      setParseFn((source) => parseWithin(config.MAYDAY_MAX_TOKENS, source))
    },
    onValidate({ addValidationRule, setValidationFn }) {
      addValidationRule(aliasLimit(config.MAYDAY_MAX_ALIASES))
      if (config.MAYDAY_INTROSPECTION) return
      addValidationRule(NoSchemaIntrospectionCustomRule)
      // "Did you mean …?" would tell the schema to whoever asks long enough.
      setValidationFn((_schema, document, rules) => validate(schema, document, rules, { hideSuggestions: true }))
    },
    onExecute({ setExecuteFn }) {
      setExecuteFn(run)
    },
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn(follow)
    },
    // Whatever failed on the way, before the operation's own pipeline or in it, comes by here.
    onResultProcess({ request, result, setResult, resultProcessor, setResultProcessor }) {
      const requestId = requestIdOf(request.headers.get('x-request-id'), request)
      const made = (error: unknown) => publicError(error, requestId, log)
      if (!resultProcessor) {
        if (Symbol.asyncIterator in result) void result[Symbol.asyncIterator]().return?.()
        const refusal = formatted(made(badRequest('The answer comes as application/json, or for a subscription as text/event-stream.', 'NOT_ACCEPTABLE', 406)))
        setResultProcessor((_result, { Response }) => Response.json({ errors: [refusal] }, { status: 406 }), 'application/json')
      } else if ('errors' in result && result.errors) setResult({ ...result, errors: result.errors.map(made) })
    },
    onResponse({ request, response }) {
      response.headers.set('x-request-id', requestIdOf(request.headers.get('x-request-id'), request))
    }
  }

  return createYoga<ServerContext, PipelineContext>({
    schema,
    context: async ({ request }) => {
      const requestId = requestIdOf(request.headers.get('x-request-id'), request)
      const viewer = await viewerOf(authenticator, request.headers.get('authorization'), request.headers.get(workspaceHeader))
      const cursor = request.headers.get(afterHeader)
      if (cursor !== null && !(viewer instanceof Unauthenticated)) await reach(core, viewer.workspaceId, cursor, afterHeader)
      return { mayday: new Context(core, viewer, requestId) }
    },
    plugins: [maydayPlugin],
    // Masked above, where the request's id is known.
    maskedErrors: false,
    parserAndValidationCache: { documentCache: new DocumentCache(), errorCache: { get: () => undefined, set: () => {} } },
    logging: { debug: () => {}, info: () => {}, warn: (...args) => log.warn(args.join(' ')), error: () => {} },
    cors: { origin: '*', credentials: false },
    multipart: false,
    batching: false,
    landingPage: false,
    maxRequestBodySize: config.MAYDAY_MAX_BODY_BYTES,
    renderGraphiQL,
    graphiql: config.MAYDAY_GRAPHIQL && {
      title: 'Mayday',
      // Empty, which counts as none: a placeholder would be refused, and the schema is asked for before a key is there.
      headers: '{ "authorization": "" }',
      // Keys do not stay in the browser.
      shouldPersistHeaders: false,
      defaultQuery: firstQuery
    }
  })
}

export type Graphql = ReturnType<typeof createGraphql>

/** The viewer; or, for a request without a credential (which may still ask for the schema), why there is none. */
async function viewerOf(authenticator: Authenticator, authorization: string | null, workspaceId: string | null): Promise<Viewer | Unauthenticated> {
  try {
    return await authenticator.authenticate({ authorization, workspaceId })
  } catch (error) {
    if (error instanceof Unauthenticated && error.details.reason === 'CREDENTIAL_MISSING') return error
    throw error
  }
}

function parseWithin(maxTokens: number, source: string | Source): DocumentNode {
  try {
    return parse(source, { maxTokens })
  } catch (error) {
    // Brackets in brackets in brackets: the parser calls itself for each.
    const refusal = error instanceof RangeError ? new GraphQLError('Syntax Error: The document is nested too deeply.') : error
    if (refusal instanceof GraphQLError) Object.assign(refusal.extensions, { code: 'GRAPHQL_PARSE_FAILED', http: { status: 400, spec: true } })
    throw refusal
  }
}

const firstQuery = `# In Headers below: { "authorization": "Bearer <your API key>" }
# Then run this. What changes is pushed.
subscription Wall {
  incidents(filter: { active: true }) {
    cursor
    reset
    incidents {
      reference
      title
      severityLabel
      status
      lead { name }
    }
    leftIds
  }
}
`
