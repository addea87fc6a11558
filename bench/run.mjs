// `npm run bench -- ship-and-close`: compiles with the sources and runs as plain JavaScript, as the program itself does.
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const root = path.join(import.meta.dirname, '..')
const name = process.argv[2]
if (name === undefined) {
  console.error('Which one? See bench/ for their names.')
  process.exit(2)
}
execFileSync(process.execPath, [path.join(root, 'scripts/build.mjs')], { stdio: 'inherit' })
execFileSync(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), '-p', import.meta.dirname], { stdio: 'inherit' })
await import(pathToFileURL(path.join(root, '.cache/bench/bench', `${name}.js`)).href)
