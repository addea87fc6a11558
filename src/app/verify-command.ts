import { Declined, runCommand } from './command.ts'
import { encryptionKey } from './data-folder.ts'
import { verify } from './verify.ts'

await runCommand(async ({ config, db }) => {
  const findings = await verify(db, config.encryptionKeys ?? [await encryptionKey(config.dataDir)])
  const lines = findings.map(({ broken, count, examples }) => (count === 0 ? `ok      no ${broken}` : `BROKEN  ${count} ${broken}: ${examples.join(', ')}${count > examples.length ? ' ...' : ''}`))
  const broken = findings.filter(({ count }) => count > 0).length
  if (broken > 0) throw new Declined(`${lines.join('\n')}\n${broken} of ${findings.length} do not hold.`)
  return `${lines.join('\n')}\nAll ${findings.length} hold.`
})
