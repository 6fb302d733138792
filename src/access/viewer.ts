// Who makes this request.
import type { Role } from '../database/generated/client/client.ts'

export interface Viewer {
  readonly workspaceId: string
  readonly actorId: string
  readonly kind: 'MEMBER' | 'API_KEY'
  readonly role: Role
  /** When the credential ends by itself; null when it does not. */
  readonly expiresAt: Date | null
  /** Of an API key: which of the actor's secrets was presented. */
  readonly secretHash: Buffer | null
  /** The place in the workspace's changes at which this was so. */
  readonly asOf: number
}

/** What a request presents: the `Authorization` header, and which workspace it means (needed by people in several). */
export interface Credential {
  authorization: string | null
  workspaceId: string | null
}
