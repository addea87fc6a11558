// `npm test`: everything that must hold, in one command, each part though an earlier one failed. Other arguments go to vitest.
// The last line is the sum, `N passed, N failed, N skipped`: of tests, and of the checks around them. Skipped are those of another
// user's (root or not) or system's case, and without a Chromium the pages'.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

const root = path.join(import.meta.dirname, '..')
const report = path.join(root, '.cache', `test-report-${process.pid}.json`)
const bin = (name) => path.join(root, 'node_modules/.bin', name)
const node = (...args) => [process.execPath, ...args]

const checks = [
  ['build', node('scripts/build.mjs')],
  ['schema', node('scripts/schema.mjs', '--check')],
  ['permissions', node('scripts/permissions.mjs', '--check')],
  ['contract', node('scripts/contract.mjs')],
  ['typed documents', node('scripts/typed-documents.mjs', '--check')],
  ['types', [bin('tsc'), '-p', '.']],
  ['types of the console', [bin('tsc'), '-p', 'console']],
  ['lint', [bin('oxlint'), '--deny-warnings']],
  ['licences', node('scripts/licences.mjs')],
  // It asks the registry, which not every desk has: CI does.
  ...(process.env['CI'] ? [['dependency audit', node('scripts/audit.mjs')]] : []),
]
const tests = [bin('vitest'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)]

const chromium = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const pooler = process.env.PGBOUNCER_PATH ?? '/usr/sbin/pgbouncer'
if (!fs.existsSync(pooler)) console.log(`No PgBouncer at ${pooler} (PGBOUNCER_PATH): the tests behind a pooler are left out.`)
if (!fs.existsSync(chromium)) console.log(`No Chromium at ${chromium} (CHROMIUM_PATH): the tests of pages in a browser are left out.`)

if (!process.env.TEST_MONGODB_URL) console.log('TEST_MONGODB_URL names no MongoDB: the job clock is tested on PostgreSQL and on a stand-in that speaks its protocol.')

const broken = checks.filter(([name, command]) => !succeeds(name, command)).map(([name]) => name)
const ran = succeeds('tests', tests)
const { passed, failed, skipped } = count()
// A file that cannot be loaded, or an error beside the tests, fails the run and no test.
const beside = !ran && failed === 0 ? ['a test file, or something beside the tests'] : []

fs.rmSync(report, { force: true })
const amiss = [...broken, ...beside]
console.log(amiss.length === 0 ? '' : `\nfailed: ${amiss.join(', ')}`)
console.log(`${passed + checks.length - broken.length} passed, ${failed + amiss.length} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exit(failed + amiss.length === 0 ? 0 : 1)

function succeeds(name, [command, ...args]) {
  console.log(`\n> ${name}`)
  const { error, status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  if (error) console.error(error.message)
  return status === 0
}

function count() {
  if (!fs.existsSync(report)) return { passed: 0, failed: 0, skipped: 0 }
  const { numPassedTests: passed, numFailedTests: failed, numTotalTests } = JSON.parse(fs.readFileSync(report, 'utf8'))
  return { passed, failed, skipped: numTotalTests - passed - failed }
}
