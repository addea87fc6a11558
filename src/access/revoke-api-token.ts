import { revokeToken } from '../auth/api-tokens.ts'
import { changing } from '../auth/changing.ts'
import { load, loadExisting, type Scope } from '../auth/scope.ts'
import { type Refusal, refusal } from '../kit/errors.ts'
import { uuidOf } from '../kit/ids.ts'
import { apiTokenById, type TokenRow } from './api-tokens.store.ts'

/** Ends a token at once, on open sockets and streams of every process too. One that was revoked already stays as it is. */
export async function revokeApiToken(scope: Scope, input: { id: string }): Promise<{ apiToken: TokenRow } | { refusals: Refusal[] }> {
  const id = uuidOf('ApiToken', input.id)
  if (id === null) return { refusals: [refusal('INVALID', 'not an id of an API token', 'id')] }
  if ((await load(scope, apiTokenById, id)) === null) return { refusals: [refusal('NOT_FOUND', 'no such API token', 'id')] }
  await changing(scope, (tx) => revokeToken(tx, id, scope.clock()))
  return { apiToken: await loadExisting(scope, apiTokenById, id) }
}
