// Emits the table of permissions for people: `--write` writes docs/permissions.md, `--check` fails where that file is not what the code says.
import { readFile, writeFile } from 'node:fs/promises'
import { permissions, roleNames } from '../dist/auth/permissions.js'

const file = new URL('../docs/permissions.md', import.meta.url)
const cell = (roles, role) => (roles.includes(role) ? 'yes' : '')
const row = (cells) => `| ${cells.join(' | ')} |`
const table = [
  row(['may', ...roleNames]), row(['---', ...roleNames.map(() => ':-:')]),
  ...Object.values(permissions).map(({ what, roles }) => row([what, ...roleNames.map((role) => cell(roles, role))])),
].join('\n')
const mutations = [
  row(['mutation', ...roleNames]), row(['---', ...roleNames.map(() => ':-:')]),
  ...Object.values(permissions).flatMap(({ roles, covers }) => covers.filter((one) => one.startsWith('Mutation.')).map((one) => [one.slice('Mutation.'.length), roles])).sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, roles]) => row([`\`${name}\``, ...roleNames.map((role) => cell(roles, role))])),
].join('\n')
const fields = Object.values(permissions).filter(({ roles }) => roles.length < roleNames.length).flatMap(({ roles, covers }) =>
  covers.filter((one) => !one.startsWith('Mutation.')).map((one) => `- \`${one}\`: ${roles.join(', ')}`)).sort().join('\n')
const emitted = `# Who may do what

Emitted from src/auth/permissions.ts by \`npm run generate\`: change it there.

${table}

A CUSTOMER's access is bound to customers, a VIEWER's may be: they then see and change the rows of those customers alone, whatever they ask for. What is another's looks
like what does not exist. ADMIN and OPERATOR see every customer.

An operation that uses a field that its caller's role may not use is refused as a whole, with an error \`FORBIDDEN\` for each such field, before anything of it runs.
\`supportedActions\` of orders and connections answer for the role that asks.

## Mutations

${mutations}

## Fields and types that are not for every role

${fields}
`
if (process.argv.includes('--write')) await writeFile(file, emitted)
else if ((await readFile(file, 'utf8').catch(() => '')) !== emitted) {
  console.error('docs/permissions.md is not what the code says: npm run generate')
  process.exit(1)
}
