// What the simulator's own process is told: flags before the environment, the environment before what is usual.
import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { SimulatorOptions } from './server.ts'

export const usage = `Usage: npm run simulator -- [flags]

  --host <address>      where it listens (SIMULATOR_HOST, 127.0.0.1)
  --port <number>       0: any free one (SIMULATOR_PORT, 4010)
  --seed <number>       the same seed invents the same sellers' past and the same buyers (SIMULATOR_SEED, 1)
  --buying-ms <number>  somebody buys every so many milliseconds; 0: nobody (SIMULATOR_BUYING_MS, 4000)
  --empty               no past, and nobody buys (SIMULATOR_EMPTY=true)
  --help                prints this
`

const whole = (name: string, least: number, most: number) =>
  z.coerce
    .number()
    .int()
    .min(least)
    .max(most)
    .catch(() => {
      throw new Error(`${name} must be a whole number from ${least} to ${most}`)
    })

/** 'help' where that was asked for. @throws Error in words for what it cannot read. */
export function readOptions(args: readonly string[], env: Record<string, string | undefined>): SimulatorOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      host: { type: 'string' },
      port: { type: 'string' },
      seed: { type: 'string' },
      'buying-ms': { type: 'string' },
      empty: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  if (values.help === true) return 'help'
  const either = (flag: string | undefined, variable: string, usual: string): string => flag ?? (env[variable] || usual)
  const everyMs = whole('--buying-ms', 0, 86_400_000).parse(either(values['buying-ms'], 'SIMULATOR_BUYING_MS', '4000'))
  const empty = values.empty ?? env.SIMULATOR_EMPTY === 'true'
  return {
    host: either(values.host, 'SIMULATOR_HOST', '127.0.0.1'),
    port: whole('--port', 0, 65_535).parse(either(values.port, 'SIMULATOR_PORT', '4010')),
    seed: whole('--seed', 0, 4_294_967_295).parse(either(values.seed, 'SIMULATOR_SEED', '1')),
    buying: empty || everyMs === 0 ? null : { everyMs: Math.max(10, everyMs) },
    past: !empty,
  }
}
