// Emits the contract: `--write` writes schema/schema.graphql, `--check` fails where that file is not what the code says.
import { readFile, writeFile } from 'node:fs/promises'
import { lexicographicSortSchema, printSchema } from 'graphql'
import { createContract } from '../dist/app/contract.js'
import { Channels } from '../dist/marketplaces/registry.js'

const file = new URL('../schema/schema.graphql', import.meta.url)
const schema = await createContract({ channels: new Channels([]), sealer: null, onboarding: { rules: {} } })
const emitted = `# Emitted from the code by \`npm run generate\`: change it there.\n\n${printSchema(lexicographicSortSchema(schema))}\n`

if (process.argv.includes('--write')) await writeFile(file, emitted)
else if ((await readFile(file, 'utf8').catch(() => '')) !== emitted) {
  console.error('schema/schema.graphql is not what the code says: npm run generate')
  process.exit(1)
}
