// The one pipeline of both transports: parse, validate, limits, execute, and what a client sees of errors.
import { renderGraphiQL } from '@graphql-yoga/render-graphiql'
import { type ExecutionArgs, type ExecutionResult, execute, GraphQLError, type GraphQLSchema, NoSchemaIntrospectionCustomRule, parse } from 'graphql'
import { createYoga, type Plugin } from 'graphql-yoga'
import type { Authenticator, Viewer } from '../access/viewer.ts'
import type { Config } from '../config.ts'
import { Context } from '../context.ts'
import type { Core } from '../core.ts'
import { Unauthenticated } from '../errors.ts'
import { publicError } from './errors.ts'
import { aliasLimit, assertWithinLimits } from './limits.ts'
import type { Live } from './live.ts'
import { isJson, readJsonBody } from './request-body.ts'
import { requestIdOf } from './request-id.ts'
import { frameStream } from './stream.ts'

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
      const result = await execute({ ...args, contextValue: context })
      return result.errors ? { ...result, errors: result.errors.map((error) => publicError(error, context.requestId, log)) } : result
    } catch (error) {
      return { errors: [publicError(error, context.requestId, log)] }
    }
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

  const maydayPlugin: Plugin<PipelineContext> = {
    onRequestParse({ request, setRequestParser, endResponse, fetchAPI }) {
      if (request.method !== 'POST') return
      if (isJson(request.headers.get('content-type'))) setRequestParser(readJsonBody)
      else endResponse(new fetchAPI.Response('Send application/json.\n', { status: 415 }))
    },
    onParse({ setParseFn }) {
      setParseFn((source, options) => parse(source, { ...options, maxTokens: config.MAYDAY_MAX_TOKENS }))
    },
    onValidate({ addValidationRule }) {
      addValidationRule(aliasLimit(config.MAYDAY_MAX_ALIASES))
      if (!config.MAYDAY_INTROSPECTION) addValidationRule(NoSchemaIntrospectionCustomRule)
    },
    onExecute({ setExecuteFn }) {
      setExecuteFn(run)
    },
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn(follow)
    },
    onResultProcess({ request, result }) {
      const requestId = requestIdOf(request.headers.get('x-request-id'), request)
      for (const each of Array.isArray(result) ? result : [result]) {
        if (!('errors' in each)) continue
        for (const error of each.errors ?? []) if (error.extensions) error.extensions.requestId ??= requestId
      }
    },
    onResponse({ request, response }) {
      response.headers.set('x-request-id', requestIdOf(request.headers.get('x-request-id'), request))
    }
  }

  return createYoga<Record<string, unknown>, PipelineContext>({
    schema,
    context: async ({ request }) => {
      const requestId = requestIdOf(request.headers.get('x-request-id'), request)
      const viewer = await viewerOf(authenticator, request.headers.get('authorization'), request.headers.get('mayday-workspace')).catch((error: unknown) => {
        throw publicError(error, requestId, log)
      })
      return { mayday: new Context(core, viewer, requestId) }
    },
    plugins: [maydayPlugin],
    maskedErrors: {
      maskError: (error) => (error instanceof GraphQLError && error.extensions.requestId ? error : publicError(error, 'none', log))
    },
    logging: { debug: () => {}, info: () => {}, warn: (...args) => log.warn(args.join(' ')), error: () => {} },
    cors: { origin: '*', credentials: false },
    multipart: false,
    batching: false,
    landingPage: false,
    maxRequestBodySize: config.MAYDAY_MAX_BODY_BYTES,
    renderGraphiQL,
    graphiql: config.MAYDAY_GRAPHIQL && {
      title: 'Mayday',
      headers: JSON.stringify({ authorization: 'Bearer <your API key>' }),
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

const firstQuery = `# Put your API key into the headers below, then run this.
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
