// `DATABASE_URL=postgresql://… node scripts/image.mjs [folder]`: the image without Docker. Takes the steps of the Dockerfile, read from the file itself,
// in empty folders; then starts what came of them on that database (an empty one, which it fills), as an unprivileged user where this one is root, asks its
// health check, its pages and its API, and stops it. What it cannot show is the base image and a container engine's own doing.
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const context = path.join(import.meta.dirname, '..')
/** `node` in the base image; here any user who owns nothing. */
const USER = { uid: 65_534, gid: 65_534 }
const [API_PORT, WORKER_PORT] = [4790, 4791]

if (!process.env.DATABASE_URL) throw new Error('DATABASE_URL must name an empty database of a real PostgreSQL')
const out = path.resolve(process.argv[2] ?? fs.mkdtempSync(path.join(os.tmpdir(), 'cartage-image-')))
const ignored = readIgnored(fs.readFileSync(path.join(context, '.dockerignore'), 'utf8'))
const stages = new Map()
const image = build(parse(fs.readFileSync(path.join(context, 'Dockerfile'), 'utf8')))
fs.chmodSync(out, 0o755)
console.log(`${image.root}: ${megabytes(image.root)} MB, of which ${megabytes(path.join(image.root, image.workdir, 'node_modules'))} MB of packages`)
await tryOut(image)

