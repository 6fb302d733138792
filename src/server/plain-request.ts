// Recognises and reads a request as nearly everyone sends it: a JSON body of known length, a credential, a JSON answer.
import type { IncomingMessage } from 'node:http'
import { isJson } from './request-body.ts'

export type MediaType = 'application/json' | 'application/graphql-response+json'

/** The media type of the answer to a plain request; undefined for a request that is not plain. */
export function plainMediaType({ method, headers }: IncomingMessage, mostBytes: number): MediaType | undefined {
  const length = Number(headers['content-length'])
  if (method !== 'POST' || !(length > 0 && length <= mostBytes) || headers['content-encoding'] !== undefined) return undefined
  if (headers.authorization === undefined || !isJson(headers['content-type'] ?? null)) return undefined
  switch (headers.accept) {
    case undefined:
    case '*/*':
    case 'application/json':
    case 'application/json, */*':
    case 'application/json, text/plain, */*':
      return 'application/json'
    case 'application/graphql-response+json':
    case 'application/graphql-response+json, application/json':
    case 'application/graphql-response+json, application/json;q=0.9':
    case 'application/graphql-response+json,application/json;q=0.9':
      return 'application/graphql-response+json'
    default:
      return undefined
  }
}

/** The body; never settles for a client that goes away before its end. */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)))
  })
}
