// What a commit tells every node, by NOTIFY: which workspace has moved, how far, and what of it. Ids and numbers only; a
// payload is at most 8,000 bytes, and goes to whoever may listen on the database.
import type { Moved } from './moved.ts'

export const changeChannel = 'mayday_change'

export function encodeMoved({ workspaceId, first, last, ...what }: Moved): string {
  return [workspaceId, first, last, encodeWhat(what)].filter((part) => part !== null).join(' ')
}

/** The end of the payload, for SQL that puts the rest together (`at-once.ts`); null when there is nothing to say. */
export function encodeWhat({ rights, incidentIds }: Pick<Moved, 'rights' | 'incidentIds'>): string | null {
  return rights ? 'rights' : (incidentIds?.join(',') ?? null)
}

/** Undefined for what is no such payload: anyone on the database can notify. */
export function decodeMoved(payload: string): Moved | undefined {
  const [, workspaceId, first, last, what] = /^([0-9a-f-]{36}) (\d{1,15}) (\d{1,15})(?: (rights|[0-9a-f-]{36}(?:,[0-9a-f-]{36})*))?$/.exec(payload) ?? []
  if (workspaceId === undefined) return undefined
  const rights = what === 'rights'
  return { workspaceId, first: Number(first), last: Number(last), rights, incidentIds: rights ? null : (what?.split(',') ?? null) }
}
