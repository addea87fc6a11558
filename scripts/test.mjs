// `npm test`: everything that must hold, in one command, each part though an earlier one failed. Other arguments go to vitest.
// The last line is the sum, `N passed, N failed, N skipped`: of tests, and of the checks around them. Skipped are those of another
// user's (root or not) or system's case, and without a Chromium the pages'. Three files at a time keep two processors more than busy: a
// file that fails then is asked once more with the machine to itself. Its second answer counts, and a test that passes only there is named.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

const root = path.join(import.meta.dirname, '..')
const report = (run) => path.join(root, '.cache', `test-report-${process.pid}-${run}.json`)
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
const tests = (run, ...args) => [bin('vitest'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report(run)}`, ...args]

const chromium = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const pooler = process.env.PGBOUNCER_PATH ?? '/usr/sbin/pgbouncer'
if (!fs.existsSync(pooler)) console.log(`No PgBouncer at ${pooler} (PGBOUNCER_PATH): the tests behind a pooler are left out.`)
if (!fs.existsSync(chromium)) console.log(`No Chromium at ${chromium} (CHROMIUM_PATH): the tests of pages in a browser are left out.`)

if (!process.env.TEST_MONGODB_URL) console.log('TEST_MONGODB_URL names no MongoDB: the job clock is tested on PostgreSQL and on a stand-in that speaks its protocol.')

const broken = checks.filter(([name, command]) => !succeeds(name, command)).map(([name]) => name)
const wanted = process.argv.slice(2)
const first = run('tests', 'all', wanted)
const failing = first.files.filter(({ status }) => status === 'failed').map(({ name }) => name)
// Many are no matter of how busy the machine is.
const again = failing.length > 0 && failing.length <= 10 && wanted.length === 0 ? run('what failed, by itself', 'again', ['--maxWorkers=1', ...failing]) : null
const files = again === null ? first.files : [...first.files.filter(({ status }) => status !== 'failed'), ...again.files]
const [passed, failed] = [testsThat('passed', files), testsThat('failed', files)]
const skipped = files.reduce((sum, { assertionResults }) => sum + assertionResults.length, 0) - passed.length - failed.length
// A file that cannot be loaded, or an error beside the tests, fails the run and no test.
const beside = !(again ?? first).ran && failed.length === 0 ? ['a test file, or something beside the tests'] : []
const amiss = [...broken, ...beside]

if (again !== null) for (const name of testsThat('failed', first.files).filter((one) => !failed.includes(one))) console.log(`passed by itself, not beside others: ${name}`)
console.log(amiss.length === 0 ? '' : `\nfailed: ${amiss.join(', ')}`)
console.log(`${passed.length + checks.length - broken.length} passed, ${failed.length + amiss.length} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exit(failed.length + amiss.length === 0 ? 0 : 1)

function succeeds(name, [command, ...args]) {
  console.log(`\n> ${name}`)
  const { error, status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  if (error) console.error(error.message)
  return status === 0
}

function run(title, name, args) {
  const ran = succeeds(title, tests(name, ...args))
  if (!fs.existsSync(report(name))) return { ran, files: [] }
  const { testResults } = JSON.parse(fs.readFileSync(report(name), 'utf8'))
  fs.rmSync(report(name))
  return { ran, files: testResults }
}

function testsThat(status, files) {
  return files.flatMap(({ name, assertionResults }) => assertionResults.filter((one) => one.status === status).map(({ fullName }) => `${path.relative(root, name)}: ${fullName.trim()}`))
}
