// `npm run token`: one more administrator's token, as for a database whose first one was lost. `npm run token -- <name>` names its holder.
import { createApiToken } from '../auth/api-tokens.ts'
import { Declined, runCommand } from './command.ts'

const LONGEST_NAME = 100

await runCommand(async ({ db }) => {
  const name = (process.argv[2] ?? 'administrator').trim()
  if (name === '' || name.length > LONGEST_NAME) throw new Declined(`No token was made: its name must have 1 to ${LONGEST_NAME} characters.`)
  return `${await createApiToken(db, name, 'ADMIN')}\nAn administrator's token, shown this once; what is done with it is noted as done by "${name}".`
})
