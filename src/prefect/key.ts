import type { Core } from '../core.ts'
import type { PrefectServer } from '../database/generated/client/client.ts'
import { PrefectProblem } from './problem.ts'

/** The API key of a connection, where it has one. */
export function keyOf({ vault }: Core, { id, origin, sealedKey }: PrefectServer, environmentKey: string | undefined): string | undefined {
  if (origin === 'ENVIRONMENT') return environmentKey
  if (!sealedKey) return undefined
  const key = vault.open(sealedKey, id)
  if (key === undefined) {
    const why = vault.isThere ? 'MAYDAY_SECRET is another than when it was stored' : 'MAYDAY_SECRET is not set'
    throw new PrefectProblem('unreadable-key', `The API key cannot be read: ${why}. Set the right one, or give the key again.`)
  }
  return key
}
