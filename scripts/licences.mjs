// The licences of what the gateway is installed with: each package names one that allows what MIT allows. Part of `npm test`.
import fs from 'node:fs'
import path from 'node:path'

const root = path.join(import.meta.dirname, '..')
/** By their SPDX identifiers. None obliges those who run the gateway, or change it, to more than naming its authors. */
const allowed = new Set(['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', 'Unlicense', 'CC0-1.0', 'Python-2.0', 'PostgreSQL', 'Zlib'])
/** Those that name none of these in their package.json, as somebody found by looking. Another version is looked at anew. */
const lookedAt = {
  'dejavu-fonts-ttf@2.37.3': 'Bitstream-Vera', // fonts, which may be embedded and handed on with software
  'png-js@2.0.0': 'MIT', // its LICENSE
  'spdx-exceptions@2.5.0': 'CC-BY-3.0', // a list of names, with its author's
}

const { packages } = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8'))
const problems = []
const counts = new Map()
for (const [folder, { dev, devOptional, optional, name, version }] of Object.entries(packages)) {
  if (folder === '' || dev || devOptional) continue
  const manifest = path.join(root, folder, 'package.json')
  if (!fs.existsSync(manifest)) {
    if (!optional) problems.push(`${folder} is not installed: npm ci`)
    continue // of another platform
  }
  const said = JSON.parse(fs.readFileSync(manifest, 'utf8'))
  const id = `${name ?? said.name}@${version}`
  const licence = lookedAt[id] ?? licenceOf(said)
  counts.set(licence, (counts.get(licence) ?? 0) + 1)
  if (lookedAt[id] === undefined && !isAllowed(licence)) problems.push(`${id}: ${licence ?? 'names no licence'}`)
}

console.log([...counts].sort(([, one], [, other]) => other - one).map(([licence, count]) => `${count} ${licence}`).join(', '))
for (const problem of problems) console.error(problem)
process.exit(problems.length === 0 ? 0 : 1)

function licenceOf({ license, licenses }) {
  if (typeof license === 'string') return license
  return license?.type ?? licenses?.map(({ type }) => type).join(' OR ')
}

/** Of several with OR between, one is enough; with AND, all count. */
function isAllowed(expression) {
  if (expression === undefined) return false
  return expression.replaceAll(/[()]/g, '').split(/ OR /).some((one) => one.split(/ AND /).every((licence) => allowed.has(licence.trim())))
}
