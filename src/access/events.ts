// What can happen to a workspace and to those who may enter it.
import { changeKind } from '../change/kind.ts'

type Named = { name: string }

export const accessEvents = {
  workspaceCreated: changeKind<Record<never, never>, Named>('workspace.created', ({ text }) => `created the workspace ${text.name ?? ''}`),
  workspaceRenamed: changeKind<Record<never, never>, { from: string; to: string }>(
    'workspace.renamed',
    ({ text }) => `renamed the workspace to ${text.to ?? ''}`
  ),
  memberAdded: changeKind<{ role: string; joined: boolean }, Named>('member.added', ({ data, text }) => `added ${text.name ?? 'a member'} as ${data.role}`),
  memberUpdated: changeKind<{ role: string; renamed: boolean }, Named>(
    'member.updated',
    ({ data, text }) => `updated ${text.name ?? 'a member'} (${data.role})`
  ),
  memberRemoved: changeKind<Record<never, never>, Named>('member.removed', ({ text }) => `removed ${text.name ?? 'a member'}`),
  keyCreated: changeKind<{ role: string; prefix: string; expiresAt: string | null }, Named>(
    'apiKey.created',
    ({ data, text }) => `created the API key ${text.name ?? ''} as ${data.role}`
  ),
  keyRotated: changeKind<{ prefix: string; graceUntil: string | null }, Named>('apiKey.rotated', ({ text }) => `rotated the API key ${text.name ?? ''}`),
  keyRevoked: changeKind<Record<never, never>, Named>('apiKey.revoked', ({ text }) => `revoked the API key ${text.name ?? ''}`)
} as const

/** Kinds after which somebody's rights may be other than before. */
export const accessChangeNames: ReadonlySet<string> = new Set(Object.values(accessEvents).map(({ name }) => name))
