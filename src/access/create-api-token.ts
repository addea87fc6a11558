import { insertApiToken } from '../auth/api-tokens.ts'
import { changing } from '../auth/changing.ts'
import { load, loadExisting, type RoleName, type Scope } from '../auth/scope.ts'
import { customerById } from '../customers/customers.store.ts'
import { type Refusal, refusal } from '../kit/errors.ts'
import { requireAll } from '../kit/ids.ts'
import { apiTokenById, type TokenRow } from './api-tokens.store.ts'

const LONGEST_NAME = 100
const MOST_CUSTOMERS = 1000

export interface TokenWanted {
  name: string
  role: RoleName
  customerIds?: readonly string[] | null
  expiresAt?: Date | null
}

/** A new token. Refuses a blank name, an end that has passed, customers that are not there or that the role cannot be bound to. */
export async function createApiToken(scope: Scope, input: TokenWanted): Promise<{ apiToken: TokenRow; token: string } | { refusals: Refusal[] }> {
  const name = input.name.trim()
  const { role, expiresAt = null, customerIds: wanted = null } = input
  const { uuids, refusals: malformed } = requireAll('Customer', (wanted ?? []).slice(0, MOST_CUSTOMERS), 'customerIds')
  const refusals = [
    ...(name === '' ? [refusal('REQUIRED', 'name must not be blank', 'name')] : []),
    ...(name.length > LONGEST_NAME ? [refusal('INVALID', `name must have at most ${LONGEST_NAME} characters`, 'name')] : []),
    ...(expiresAt !== null && expiresAt <= scope.clock() ? [refusal('INVALID', 'expiresAt has passed', 'expiresAt')] : []),
    ...refuseBinding(role, wanted),
    ...malformed,
    ...(malformed.length > 0 ? [] : (await Promise.all(uuids.map((id) => load(scope, customerById, id)))).flatMap((found, index) => (found === null ? [refusal('NOT_FOUND', 'no such customer', 'customerIds', index)] : []))),
  ]
  if (refusals.length > 0) return { refusals }
  const customerIds = wanted === null ? null : [...new Set(uuids)]
  const { id, token } = await changing(scope, (tx) => insertApiToken(tx, { name, role, expiresAt, customerIds, createdBy: scope.actor.name }))
  return { apiToken: await loadExisting(scope, apiTokenById, id), token }
}

function refuseBinding(role: RoleName, customerIds: readonly string[] | null): Refusal[] {
  if (role === 'CUSTOMER' && customerIds === null) return [refusal('REQUIRED', 'a CUSTOMER sees some customers alone: name them', 'customerIds')]
  if (customerIds === null) return []
  if (role === 'ADMIN' || role === 'OPERATOR') return [refusal('NOT_ALLOWED', `a token of the role ${role} cannot be bound to customers`, 'customerIds')]
  if (customerIds.length === 0) return [refusal('REQUIRED', 'name at least one customer, or leave it out', 'customerIds')]
  return customerIds.length > MOST_CUSTOMERS ? [refusal('TOO_MANY', `at most ${MOST_CUSTOMERS} customers`, 'customerIds')] : []
}
