#!/usr/bin/env node
/**
 * Prisma's CLI drives its schema engine, a program that it would download, by JSON-RPC over stdin and stdout, one message a line.
 * This is the same engine from npm, as WebAssembly, behind that protocol: `prisma migrate` works without a download.
 * Errors bear Prisma's own codes (https://www.prisma.io/docs/orm/reference/error-reference).
 */
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { randomUUID } from 'node:crypto'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import pg from 'pg'

const PG_CHAR = 18 // the oid of "char", with the quotes
const argv = process.argv.slice(2)
const connection = connectionOf(JSON.parse(argv[argv.indexOf('--datasource') + 1]).url)

/** The URL in parts, so that a database beside the one it names can be reached. */
function connectionOf(url) {
  const { host, port, user, password, database, ssl } = new pg.Client(url).connectionParameters
  return { host, port, user, password, database, ssl }
}

async function answerOnce(command) {
  try {
    if (command === 'can-connect-to-database') {
      await withClient(connection, () => {})
    } else if (command === 'create-database' || command === 'drop-database') {
      const verb = command === 'create-database' ? 'CREATE' : 'DROP'
      const name = pg.escapeIdentifier(connection.database)
      await withClient({ ...connection, database: 'postgres' }, (client) => client.query(`${verb} DATABASE ${name}`))
    } else {
      throw new Error(`the schema engine knows no command "${command}"`)
    }
  } catch (error) {
    const code = { '3D000': 'P1003', '28P01': 'P1000', '42P04': 'P1009' }[error.code] ?? 'P1001'
    const fields = { message: error.message, is_panic: false, error_code: code }
    const entry = { level: 'ERROR', target: 'schema_engine::logger', timestamp: new Date().toISOString(), fields }
    process.stderr.write(`{}\n${JSON.stringify(entry)}`) // the CLI reads the last line alone
    process.exitCode = 1
  }
}

async function withClient(config, work) {
  const client = new pg.Client(config)
  try {
    await client.connect()
    await work(client)
  } finally {
    await client.end()
  }
}

async function serve() {
  const { SchemaEngine } = await loadEngine()
  const factory = bindMigrationAwareSqlAdapterFactory(new Adapter(connection))
  let engine
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, method, params } = JSON.parse(line)
    if (method === undefined) continue // the CLI's receipt for a `print` of ours
    try {
      engine ??= await SchemaEngine.new({ datamodels: datamodelsOf(params) }, () => {}, factory)
      const result = (method === 'getDatabaseVersion' ? await engine.version(params) : await engine[method](params)) ?? null
      if (typeof result?.stdout === 'string') { // the program has the CLI print the text of a `diff`; the WebAssembly returns it
        send({ id: 1, method: 'print', params: { content: result.stdout } })
        result.stdout = null
      }
      send({ id, result })
    } catch (error) {
      const data = { is_panic: false, message: error.message, meta: error.meta ?? null, error_code: error.code }
      send({ id, error: { code: 4466, message: error.message, data } })
    }
  }
  process.exit(0) // the adapter keeps connections open
}

function send(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
}

function datamodelsOf(params) {
  return (params?.schema ?? params?.to ?? params)?.files?.map(({ path, content }) => [path, content])
}

// The package's own entry imports the .wasm file as a module, which Node 20 cannot.
async function loadEngine() {
  globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => process.stderr.write(`${message}\n`) }
  const directory = new URL('.', import.meta.resolve('@prisma/schema-engine-wasm'))
  const bindings = await import(new URL('schema_engine_bg.js', directory))
  const module = new WebAssembly.Module(await readFile(new URL('schema_engine_bg.wasm', directory)))
  const instance = new WebAssembly.Instance(module, { './schema_engine_bg.js': bindings })
  bindings.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
  return bindings
}

/** adapter-pg, mended where it does not yet serve the schema engine. */
class Adapter extends PrismaPg {
  async connect() {
    return mended(await super.connect())
  }

  // Its own makes no shadow database when given an address, but takes the main one for it.
  async connectToShadowDb() {
    const database = `prisma_migrate_shadow_db_${randomUUID()}`
    const main = await this.connect()
    await main.executeScript(`CREATE DATABASE "${database}"`)
    const shadow = mended(await new PrismaPg({ ...connection, database }).connect())
    const dispose = shadow.dispose.bind(shadow)
    shadow.dispose = async () => {
      await dispose()
      await main.executeScript(`DROP DATABASE "${database}" WITH (FORCE)`)
      await main.dispose()
    }
    return shadow
  }
}

function mended(adapter) {
  // Its own splits a script at every semicolon, also within the body of a function.
  adapter.executeScript = async (script) => {
    try {
      await adapter.underlyingDriver().query(script)
    } catch (error) {
      adapter.onError(error) // rethrows it in the form that the engine expects
    }
  }
  // Its own refuses columns of the type "char", which the engine's questions to the catalogue return (prisma/orm issue 27403).
  const { queryRaw } = adapter
  adapter.queryRaw = async (query) => {
    const raw = await adapter.performIO(query)
    const char = raw.fields.map((field) => field.dataTypeID === PG_CHAR)
    for (const [index, field] of raw.fields.entries()) if (char[index]) field.dataTypeID = pg.types.builtins.TEXT
    const result = await queryRaw.call(Object.create(adapter, { performIO: { value: async () => raw } }), query)
    result.columnTypes = result.columnTypes.map((type, index) => (char[index] ? ColumnTypeEnum.Character : type))
    return result
  }
  return adapter
}

if (argv.includes('cli')) await answerOnce(argv.at(-1))
else await serve()
