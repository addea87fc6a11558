import { load, type Scope } from '../auth/scope.ts'
import type { Sealer } from '../auth/seal.ts'
import { connectionById } from '../connections/connections.store.ts'
import { openAccount } from '../connections/authorizations.ts'
import { seconds } from '../kit/clock.ts'
import { type Refusal, refusal } from '../kit/errors.ts'
import { uuidOf } from '../kit/ids.ts'
import { ChannelError } from '../marketplaces/channel.ts'
import type { Channels } from '../marketplaces/registry.ts'
import { BEGINNING, importContext } from './import-context.ts'
import { storeFoundOrders } from './store-found-orders.ts'

/** How long a person waits for the marketplace. */
const PATIENCE = seconds(20)

/** Reads one order from the marketplace now, whatever its age, and imports it as a poll would. */
export async function importOrder(
  scope: Scope,
  at: { channels: Channels; sealer: Sealer },
  input: { connectionId: string; number: string },
): Promise<{ connectionId: string; number: string } | { refusals: Refusal[] }> {
  const number = input.number.trim()
  if (number === '') return { refusals: [refusal('REQUIRED', 'number must not be blank', 'number')] }
  const id = uuidOf('Connection', input.connectionId)
  if (id === null) return { refusals: [refusal('INVALID', 'not an id of Connection', 'connectionId')] }
  const connection = await load(scope, connectionById, id)
  if (connection === null) return { refusals: [refusal('NOT_FOUND', 'no such connection', 'connectionId')] }
  const account = connection.status === 'DISCONNECTED' ? null : await openAccount(scope, at.sealer, connection)
  if (account === null) return { refusals: [refusal('CONNECTION_NOT_READY', 'the connection is not authorized', 'connectionId')] }
  try {
    const found = await at.channels.get(connection.channel).getOrder(account, number, AbortSignal.timeout(PATIENCE))
    if (found === null) return { refusals: [refusal('NOT_FOUND', 'the marketplace knows no order of that number for this seller', 'number')] }
    const context = await importContext(scope, at.sealer, { ...connection, importFrom: BEGINNING }, { runId: null, fence: async () => {} })
    await storeFoundOrders(scope, [found], context)
    return { connectionId: id, number }
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error
    if (error.kind === 'unauthorized') return { refusals: [refusal('CREDENTIALS_REJECTED', `the marketplace refuses the authorization: ${error.message}`, 'connectionId')] }
    return { refusals: [refusal('MARKETPLACE_UNAVAILABLE', error.advice?.words ?? `the marketplace does not answer now: ${error.message}`, 'connectionId')] }
  }
}
