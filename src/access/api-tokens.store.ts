// API tokens as an administrator sees them. They are no customer's: those that are bound to customers are listed whoever's they are.
import { byKey, defineLoader, type RoleName, type Scope } from '../auth/scope.ts'
import type { List } from '../db/list.ts'
import { countRows, readPage } from '../db/read-list.ts'
import { rows, statement } from '../db/sql.ts'
import type { PageRequest } from '../kit/page.ts'

export interface TokenRow {
  id: string
  name: string
  role: RoleName
  prefix: string
  customerIds: string[] | null
  createdAt: Date
  createdBy: string | null
  lastUsedAt: Date | null
  expiresAt: Date | null
  revokedAt: Date | null
}

const columns = 'id, name, role, prefix, customer_ids, created_at, created_by, last_used_at, expires_at, revoked_at'

/** Of a bound viewer none: whoever sees but some customers gives no access. */
const byId = statement('apiTokensById', `SELECT ${columns} FROM api_tokens WHERE $1::uuid[] IS NULL AND id = ANY($2::uuid[])`)
export const apiTokenById = defineLoader<TokenRow>('apiTokenById', async (scope, ids) => byKey(await rows<TokenRow>(scope.db.pool, byId, [scope.tenant, ids]), (row) => row.id))

export const apiTokensList: List<object, 'CREATED_DESC'> = {
  name: 'apiTokens',
  table: 'api_tokens',
  columns,
  tenant: 'id',
  sorts: { CREATED_DESC: { key: 'created_at', kind: 'instant', descending: true, wholeTable: true } },
  conditions: {},
}
export const apiTokensPage = (scope: Scope, page: PageRequest): Promise<(TokenRow & { keys: string[] })[]> => readPage(scope, apiTokensList, page, 'CREATED_DESC', {})
export const apiTokensCount = (scope: Scope): Promise<number> => countRows(scope, apiTokensList, 'CREATED_DESC', {})
