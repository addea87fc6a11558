import { type Config, ConfigError, readConfig } from '../config/env.ts'
import type { Database } from '../db/client.ts'
import { causes } from '../observability/causes.ts'
import { createLog, type Log } from '../observability/log.ts'
import { makeDataFolder } from './data-folder.ts'
import { openConfiguredDatabase } from './open-database.ts'

/** What a command is handed: the database of this configuration, open and migrated. */
export interface Command {
  config: Config
  db: Database
  log: Log
}

/** Why a command did nothing, in words for an operator. */
export class Declined extends Error {}

/**
 * Runs a command of the terminal to its end beside a gateway that may be running, and prints what it answers. The exit code is 0 where it
 * was done, 1 where it was not, and 2 where the configuration has a problem.
 */
export async function runCommand(work: (command: Command) => Promise<string>): Promise<void> {
  const stops: (() => Promise<void>)[] = []
  try {
    const config = readConfig(process.env)
    const log = createLog('warn')
    await makeDataFolder(config.dataDir)
    const db = await openConfiguredDatabase(config, log, stops)
    process.stdout.write(`${await work({ config, db, log })}\n`)
  } catch (error) {
    process.exitCode = error instanceof ConfigError ? 2 : 1
    process.stderr.write(`${error instanceof ConfigError || error instanceof Declined ? error.message : `Not done: ${causes(error).map(({ message, code }) => message || code).join(': ')}`}\n`)
  } finally {
    for (const stop of stops.reverse()) await stop().catch((error: unknown) => process.stderr.write(`${String(error)}\n`))
  }
}
