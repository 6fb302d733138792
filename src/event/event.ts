// The rules for an event that comes in. Its shape is Prefect's; whoever sends one is told by which rule it was refused.
import { createHash } from 'node:crypto'
import { parseRfc3339 } from './moment.ts'

/** What is said of a resource: its id, and labels beside it. */
export type Labels = Readonly<Record<string, string>>

export interface IncomingEvent {
  readonly id: string
  readonly name: string
  readonly occurredAt: Date
  readonly resource: Labels
  readonly related: readonly Labels[]
  readonly payload: Readonly<Record<string, unknown>>
  /** The row as JSON, with the names of the table's columns. */
  readonly json: string
}

export const idLabel = 'prefect.resource.id'
export const nameLabel = 'prefect.resource.name'
export const roleLabel = 'prefect.resource.role'

const mostBytes = 256_000
const mostName = 300
/** An index on it has to hold it, in up to four bytes a character. */
const mostExternalId = 512
const mostLabels = 500
const mostRelated = 100
const deepest = 100
const dayMs = 86_400_000

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
/** What PostgreSQL keeps in no text, as it stands in JSON: the NUL character, and half of a surrogate pair. */
const unstorable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/

/** The event that was given; or the rule that it breaks, in words. Asked with the clock's time: one from beyond tomorrow comes from a clock that is off. */
export function readEvent(given: unknown, now: Date): IncomingEvent | string {
  if (!isObject(given)) return 'must be an object'
  const { id, event: name, occurred, resource, related = [], payload = {} } = given
  if (id !== undefined && id !== null && !(typeof id === 'string' && uuid.test(id))) return 'id: must be a UUID; leave it out if there is none'
  if (typeof name !== 'string' || name === '' || name.length > mostName) return `event: must be a text of 1 to ${mostName} characters`
  const occurredAt = typeof occurred === 'string' ? parseRfc3339(occurred) : undefined
  if (!occurredAt) return 'occurred: must be a date and time as in RFC 3339, from 1970 to 2999, such as 2026-11-23T03:04:05.678Z'
  if (occurredAt.getTime() > now.getTime() + dayMs) return 'occurred: must not be more than a day in the future; is a clock off?'
  const wrong = wrongLabels(resource, 'resource') ?? wrongRelated(related ?? [])
  if (wrong) return wrong
  if (!isObject(payload ?? {})) return 'payload: must be an object'
  if (isDeeper(payload, deepest)) return `payload: must not be nested deeper than ${deepest} levels`
  const rest = { name, resource: resource as Labels, related: (related ?? []) as Labels[], payload: (payload ?? {}) as Record<string, unknown> }
  return finished(typeof id === 'string' ? id.toLowerCase() : undefined, occurredAt, rest)
}

function finished(id: string | undefined, occurredAt: Date, rest: Omit<IncomingEvent, 'id' | 'occurredAt' | 'json'>): IncomingEvent | string {
  const { name, resource, related, payload } = rest
  const content = JSON.stringify({ name, occurred_at: occurredAt, resource_external_id: resource[idLabel], resource, related, payload })
  if (content.length > mostBytes / 4 && Buffer.byteLength(content) > mostBytes) return `must have at most ${mostBytes} bytes as JSON`
  if (content.includes('\\u') && unstorable.test(content)) return 'must not contain the character U+0000 or half of a surrogate pair'
  const known = id ?? idOfContent(content)
  return { id: known, occurredAt, ...rest, json: `{"id":"${known}",${content.slice(1)}` }
}

/** An event without an id is known by what it says, so that sending it again changes nothing. A UUID of version 8 (RFC 9562). */
function idOfContent(content: string): string {
  const digest = createHash('sha256').update(content).digest()
  digest[6] = 0x80 | ((digest[6] ?? 0) & 0x0f)
  digest[8] = 0x80 | ((digest[8] ?? 0) & 0x3f)
  return digest.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

function wrongRelated(related: unknown): string | undefined {
  if (!Array.isArray(related) || related.length > mostRelated) return `related: must be a list of at most ${mostRelated} resources`
  for (let index = 0; index < related.length; index++) {
    const wrong = wrongLabels(related[index], `related.${index}`)
    if (wrong) return wrong
    if (!related[index][roleLabel]) return `related.${index}: must have the label ${roleLabel}`
  }
  return undefined
}

function wrongLabels(given: unknown, field: string): string | undefined {
  if (!isObject(given)) return `${field}: must be an object`
  let count = 0
  for (const label in given) {
    if (typeof given[label] !== 'string') return `${field}: must have texts only; ${label.slice(0, 100)} is none`
    if (++count > mostLabels) return `${field}: must have at most ${mostLabels} labels`
  }
  const id = given[idLabel] as string | undefined
  return id && id.length <= mostExternalId ? undefined : `${field}: must have the label ${idLabel}, of 1 to ${mostExternalId} characters`
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  for (const key in value) if (isDeeper((value as Record<string, unknown>)[key], levels - 1)) return true
  return false
}
