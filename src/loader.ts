// Batched reads for resolvers: what many rows of one answer ask for is read by one statement.
import DataLoader from 'dataloader'
import type { Session } from './core.ts'
import type { Slice } from './page.ts'

/** A loader of rows by id; an id that the statement does not find (or may not) gives null. */
export function loadById<Row extends { id: string }>(read: (session: Session, ids: string[]) => Promise<Row[]>) {
  return (session: Session) =>
    new DataLoader<string, Row | null>(async (ids) => {
      const rows = new Map((await read(session, [...ids])).map((row) => [row.id, row]))
      return ids.map((id) => rows.get(id) ?? null)
    })
}

interface Below<Args> {
  readonly parentId: string
  readonly args: Args
  /** Nobody asks for it yet. */
  readonly ahead?: true
}

/** A loader of lists that hang on a parent; one statement for all parents that ask with the same arguments. */
export function loadByParent<Args extends object | null, Result>(
  read: (session: Session, parentIds: string[], args: Args) => Promise<Map<string, Result>>,
  none: Result,
  asked: (session: Session, args: Args, text: string) => void = () => {}
) {
  return (session: Session) =>
    new DataLoader<Below<Args>, Result, string>(
      async (keys) => {
        const groups = Map.groupBy(keys, ({ args }) => textOf(args))
        const results = new Map<string, Map<string, Result>>()
        await Promise.all(
          [...groups].map(async ([group, members]) => {
            const args = members[0]?.args as Args
            results.set(
              group,
              await read(
                session,
                members.map(({ parentId }) => parentId),
                args
              )
            )
          })
        )
        return keys.map(({ parentId, args }) => results.get(textOf(args))?.get(parentId) ?? none)
      },
      {
        cacheKeyFn: ({ parentId, args, ahead }) => {
          const text = textOf(args)
          if (!ahead) asked(session, args, text)
          return `${parentId} ${text}`
        }
      }
    )
}

/** The same for slices of lists that may be read before anybody asks for them. */
export function loadAheadByParent<Args extends Slice, Result>(
  read: (session: Session, parentIds: string[], args: Args) => Promise<Map<string, Result>>,
  none: Result
) {
  const loader = loadByParent(read, none, ({ ahead }, args, text) => {
    if (isFirst(args)) ahead?.note(loader, args, text)
  })
  return loader
}

/** Where a list begins or ends is asked for again and again; from a cursor, once. */
function isFirst({ after, before }: Slice): boolean {
  return after === null && before === null
}

const texts = new WeakMap<object, string>()

/** Arguments as a text. All items of a list have the same object of them, so it is made once. */
function textOf(args: object | null): string {
  if (args === null) return ''
  let text = texts.get(args)
  if (text === undefined) {
    text = JSON.stringify(args)
    texts.set(args, text)
  }
  return text
}
