// What can happen to a connection. Its API key is in no change; its address is, as a text.
import { changeKind } from '../change/kind.ts'

type Named = { name: string; apiUrl: string }

export const connectionEvents = {
  created: changeKind<{ origin: string; hasKey: boolean }, Named>('connection.created', ({ text }) => `connected the Prefect server ${text.name ?? ''}`),
  updated: changeKind<{ origin: string; fields: string[] }, Named>(
    'connection.updated',
    ({ data, text }) => `changed the connection to ${text.name ?? 'a Prefect server'} (${data.fields.join(', ')})`
  ),
  removed: changeKind<{ origin: string }, Named>('connection.removed', ({ text }) => `disconnected the Prefect server ${text.name ?? ''}`)
} as const
