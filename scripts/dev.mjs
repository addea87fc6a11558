// `npm run dev`: compiles on change, and restarts the server on what was compiled.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'

const root = path.join(import.meta.dirname, '..')
const tsc = path.join(root, 'node_modules/typescript/bin/tsc')

// With errors in the types as well: the watcher shows them, and goes on when they are mended.
spawnSync(process.execPath, [path.join(root, 'scripts/build.mjs')], { cwd: root, stdio: 'inherit' })
if (!existsSync(path.join(root, 'dist/main.js'))) process.exit(1)

const children = [
  [tsc, '-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput'],
  ['--watch', '--watch-preserve-output', '--enable-source-maps', 'dist/main.js'],
].map((args) => spawn(process.execPath, args, { cwd: root, stdio: 'inherit', detached: true }))

// To the whole group: tsc is a wrapper that passes no signal on to the compiler. Node's watcher passes SIGTERM on, and waits.
function stop(signal) {
  for (const child of children) {
    try {
      process.kill(-child.pid, signal)
    } catch {
      // its group is gone
    }
  }
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop('SIGTERM'))
for (const child of children) child.on('exit', () => stop('SIGTERM'))
