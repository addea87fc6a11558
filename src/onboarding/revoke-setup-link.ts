import { changing } from '../auth/changing.ts'
import type { Scope } from '../auth/scope.ts'
import { type Refusal, refusal } from '../kit/errors.ts'
import { uuidOf } from '../kit/ids.ts'
import { revokeSetupLinkRow, type SetupLinkRow } from './setup-links.store.ts'

/** Takes a set-up link back: neither it nor its session is good for anything more. Once more changes nothing. */
export async function revokeSetupLink(scope: Scope, input: { id: string }): Promise<{ link: SetupLinkRow } | { refusals: Refusal[] }> {
  const uuid = uuidOf('SetupLink', input.id)
  if (uuid === null) return { refusals: [refusal('INVALID', 'not an id of a set-up link', 'id')] }
  const link = await changing(scope, (tx) => revokeSetupLinkRow(tx, scope, uuid))
  return link === null ? { refusals: [refusal('NOT_FOUND', 'no such set-up link', 'id')] } : { link }
}
