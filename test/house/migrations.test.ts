// A migration runs beside a gateway at work, of the version before: docs/upgrading.md says what that allows. Those up to the first release may do all.
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'

const directory = path.join(import.meta.dirname, '../../prisma/migrations')
/** Nobody has run what came before it but we. */
const BASELINE = '20261126000700_access'
/** Before a statement that breaks a rule: why it does no harm. */
const REASON = /--\s*safe:\s*\S+/

interface Statement {
  /** Without comments, in one line. */
  text: string
  comments: string
}

const name = '"?(\\w+)"?'
const rules: { why: string; breaks: (statement: string) => RegExpExecArray | null }[] = [
  { why: 'the version before still reads it: first stop using it, and remove it with the next release', breaks: (one) => /\bDROP (?:TABLE|COLUMN|VIEW)\b/i.exec(one) ?? /^DROP (?:TYPE|FUNCTION)\b/i.exec(one) },
  { why: 'the version before knows it by its old name: add a new one, and fill both for a release', breaks: (one) => /\bRENAME\b/i.exec(one) },
  { why: 'the table is written anew while all wait: add a column of the new type', breaks: (one) => new RegExp(`^ALTER TABLE ${name} .*\\bALTER COLUMN "?\\w+"? (?:SET DATA )?TYPE\\b`, 'i').exec(one) },
  { why: 'every row is read while all wait: a CHECK that is NOT VALID, validated by the next migration, and then this', breaks: (one) => new RegExp(`^ALTER TABLE ${name} .*\\bSET NOT NULL\\b`, 'i').exec(one) },
  { why: 'the version before leaves it out: a default, or no NOT NULL', breaks: (one) => new RegExp(`^ALTER TABLE ${name} .*\\bADD COLUMN (?:(?!\\bDEFAULT\\b|, (?:ADD|ALTER|DROP)\\b).)*\\bNOT NULL\\b(?!(?:(?!, (?:ADD|ALTER|DROP)\\b).)*\\bDEFAULT\\b)`, 'i').exec(one) },
  { why: 'a default that is another for each row writes the table anew while all wait', breaks: (one) => new RegExp(`^ALTER TABLE ${name} .*\\bADD COLUMN\\b.*\\bDEFAULT (?:random|gen_random_uuid|uuidv7|clock_timestamp|nextval)\\b`, 'i').exec(one) },
  { why: 'every row is checked while all wait: NOT VALID, and VALIDATE CONSTRAINT in the next migration', breaks: (one) => new RegExp(`^ALTER TABLE ${name} .*\\bADD (?:CONSTRAINT "?\\w+"? )?(?:CHECK|FOREIGN KEY)\\b(?!.*\\bNOT VALID\\b)`, 'i').exec(one) },
  { why: 'all who write wait until it is made: CREATE INDEX CONCURRENTLY, alone in its migration', breaks: (one) => new RegExp(`^CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY).*?\\bON (?:ONLY )?${name}`, 'i').exec(one) },
  { why: 'a unique constraint makes its index while all wait: CREATE UNIQUE INDEX CONCURRENTLY, and USING INDEX in the next migration', breaks: (one) => new RegExp(`^ALTER TABLE ${name} .*\\bADD (?:CONSTRAINT "?\\w+"? )?(?:UNIQUE|PRIMARY KEY)\\b(?!.*\\bUSING INDEX\\b)`, 'i').exec(one) },
  { why: 'all rows at once are one long transaction: a chore that goes on in batches, or a marker for a small table', breaks: (one) => new RegExp(`^(?:UPDATE|DELETE FROM) ${name}`, 'i').exec(one) },
]
const alone = 'nothing else may stand in a migration that refuses a transaction'

/** What a migration does that it may not, with the reason; a table that it makes itself has no rows and no readers. */
function brokenBy(sql: string): string[] {
  const all = statementsOf(sql)
  const fresh = new Set(all.flatMap(({ text }) => new RegExp(`^CREATE TABLE (?:IF NOT EXISTS )?${name}`, 'i').exec(text)?.[1] ?? []))
  const broken = all.filter(({ comments }) => !REASON.test(comments)).flatMap(({ text }) => rules.flatMap(({ why, breaks }) => {
    const found = breaks(text)
    return found === null || (found[1] !== undefined && fresh.has(found[1])) ? [] : [`${text.slice(0, 80)}: ${why}`]
  }))
  return all.length > 1 && all.some(({ text }) => /\bCONCURRENTLY\b/i.test(text)) ? [...broken, `${all.length} statements: ${alone}`] : broken
}

