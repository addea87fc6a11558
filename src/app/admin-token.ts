import { createApiToken, findActor, hasAdminToken } from '../auth/api-tokens.ts'
import type { Database } from '../db/client.ts'
import { run, statement } from '../db/sql.ts'
import { transaction } from '../db/transaction.ts'
import { readSecret, writeSecret } from './data-folder.ts'

const lock = statement('lockAdminToken', 'SELECT pg_advisory_xact_lock(72707370)')

/**
 * The first administrator's token: made when the database knows none, and kept in `file`. A folder that has its database to itself
 * gets a new one also where the file was lost, as nobody else could make one.
 */
export async function adminToken(db: Database, file: string, embedded: boolean): Promise<{ token: string | null; made: boolean }> {
  return transaction(db.pool, async (tx) => {
    await run(tx, lock) // several processes start at once
    const kept = await readSecret(file)
    if (kept !== null && (await findActor(db, kept, new Date()))?.role === 'ADMIN') return { token: kept, made: false }
    if (!embedded && (await hasAdminToken(db, new Date()))) return { token: null, made: false }
    const token = await createApiToken(db, 'administrator', 'ADMIN')
    await writeSecret(file, token)
    return { token, made: true }
  })
}
