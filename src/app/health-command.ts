// `cartage health`: whether the process of this configuration lives on this machine, for whoever watches containers.
import { readConfig } from '../config/env.ts'
import { seconds } from '../kit/clock.ts'
import { causes } from '../observability/causes.ts'

const { roles, host, port, workerPort } = readConfig(process.env)
/** What listens everywhere listens here as well. */
const here = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host
const url = `http://${here.includes(':') ? `[${here}]` : here}:${roles.has('api') ? port : workerPort}/healthz`

try {
  const { status } = await fetch(url, { signal: AbortSignal.timeout(seconds(4)) })
  process.exitCode = status === 200 ? 0 : 1
  process.stdout.write(`${url}: ${status}\n`)
} catch (error) {
  process.exitCode = 1
  process.stderr.write(`${url}: ${causes(error).map(({ message, code }) => message || code).join(': ')}\n`)
}
