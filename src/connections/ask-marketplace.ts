import type { Scope } from '../auth/scope.ts'
import { seconds } from '../kit/clock.ts'
import { ChannelError } from '../marketplaces/channel.ts'

/** How long a person waits for the marketplace. */
const PATIENCE = seconds(30)

/** What a marketplace answers while somebody waits; its error is logged, and left to the caller to put into words. No transaction is open meanwhile. */
export async function askMarketplace<T>(scope: Pick<Scope, 'log'>, ask: (signal: AbortSignal) => Promise<T>): Promise<T | ChannelError> {
  try {
    return await ask(AbortSignal.timeout(PATIENCE))
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error
    const { kind, code, httpStatus, requestId } = error
    scope.log.warn({ kind, code, httpStatus, marketplaceRequestId: requestId }, 'the marketplace did not serve a person who waited')
    return error
  }
}
