// The audit log as it is read. Triggers write it (prisma/migrations, `audit_change`), and nothing changes it.
import { byKey, defineLoader, type Scope } from '../auth/scope.ts'
import type { List } from '../db/list.ts'
import { countRows, readPage } from '../db/read-list.ts'
import { rows, statement } from '../db/sql.ts'
import type { PageRequest } from '../kit/page.ts'

export const auditChanges = ['CREATED', 'CHANGED', 'REMOVED'] as const
export type AuditChange = (typeof auditChanges)[number]

export interface AuditRow {
  id: string
  at: Date
  actorId: string
  actorName: string
  role: string | null
  address: string | null
  requestId: string | null
  action: string
  change: AuditChange
  record: string
  subjectType: string | null
  subjectId: string | null
  customerId: string | null
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
}

const columns = 'id, at, actor_id, actor_name, role, address, request_id, action, change, record, subject_type, subject_id, customer_id, before, after'

const byId = statement('auditEntriesById', `SELECT ${columns} FROM audit_entries WHERE ($1::uuid[] IS NULL OR customer_id = ANY($1)) AND id = ANY($2::uuid[])`)
export const auditEntryById = defineLoader<AuditRow>('auditEntryById', async (scope, ids) => byKey(await rows<AuditRow>(scope.db.pool, byId, [scope.tenant, ids]), (row) => row.id))

export interface AuditWanted {
  /** UUIDs, but for the actors, whose ids are texts. */
  actorIds: readonly string[] | null
  subjectId: string | null
  customerIds: readonly string[] | null
  actions: readonly string[] | null
  from: Date | null
  before: Date | null
}

export const auditList: List<AuditWanted, 'AT_DESC'> = {
  name: 'auditEntries',
  table: 'audit_entries',
  columns,
  tenant: 'customer_id',
  sorts: { AT_DESC: { key: 'at', kind: 'instant', descending: true } },
  conditions: {
    subjectId: { holds: (n) => `subject_id = ${n}::uuid`, gather: () => 2000, through: 'at, id' },
    actorIds: { holds: (n) => `actor_id = ANY(${n}::text[])`, gather: () => 2000, finds: (n, within) => [`SELECT id FROM audit_entries WHERE actor_id = ANY(${n}::text[]) AND ${within}`] },
    customerIds: { holds: (n) => `customer_id = ANY(${n}::uuid[])` },
    actions: { holds: (n) => `action = ANY(${n}::text[])` },
    from: { holds: (n) => `at >= ${n}::timestamptz`, upTo: 'before' },
    before: { holds: (n) => `at < ${n}::timestamptz` },
  },
}
export const auditPage = (scope: Scope, page: PageRequest, wanted: AuditWanted): Promise<(AuditRow & { keys: string[] })[]> => readPage(scope, auditList, page, 'AT_DESC', wanted)
export const auditCount = (scope: Scope, wanted: AuditWanted): Promise<number> => countRows(scope, auditList, 'AT_DESC', wanted)
