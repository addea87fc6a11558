import { readFile } from 'node:fs/promises'
import { ConfigError } from '../config/env.ts'
import { builtIn, type ConfiguredCarriers, readCarriers } from '../shipments/carriers-file.ts'

/**
 * The carriers of CARRIERS_FILE, or the built-in ones where there is none.
 * @throws ConfigError with every problem of the file
 */
export async function loadCarriers(path: string | null): Promise<ConfiguredCarriers> {
  if (path === null) return builtIn
  const read = readCarriers(await contentOf(path))
  if ('problems' in read) throw new ConfigError(read.problems.map((problem) => `CARRIERS_FILE ${path}: ${problem}`))
  return read
}

async function contentOf(path: string): Promise<unknown> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw new ConfigError([`CARRIERS_FILE ${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`])
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new ConfigError([`CARRIERS_FILE ${path} is not JSON: ${(error as SyntaxError).message}`])
  }
}
