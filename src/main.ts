import 'reflect-metadata'
import { type Running, start } from './app/compose.ts'
import { type Config, ConfigError, readConfig } from './config/env.ts'
import { seconds } from './kit/clock.ts'
import { causes } from './observability/causes.ts'
import { createLog } from './observability/log.ts'

/** Ten are promised. */
const STOP_MS = seconds(9)
/** npm passes on the Ctrl-C that the terminal has sent to us as well: one keystroke, two signals. */
const SAME_KEYSTROKE_MS = 500

const config = configured()
const log = createLog(config.logLevel)
const running = start(config, { log })
let stoppingSince: number | undefined

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(0))
process.on('uncaughtException', (error) => crash(error))
process.on('unhandledRejection', (error) => crash(error))

running.then(
  (started) => {
    if (stoppingSince === undefined) process.stdout.write(welcome(started))
  },
  (error: unknown) => {
    process.stderr.write(`${explain(error)}\n`)
    process.exit(error instanceof ConfigError ? 2 : 1)
  },
)

function stop(code: number): void {
  if (stoppingSince !== undefined) {
    if (performance.now() - stoppingSince > SAME_KEYSTROKE_MS) process.exit(1)
    return
  }
  stoppingSince = performance.now()
  setTimeout(() => {
    log.error('not stopped within 9 s')
    process.exit(1)
  }, STOP_MS).unref()
  log.info('stopping')
  void running
    .then((started) => started.stop())
    .then(
      () => process.exit(code),
      () => process.exit(1), // it could not start, which is told elsewhere
    )
}

function crash(error: unknown): void {
  log.fatal({ causes: causes(error) }, 'unexpected error outside of any request')
  if (stoppingSince === undefined) stop(1)
}

function configured(): Config {
  try {
    return readConfig(process.env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(2)
  }
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message
  const { code, port, address, message } = error as NodeJS.ErrnoException & { port?: number; address?: string }
  const variable = port === config.simulatorPort ? 'SIMULATOR_PORT' : config.roles.has('api') ? 'PORT' : 'WORKER_PORT'
  if (code === 'EADDRINUSE') return `Port ${port} of ${address} is in use: set ${variable} to a free one, or stop what uses it.`
  if (code === 'EACCES' && port !== undefined) return `Port ${port} of ${address} is not allowed to this user: set ${variable} to one above 1023.`
  log.debug({ causes: causes(error) }, 'not started')
  return `Cartage could not start: ${message || String(code ?? error)}`
}

/** On a database of one's own, what is not a terminal is a log, which others read. */
function told(adminToken: string | null, file: string): string {
  if (adminToken === null) return `as at first start; kept in ${file}`
  return config.databaseUrl === null || process.stdout.isTTY ? `${adminToken}\n              shown this once; kept in ${file}` : `an administrator's first; kept in ${file}`
}

function welcome({ urls, adminToken, consoleLink, adminTokenFile }: Running): string {
  const lines = [
    ...(consoleLink === null ? [] : [`  Console     ${consoleLink}`]),
    ...(urls.api === undefined ? [] : [`  GraphQL     ${urls.api}`]),
    ...(urls.graphiql === undefined ? [] : [`  GraphiQL    ${urls.graphiql}`]),
    ...(urls.mailbox === undefined ? [] : [`  Mailbox     ${urls.mailbox}`]),
    ...(urls.simulator === undefined ? [] : [`  Simulator   ${urls.simulator}`]),
    ...(urls.health === undefined ? [] : [`  Health      ${urls.health}/readyz`]),
    ...(urls.api === undefined ? [] : [`  Token       ${told(adminToken, adminTokenFile)}`]),
    `  Roles       ${[...config.roles].join(', ')}`,
  ]
  return `\nCartage is running. Ctrl-C stops it.\n\n${lines.join('\n')}\n\n`
}