/** Instructions, with those that are continued on one line. */
function parse(text) {
  const lines = text.replaceAll(/^\s*#.*$/gm, '').replaceAll(/\\\n/g, ' ').split('\n').map((line) => line.trim()).filter((line) => line !== '')
  return lines.map((line) => {
    const [, name, rest] = /^(\w+)\s+(.*)$/.exec(line)
    return { name: name.toUpperCase(), rest }
  })
}

function build(instructions) {
  let stage
  for (const { name, rest } of instructions) {
    if (name !== 'FROM') console.log(`> ${name} ${rest}`)
    if (name === 'FROM') {
      const as = / AS (\S+)$/i.exec(rest)?.[1] ?? 'image'
      stage = { root: path.join(out, as), workdir: '/', env: {}, owned: [] }
      fs.mkdirSync(stage.root, { recursive: true })
      if (fs.readdirSync(stage.root).length > 0) throw new Error(`${stage.root} is not empty`)
      stages.set(as, stage)
    } else if (name === 'WORKDIR') fs.mkdirSync(within(stage, (stage.workdir = path.posix.resolve(stage.workdir, rest))), { recursive: true })
    else if (name === 'ENV') for (const [, key, value] of rest.matchAll(/(\w+)=(\S+)/g)) stage.env[key] = value
    else if (name === 'COPY') copy(stage, rest.split(/\s+/))
    else if (name === 'RUN') run(stage, rest)
    else if (name === 'HEALTHCHECK') stage.health = JSON.parse(/CMD (\[.*\])$/.exec(rest)[1])
    else if (name === 'ENTRYPOINT') stage.entrypoint = JSON.parse(rest)
    else if (name === 'CMD') stage.command = JSON.parse(rest)
    else if (name === 'USER') stage.user = rest
    else if (!['VOLUME', 'EXPOSE'].includes(name)) throw new Error(`${name} is not known here`)
  }
  return stage
}

function within(stage, folder) {
  return path.join(stage.root, path.posix.resolve(stage.workdir, folder))
}

function copy(stage, words) {
  const flags = Object.fromEntries(words.filter((word) => word.startsWith('--')).map((word) => word.slice(2).split('=')))
  const paths = words.filter((word) => !word.startsWith('--'))
  const to = paths.pop()
  for (const from of paths) {
    const source = flags.from === undefined ? path.join(context, from) : within(stages.get(flags.from), from)
    const isFolder = fs.statSync(source).isDirectory() // throws where there is none, as Docker does
    const target = isFolder || !to.endsWith('/') ? within(stage, to) : path.join(within(stage, to), path.basename(from))
    const wanted = (file) => flags.from !== undefined || file === source || !ignored(path.relative(context, file))
    if (flags.from === undefined && ignored(from)) throw new Error(`${from} is left out by .dockerignore`)
    fs.cpSync(source, target, { recursive: true, filter: wanted, verbatimSymlinks: true })
    if (flags.chown !== undefined) stage.owned.push(target)
  }
}

function run(stage, command) {
  const { status } = spawnSync('/bin/sh', ['-c', command], { cwd: within(stage, '.'), env: { PATH: process.env.PATH, HOME: process.env.HOME, ...stage.env }, stdio: ['ignore', 'inherit', 'inherit'] })
  if (status !== 0) throw new Error(`ended with ${status}: ${command}`)
}

/** As Docker reads it: the last line that fits counts, for a path or for a folder above it. */
function readIgnored(text) {
  const lines = text.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
  const rules = lines.map((line) => {
    const pattern = line.replace(/^!/, '').replaceAll(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('**', '\0').replaceAll('*', '[^/]*').replaceAll('\0', '.*')
    return { ignores: !line.startsWith('!'), fits: new RegExp(`^${pattern}(?:/.*)?$`) }
  })
  return (file) => rules.findLast(({ fits }) => fits.test(file))?.ignores ?? false
}

function megabytes(folder) {
  return Math.round(Number(spawnSync('du', ['-sk', folder], { encoding: 'utf8' }).stdout.split('\t')[0]) / 1024)
}

async function tryOut({ root, workdir, env, health, entrypoint, command, user, owned }) {
  if (user === undefined || user === 'root') throw new Error('the image runs as root')
  const isRoot = process.getuid() === 0
  if (isRoot) for (const folder of owned) spawnSync('chown', ['-R', `${USER.uid}:${USER.gid}`, folder])
  const cwd = path.join(root, workdir)
  const own = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value.startsWith('/') ? path.join(root, value) : value]))
  const environment = { PATH: process.env.PATH, ...own, DATABASE_URL: process.env.DATABASE_URL, ENCRYPTION_KEY: process.env.ENCRYPTION_KEY ?? randomBytes(32).toString('base64'), PORT: String(API_PORT), WORKER_PORT: String(WORKER_PORT) }
  const start = ([program, ...args], more = {}) => spawn(program, args, { cwd, env: { ...environment, ...more }, stdio: ['ignore', 'pipe', 'inherit'], ...(isRoot ? USER : {}) })
  const ended = async (child) => (await once(child, 'close'))[0]
  const succeeds = async (words, more) => {
    const code = await ended(start(words, more))
    if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}`)
    console.log(`ok: ${words.slice(-2).join(' ')}`)
  }

  await succeeds([...entrypoint, 'migrate'])
  for (const role of ['api', 'worker']) {
    const gateway = start([...entrypoint, ...command], { CARTAGE_ROLES: role })
    let output = ''
    const running = new Promise((resolve, reject) => {
      gateway.stdout.on('data', (chunk) => {
        output += chunk
        if (output.includes('Cartage is running')) resolve()
      })
      gateway.once('close', (code) => reject(new Error(`the ${role} ended with ${code}: ${output}`)))
    })
    try {
      await running
      await succeeds(health, { CARTAGE_ROLES: role })
      const at = `http://127.0.0.1:${role === 'api' ? API_PORT : WORKER_PORT}`
      await answers(`${at}/readyz`, 200, 'ready')
      await answers(`${at}/metrics`, 200, 'cartage_build_info')
      if (role === 'api') {
        await answers(at, 200, '<title>')
        const token = /Token +(\S+)/.exec(output)?.[1]
        await answers(`${at}/graphql?query={viewer{name}warehouses{id}}`, 200, '"warehouses":[]', { authorization: `Bearer ${token}`, 'apollo-require-preflight': '1' })
      }
    } finally {
      const since = performance.now()
      gateway.kill('SIGTERM')
      const code = gateway.exitCode ?? (await ended(gateway))
      console.log(`ok: the ${role} stopped with ${code} within ${Math.round(performance.now() - since)} ms`)
    }
  }
  await succeeds([...entrypoint, 'verify'])
}

async function answers(url, status, words, headers = {}) {
  const response = await fetch(url, { headers })
  const text = await response.text()
  if (response.status !== status || !text.includes(words)) throw new Error(`${url}: ${response.status} ${text.slice(0, 300)}`)
  console.log(`ok: ${new URL(url).pathname} answers ${status}`)
}
