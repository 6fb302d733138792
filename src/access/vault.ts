// Secrets of others that Mayday has to keep and to use: encrypted under a key that comes from the environment, so that a
// copy of the database alone tells nothing.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

export class Vault {
  readonly #key: Uint8Array | undefined

  /** Without a secret nothing can be sealed or opened. */
  constructor(secret: string | undefined) {
    this.#key = secret === undefined ? undefined : new Uint8Array(hkdfSync('sha256', secret, '', 'mayday vault 1', 32))
  }

  get isThere(): boolean {
    return this.#key !== undefined
  }

  /** Encrypts a text. What it belongs to has to be named again to open it, so that it is of no use in another's place. */
  seal(text: string, owner: string): Uint8Array<ArrayBuffer> {
    if (!this.#key) throw new Error('There is no secret to seal with')
    const nonce = randomBytes(nonceBytes)
    const cipher = createCipheriv(algorithm, this.#key, nonce).setAAD(Buffer.from(owner))
    return new Uint8Array(Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]))
  }

  /** The text; undefined when it was sealed under another secret, for another owner, or was altered. */
  open(sealed: Uint8Array, owner: string): string | undefined {
    if (!this.#key || sealed.length < nonceBytes + tagBytes) return undefined
    const tag = sealed.subarray(sealed.length - tagBytes)
    const cipher = createDecipheriv(algorithm, this.#key, sealed.subarray(0, nonceBytes)).setAAD(Buffer.from(owner)).setAuthTag(tag)
    try {
      return cipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes), undefined, 'utf8') + cipher.final('utf8')
    } catch {
      return undefined
    }
  }
}
