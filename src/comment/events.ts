import { changeKind } from '../change/kind.ts'

type Body = { body: string }

export const commentEvents = {
  added: changeKind<{ version: number }, Body>('comment.added', ({ text }) => (text.body === undefined ? 'commented (redacted)' : `commented: ${text.body}`)),
  edited: changeKind<{ version: number }, Body>('comment.edited', ({ text }) =>
    text.body === undefined ? 'edited a comment (redacted)' : `edited a comment: ${text.body}`
  ),
  redacted: changeKind<{ version: number }>('comment.redacted', () => 'redacted a comment')
} as const
