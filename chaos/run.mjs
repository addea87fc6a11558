// `npm run chaos`: compiles with the sources and runs as plain JavaScript, as the program itself does.
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const root = path.join(import.meta.dirname, '..')
process.chdir(root)
execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' })
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'chaos'], { stdio: 'inherit' })
await import(pathToFileURL(path.join(root, '.cache/chaos/chaos/main.js')).href)
