import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose'
import type { Config } from '../config.ts'
import { Unauthenticated, Unavailable } from '../errors.ts'

/** Who a valid JWT names, and until when it is valid. */
export interface TokenIdentity {
  subject: string
  name: string
  email: string | null
  expiresAt: Date
}

export type TokenVerifier = (token: string) => Promise<TokenIdentity>

/** Symmetric algorithms are left out: with a public key set they let anyone who can read it sign. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']

/** Checks JWTs against the identity provider's keys, issuer and audience; undefined when none is configured. */
export function createTokenVerifier(config: Config, clock: () => Date): TokenVerifier | undefined {
  if (!config.MAYDAY_JWT_JWKS_URL) return undefined
  const keys = createRemoteJWKSet(new URL(config.MAYDAY_JWT_JWKS_URL), { timeoutDuration: 5_000 })
  return async (token) => {
    const payload = await verify(token)
    const subject = payload[config.MAYDAY_JWT_MEMBER_CLAIM]
    if (typeof subject !== 'string' || !/^[^\0]{1,300}$/s.test(subject)) {
      throw new Unauthenticated('CREDENTIAL_INVALID', `The token has no claim ${config.MAYDAY_JWT_MEMBER_CLAIM} that names a member.`)
    }
    return {
      subject,
      name: textClaim(payload.name) ?? textClaim(payload.preferred_username) ?? subject,
      email: textClaim(payload.email),
      expiresAt: new Date((payload.exp ?? 0) * 1000)
    }
  }

  async function verify(token: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: config.MAYDAY_JWT_ISSUER ?? '',
        audience: config.MAYDAY_JWT_AUDIENCE ?? '',
        requiredClaims: ['exp'],
        algorithms,
        clockTolerance: 5,
        currentDate: clock()
      })
      return payload
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw new Unauthenticated('CREDENTIAL_EXPIRED', 'The token has expired.')
      if (!isAboutToken(error)) throw new Unavailable('The keys of the identity provider cannot be read now.')
      throw new Unauthenticated('CREDENTIAL_INVALID', 'The token is not valid here.')
    }
  }
}

/** jose's plain error, and these two, say that the key set could not be had; that is nobody's bad token. */
function isAboutToken(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return false
  return error instanceof errors.JOSEError && error.code !== errors.JOSEError.code
}

function textClaim(value: unknown): string | null {
  const text = typeof value === 'string' && !value.includes('\0') ? value.trim().slice(0, 200) : ''
  return text === '' ? null : text
}
