import { changing } from '../auth/changing.ts'
import { load, type Scope } from '../auth/scope.ts'
import { customerById } from '../customers/customers.store.ts'
import { warehouseById } from '../customers/warehouses.store.ts'
import { appendEvents } from '../events/append.ts'
import { type Refusal, refusal, Refused } from '../kit/errors.ts'
import { newUuid, toId, uuidOf } from '../kit/ids.ts'
import { queueMail } from '../mail/queue-mail.ts'
import type { Marketplace } from '../marketplaces/channel.ts'
import type { Channels } from '../marketplaces/registry.ts'
import { type ConnectionRow, lockCustomer } from '../connections/connections.store.ts'
import { createConnection } from '../connections/create-connection.ts'
import { refuseSurvey, type SurveyAnswers } from '../connections/survey.ts'
import { insertSurveys, marketplacesAskedFor } from '../connections/surveys.store.ts'
import { type ContactInput, refuseContacts } from '../notifications/contact.ts'
import { addContacts } from '../notifications/save-contact.ts'
import { RequestedNote } from './letters.tsx'
import { bindSetupLink } from './setup-links.store.ts'

const MOST = 50

export interface ConnectionRequest {
  customerId: string
  warehouseId: string
  marketplaceIds: readonly string[]
  contactName: string
  contactEmail: string
  merchantId?: string | null
  expectedOrdersPerDay?: number | null
  inventorySync?: boolean | null
  /** Now if left out. */
  importFrom?: Date | null
  notes?: string | null
  notify?: readonly ContactInput[] | null
}

export interface RequestProcess {
  channels: Channels
  /** Until when the warehouse promises to set it up: hours of business days. */
  turnaroundHours: number
  /** The warehouse's own people, who are told. */
  operators: readonly string[]
  publicUrl: () => string
  /** The set-up link that it is answered by, which is for these connections from here on. */
  setupLinkId?: string
}

/**
 * The integration survey: a connection that is being set up for each marketplace asked for, all of them or none. Its cadences are
 * made, and run once it is live. Refuses what cannot be, and a marketplace to which that merchant has or gets a connection.
 */
export async function requestConnections(scope: Scope, process: RequestProcess, input: ConnectionRequest): Promise<{ connections: ConnectionRow[]; requestId: string } | { refusals: Refusal[] }> {
  const { channels, turnaroundHours, operators, publicUrl, setupLinkId } = process
  const answers = answersOf(input)
  const [customerId, warehouseId] = [uuidOf('Customer', input.customerId), uuidOf('Warehouse', input.warehouseId)]
  const customer = customerId === null ? null : await load(scope, customerById, customerId)
  const warehouse = warehouseId === null ? null : await load(scope, warehouseById, warehouseId)
  const marketplaces = input.marketplaceIds.map((id) => channels.marketplace(id.trim()))
  const refusals = [
    ...(customer === null ? [notFound(customerId, 'customer', 'customerId')] : []),
    ...(warehouse === null ? [notFound(warehouseId, 'warehouse', 'warehouseId')] : []),
    ...refuseMarketplaces(input.marketplaceIds, marketplaces),
    ...refuseSurvey(answers, scope.clock()),
    ...refuseContacts(input.notify ?? [], 'notify'),
  ]
  if (customer === null || warehouse === null || refusals.length > 0) return { refusals }
  const wanted = marketplaces.filter((one) => one !== null)
  try {
    return await changing(scope, async (tx) => {
      await lockCustomer(tx, scope, customer.id)
      const asked = await marketplacesAskedFor(tx, scope, customer.id, answers.merchantId)
      const taken = wanted.flatMap(({ id, name }, index) =>
        asked.has(id) ? [refusal('TAKEN', `there is a connection of this merchant to ${name} already`, 'marketplaceIds', index)] : [],
      )
      if (taken.length > 0) throw new Refused(...taken)
      const connections: ConnectionRow[] = []
      for (const { id, channel, name } of wanted) {
        connections.push(await createConnection(tx, {
          customerId: customer.id, warehouseId: warehouse.id, name: `${customer.name} on ${name}`, channel, marketplaceId: id, merchantId: null,
          status: 'ONBOARDING', inventorySync: input.inventorySync ?? false, importFrom: answers.importFrom ?? scope.clock(), turnaroundHours,
        }))
      }
      const requestId = newUuid()
      await insertSurveys(tx, scope, requestId, customer.id, connections.map(({ id }) => id), answers)
      await appendEvents(tx, connections.map(({ id: connectionId, name }) => ({
        type: 'CONNECTION_CHANGED', connectionId, customerId: customer.id, summary: `${name} was requested by ${scope.actor.name}`,
      })))
      await addContacts(tx, scope, connections, input.notify ?? [])
      if (setupLinkId !== undefined && !(await bindSetupLink(tx, setupLinkId, requestId))) throw new Refused(refusal('NOT_ALLOWED', 'the survey of this link was answered already', 'marketplaceIds'))
      for (const recipient of operators) {
        await queueMail(tx, {
          kind: 'REQUESTED', customerId: customer.id, connectionId: connections[0]!.id, recipient, subject: `${customer.name} asks to be connected`,
          body: RequestedNote({ customer: customer.name, connections: connections.map(({ name }) => name), url: `${publicUrl()}/open/${toId('Connection', connections[0]!.id)}` }),
        })
      }
      return { connections, requestId }
    })
  } catch (error) {
    if (error instanceof Refused) return { refusals: error.refusals }
    throw error
  }
}

function answersOf({ contactName, contactEmail, merchantId, expectedOrdersPerDay, notes, importFrom }: ConnectionRequest): SurveyAnswers {
  const optional = (value: string | null | undefined): string | null => value?.trim() || null
  return {
    contactName: contactName.trim(), contactEmail: contactEmail.trim(), merchantId: optional(merchantId), expectedOrdersPerDay: expectedOrdersPerDay ?? null,
    notes: optional(notes), importFrom: importFrom ?? null,
  }
}

const notFound = (uuid: string | null, what: string, field: string): Refusal =>
  uuid === null ? refusal('INVALID', `not an id of a ${what}`, field) : refusal('NOT_FOUND', `no such ${what}`, field)

function refuseMarketplaces(ids: readonly string[], found: readonly (Marketplace | null)[]): Refusal[] {
  if (ids.length === 0) return [refusal('REQUIRED', 'name at least one marketplace', 'marketplaceIds')]
  if (ids.length > MOST) return [refusal('TOO_MANY', `at most ${MOST} marketplaces`, 'marketplaceIds')]
  return found.flatMap((marketplace, index) => {
    if (marketplace === null) return [refusal('NOT_FOUND', 'no such marketplace', 'marketplaceIds', index)]
    return found.indexOf(marketplace) < index ? [refusal('TAKEN', `${marketplace.name} is given twice`, 'marketplaceIds', index)] : []
  })
}
