// `npm run verify`: whether the database contradicts itself, on a system that may be at work. The exit code is 1 where it does.
import { decodeProtectedHeader } from 'jose'
import { accessInvariants } from '../access/invariants.ts'
import { Sealer } from '../auth/seal.ts'
import type { Database } from '../db/client.ts'
import { findBroken, type Finding, type Invariant } from '../db/invariants.ts'
import { rows, statement } from '../db/sql.ts'
import { inventoryInvariants } from '../inventory/invariants.ts'
import { orderInvariants } from '../orders/invariants.ts'
import { shipmentInvariants } from '../shipments/invariants.ts'
import { sealedColumns } from './sealed-columns.ts'

export const invariants: readonly Invariant[] = [...orderInvariants, ...shipmentInvariants, ...inventoryInvariants, ...accessInvariants]

const AT_A_TIME = 500

/** Everything that must be so; sealed texts whose key is not here too. */
export async function verify(db: Database, keys: readonly [Uint8Array, ...Uint8Array[]]): Promise<Finding[]> {
  return [...(await findBroken(db.pool, invariants)), ...(await unopenable(db, new Sealer(keys)))]
}

/** By the key that their header names: none is opened. */
async function unopenable({ pool }: Database, sealer: Sealer): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const { table, column } of sealedColumns) {
    const read = statement('', `SELECT id::text, split_part(${column}, '.', 1) AS header FROM ${table} WHERE ${column} IS NOT NULL AND ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT ${AT_A_TIME}`)
    const lost: string[] = []
    for (let last: string | null = null; ;) {
      const page: { id: string; header: string }[] = await rows(pool, read, [last])
      lost.push(...page.filter(({ header }) => !sealer.knows(keyIn(header))).map(({ id }) => id))
      if (page.length < AT_A_TIME) break
      last = page.at(-1)!.id
    }
    findings.push({ broken: `sealed texts of ${table}.${column} whose key is not in ENCRYPTION_KEY`, count: lost.length, examples: lost.slice(0, 5) })
  }
  return findings
}

function keyIn(header: string): string | undefined {
  try {
    return decodeProtectedHeader(`${header}....`).kid
  } catch {
    return undefined
  }
}
