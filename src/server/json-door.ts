// POST of plain JSON to a path of its own, for whoever has a key and no GraphQL client. Who may, how much fits, and how
// errors are told is as with POST /graphql; what is done with the body is for the one who opens the door.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Authenticator } from '../access/authenticator.ts'
import { roleAllows } from '../access/role.ts'
import type { Config } from '../config.ts'
import type { Core, Session } from '../core.ts'
import { Forbidden } from '../errors.ts'
import { publicError } from './errors.ts'
import { workspaceHeader } from './graphql.ts'
import type { Door } from './http.ts'
import { badRequest, isJson } from './request-body.ts'

/** Seconds after which somebody whom we could not serve may come again. */
const comeAgain = '1'

export function createJsonDoor(options: {
  core: Core
  config: Config
  authenticator: Authenticator
  /** The least role that may come in. */
  role: 'VIEWER' | 'RESPONDER' | 'ADMIN'
  take: (session: Session, body: unknown) => Promise<unknown>
}): Door {
  const { core, config, authenticator, role, take } = options

  return async (request, response, rest, requestId) => {
    try {
      answer(response, 200, requestId, await taken(request, rest))
    } catch (error) {
      const { message, extensions } = publicError(error, requestId, core.log)
      const { http, requestId: _, ...told } = extensions as { http?: { status: number }; requestId?: string; code: string }
      const status = http?.status ?? (told.code === 'FORBIDDEN' ? 403 : 400)
      if (status === 401) response.setHeader('www-authenticate', 'Bearer')
      if (status === 405) response.setHeader('allow', 'POST')
      if (status === 503) response.setHeader('retry-after', comeAgain)
      // What is left of a body that nobody reads must not be taken for the next request.
      if (!request.complete) response.setHeader('connection', 'close')
      answer(response, status, requestId, { error: message, ...told, requestId })
    }
  }

  async function taken(request: IncomingMessage, rest: string): Promise<unknown> {
    const { headers, method } = request
    if (rest !== '') throw badRequest(`There is nothing at /${rest} here.`, 'NOT_FOUND', 404)
    if (method !== 'POST') throw badRequest('Send a POST.', 'METHOD_NOT_ALLOWED', 405)
    if (!isJson(headers['content-type'] ?? null) || headers['content-encoding'] !== undefined)
      throw badRequest('Send the body as application/json, not compressed.', 'UNSUPPORTED_MEDIA_TYPE', 415)
    const { authorization = null, [workspaceHeader]: workspace } = headers
    const viewer = await authenticator.authenticate({ authorization, workspaceId: typeof workspace === 'string' ? workspace : null })
    if (!roleAllows(viewer.role, role)) throw new Forbidden(`This needs the role ${role}.`, { requiredRole: role })
    return take({ core, viewer }, parsed(await readBody(request, config.MAYDAY_MAX_BODY_BYTES)))
  }
}

/** The whole body; never settles for a client that goes away before its end, so that nothing of a part of it is done. */
function readBody(request: IncomingMessage, mostBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const tooLarge = () => reject(badRequest(`The body must have at most ${mostBytes} bytes.`, 'PAYLOAD_TOO_LARGE', 413))
    if (Number(request.headers['content-length']) > mostBytes) return tooLarge()
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > mostBytes) {
        chunks.length = 0
        request.removeAllListeners('data').pause()
        tooLarge()
      } else chunks.push(chunk)
    })
    request.on('end', () => resolve(Buffer.concat(chunks)))
  })
}

function parsed(body: Buffer): unknown {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    throw badRequest('The body is not valid UTF-8.')
  }
  try {
    return JSON.parse(text)
  } catch {
    throw badRequest('The body is not valid JSON.')
  }
}

function answer(response: ServerResponse, status: number, requestId: string, body: unknown): void {
  const text = `${JSON.stringify(body)}\n`
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(text), 'x-request-id': requestId })
    .end(text)
}
