// Secrets that a process keeps for itself, in files that only its user may read.
import { randomBytes, randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** The data folder, made where missing. Nobody else's to read. */
export async function makeDataFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
}

/** The key under which this folder's secrets are sealed; made at first start. */
export async function encryptionKey(folder: string): Promise<Uint8Array> {
  const file = path.join(folder, 'encryption-key')
  const kept = await readSecret(file)
  if (kept === null) await createSecret(file, randomBytes(32).toString('base64'))
  const key = Buffer.from(kept ?? (await readSecret(file)) ?? '', 'base64')
  if (key.length !== 32) throw new Error(`${file} is not a key of 32 bytes in base64: what it sealed cannot be opened without it`)
  return key
}

/** Null where there is no such file. */
export async function readSecret(file: string): Promise<string | null> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** Mode 0600. Whole or not at all. */
export async function writeSecret(file: string, secret: string): Promise<void> {
  const fresh = `${file}.${randomUUID()}`
  await writeFile(fresh, `${secret}\n`, { mode: 0o600 })
  await rename(fresh, file)
}

/** As writeSecret, but what another process has made meanwhile stays. */
async function createSecret(file: string, secret: string): Promise<void> {
  const fresh = `${file}.${randomUUID()}`
  await writeFile(fresh, `${secret}\n`, { mode: 0o600 })
  try {
    await link(fresh, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(fresh)
  }
}
