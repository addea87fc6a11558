// `npm test`: everything that must hold, in one command, each part though an earlier one failed. Other arguments go to vitest.
// The last line is the sum, `N passed, N failed, N skipped`: of tests, and of the checks around them. Skipped are those of another
// user's (root or not) or system's case, and without a Chromium the pages'. Three files at a time keep two processors more than busy: a
// file that fails then is asked once more with the machine to itself. What fails twice has failed; what fails once is named.
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
// Many are no matter of how busy the machine is.
const again = first.broken.length > 0 && first.broken.length <= 10 && wanted.length === 0 ? run('what failed, by itself', 'again', ['--maxWorkers=1', ...first.broken]) : null
const last = again ?? first
const ends = new Map([...first.ends, ...last.ends].map(([test, status]) => [test, first.ends.get(test) === 'passed' ? 'passed' : status]))
const having = (status) => [...ends].filter(([, end]) => end === status).map(([test]) => test)
const [passed, failed] = [having('passed'), having('failed')]
const skipped = ends.size - passed.length - failed.length
// A file that cannot be loaded, or an error beside the tests, fails the run and no test.
const beside = !last.ran && ![...last.ends.values()].includes('failed') ? ['a test file, or something beside the tests'] : []
const amiss = [...broken, ...beside]

for (const test of passed.filter((one) => [first, last].some((of) => of.ends.get(one) === 'failed'))) console.log(`failed once of two times: ${test}`)
console.log(amiss.length === 0 ? '' : `\nfailed: ${amiss.join(', ')}`)
console.log(`${passed.length + checks.length - broken.length} passed, ${failed.length + amiss.length} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exit(failed.length + amiss.length === 0 ? 0 : 1)

function succeeds(name, [command, ...args]) {
  console.log(`\n> ${name}`)
  const { error, status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  if (error) console.error(error.message)
  return status === 0
}

/** How each test ended, and the files that did not end well. */
function run(title, name, args) {
  const ran = succeeds(title, tests(name, ...args))
  if (!fs.existsSync(report(name))) return { ran, ends: new Map(), broken: [] }
  const { testResults } = JSON.parse(fs.readFileSync(report(name), 'utf8'))
  fs.rmSync(report(name))
  const ends = new Map()
  for (const { name: file, assertionResults } of testResults) {
    for (const { fullName, status } of assertionResults) {
      let test = `${path.relative(root, file)}: ${fullName.trim()}`
      while (ends.has(test)) test += ' (again)' // of one title
      ends.set(test, status)
    }
  }
  return { ran, ends, broken: testResults.filter(({ status }) => status === 'failed').map(({ name: file }) => file) }
}
