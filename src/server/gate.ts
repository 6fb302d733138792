// GET /gate/<external id>: whether something may run now, for whoever has a key and no GraphQL client.
import type { ServerResponse } from 'node:http'
import type { Authenticator } from '../access/authenticator.ts'
import { InvalidInput, Unauthenticated } from '../errors.ts'
import { workspaceHeader } from './graphql.ts'
import type { Door } from './http.ts'

/** Answers in JSON for a resource of a workspace, which it has to find out; refuses only by errors that callers may see. */
export type GateCheck = (workspaceOf: () => Promise<string>, externalId: string) => Promise<string>

export function createGateHandler(authenticator: Authenticator, check: GateCheck): Door {
  return async (request, response, rest) => {
    if (request.method !== 'GET') {
      response.writeHead(405, { allow: 'GET' }).end()
      return
    }
    const externalId = decoded(rest)
    if (externalId === undefined) return refuse(response, 400, { error: 'The path must be /gate/ and an external id, percent-encoded.' })
    const { authorization = null, [workspaceHeader]: named } = request.headers
    const credential = { authorization, workspaceId: typeof named === 'string' ? named : null }
    try {
      send(response, 200, await check(async () => (await authenticator.authenticate(credential)).workspaceId, externalId))
    } catch (error) {
      if (error instanceof Unauthenticated) {
        response.setHeader('www-authenticate', 'Bearer')
        refuse(response, 401, { error: error.message, reason: error.details.reason })
      } else if (error instanceof InvalidInput) refuse(response, 400, { error: error.message })
      else throw error
    }
  }
}

function refuse(response: ServerResponse, status: number, body: object): void {
  send(response, status, `${JSON.stringify(body)}\n`)
}

function send(response: ServerResponse, status: number, text: string): void {
  response.setHeader('content-type', 'application/json; charset=utf-8')
  response.setHeader('content-length', Buffer.byteLength(text))
  response.setHeader('cache-control', 'no-store')
  response.writeHead(status).end(text)
}

/** Undefined for what is no percent-encoded text. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
