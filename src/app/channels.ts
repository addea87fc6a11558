import type { AmazonConfig } from '../config/env.ts'
import type { Clock } from '../kit/clock.ts'
import { createAmazonChannel } from '../marketplaces/amazon/index.ts'
import { demoApplication } from '../marketplaces/amazon/simulator/demo-sellers.ts'
import { Channels } from '../marketplaces/registry.ts'
import type { Log } from '../observability/log.ts'
import type { Metrics } from '../observability/metrics.ts'

/** Every channel there is. Without an application of one's own at Amazon, Amazon is the simulator at `simulatorUrl`. */
export function createChannels(amazon: AmazonConfig, simulatorUrl: string, process: { clock: Clock; log: Log; metrics: Metrics }): Channels {
  const real = amazon.app !== null
  return new Channels([
    createAmazonChannel({
      endpoints: real ? amazon.endpoints : { NORTH_AMERICA: simulatorUrl, EUROPE: simulatorUrl, FAR_EAST: simulatorUrl },
      tokenUrl: real ? amazon.tokenUrl : `${simulatorUrl}/auth/o2/token`,
      clientId: (amazon.app ?? demoApplication).clientId,
      clientSecret: (amazon.app ?? demoApplication).clientSecret,
      developerName: amazon.developerName,
      ...process,
    }),
  ])
}
