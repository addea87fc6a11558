// One worker gets each tick of the clock: where more is due than it has room for, the others hear of it at once. NOTIFY only wakes; who misses it looks a few seconds later by itself.
import type pg from 'pg'
import { Listener } from '../db/listener.ts'
import { run, statement } from '../db/sql.ts'
import type { JobKind } from './cadences.ts'
import type { Pump, Ticked } from './define.ts'

const CHANNEL = 'cartage_due'

const notify = statement('passOn', `SELECT pg_notify('${CHANNEL}', $1)`)
/** Every worker hears it, also this one. `what`: a kind of runs, or a pump's name. */
export async function passOn(pool: pg.Pool, what: JobKind | Pump['name']): Promise<void> {
  await run(pool, notify, [what])
}

/** Hears what workers pass on; to be started, and stopped. */
export function listenForDue(config: pg.ClientConfig, warn: (error: unknown, message: string) => void, hear: (what: string) => void): Listener {
  return new Listener(config, CHANNEL, warn, (payload) => {
    if (payload !== null) hear(payload)
  })
}

/** A pump that passes its ticks on while it is full. What it hears itself is for `pump.tick`: passed on again it would go round for ever. */
export const sharing = (pool: pg.Pool, pump: Pump): Ticked => ({
  name: pump.name,
  async tick() {
    await pump.tick()
    if (pump.isFull) await passOn(pool, pump.name)
  },
})
