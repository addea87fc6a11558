import type { Invariant } from '../db/invariants.ts'

export const accessInvariants: readonly Invariant[] = [
  { broken: 'guards of the audit log that are not there', sql: `SELECT name FROM unnest(ARRAY['audit_entries_append_only', 'audit_entries_kept']) AS name WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = name AND tgenabled = 'A')` },
  { broken: 'tables that the audit log does not watch any more', sql: `SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'audit\\_%' AND tgenabled = 'D'` },
]
