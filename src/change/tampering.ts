// Pure: what somebody did to the record by hand, read off a change that does not continue the chain.
import { digestText, hashChange, hex } from './chain.ts'
import type { SealedChange } from './change.ts'

/** ALTERED: a change is not as it was written. REMOVED: one is missing. INSERTED: one is there that no command wrote. */
export type Tampering = 'ALTERED' | 'REMOVED' | 'INSERTED'

export interface Problem {
  kind: Tampering
  sequence: number
  message: string
}

/** The hashes before a place in the chain: of the change before it, and of the one before that. */
export interface Before {
  last: Uint8Array
  lastButOne: Uint8Array
}

export const altered = (sequence: number): Problem => ({ kind: 'ALTERED', sequence, message: `Change ${sequence} is not as it was written.` })
export const removed = (sequence: number): Problem => ({ kind: 'REMOVED', sequence, message: `Change ${sequence} is missing.` })
export const inserted = (sequence: number): Problem => ({ kind: 'INSERTED', sequence, message: `Change ${sequence} was put in by hand.` })

/** Whether a change was written with this number and after this hash. */
export function continues(change: SealedChange, sequence: number, previousHash: Uint8Array): boolean {
  return same(change.previousHash, previousHash) && same(hashChange({ ...change, sequence }, previousHash), change.hash)
}

/**
 * What was done where a change does not continue the chain. A hash covers its change's number and the hash before, so
 * a change tells where it was written, even after the others were renumbered to hide what was put in or taken out.
 * `follower` is the change after it; `headHash` the hash of the newest, as the workspace remembers it.
 */
export function tamperingAt(change: SealedChange, before: Before, follower: SealedChange | undefined, headHash: Uint8Array): Problem {
  const { sequence } = change
  if (sequence > 1 && continues(change, sequence - 1, before.lastButOne)) return inserted(sequence - 1)
  if (follower && continues(follower, sequence, before.last)) return inserted(sequence)
  if (continues(change, sequence + 1, change.previousHash)) return removed(sequence)
  // As it was written, and known to what comes after it: then the one before it, sealed as it may be, is another than was.
  const known = same(change.hash, follower?.previousHash ?? headHash)
  return known && sequence > 1 && continues(change, sequence, change.previousHash) ? altered(sequence - 1) : altered(sequence)
}

/** What is wrong with the text of a change whose facts are in order; `isRedacted` is asked where the text is gone. */
export async function textProblem(change: SealedChange, isRedacted: () => Promise<boolean>): Promise<Problem | null> {
  const { sequence, text, salt, textDigest } = change
  if (text === null && salt === null) {
    if (!textDigest || (await isRedacted())) return null
    return { kind: 'ALTERED', sequence, message: `The text of change ${sequence} is gone, and no redaction tells of it.` }
  }
  if (textDigest && text !== null && salt && same(digestText(text, salt), textDigest)) return null
  return { kind: 'ALTERED', sequence, message: `The text of change ${sequence} is not as it was written.` }
}

export function same(one: Uint8Array, other: Uint8Array): boolean {
  return hex(one) === hex(other)
}
