import { changing } from '../auth/changing.ts'
import { load, loadExisting, type Scope } from '../auth/scope.ts'
import { refuseEmail } from '../connections/survey.ts'
import { customerById } from '../customers/customers.store.ts'
import { warehouseById } from '../customers/warehouses.store.ts'
import { type Refusal, refusal } from '../kit/errors.ts'
import { uuidOf } from '../kit/ids.ts'
import { queueMail } from '../mail/queue-mail.ts'
import { issueSetupLink, type SetupLinkProcess } from './issue-setup-link.ts'
import { SetupLinkLetter } from './letters.tsx'
import { onboardingOfConnection } from './onboarding.store.ts'
import type { NewSetupLink, SetupLinkRow } from './setup-links.store.ts'

const LONGEST_NAME = 200

export interface SetupLinkRequest {
  connectionId?: string | null
  customerId?: string | null
  warehouseId?: string | null
  name: string
  email: string
  /** Whether it is mailed; true if left out. */
  send?: boolean | null
}

/** A link for somebody of a customer who has no account; mailed to them unless told otherwise. The URL is told this once. */
export async function createSetupLink(scope: Scope, process: SetupLinkProcess, input: SetupLinkRequest): Promise<{ link: SetupLinkRow; url: string } | { refusals: Refusal[] }> {
  const person = { name: input.name.trim(), email: input.email.trim() }
  const malformed = [
    ...(person.name === '' ? [refusal('REQUIRED', 'name must not be blank', 'name')] : person.name.length > LONGEST_NAME ? [refusal('INVALID', `name must have at most ${LONGEST_NAME} characters`, 'name')] : []),
    ...refuseEmail(person.email, 'email'),
  ]
  const target = await targetOf(scope, input)
  if ('refusals' in target || malformed.length > 0) return { refusals: [...malformed, ...('refusals' in target ? target.refusals : [])] }
  return issueAndMail(scope, process, { ...target, ...person }, input.send !== false)
}

/** A new link like one that there is, for the same person. */
export function renewSetupLink(scope: Scope, process: SetupLinkProcess, { customerId, warehouseId, requestId, name, email }: SetupLinkRow): Promise<{ link: SetupLinkRow; url: string }> {
  return issueAndMail(scope, process, { customerId, warehouseId, requestId, name, email }, true)
}

async function issueAndMail(scope: Scope, process: SetupLinkProcess, wanted: Omit<NewSetupLink, 'expiresAt'>, mailed: boolean): Promise<{ link: SetupLinkRow; url: string }> {
  const all = { ...scope, tenant: null } // a warehouse that serves nobody of the viewer's yet
  const [customer, warehouse] = await Promise.all([loadExisting(all, customerById, wanted.customerId), loadExisting(all, warehouseById, wanted.warehouseId)])
  return changing(scope, async (tx) => {
    const issued = await issueSetupLink(tx, scope, process, wanted)
    if (!mailed) return issued
    await queueMail(tx, {
      kind: 'SETUP_LINK', customerId: wanted.customerId, connectionId: null, recipient: wanted.email, subject: `${warehouse.name}: connect the marketplace accounts of ${customer.name}`,
      body: SetupLinkLetter({ name: wanted.name, customer: customer.name, warehouse: warehouse.name, url: issued.url, expiresAt: issued.link.expiresAt }),
    })
    return issued
  })
}

async function targetOf(scope: Scope, input: SetupLinkRequest): Promise<Pick<NewSetupLink, 'customerId' | 'warehouseId' | 'requestId'> | { refusals: Refusal[] }> {
  if (input.connectionId != null) {
    if (input.customerId != null || input.warehouseId != null) return { refusals: [refusal('INVALID', 'name a connection, or a customer and a warehouse, not both', 'connectionId')] }
    const uuid = uuidOf('Connection', input.connectionId)
    if (uuid === null) return { refusals: [refusal('INVALID', 'not an id of a connection', 'connectionId')] }
    const row = await load(scope, onboardingOfConnection, uuid)
    if (row === null) return { refusals: [refusal('NOT_FOUND', 'no such connection', 'connectionId')] }
    if (row.status === 'DISCONNECTED') return { refusals: [refusal('NOT_ALLOWED', 'the connection is disconnected', 'connectionId')] }
    if (row.requestId === null) return { refusals: [refusal('NOT_ALLOWED', 'the connection has no survey (requestConnections)', 'connectionId')] }
    return { customerId: row.customerId, warehouseId: row.warehouseId, requestId: row.requestId }
  }
  const [customerId, warehouseId] = [input.customerId == null ? null : uuidOf('Customer', input.customerId), input.warehouseId == null ? null : uuidOf('Warehouse', input.warehouseId)]
  const customer = customerId === null ? null : await load(scope, customerById, customerId)
  const warehouse = warehouseId === null ? null : await load(scope, warehouseById, warehouseId)
  const refusals = [
    ...missing(input.customerId, customerId, customer, 'customer', 'customerId'),
    ...missing(input.warehouseId, warehouseId, warehouse, 'warehouse', 'warehouseId'),
  ]
  return customer === null || warehouse === null ? { refusals } : { customerId: customer.id, warehouseId: warehouse.id, requestId: null }
}

function missing(given: string | null | undefined, uuid: string | null, found: object | null, what: string, field: string): Refusal[] {
  if (found !== null) return []
  if (given == null) return [refusal('REQUIRED', `name a connection, or a customer and a warehouse`, field)]
  return [uuid === null ? refusal('INVALID', `not an id of a ${what}`, field) : refusal('NOT_FOUND', `no such ${what}`, field)]
}
