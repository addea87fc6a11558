// `npm run seed`: the demonstration in a database of one's own.
import 'reflect-metadata'
import { Sealer } from '../auth/seal.ts'
import { systemClock } from '../kit/clock.ts'
import { Declined, runCommand } from './command.ts'
import { encryptionKey } from './data-folder.ts'
import { seedDemonstration } from './demonstration.ts'

await runCommand(async ({ config, db, log }) => {
  if (config.amazon.app !== null) {
    throw new Declined('Nothing was seeded: the demonstration\'s sellers live in the simulator, and AMAZON_CLIENT_ID turns this configuration to Amazon itself. Unset it to seed.')
  }
  const sealer = new Sealer(config.encryptionKeys ?? [await encryptionKey(config.dataDir)])
  const seeded = await seedDemonstration({ db, sealer, clock: systemClock, log })
  if (!seeded) throw new Declined('Nothing was seeded: the database has a customer already, and the demonstration wants an empty one.')
  return 'Seeded one warehouse, two customers with charge rules and stock, and a live connection of each to the simulator. A worker imports their orders within seconds.'
})
