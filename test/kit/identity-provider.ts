// An identity provider on loopback: it publishes its keys as a JWKS, and signs tokens as the test asks for them.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose'

export interface IdentityProvider extends AsyncDisposable {
  /** The options that make Mayday trust it. */
  readonly environment: Record<string, string>
  /** The public key as published, for attempts to misuse it. */
  readonly publicJwk: Record<string, unknown>
  /** What it answers to whoever asks for its keys; a status other than 200 is an outage. */
  status: number
  /** A token for a person, good for an hour from `now` on; every claim can be given another value, or none by undefined. */
  token(subject: string, claims?: JWTPayload, header?: Partial<JWTHeaderParameters>, now?: Date): Promise<string>
}

const issuer = 'https://identity.example'
const audience = 'mayday'

export async function startIdentityProvider(): Promise<IdentityProvider> {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const publicJwk = { ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'RS256', use: 'sig' }
  const provider = { status: 200 }
  const server = createServer((_request, response) => {
    response.writeHead(provider.status, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [publicJwk] }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(provider, {
    publicJwk,
    environment: { MAYDAY_JWT_JWKS_URL: `http://127.0.0.1:${port}/jwks`, MAYDAY_JWT_ISSUER: issuer, MAYDAY_JWT_AUDIENCE: audience },
    token(subject: string, claims: JWTPayload = {}, header: Partial<JWTHeaderParameters> = {}, now = new Date()) {
      const seconds = Math.floor(now.getTime() / 1000)
      const payload = { iss: issuer, aud: audience, sub: subject, iat: seconds, exp: seconds + 3600, ...claims }
      return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'key-1', ...header }).sign(privateKey)
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    }
  })
}
