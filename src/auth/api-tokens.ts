import { createHash, randomBytes } from 'node:crypto'
import type { Database } from '../db/client.ts'
import { minutes, shifted } from '../kit/clock.ts'
import type { Actor, RoleName } from './scope.ts'

const sha256 = (token: string): Buffer<ArrayBuffer> => createHash('sha256').update(token).digest()

/** Neither revoked nor expired. */
const good = (now: Date) => ({ revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] })

/** A new bearer token: returned this once, kept as a hash. */
export async function createApiToken({ prisma }: Database, name: string, role: RoleName): Promise<string> {
  const token = `cartage_${randomBytes(24).toString('base64url')}`
  await prisma.apiToken.create({ data: { name, role, prefix: token.slice(0, 12), sha256: sha256(token) } })
  return token
}

export async function hasAdminToken({ prisma }: Database): Promise<boolean> {
  return (await prisma.apiToken.findFirst({ where: { role: 'ADMIN', ...good(new Date()) }, select: { id: true } })) !== null
}

/** Whose token it is; null for one that is unknown, revoked or expired. Looked up by hash, so timing tells nothing of a token. */
export async function findActor({ prisma }: Database, token: string): Promise<Actor | null> {
  return prisma.apiToken.findFirst({ where: { sha256: sha256(token), ...good(new Date()) }, select: { id: true, name: true, role: true } })
}

/** Notes that they were used, to the minute. */
export async function touchApiTokens({ prisma }: Database, ids: readonly string[]): Promise<void> {
  const now = new Date()
  await prisma.apiToken.updateMany({
    where: { id: { in: [...ids] }, OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: shifted(now, -minutes(1)) } }] },
    data: { lastUsedAt: now },
  })
}

/** Which of these tokens are still good. */
export async function liveApiTokens({ prisma }: Database, ids: readonly string[]): Promise<Set<string>> {
  const live = await prisma.apiToken.findMany({ where: { id: { in: [...ids] }, ...good(new Date()) }, select: { id: true } })
  return new Set(live.map((row) => row.id))
}
