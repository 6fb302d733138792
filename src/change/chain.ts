// The hash chain: each change's hash covers its facts and the hash of the one before, so a change that is altered,
// taken out or put in by hand breaks the chain at its place.
import { createHash, randomBytes } from 'node:crypto'
import type { ChangeData, ChangeText } from './kind.ts'

/** The hash before the first change of a workspace. */
export const genesis = Buffer.alloc(32)

/** What a hash covers, beside the hash before it. */
export interface ChainedFacts {
  workspaceId: string
  sequence: number
  kind: string
  at: Date
  actorId: string | null
  incidentId: string | null
  subjectId: string | null
  data: ChangeData
  textDigest: Uint8Array | null
}

/** SHA-256 over the facts in a fixed form (JSON with sorted keys) and the hash before. */
export function hashChange(facts: ChainedFacts, previousHash: Uint8Array): Buffer {
  const [start, middle, end] = hashedForm(facts)
  return createHash('sha256')
    .update(`${start}${hex(previousHash)}${middle}${facts.sequence}${end}`)
    .digest()
}

/** The form that is hashed, cut where the hash before (in hexadecimal) and the sequence number go, which only the database may know. */
export function hashedForm(facts: Omit<ChainedFacts, 'sequence'>): [start: string, middle: string, end: string] {
  const { workspaceId, kind, at, actorId, incidentId, subjectId, data, textDigest } = facts
  const before = canonicalJson({ actorId, at: at.toISOString(), data, incidentId, kind })
  const after = canonicalJson({ subjectId, textDigest: textDigest && hex(textDigest), workspaceId })
  return [`${before.slice(0, -1)},"previousHash":"`, '","sequence":', `,${after.slice(1)}`]
}

/** Salted, so that a redacted text that is short or well known cannot be found again by trying. */
export function sealText(text: ChangeText): { salt: Buffer; textDigest: Buffer } {
  const salt = randomBytes(16)
  return { salt, textDigest: digestText(text, salt) }
}

export function digestText(text: ChangeText, salt: Uint8Array): Buffer {
  return createHash('sha256').update(salt).update(canonicalJson(text)).digest()
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const entries = Object.entries(value).filter(([, each]) => each !== undefined)
  entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`).join(',')}}`
}
