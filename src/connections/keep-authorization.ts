import { changing } from '../auth/changing.ts'
import type { Scope } from '../auth/scope.ts'
import type { Sealer } from '../auth/seal.ts'
import type { Tx } from '../db/transaction.ts'
import { appendEvents } from '../events/append.ts'
import { type Refusal, refusal, Refused } from '../kit/errors.ts'
import type { AccountTest, Grant } from '../marketplaces/channel.ts'
import { removeUnusedAuthorizations, storeGrant } from './authorizations.ts'
import { deriveCadences, makeCadencesDue } from './cadences.store.ts'
import { merchantMayBe, shares, transitions, whyNot } from './connection.ts'
import { type ConnectionRow, connectionIdsOfChannel, isMerchantTaken, lockConnections, lockCustomer, updateAuthorization, updateStatus, updateTest } from './connections.store.ts'
import { claimedMerchants } from './surveys.store.ts'

/** Many connections may come back at one stroke: their runs start a little apart. */
const SPREAD_SECONDS = 5

/** As a refusal of a connection whose merchant another one has: nothing is said of that other. */
export const merchantTaken = 'another connection has this seller account on this marketplace'

/**
 * Stores a grant that was tested for a connection, and shares it with the customer's other connections that it serves. One that was
 * stopped because its authorization was refused goes to work again. The connection is looked at anew, as the marketplace was asked
 * in between. Refuses NOT_ALLOWED where it is disconnected by now, CREDENTIALS_REJECTED where it is another merchant's, TAKEN.
 */
export async function keepAuthorization(
  scope: Scope,
  sealer: Sealer,
  { id, customerId, channel }: Pick<ConnectionRow, 'id' | 'customerId' | 'channel'>,
  grant: Grant,
  test: AccountTest,
): Promise<{ connection: ConnectionRow } | { refusals: Refusal[] }> {
  try {
    return await changing(scope, async (tx) => {
      await lockCustomer(tx, scope, customerId)
      const family = await lockConnections(tx, scope, [...new Set([...(await connectionIdsOfChannel(tx, scope, { customerId, channel })), id])])
      const claims = await claimedMerchants(tx, scope, family.map((one) => one.id))
      const main = family.find((one) => one.id === id)
      if (main === undefined) throw new Refused(refusal('NOT_FOUND', 'no such connection', 'connectionId'))
      const because = whyNot('provideCredentials', main.status)
      if (because !== null) throw new Refused(refusal('NOT_ALLOWED', because, 'connectionId'))
      const claim = (one: ConnectionRow) => ({ ...one, claimedMerchantId: claims.get(one.id) ?? null })
      if (!merchantMayBe(claim(main), grant.merchantId)) throw new Refused(refusal('CREDENTIALS_REJECTED', otherMerchant(claim(main)), 'merchantId'))

      const authorized = { marketplaceId: main.marketplaceId, merchantId: grant.merchantId, marketplaceIds: test.marketplaceIds }
      const siblings = family.filter((one) => one.id !== id && shares(claim(one), authorized))
      // Renewed in its place where there is one already: what runs with it goes on.
      const present = main.authorizationId ?? siblings.find((one) => one.authorizationId !== null)?.authorizationId ?? null
      const authorizationId = await storeGrant(tx, sealer, main, present, grant, scope.actor.name)
      await updateAuthorization(tx, scope, id, authorizationId, grant.merchantId)
      const tested = await updateTest(tx, scope, id, test.checks, false)
      const connection = await wake(tx, scope, tested)
      await tell(tx, connection, `${connection.name} was authorized by ${scope.actor.name}`)
      for (const sibling of siblings) {
        const sharing = await share(tx, scope, sibling, authorizationId, grant.merchantId)
        if (sharing !== null) await tell(tx, await wake(tx, scope, sharing), `${sharing.name} shares the authorization of ${connection.name}, which ${scope.actor.name} gave`)
      }
      await removeUnusedAuthorizations(tx, scope, customerId)
      return { connection }
    })
  } catch (error) {
    if (error instanceof Refused) return { refusals: error.refusals }
    if (isMerchantTaken(error)) return { refusals: [refusal('TAKEN', merchantTaken, 'merchantId')] }
    throw error
  }
}

/** Why an account is not the connection's, for people. */
export function otherMerchant({ merchantId, claimedMerchantId }: { merchantId: string | null; claimedMerchantId: string | null }): string {
  return merchantId === null
    ? `the survey names the seller account ${claimedMerchantId}, and this is another: request a connection of its own for it`
    : `the connection is of the seller account ${merchantId}, and this is another: request a connection of its own for it`
}

/** Null where a connection of somebody else has that account: it spoils nothing but this one. */
async function share(tx: Tx, scope: Scope, sibling: ConnectionRow, authorizationId: string, merchantId: string): Promise<ConnectionRow | null> {
  await tx.query('SAVEPOINT sharing')
  try {
    return await updateAuthorization(tx, scope, sibling.id, authorizationId, merchantId)
  } catch (error) {
    if (!isMerchantTaken(error)) throw error
    await tx.query('ROLLBACK TO SAVEPOINT sharing')
    return null
  }
}

async function wake(tx: Tx, scope: Scope, connection: ConnectionRow): Promise<ConnectionRow> {
  const { from, to } = transitions.reauthorize
  if (!from.some((status) => status === connection.status)) return connection
  const woken = await updateStatus(tx, scope, connection.id, to, null)
  await deriveCadences(tx, [woken.id])
  await makeCadencesDue(tx, woken.id, null, SPREAD_SECONDS)
  return woken
}

const tell = (tx: Tx, { id: connectionId, customerId }: ConnectionRow, summary: string): Promise<void> =>
  appendEvents(tx, [{ type: 'CONNECTION_CHANGED', connectionId, customerId, summary }])
