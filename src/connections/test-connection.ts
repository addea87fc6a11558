import { load, type Scope } from '../auth/scope.ts'
import type { Sealer } from '../auth/seal.ts'
import { appendEvents } from '../events/append.ts'
import { type Refusal, refusal, Refused } from '../kit/errors.ts'
import { uuidOf } from '../kit/ids.ts'
import { type AccountCheck, ChannelError } from '../marketplaces/channel.ts'
import type { Channels } from '../marketplaces/registry.ts'
import { askMarketplace } from './ask-marketplace.ts'
import { authorizedAt, openAccount } from './authorizations.ts'
import { notAuthorized, whyNot } from './connection.ts'
import { connectionById, type ConnectionRow, updateTest } from './connections.store.ts'
import { withConnection } from './with-connection.ts'

/**
 * Tries a connection's account out and keeps what each check said; an event tells where one says something else than the last time.
 * Refuses CONNECTION_NOT_READY without an authorization, MARKETPLACE_UNAVAILABLE where the marketplace cannot be asked, and
 * VERSION_CONFLICT where the authorization became another one meanwhile.
 */
export async function testConnection(
  scope: Scope,
  { channels, sealer }: { channels: Channels; sealer: Sealer },
  input: { connectionId: string },
): Promise<{ connection: ConnectionRow; checks: AccountCheck[] } | { refusals: Refusal[] }> {
  const id = uuidOf('Connection', input.connectionId)
  if (id === null) return { refusals: [refusal('INVALID', 'not an id of a connection', 'connectionId')] }
  const connection = await load(scope, connectionById, id)
  if (connection === null) return { refusals: [refusal('NOT_FOUND', 'no such connection', 'connectionId')] }
  const because = whyNot('testConnection', connection.status)
  if (because !== null) return { refusals: [refusal('NOT_ALLOWED', because, 'connectionId')] }
  const given = await authorizedAt(scope.db.pool, scope, id)
  const account = await openAccount(scope, sealer, connection)
  if (account === null || given === null) return { refusals: [refusal('CONNECTION_NOT_READY', notAuthorized, 'connectionId')] }
  const test = await askMarketplace(scope, (signal) => channels.get(connection.channel).testAccount(account, signal))
  if (test instanceof ChannelError) return { refusals: [refusal('MARKETPLACE_UNAVAILABLE', `the marketplace does not answer now: ${test.message}`, 'connectionId')] }
  const { checks } = test
  return withConnection(scope, input.connectionId, async (tx, before) => {
    const present = await authorizedAt(tx, scope, id)
    if (present?.getTime() !== given.getTime()) throw new Refused(refusal('VERSION_CONFLICT', 'the authorization became another one meanwhile: test again', 'connectionId'))
    const told = verdict(before.checks) !== verdict(checks)
    const tested = await updateTest(tx, scope, id, checks, told)
    const failed = checks.filter(({ passed }) => !passed).map(({ name }) => name)
    const summary = `${tested.name} was tested by ${scope.actor.name}: ${failed.length === 0 ? 'every check passed' : `${failed.join(', ')} failed`}`
    if (told) await appendEvents(tx, [{ type: 'CONNECTION_CHANGED', connectionId: id, customerId: tested.customerId, summary }])
    return { connection: tested, checks }
  })
}

const verdict = (checks: readonly AccountCheck[] | null): string | null => checks && checks.map(({ name, passed }) => `${name} ${passed}`).join()
