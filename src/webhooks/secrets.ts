// Signing secrets at rest: sealed, each for its row.
import type { SealedColumn } from '../auth/reseal.ts'
import type { Sealer } from '../auth/seal.ts'

const subject = (webhook: string): string => `webhook:${webhook}`

export const sealedSecrets: readonly SealedColumn<{ id: string }>[] = ['secret', 'previous_secret'].map((column) => ({ table: 'webhooks', column, columns: 'id', subject: ({ id }) => subject(id) }))

export const sealSecret = (sealer: Sealer, webhook: string, secret: string): Promise<string> => sealer.seal(secret, subject(webhook))

/** Those that sign now, the newest first. */
export function openSecrets(
  sealer: Sealer, { id, secret, previousSecret, previousSecretUntil }: { id: string; secret: string; previousSecret: string | null; previousSecretUntil: Date | null }, now: Date,
): Promise<string[]> {
  const sealed = previousSecret !== null && previousSecretUntil! > now ? [secret, previousSecret] : [secret]
  return Promise.all(sealed.map((one) => sealer.open(one, subject(id))))
}
