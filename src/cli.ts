#!/usr/bin/env node
// `cartage <command>`: everything that the npm scripts do, for those who installed it.
import { version } from './kit/version.ts'

interface Command {
  what: string
  args?: string
  /** Answers --help by itself. */
  helps?: true
  run: () => Promise<unknown>
}

const commands: Readonly<Record<string, Command>> = {
  start: { what: 'runs the gateway: the roles of CARTAGE_ROLES', run: () => import('./main.ts') },
  migrate: { what: 'applies what migrations the database lacks', run: () => import('./app/migrate.ts') },
  seed: { what: 'puts the demonstration into an empty database', run: () => import('./app/seed.ts') },
  token: { what: "makes one more administrator's token, and shows it once", args: '[name]', run: () => import('./app/token.ts') },
  verify: { what: 'tells whether the database contradicts itself', run: () => import('./app/verify-command.ts') },
  health: { what: 'tells whether the gateway of this configuration lives, on this machine', run: () => import('./app/health-command.ts') },
  'rotate-keys': { what: 'seals everything anew under the first key of ENCRYPTION_KEY', run: () => import('./app/keys-rotate.ts') },
  'privacy-report': { what: "tells where buyers' personal data stands, and whether any is overdue", run: () => import('./app/privacy-report.ts') },
  simulator: { what: 'plays an offline Amazon', args: '[options]', helps: true, run: () => import('./marketplaces/amazon/simulator/main.ts') },
}

const width = Math.max(...Object.keys(commands).map((name) => name.length))
const usage = `cartage ${version}: a GraphQL gateway between merchants' marketplace accounts and a warehouse

Usage: cartage <command>

${Object.entries(commands).map(([name, { what }]) => `  ${name.padEnd(width)}  ${what}`).join('\n')}

It is configured by environment variables: see README.md. A command ends with 0 where it was done, 1 where it was not, 2 where the configuration has a problem.
"cartage <command> --help" tells of one, "cartage --version" which version this is.
`

const asksForHelp = (word: string | undefined): boolean => word !== undefined && ['help', '--help', '-h'].includes(word)

const [name = 'help', first] = process.argv.slice(2)
if (asksForHelp(name)) process.stdout.write(usage)
else if (['version', '--version', '-v'].includes(name)) process.stdout.write(`${version}\n`)
else if (Object.hasOwn(commands, name)) {
  const { what, args = '', helps, run } = commands[name]!
  process.argv.splice(2, 1) // a command reads its own arguments
  if (asksForHelp(first) && helps === undefined) process.stdout.write(`Usage: cartage ${name} ${args}`.trimEnd() + `\n\n${what[0]!.toUpperCase()}${what.slice(1)}.\n`)
  else await run()
} else {
  process.stderr.write(`There is no command ${JSON.stringify(name)}.\n\n${usage}`)
  process.exitCode = 2
}
