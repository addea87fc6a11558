// Known vulnerabilities of dependencies, from `high` on. A registry that has no audit is said to have none, loudly: then nothing was looked at.
import { spawnSync } from 'node:child_process'
import path from 'node:path'

const { stdout, status } = spawnSync('npm', ['audit', '--json', '--audit-level=high'], { cwd: path.join(import.meta.dirname, '..'), encoding: 'utf8', shell: process.platform === 'win32' })
let report
try {
  report = JSON.parse(stdout)
} catch {
  report = {}
}
const counts = report.metadata?.vulnerabilities
if (counts === undefined) {
  console.log(`NOT AUDITED: the package registry has no audit, or cannot be reached (${report.error?.code ?? String(report.message ?? 'no answer').split(' - ')[0]}). Run \`npm audit --audit-level=high\` where it has one.`)
  process.exit(0)
}
console.log(`of ${report.metadata.dependencies.total} dependencies: ${counts.critical} critical, ${counts.high} high, ${counts.moderate} moderate, ${counts.low} low`)
if (status !== 0) for (const { name, severity, range } of Object.values(report.vulnerabilities)) if (severity === 'high' || severity === 'critical') console.error(`${severity}: ${name} ${range}`)
process.exit(counts.critical + counts.high > 0 ? 1 : 0)