/** Bodies of functions count as one word. */
function statementsOf(sql: string): Statement[] {
  return sql.replaceAll(/\$(\w*)\$.*?\$\1\$/gs, "'body'").split(/;[^\S\n]*(?:\n|$)/).flatMap((part) => {
    const comments = part.split('\n').filter((line) => line.trimStart().startsWith('--')).join('\n')
    const text = part.replaceAll(/--[^\n]*/g, '').replaceAll(/\s+/g, ' ').trim()
    return text === '' ? [] : [{ text, comments }]
  })
}

test('migrations since the first release let the version before go on', async () => {
  const names = (await readdir(directory, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort()
  expect(names).toContain(BASELINE)
  for (const one of names.filter((one) => one > BASELINE)) expect(brokenBy(await readFile(path.join(directory, one, 'migration.sql'), 'utf8')), one).toEqual([])
})

test.each([
  ['ALTER TABLE "orders" DROP COLUMN "note";', /still reads it/],
  ['DROP TABLE "orders";', /still reads it/],
  ['ALTER TABLE "orders" RENAME COLUMN "a" TO "b";', /old name/],
  ['ALTER TABLE "orders" ALTER COLUMN "a" TYPE BIGINT;', /written anew/],
  ['ALTER TABLE "orders" ALTER COLUMN "a" SET DATA TYPE BIGINT;', /written anew/],
  ['ALTER TABLE "orders" ALTER COLUMN "a" SET NOT NULL;', /every row is read/],
  ['ALTER TABLE "orders" ADD COLUMN "a" TEXT NOT NULL;', /leaves it out/],
  ['ALTER TABLE "orders" ADD COLUMN "a" TEXT,\n  ADD COLUMN "b" TEXT NOT NULL;', /leaves it out/],
  ['ALTER TABLE "orders" ADD COLUMN "a" FLOAT NOT NULL DEFAULT random();', /written anew|writes the table anew/],
  ['ALTER TABLE "orders" ADD CONSTRAINT "c" CHECK (a > 0);', /every row is checked/],
  ['ALTER TABLE "orders" ADD CONSTRAINT "c" FOREIGN KEY ("a") REFERENCES "b" ("id");', /every row is checked/],
  ['CREATE INDEX "i" ON "orders" ("a");', /all who write wait/],
  ['CREATE UNIQUE INDEX "i" ON orders ("a");', /all who write wait/],
  ['ALTER TABLE "orders" ADD CONSTRAINT "u" UNIQUE ("a");', /USING INDEX/],
  ['UPDATE orders SET a = 1;', /one long transaction/],
  ['CREATE INDEX CONCURRENTLY "i" ON "orders" ("a");\nSELECT 1;', /refuses a transaction/],
])('finds what %s does to a gateway at work', (sql, words) => {
  expect(brokenBy(sql).join('\n')).toMatch(words)
  expect(brokenBy(`-- Nothing of it is used since 1.2.\n-- safe: nobody reads it\n${sql}`).filter((one) => !one.includes('refuses a transaction'))).toEqual([])
})

test.each([
  'ALTER TABLE "orders" ADD COLUMN "a" TEXT;', 'ALTER TABLE "orders" ADD COLUMN "a" INT NOT NULL DEFAULT 0;', 'CREATE INDEX CONCURRENTLY "i" ON "orders" ("a");',
  'CREATE TABLE "new" ("id" UUID NOT NULL, "a" TEXT NOT NULL);\nCREATE INDEX "i" ON "new" ("a");\nALTER TABLE "new" ADD CONSTRAINT "f" FOREIGN KEY ("id") REFERENCES "orders" ("id");',
  'ALTER TABLE "orders" ADD CONSTRAINT "c" CHECK (a > 0) NOT VALID;', 'ALTER TABLE "orders" VALIDATE CONSTRAINT "c";', 'ALTER TYPE "job_kind" ADD VALUE \'NEW\';', 'ALTER TABLE "orders" ALTER COLUMN "a" DROP NOT NULL;',
  "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE orders SET a = 1; DROP TABLE x; END $$;", "SELECT audit('new', 'New', '', 'id', '', '', '');",
])('leaves alone %s', (sql) => {
  expect(brokenBy(sql)).toEqual([])
})
