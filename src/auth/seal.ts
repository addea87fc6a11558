// Encryption of secrets and recorded marketplace data at rest: compact JWE, direct key, AES-256-GCM. The key's id and what the
// text belongs to stand in the protected header, so a ciphertext moved to another row does not open.
import { createHash } from 'node:crypto'
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose'

export class Sealer {
  readonly #keys: ReadonlyMap<string, Uint8Array>
  readonly #current: string

  /** Keys of 32 bytes; the first one seals, all of them open. */
  constructor(keys: readonly [Uint8Array, ...Uint8Array[]]) {
    this.#keys = new Map(keys.map((key) => [keyId(key), key]))
    this.#current = keyId(keys[0])
  }

  /** `subject` names the row, e.g. "credentials:<uuid>". */
  async seal(text: string, subject: string): Promise<string> {
    return new CompactEncrypt(Buffer.from(text))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: this.#current, sub: subject })
      .encrypt(this.#keys.get(this.#current)!)
  }

  /** Whether the newest key sealed it. */
  isCurrent(sealed: string): boolean {
    return decodeProtectedHeader(sealed).kid === this.#current
  }

  /** Whether the key of that id is here. */
  knows(id: string | undefined): boolean {
    return this.#keys.has(id ?? '')
  }

  /** @throws Error where the key is not here, the subject another, or the text tampered with. */
  async open(sealed: string, subject: string): Promise<string> {
    const { kid } = decodeProtectedHeader(sealed)
    const key = this.#keys.get(kid ?? '')
    if (key === undefined) throw new Error(`sealed with key ${kid}, which is not configured`)
    const { plaintext, protectedHeader } = await compactDecrypt(sealed, key, { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] })
    if (protectedHeader['sub'] !== subject) throw new Error(`sealed for another row than ${subject}`)
    return Buffer.from(plaintext).toString()
  }
}

const keyId = (key: Uint8Array): string => createHash('sha256').update(key).digest('hex').slice(0, 12)
