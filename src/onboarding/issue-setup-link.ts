import type { Scope } from '../auth/scope.ts'
import type { Signer } from '../auth/signer.ts'
import type { Tx } from '../db/transaction.ts'
import { days, shifted } from '../kit/clock.ts'
import { insertSetupLink, type NewSetupLink, type SetupLinkRow } from './setup-links.store.ts'

export interface SetupLinkProcess {
  signer: Signer
  publicUrl: () => string
  setupLinkDays: number
}

/**
 * A link for somebody at a customer who has no account: until it expires, and once, it opens the pages where they survey, sign and authorize
 * for the connections of one survey. Who mails or shows it is the caller; it is not stored, and cannot be read again.
 */
export async function issueSetupLink(
  tx: Tx, scope: Scope, { signer, publicUrl, setupLinkDays }: SetupLinkProcess, link: Omit<NewSetupLink, 'expiresAt'>,
): Promise<{ link: SetupLinkRow; url: string }> {
  const expiresAt = shifted(scope.clock(), days(setupLinkDays))
  const row = await insertSetupLink(tx, scope, { ...link, expiresAt })
  return { link: row, url: `${publicUrl()}/setup/${await signer.sign('set-up', row.id, expiresAt)}` }
}
