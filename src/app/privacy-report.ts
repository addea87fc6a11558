// `npm run privacy:report`: where buyers' personal data stands, and that none of it is older than it may be. The exit code is 1 where some is.
import { dueBefore } from '../orders/remove-personal-data.ts'
import { personalDataKept } from '../orders/personal-data.store.ts'
import { Declined, runCommand } from './command.ts'

await runCommand(async ({ config, db, log }) => {
  const now = new Date()
  const kept = await personalDataKept({ tenant: null, actor: { id: 'privacy-report', name: 'the privacy report', role: 'OPERATOR' }, db, clock: () => now, log, requestId: 'privacy-report' }, dueBefore(now, config.personalDataDays))
  const lines = [
    `Buyers' personal data, ${now.toISOString()}; kept for ${config.personalDataDays} days after delivery`,
    ...kept.map((one) => `${one.place.padEnd(26)} ${String(one.kept).padStart(9)} kept ${String(one.overdue).padStart(7)} overdue ${String(one.removed).padStart(9)} removed`),
  ]
  if (kept.some(({ overdue }) => overdue > 0)) throw new Declined(`${lines.join('\n')}\nSome is overdue: a worker removes it every six hours; see that one runs.`)
  return lines.join('\n')
})
