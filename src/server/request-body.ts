import { GraphQLError } from 'graphql'
import type { GraphQLParams } from 'graphql-yoga'

/** Whether a request says that it carries JSON; nothing else is taken, which also keeps out what a foreign page's form can send. */
export function isJson(contentType: string | null): boolean {
  return /^application\/(graphql\+)?json\s*(;|$)/i.test(contentType?.trim() ?? '')
}

/** Reads the parameters of a GET; GraphQL over HTTP has the variables in it as JSON. */
export function readQuery(request: Request): GraphQLParams {
  const searchParams = new URLSearchParams(request.url.slice(request.url.indexOf('?') + 1))
  const text = (name: string) => searchParams.get(name) || undefined
  return { query: text('query'), operationName: text('operationName'), variables: parameter(text('variables')), extensions: parameter(text('extensions')) }
}

function parameter(text: string | undefined): GraphQLParams['variables'] {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    throw badRequest('The parameters `variables` and `extensions` must be JSON.')
  }
}

/** Reads a JSON body strictly: bytes that are not UTF-8 are refused instead of being replaced. */
export async function readJsonBody(request: Request): Promise<GraphQLParams> {
  const bytes = await request.arrayBuffer()
  let text: string
  let body: unknown
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw badRequest('The body is not valid UTF-8.')
  }
  try {
    body = JSON.parse(text)
  } catch {
    throw badRequest('The body is not valid JSON.')
  }
  if (body === null || typeof body !== 'object' || Array.isArray(body))
    throw badRequest('The body must be a JSON object with `query`, and optionally `variables` and `operationName`.')
  return body as GraphQLParams
}

/** Said with its status whatever the client accepts: such a request never became one of GraphQL. */
export function badRequest(message: string, code = 'BAD_REQUEST', status = 400): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status } } })
}
