// `npm run codegen`: graphql-codegen by codegen.yml. `--check` fails where what stands in the repository is not what it makes.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

const root = path.join(import.meta.dirname, '..')
const kept = ['src/client/generated', 'console/generated'].flatMap((folder) => ['documents.ts', 'persisted-documents.json'].map((name) => path.join(root, folder, name)))
const read = () => kept.map((file) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null))

const before = read()
const { error, status } = spawnSync(path.join(root, 'node_modules/.bin/graphql-codegen'), ['--config', 'codegen.yml'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
if (error) throw error
const stale = process.argv.includes('--check') && read().some((text, index) => text !== before[index])
if (stale) console.error('src/client/generated or console/generated was not what the operations and the contract say: it is now; commit it')
process.exit(status || Number(stale))
