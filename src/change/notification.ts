// What a commit tells every node, by NOTIFY: which workspace has moved and how far. Ids and numbers only; a payload is
// at most 8,000 bytes, and goes to whoever may listen on the database.
import type { Moved } from './heads.ts'

export const changeChannel = 'mayday_change'

/** The payload, as SQL puts it together too (`at-once.ts`). */
export function encodeMoved({ workspaceId, first, last, rights }: Moved): string {
  return `${workspaceId} ${first} ${last}${rights ? ' rights' : ''}`
}

/** Undefined for what is no such payload: anyone on the database can notify. */
export function decodeMoved(payload: string): Moved | undefined {
  const [, workspaceId, first, last, rights] = /^([0-9a-f-]{36}) (\d{1,15}) (\d{1,15})( rights)?$/.exec(payload) ?? []
  return workspaceId === undefined ? undefined : { workspaceId, first: Number(first), last: Number(last), rights: rights !== undefined }
}
