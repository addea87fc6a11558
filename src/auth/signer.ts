// Links that carry their own proof: compact JWS (HS256), each purpose under a key of its own, derived from the encryption keys. A token of
// one purpose is none for another; whatever must be good once has a row that says so.
import { createHash, hkdfSync } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'

/** What a token is for. */
export type Purpose = 'set-up' | 'document' | 'unsubscribe'

export class Signer {
  readonly #keys: readonly Uint8Array[]

  /** Keys of 32 bytes; the first one signs, all of them verify. */
  constructor(keys: readonly [Uint8Array, ...Uint8Array[]]) {
    this.#keys = keys
  }

  /** `subject` is what the token is about, e.g. a row's UUID. Null: it does not expire. */
  async sign(purpose: Purpose, subject: string, expiresAt: Date | null): Promise<string> {
    const [key] = this.#derived(purpose)
    const token = new SignJWT({}).setProtectedHeader({ alg: 'HS256', kid: key!.id }).setSubject(subject).setAudience(purpose)
    if (expiresAt !== null) token.setExpirationTime(Math.floor(expiresAt.getTime() / 1000))
    return token.sign(key!.secret)
  }

  /** The subject of a token of that purpose; 'altered' also for one that never was ours. */
  async verify(purpose: Purpose, token: string, now: Date): Promise<{ subject: string } | 'altered' | 'expired'> {
    const keys = this.#derived(purpose)
    try {
      const { payload } = await jwtVerify(token, ({ kid }) => {
        const key = keys.find(({ id }) => id === kid)
        if (key === undefined) throw new Error('no such key')
        return key.secret
      }, { algorithms: ['HS256'], audience: purpose, currentDate: now })
      return payload.sub === undefined ? 'altered' : { subject: payload.sub }
    } catch (error) {
      return error instanceof errors.JWTExpired ? 'expired' : 'altered'
    }
  }

  #derived(purpose: Purpose): { id: string; secret: Uint8Array }[] {
    return this.#keys.map((key) => {
      const secret = new Uint8Array(hkdfSync('sha256', key, '', `cartage link: ${purpose}`, 32))
      return { id: createHash('sha256').update(secret).digest('hex').slice(0, 12), secret }
    })
  }
}
