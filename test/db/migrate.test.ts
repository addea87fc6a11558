import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { migrate } from '../../src/db/migrate.ts'
import { createDatabase } from '../support/database.ts'
import { soon } from '../support/soon.ts'

const root = path.join(import.meta.dirname, '../..')
const ours = path.join(root, 'prisma/migrations')

/** A folder of migrations, and a schema of its own for their tables and books. */
async function stage(migrations: Record<string, string>): Promise<{ pool: pg.Pool; directory: string; write: (name: string, sql: string) => Promise<void> }> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'cartage-migrations-'))
  const database = await createDatabase()
  const schema = `stage_${randomBytes(4).toString('hex')}`
  const pool = new pg.Pool({ ...database.config, options: `-c search_path=${schema}` })
  await pool.query(`CREATE SCHEMA ${schema}`)
  onTestFinished(async () => {
    await pool.end()
    await database.drop()
    await rm(directory, { recursive: true })
  })
  async function write(name: string, sql: string): Promise<void> {
    await mkdir(path.join(directory, name), { recursive: true })
    await writeFile(path.join(directory, name, 'migration.sql'), sql)
  }
  for (const [name, sql] of Object.entries(migrations)) await write(name, sql)
  return { pool, directory, write }
}

test('applies what is new, in the order of the names, functions and all', async () => {
  const { pool, directory, write } = await stage({
    '2_second': "CREATE FUNCTION two() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 2; END; $$; INSERT INTO first VALUES (two());",
    '1_first': 'CREATE TABLE first (n int);',
  })
  const lines: string[] = []
  expect(await migrate(pool, directory, (line) => lines.push(line))).toEqual(['1_first', '2_second'])
  expect(lines).toHaveLength(2)
  expect(await migrate(pool, directory)).toEqual([])
  await write('3_third', 'INSERT INTO first VALUES (3);')
  expect(await migrate(pool, directory)).toEqual(['3_third'])
  expect((await pool.query('SELECT n FROM first ORDER BY n')).rows).toEqual([{ n: 2 }, { n: 3 }])
})

test('several at once apply each migration once', async () => {
  const { pool, directory } = await stage({ '1_first': 'CREATE TABLE first (n int); SELECT pg_sleep(0.05);', '2_second': 'INSERT INTO first VALUES (1);' })
  const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(pool, directory)))
  expect(applied.flat().sort()).toEqual(['1_first', '2_second'])
})

test('one that fails leaves nothing behind, and is applied once it is mended', async () => {
  const { pool, directory, write } = await stage({ '1_first': 'CREATE TABLE first (n int);', '2_wrong': 'CREATE TABLE half (n int); SELECT nothing;' })
  await expect(migrate(pool, directory)).rejects.toThrow(/2_wrong failed: .*"nothing"/)
  expect((await pool.query("SELECT to_regclass('first') IS NOT NULL AS first, to_regclass('half') IS NOT NULL AS half")).rows).toEqual([{ first: true, half: false }])
  await write('2_wrong', 'CREATE TABLE half (n int);')
  expect(await migrate(pool, directory)).toEqual(['2_wrong'])
})

test('an index is made beside those who write, and anew where it was left unfinished', async () => {
  const { pool, directory, write } = await stage({ '1_first': 'CREATE TABLE first (n int); INSERT INTO first VALUES (1), (1);' })
  await migrate(pool, directory)
  await write('2_index', '-- Looked up by many.\nCREATE UNIQUE INDEX CONCURRENTLY "first_n" ON first (n);\n')
  await expect(migrate(pool, directory)).rejects.toThrow(/2_index failed: .*"first_n"/)
  const valid = async () => (await pool.query<{ valid: boolean }>("SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = 'first_n'::regclass")).rows[0]!.valid
  expect(await valid()).toBe(false)
  await pool.query('DELETE FROM first WHERE ctid = (SELECT min(ctid) FROM first)')
  // Others who start at the same time wait, and keep the one that builds from no end.
  expect((await Promise.all([1, 2, 3].map(() => migrate(pool, directory)))).flat()).toEqual(['2_index'])
  expect(await valid()).toBe(true)
})

test('one that waits for a table lets others by, and is applied once it is free', async () => {
  const { pool, directory, write } = await stage({ '1_first': 'CREATE TABLE first (n int);' })
  await migrate(pool, directory)
  await write('2_wider', 'ALTER TABLE first ADD COLUMN m int;')
  const reader = await pool.connect()
  await reader.query('BEGIN; SELECT FROM first')
  const lines: string[] = []
  const applied = migrate(pool, directory, (line) => lines.push(line))
  await soon(async () => expect((await pool.query("SELECT FROM pg_locks WHERE relation = 'first'::regclass AND NOT granted")).rowCount).toBe(1))
  const since = performance.now()
  await pool.query('SELECT FROM first') // behind it
  expect(performance.now() - since).toBeLessThan(5000)
  await soon(() => expect(lines).toEqual(['the migration 2_wider waits for tables that are in use']))
  await reader.query('COMMIT')
  reader.release()
  expect(await applied).toEqual(['2_wider'])
})

test('refuses one that was edited after it had been applied, and one that the CLI left half done', async () => {
  const { pool, directory, write } = await stage({ '1_first': 'CREATE TABLE first (n int);' })
  await migrate(pool, directory)
  await write('1_first', 'CREATE TABLE first (n bigint);')
  await expect(migrate(pool, directory)).rejects.toThrow('1_first was edited')
  await pool.query('UPDATE _prisma_migrations SET finished_at = NULL')
  await expect(migrate(pool, directory)).rejects.toThrow('1_first was left half done')
})

test('applies again what the CLI has marked as rolled back, and passes over files beside the migrations', async () => {
  const { pool, directory } = await stage({ '1_first': 'CREATE TABLE first (n int);' })
  await writeFile(path.join(directory, 'migration_lock.toml'), 'provider = "postgresql"')
  await migrate(pool, directory)
  await pool.query('DROP TABLE first')
  await pool.query('UPDATE _prisma_migrations SET finished_at = NULL, rolled_back_at = now()')
  expect(await migrate(pool, directory)).toEqual(['1_first'])
})

test("Prisma's CLI finds our books in order, and its schema equal to what the migrations make", async () => {
  const database = await createDatabase()
  onTestFinished(() => database.drop())
  const [status, drift] = await Promise.all([
    prisma(database.url, ['migrate', 'status']),
    prisma(database.url, ['migrate', 'diff', '--from-config-datasource', '--to-schema', 'prisma/schema', '--exit-code']),
  ])
  expect(status.output).toContain('Database schema is up to date!')
  expect(drift).toMatchObject({ code: 0, output: expect.stringContaining('No difference detected') })
})

test("we find the CLI's books in order", async () => {
  const database = await createDatabase()
  const pool = new pg.Pool(database.config)
  onTestFinished(async () => {
    await pool.end()
    await database.drop()
  })
  await pool.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
  expect(await prisma(database.url, ['migrate', 'deploy'])).toMatchObject({ code: 0 })
  expect(await migrate(pool, ours)).toEqual([])
})

function prisma(url: string, args: string[]): Promise<{ code: number | string; output: string }> {
  const program = path.join(root, 'node_modules/prisma/build/index.js')
  // Named so that a machine with the engine's download at hand does not use that one.
  const env = { ...process.env, DATABASE_URL: url, PRISMA_SCHEMA_ENGINE_BINARY: path.join(root, 'scripts/schema-engine.mjs'), CHECKPOINT_DISABLE: '1' }
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { cwd: root, env }, (error, stdout, stderr) => resolve({ code: error?.code ?? 0, output: stdout + stderr }))
  })
}
