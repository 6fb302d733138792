// The names of prepared statements. Each connection keeps every one that it was sent, so there are names only for what
// is sent again and again, and only so many.
import { createHash } from 'node:crypto'

const mostNames = 100
const usesBeforeName = 3

/** Errors from before anything is done: the name stands for another statement or none, or a migration has overtaken its plan. */
const stale = /^(42P05|26000|0A000)$/

export class StatementNames {
  /** Undefined for those that failed as prepared once, which behind some poolers is all of them. */
  readonly #names = new Map<string, string | undefined>()
  /** How often others were sent, the latest last. */
  readonly #uses = new Map<string, number>()

  /** Sends a statement under its name; if that is stale, which it says before anything is done, without. */
  async send<Answer>(text: string, send: (name: string | undefined) => Promise<Answer>): Promise<Answer> {
    try {
      return await send(this.of(text))
    } catch (error) {
      if (!this.#isStale(text, error)) throw error
      return await send(undefined)
    }
  }

  /** The name under which a statement is prepared; undefined when it is not. */
  of(text: string): string | undefined {
    if (this.#names.size >= mostNames || this.#names.has(text)) return this.#names.get(text)
    const uses = (this.#uses.get(text) ?? 0) + 1
    this.#uses.delete(text)
    if (uses >= usesBeforeName) {
      // The same for all processes, so that whoever shares a connection means the same by it.
      const name = createHash('sha256').update(text).digest('base64url').slice(0, 22)
      this.#names.set(text, name)
      return name
    }
    this.#uses.set(text, uses)
    const [oldest] = this.#uses.keys()
    if (this.#uses.size > mostNames && oldest !== undefined) this.#uses.delete(oldest)
    return undefined
  }

  /** Whether an error comes from being prepared: the statement may be sent again and has no name from now on. */
  #isStale(text: string, error: unknown): boolean {
    if (!this.#names.get(text) || !(error instanceof Error && 'code' in error && stale.test(String(error.code)))) return false
    this.#names.set(text, undefined)
    return true
  }
}
