// `npm run keys:rotate`: seals everything anew under the first key of ENCRYPTION_KEY, while the gateway works. Then the others can be dropped.
import { resealColumn } from '../auth/reseal.ts'
import { Sealer } from '../auth/seal.ts'
import { Declined, runCommand } from './command.ts'
import { sealedColumns } from './sealed-columns.ts'

await runCommand(async ({ config, db }) => {
  if (config.encryptionKeys === null || config.encryptionKeys.length < 2) throw new Declined('Nothing was sealed: ENCRYPTION_KEY must have the new key, a comma, and the old one.')
  const sealer = new Sealer(config.encryptionKeys)
  const lines: string[] = []
  let [unreadable, left] = [0, 0]
  for (const column of sealedColumns) {
    const { anew, current, unreadable: lost } = await resealColumn(db, sealer, column)
    // Once more: a process that still has the old key first may have written meanwhile.
    const again = await resealColumn(db, sealer, column)
    lines.push(`${`${column.table}.${column.column}`.padEnd(30)} ${anew + again.anew} sealed anew, ${current} had the new key`)
    unreadable += lost
    left += again.anew
  }
  if (unreadable > 0) throw new Declined(`${lines.join('\n')}\n${unreadable} could not be opened by any of these keys, and stay as they are: give the key that sealed them, too.`)
  if (left > 0) lines.push(`${left} were still sealed with an old key meanwhile: run this again once every process has the new key first.`)
  else lines.push('Everything is sealed with the first key: the others can be dropped.')
  return lines.join('\n')
})
