// dependency-cruiser's command line, which reads .tsx as well: it asks swc for TypeScript, and never says that a file has JSX.
import { createRequire } from 'node:module'
import path from 'node:path'

const root = path.join(import.meta.dirname, '..')
const swc = createRequire(import.meta.url)('@swc/core')
const { parseFileSync } = swc
swc.parseFileSync = (file, options) => parseFileSync(file, { ...options, tsx: file.endsWith('.tsx') })
await import(path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'))
