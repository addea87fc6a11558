#!/usr/bin/env node
// `cartage <command>`: everything that the npm scripts do, for those who installed it.
import { readFileSync } from 'node:fs'

interface Command {
  what: string
  run: () => Promise<unknown>
}

const commands: Readonly<Record<string, Command>> = {
  start: { what: 'runs the gateway: the roles of CARTAGE_ROLES', run: () => import('./main.ts') },
  migrate: { what: 'applies what migrations the database lacks', run: () => import('./app/migrate.ts') },
  seed: { what: 'puts the demonstration into an empty database', run: () => import('./app/seed.ts') },
  token: { what: "[name]: one more administrator's token", run: () => import('./app/token.ts') },
  verify: { what: 'whether the database contradicts itself', run: () => import('./app/verify-command.ts') },
  'rotate-keys': { what: 'seals everything anew under the first key of ENCRYPTION_KEY', run: () => import('./app/keys-rotate.ts') },
  'privacy-report': { what: "where buyers' personal data stands, and whether any is overdue", run: () => import('./app/privacy-report.ts') },
  simulator: { what: '[options]: an offline Amazon; --help has its options', run: () => import('./marketplaces/amazon/simulator/main.ts') },
}

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
const width = Math.max(...Object.keys(commands).map((name) => name.length))
const usage = `cartage ${version}: a GraphQL gateway between merchants' marketplace accounts and a warehouse

Usage: cartage <command>

${Object.entries(commands).map(([name, { what }]) => `  ${name.padEnd(width)}  ${what}`).join('\n')}

It is configured by environment variables: see README.md. A command ends with 0 where it was done, 1 where it was not, 2 where the configuration has a problem.
`

const name = process.argv[2] ?? 'help'
if (['help', '--help', '-h'].includes(name)) process.stdout.write(usage)
else if (['version', '--version', '-v'].includes(name)) process.stdout.write(`${version}\n`)
else if (Object.hasOwn(commands, name)) {
  process.argv.splice(2, 1) // a command reads its own arguments
  await commands[name]!.run()
} else {
  process.stderr.write(`There is no command ${JSON.stringify(name)}.\n\n${usage}`)
  process.exitCode = 2
}
