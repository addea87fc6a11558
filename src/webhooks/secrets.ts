// Signing secrets at rest: sealed, each for its row.
import type { Sealer } from '../auth/seal.ts'

const subject = (webhook: string): string => `webhook:${webhook}`

export const sealSecret = (sealer: Sealer, webhook: string, secret: string): Promise<string> => sealer.seal(secret, subject(webhook))

/** Those that sign now, the newest first. */
export function openSecrets(
  sealer: Sealer, { id, secret, previousSecret, previousSecretUntil }: { id: string; secret: string; previousSecret: string | null; previousSecretUntil: Date | null }, now: Date,
): Promise<string[]> {
  const sealed = previousSecret !== null && previousSecretUntil! > now ? [secret, previousSecret] : [secret]
  return Promise.all(sealed.map((one) => sealer.open(one, subject(id))))
}
