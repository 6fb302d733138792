// What was found out about an operation, for the next one that is equal: the same parsed document, name and variables.
// It is kept as long as the document is, and of each document for the latest few variables.
import type { DocumentNode } from 'graphql'

const mostOfDocument = 100
const longestVariables = 1_000

export class EqualOperations<Found> {
  readonly #documents = new WeakMap<DocumentNode, Map<string, Found>>()

  /** What was found before, or else what `find` gives; when that throws, the next one finds it anew. */
  get(document: DocumentNode, operationName: string | null | undefined, variables: Record<string, unknown>, find: () => Found): Found {
    const key = JSON.stringify([operationName ?? null, variables])
    let known = this.#documents.get(document)
    if (!known) {
      known = new Map()
      this.#documents.set(document, known)
    }
    if (known.has(key)) return known.get(key) as Found
    const found = find()
    if (key.length > longestVariables) return found
    known.set(key, found)
    const [oldest] = known.keys()
    if (known.size > mostOfDocument && oldest !== undefined) known.delete(oldest)
    return found
  }
}
