import type { Scope } from '../auth/scope.ts'
import { nameOfCustomer } from '../customers/customers.store.ts'
import type { Tx } from '../db/transaction.ts'
import { appendEvents } from '../events/append.ts'
import { toId } from '../kit/ids.ts'
import { queueMail } from '../mail/queue-mail.ts'
import type { Agreeing } from './agreeing.ts'
import { type AgreementRow, connectionsOfAgreement } from './agreements.store.ts'
import { SignedLetter, SignedNote } from './letters.tsx'

/** In the transaction that keeps a signature: the event of each connection, a mail to the signer, and one to the warehouse's people. */
export async function tellSigned(tx: Tx, scope: Scope, { operators, publicUrl }: Agreeing, agreement: AgreementRow): Promise<void> {
  const connections = await connectionsOfAgreement(tx, scope, agreement.id)
  const customer = await nameOfCustomer(tx, agreement.customerId)
  const by = scope.actor.name
  await appendEvents(tx, connections.map(({ id: connectionId, customerId, name }) => ({ type: 'CONNECTION_CHANGED', connectionId, customerId, summary: `${name}: the agreement was signed (${by})` })))
  const [first] = connections
  const about = { customerId: agreement.customerId, connectionId: first?.id ?? null }
  await queueMail(tx, { ...about, kind: 'SIGNED', recipient: agreement.signerEmail, subject: 'The agreement is signed', key: `signed:${agreement.id}`, body: SignedLetter({ name: agreement.signerName, connections: connections.map(({ name }) => name) }) })
  for (const recipient of operators) {
    await queueMail(tx, {
      ...about, kind: 'SIGNED', recipient, subject: `${customer} has signed`, key: `signed:${agreement.id}:${recipient}`,
      body: SignedNote({ customer, connections: connections.map(({ name }) => name), url: first === undefined ? publicUrl() : `${publicUrl()}/open/${toId('Connection', first.id)}` }),
    })
  }
}
