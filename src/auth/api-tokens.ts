import { createHash, randomBytes } from 'node:crypto'
import type { Database } from '../db/client.ts'
import { one, rows, run, statement } from '../db/sql.ts'
import type { Actor, RoleName } from './scope.ts'

const sha256 = (token: string): Buffer => createHash('sha256').update(token).digest()

const insert = statement('insertApiToken', 'INSERT INTO api_tokens (name, role, prefix, sha256) VALUES ($1, $2, $3, $4) RETURNING id')

/** A new bearer token: returned this once, kept as a hash. */
export async function createApiToken({ pool }: Database, name: string, role: RoleName): Promise<string> {
  const token = `cartage_${randomBytes(24).toString('base64url')}`
  await one(pool, insert, [name, role, token.slice(0, 12), sha256(token)])
  return token
}

const anyAdmin = statement('anyAdminToken', `SELECT 1 FROM api_tokens WHERE role = 'ADMIN' AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()) LIMIT 1`)
export async function hasAdminToken({ pool }: Database): Promise<boolean> {
  return (await one(pool, anyAdmin)) !== null
}

const find = statement('findApiToken', 'SELECT id, name, role FROM api_tokens WHERE sha256 = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())')

/** Whose token it is; null for one that is unknown, revoked or expired. Looked up by hash, so timing tells nothing of a token. */
export async function findActor({ pool }: Database, token: string): Promise<Actor | null> {
  return one<Actor>(pool, find, [sha256(token)])
}

const touch = statement('touchApiTokens', `UPDATE api_tokens SET last_used_at = now() WHERE id = ANY($1::uuid[]) AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`)
export async function touchApiTokens({ pool }: Database, ids: readonly string[]): Promise<void> {
  await run(pool, touch, [ids])
}

const live = statement('liveApiTokens', 'SELECT id FROM api_tokens WHERE id = ANY($1::uuid[]) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())')
/** Which of these tokens are still good. */
export async function liveApiTokens({ pool }: Database, ids: readonly string[]): Promise<Set<string>> {
  return new Set((await rows<{ id: string }>(pool, live, [ids])).map((row) => row.id))
}
