import { createHash, randomBytes } from 'node:crypto'
import type { Database } from '../db/client.ts'
import { one, type Queryable, rows, run, statement } from '../db/sql.ts'
import { transaction } from '../db/transaction.ts'
import { minutes, shifted } from '../kit/clock.ts'
import { by } from './changing.ts'
import type { Actor, RoleName } from './scope.ts'

/** What every token begins with; so many characters of it are kept, to tell tokens apart by. */
const BEGINNING = 'cartage_'
const SHOWN = 12

const sha256 = (token: string): Buffer => createHash('sha256').update(token).digest()

/** What is kept of a token in plain text. */
export const prefixOf = (token: string): string => token.slice(0, SHOWN)

export interface NewApiToken {
  name: string
  role: RoleName
  /** UUIDs; null or left out: every customer's. */
  customerIds?: readonly string[] | null
  /** Null or left out: it does not expire. */
  expiresAt?: Date | null
  createdBy?: string | null
}

const insert = statement('insertApiToken', 'INSERT INTO api_tokens (name, role, prefix, sha256, customer_ids, expires_at, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id')
/** A new bearer token: returned this once, kept as a hash. */
export async function insertApiToken(on: Queryable, { name, role, customerIds = null, expiresAt = null, createdBy = null }: NewApiToken): Promise<{ id: string; token: string }> {
  const token = BEGINNING + randomBytes(24).toString('base64url')
  const { id } = (await one<{ id: string }>(on, insert, [name, role, prefixOf(token), sha256(token), customerIds, expiresAt, createdBy]))!
  return { id, token }
}

/** As insertApiToken, for those who have no token yet: whoever runs a command, or the gateway at its first start. */
export async function createApiToken({ pool }: Pick<Database, 'pool'>, name: string, role: RoleName, more: Omit<NewApiToken, 'name' | 'role'> = {}): Promise<string> {
  const author = { id: 'command-line', name: 'the command line', action: 'createApiToken' }
  return (await transaction(pool, (tx) => insertApiToken(tx, { name, role, createdBy: author.name, ...more }), by(author))).token
}

const good = 'revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $1)'

const anAdmins = statement('goodAdminToken', `SELECT 1 FROM api_tokens WHERE role = 'ADMIN' AND ${good} LIMIT 1`)
export const hasAdminToken = async ({ pool }: Pick<Database, 'pool'>, now: Date): Promise<boolean> => (await one(pool, anAdmins, [now])) !== null

const find = statement('findApiToken', `SELECT id, name, role, customer_ids, expires_at FROM api_tokens WHERE sha256 = $2 AND ${good}`)
/** Whose token it is; null for one that is unknown, revoked or expired. Looked up by hash, so timing tells nothing of a token. */
export const findActor = ({ pool }: Pick<Database, 'pool'>, token: string, now: Date): Promise<Actor | null> => one<Actor>(pool, find, [now, sha256(token)])

const touch = statement('touchApiTokens', 'UPDATE api_tokens SET last_used_at = $1 WHERE id = ANY($2::uuid[]) AND (last_used_at IS NULL OR last_used_at < $3)')
/** Notes that they were used, to the minute. */
export async function touchApiTokens({ pool }: Pick<Database, 'pool'>, ids: readonly string[], now: Date): Promise<void> {
  await run(pool, touch, [now, ids, shifted(now, -minutes(1))])
}

const live = statement('liveApiTokens', `SELECT id FROM api_tokens WHERE ${good} AND id = ANY($2::uuid[])`)
/** Which of these tokens are still good. */
export async function liveApiTokens({ pool }: Pick<Database, 'pool'>, ids: readonly string[], now: Date): Promise<Set<string>> {
  return new Set((await rows<{ id: string }>(pool, live, [now, ids])).map(({ id }) => id))
}

/** Where it is told which token was revoked; see `Revocations`. */
export const REVOKED = 'cartage_revoked'

const revoke = statement('revokeApiToken', 'UPDATE api_tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL')
const tell = statement('tellRevoked', `SELECT pg_notify('${REVOKED}', $1)`)
/** Ends a token, everywhere and at once; false where it had ended. */
export async function revokeToken(on: Queryable, id: string, now: Date): Promise<boolean> {
  if ((await run(on, revoke, [id, now])) === 0) return false
  await run(on, tell, [id])
  return true
}
