import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { migrate } from '../../src/db/migrate.ts'

let folder: string
let pool: pg.Pool
let admin: pg.Client

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cartage-migrations-'))
  const { config, prefix } = inject('server')
  const database = `${prefix}${randomBytes(6).toString('hex')}`
  admin = new pg.Client({ ...config, database: 'postgres' })
  await admin.connect()
  await admin.query(`CREATE DATABASE ${database}`)
  pool = new pg.Pool({ ...config, database })
})
afterEach(async () => {
  const { database } = pool.options
  await pool.end()
  await admin.query(`DROP DATABASE ${database}`)
  await admin.end()
  fs.rmSync(folder, { recursive: true })
})

function write(name: string, sql: string): void {
  fs.mkdirSync(path.join(folder, name), { recursive: true })
  fs.writeFileSync(path.join(folder, name, 'migration.sql'), sql)
}
const tables = async (): Promise<string[]> =>
  (await pool.query<{ tablename: string }>("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_prisma%' ORDER BY 1")).rows.map((row) => row.tablename)

test('applies by order of names, once', async () => {
  write('2_second', 'ALTER TABLE crates ADD weight int')
  write('1_first', 'CREATE TABLE crates ()')
  fs.writeFileSync(path.join(folder, 'migration_lock.toml'), 'provider = "postgresql"')
  expect(await migrate(pool, folder)).toEqual(['1_first', '2_second'])
  expect(await migrate(pool, folder)).toEqual([])
  write('3_third', 'CREATE TABLE pallets ()')
  const told: string[] = []
  expect(await migrate(pool, folder, (line) => told.push(line))).toEqual(['3_third'])
  expect(told).toEqual([expect.stringContaining('3_third')])
  expect(await tables()).toEqual(['crates', 'pallets'])
})

test('of several processes at once, one applies', async () => {
  write('1_first', 'SELECT pg_sleep(0.1); CREATE TABLE crates ()')
  const applied = await Promise.all([migrate(pool, folder), migrate(pool, folder), migrate(pool, folder)])
  expect(applied.flat()).toEqual(['1_first'])
})

test('one that fails leaves nothing behind, and is applied once it is mended', async () => {
  write('1_first', 'CREATE TABLE crates ()')
  write('2_second', 'CREATE TABLE pallets (); SELECT 1 / 0')
  await expect(migrate(pool, folder)).rejects.toThrow('The migration 2_second failed: division by zero')
  expect(await tables()).toEqual(['crates'])
  write('2_second', 'CREATE TABLE pallets ()')
  expect(await migrate(pool, folder)).toEqual(['2_second'])
})

test('one that was edited after it had been applied is refused', async () => {
  write('1_first', 'CREATE TABLE crates ()')
  await migrate(pool, folder)
  write('1_first', 'CREATE TABLE crates (weight int)')
  await expect(migrate(pool, folder)).rejects.toThrow('The migration 1_first was edited after it had been applied')
})

test('one that Prisma left half done is refused; one rolled back there is applied', async () => {
  write('1_first', 'CREATE TABLE crates ()')
  await migrate(pool, folder)
  await pool.query('UPDATE _prisma_migrations SET finished_at = NULL')
  await expect(migrate(pool, folder)).rejects.toThrow('left half done')
  await pool.query('DROP TABLE crates')
  await pool.query('UPDATE _prisma_migrations SET rolled_back_at = now()')
  expect(await migrate(pool, folder)).toEqual(['1_first'])
})

test('a function with semicolons in its body is one statement', async () => {
  write('1_first', 'CREATE FUNCTION one() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; RETURN 1; END; $$; CREATE TABLE crates ()')
  await migrate(pool, folder)
  expect((await pool.query('SELECT one()')).rows).toEqual([{ one: 1 }])
})
