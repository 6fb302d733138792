// PostgreSQL's protocol, as far as the embedded engine is spoken to by it: a statement with its values as one message.
// (PGlite's own `query` makes six of it, with an answer to wait for after each.)
// https://www.postgresql.org/docs/current/protocol-message-formats.html
import { protocol } from '@electric-sql/pglite'
import { parameterOf } from '../parameter.ts'

const { serialize } = protocol

/** One statement. Its values go as the server's driver sends them: what each is, the database finds by where it stands. */
export function statementMessage(text: string, values: readonly unknown[]): Uint8Array<ArrayBuffer> {
  return joined([serialize.parse({ text }), ...execution('', values)])
}

/** The same, and it is kept under a name, whatever that was given to before. */
export function preparingMessage(name: string, text: string, values: readonly unknown[]): Uint8Array<ArrayBuffer> {
  return joined([serialize.close({ type: 'S', name }), serialize.parse({ name, text }), ...execution(name, values)])
}

/** One statement that was kept under a name. */
export function preparedMessage(name: string, values: readonly unknown[]): Uint8Array<ArrayBuffer> {
  return joined(execution(name, values))
}

/** Any number of statements, without values. */
export function scriptMessage(text: string): Uint8Array<ArrayBuffer> {
  return joined([serialize.query(text)])
}

function execution(statement: string, values: readonly unknown[]): Uint8Array[] {
  return [serialize.bind({ statement, values: values.map(parameterOf) }), serialize.describe({ type: 'P' }), serialize.execute({}), serialize.sync()]
}

/** The parts in memory of their own, which can be given away. */
function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let length = 0
  for (const part of parts) {
    message.set(part, length)
    length += part.length
  }
  return message
}
