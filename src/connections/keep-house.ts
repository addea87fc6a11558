import { changing } from '../auth/changing.ts'
import type { Scope } from '../auth/scope.ts'
import { appendEvents } from '../events/append.ts'
import type { NewEvent } from '../events/catalogue.ts'
import { days, shifted } from '../kit/clock.ts'
import type { Channels } from '../marketplaces/registry.ts'
import { removeConsentsBefore } from './consents.store.ts'
import { endWords } from './expiry.ts'
import { type Expiring, expiringAuthorizations, expiringSecret } from './expiry.store.ts'

/** A seller who comes back late is told why, for so long. */
const CONSENTS_KEPT_DAYS = 1

/**
 * What somebody must look after every hour or so: tells connections at work that their authorization or the application's secret ends
 * (30, 7 and 1 days before, and then), each once, however many processes look; and removes consents that are over.
 */
export async function keepHouse(scope: Scope, channels: Channels): Promise<void> {
  const now = scope.clock()
  await changing(scope, async (tx) => {
    const expiring = await expiringAuthorizations(tx, scope, now)
    await appendEvents(tx, expiring.map((one) => eventOf(one, `The authorization of ${one.name} ${endWords(one.expiresAt, now)}: its seller must authorize it again`)))
  })
  for (const code of new Set(channels.marketplaces().map(({ channel }) => channel))) {
    const { secretExpiresAt } = channels.get(code)
    if (secretExpiresAt === null) continue
    await changing(scope, async (tx) => {
      const expiring = await expiringSecret(tx, scope, code, secretExpiresAt, now)
      const end = endWords(secretExpiresAt, now)
      await appendEvents(tx, expiring.map((one) => eventOf(one, `The application's own secret at ${code}, which ${one.name} needs, ${end}: the administrator must replace it`)))
    })
  }
  await removeConsentsBefore(scope, shifted(now, -days(CONSENTS_KEPT_DAYS)))
}

const eventOf = ({ connectionId, customerId }: Expiring, summary: string): NewEvent => ({
  type: 'AUTHORIZATION_EXPIRING', connectionId, customerId, summary,
})
