// API keys: the secret is shown once, when it is made; kept is its SHA-256 only. A fast hash is right here, since the
// secret is 256 random bits and cannot be guessed, unlike a password.
import { createHash, randomBytes } from 'node:crypto'

const shownCharacters = 15

/** A new secret, or one given by the operator, with what is kept of it. */
export function makeKey(secret = `mayday_${randomBytes(32).toString('base64url')}`): { secret: string; prefix: string; secretHash: Buffer } {
  return { secret, prefix: secret.slice(0, shownCharacters), secretHash: hashKey(secret) }
}

export function hashKey(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

export function looksLikeKey(token: string): boolean {
  return token.startsWith('mayday_')
}
