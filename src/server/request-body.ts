import { GraphQLError } from 'graphql'
import type { GraphQLParams } from 'graphql-yoga'

/** Whether a request says that it carries JSON; nothing else is taken, which also keeps out what a foreign page's form can send. */
export function isJson(contentType: string | null): boolean {
  return /^application\/(graphql\+)?json\s*(;|$)/i.test(contentType?.trim() ?? '')
}

/** Reads a JSON body strictly: bytes that are not UTF-8 are refused instead of being replaced. */
export async function readJsonBody(request: Request): Promise<GraphQLParams> {
  const bytes = await request.arrayBuffer()
  let body: unknown
  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw badRequest(error instanceof TypeError ? 'The body is not valid UTF-8.' : 'The body is not valid JSON.')
  }
  if (body === null || typeof body !== 'object' || Array.isArray(body))
    throw badRequest('The body must be a JSON object with `query`, and optionally `variables` and `operationName`.')
  return body as GraphQLParams
}

function badRequest(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400, spec: true } } })
}
