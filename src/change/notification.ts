// What a commit tells every node, by NOTIFY: which workspace has moved, how far, and what of it. Ids and numbers only; a
// payload is at most 8,000 bytes, and goes to whoever may listen on the database.
import type { Moved, What } from './moved.ts'

export const changeChannel = 'mayday_change'

export function encodeMoved({ workspaceId, first, last, ...what }: Moved): string {
  return [workspaceId, first, last, encodeWhat(what)].filter((part) => part !== null).join(' ')
}

/** The end of the payload, for SQL that puts the rest together (`at-once.ts`); null when there is nothing to say. */
export function encodeWhat({ rights, talk, incidentIds }: What): string | null {
  return [rights && 'rights', talk && 'talk', incidentIds?.join(',')].filter(Boolean).join(' ') || null
}

const payloadForm = /^([0-9a-f-]{36}) (\d{1,15}) (\d{1,15})( rights)?( talk)?(?: ([0-9a-f-]{36}(?:,[0-9a-f-]{36})*))?$/

/** Undefined for what is no such payload: anyone on the database can notify. */
export function decodeMoved(payload: string): Moved | undefined {
  const [, workspaceId, first, last, rights, talk, incidentIds] = payloadForm.exec(payload) ?? []
  if (workspaceId === undefined) return undefined
  return {
    workspaceId,
    first: Number(first),
    last: Number(last),
    rights: rights !== undefined,
    talk: talk !== undefined,
    incidentIds: incidentIds?.split(',') ?? null
  }
}
