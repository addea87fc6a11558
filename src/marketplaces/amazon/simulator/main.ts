// The simulator as a process of its own: no database, no gateway.
import { createLog } from '../../../observability/log.ts'
import { readOptions, usage } from './options.ts'
import { demoSellers } from './demo-sellers.ts'
import { startSimulator } from './server.ts'

try {
  const options = readOptions(process.argv.slice(2), process.env)
  if (options === 'help') process.stdout.write(usage)
  else {
    const simulator = await startSimulator({ ...options, log: createLog(process.env.LOG_LEVEL || 'info') })
    const sellers = demoSellers.map(({ merchantId, name, refreshToken }) => `  ${merchantId}   ${name}, refresh token ${refreshToken}`)
    process.stdout.write(`\nAn offline Amazon at ${simulator.url}: open it for what it serves. Ctrl-C stops it.\n\n${sellers.join('\n')}\n\n`)
    const stop = () => void simulator.stop()
    process.once('SIGINT', stop)
    process.once('SIGTERM', stop)
  }
} catch (error) {
  process.stderr.write(`The simulator did not start: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
