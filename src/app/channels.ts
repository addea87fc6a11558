import type { AmazonConfig } from '../config/env.ts'
import type { Clock } from '../kit/clock.ts'
import { createAmazonChannel } from '../marketplaces/amazon/index.ts'
import { demoApplication } from '../marketplaces/amazon/simulator/demo-sellers.ts'
import type { BudgetLedger } from '../marketplaces/channel.ts'
import { Channels } from '../marketplaces/registry.ts'
import type { Log } from '../observability/log.ts'
import type { Metrics } from '../observability/metrics.ts'

export interface ChannelProcess {
  ledger: BudgetLedger
  /** Our code of a carrier -> Amazon's, in place of the channel's own. */
  carrierCodes?: Readonly<Record<string, string>>
  clock: Clock
  log: Log
  metrics: Metrics
}

/** Every channel there is. Without an application of one's own at Amazon, Amazon is the simulator at `simulatorUrl`. */
export function createChannels(amazon: AmazonConfig, simulatorUrl: string, process: ChannelProcess): Channels {
  const real = amazon.app !== null
  const app = amazon.app ?? { ...demoApplication, clientSecrets: [demoApplication.clientSecret] as const, secretExpiresAt: null, draft: false }
  return new Channels([
    createAmazonChannel({
      endpoints: real ? amazon.endpoints : { NORTH_AMERICA: `${simulatorUrl}/na`, EUROPE: `${simulatorUrl}/eu`, FAR_EAST: `${simulatorUrl}/fe` },
      tokenUrl: real ? amazon.tokenUrl : `${simulatorUrl}/auth/o2/token`,
      application: app,
      ...(real ? {} : { sellerPortal: () => simulatorUrl }),
      developerName: amazon.developerName,
      legacyDeveloperAccounts: amazon.legacyDeveloperAccounts,
      ...process,
    }),
  ])
}
