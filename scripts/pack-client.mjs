// `npm run client`: the client kit as a package of its own, dist/cartage-client-<version>.tgz, for front ends that install no gateway:
// `npm install ./cartage-client-0.1.0.tgz`, and `import { createClient } from 'cartage/client'` as here. `npm run build` comes first.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const root = path.join(import.meta.dirname, '..')
const { name, version, license, description, exports, dependencies } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cartage-client-'))

fs.cpSync(path.join(root, 'dist/client'), path.join(folder, 'dist/client'), { recursive: true })
fs.copyFileSync(path.join(root, 'LICENSE'), path.join(folder, 'LICENSE'))
fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({
  name, version, license, description: `Client kit: ${description}`, type: 'module', exports, sideEffects: false,
  peerDependencies: { 'graphql-ws': `^${dependencies['graphql-ws']}` },
  peerDependenciesMeta: { 'graphql-ws': { optional: true } },
}, null, 2))
const { status, stdout, stderr } = spawnSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' })
if (status !== 0) throw new Error(stderr)
const packed = path.join(root, 'dist', `${name}-client-${version}.tgz`)
fs.copyFileSync(path.join(folder, stdout.trim()), packed)
fs.rmSync(folder, { recursive: true })
console.log(path.relative(root, packed))
