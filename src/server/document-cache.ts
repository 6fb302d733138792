// Parsed documents by their text, the latest used of them. Clients send the same few again and again; one who sends
// ever new or huge ones, which needs no credential, must not fill the memory.
import type { DocumentNode } from 'graphql'

const mostDocuments = 200
const longestText = 10_000

export class DocumentCache {
  readonly #documents = new Map<string, DocumentNode>()

  get(text: string): DocumentNode | undefined {
    const document = this.#documents.get(text)
    if (document) {
      this.#documents.delete(text)
      this.#documents.set(text, document)
    }
    return document
  }

  set(text: string, document: DocumentNode): void {
    if (text.length > longestText) return
    this.#documents.set(text, document)
    const [oldest] = this.#documents.keys()
    if (this.#documents.size > mostDocuments && oldest !== undefined) this.#documents.delete(oldest)
  }
}
