// Ids as the contract shows them: TypeIDs (a prefix that names the type, then the row's UUID v7 in base 32), opaque to clients.
import { randomUUID } from 'node:crypto'
import { TypeID } from 'typeid-js'
import { BadRequest, type Refusal, refusal } from './errors.ts'

/** Type name in the contract -> prefix of its ids. */
export const idPrefixes = {
  Customer: 'cust',
  Warehouse: 'wh',
  ChargeRule: 'rule',
  Connection: 'conn',
  Order: 'ord',
  OrderLine: 'line',
  Charge: 'chg',
  Shipment: 'ship',
  InventoryItem: 'inv',
  InventoryMovement: 'mov',
  SkuMapping: 'sku',
  ImportFailure: 'fail',
  JobRun: 'run',
  JobPause: 'pause',
  ApiToken: 'tok',
  SetupLink: 'link',
  NotificationContact: 'contact',
  NotificationDelivery: 'mail',
  Webhook: 'hook',
  WebhookDelivery: 'delivery',
  AuditEntry: 'audit',
} as const
export type IdType = keyof typeof idPrefixes

const typesByPrefix = new Map(Object.entries(idPrefixes).map(([type, prefix]) => [prefix as string, type as IdType]))

export const toId = (type: IdType, uuid: string): string => `${idPrefixes[type]}_${encodeUuid(uuid)}`

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
/** Of the lowest five bits; of the lowest ten. */
const one = (bits: number): string => alphabet[bits & 31]!
const pairs = Array.from({ length: 1024 }, (_, bits) => one(bits >>> 5) + one(bits))
const two = (bits: number): string => pairs[bits & 1023]!

/** The 26 digits of a TypeID, as the library writes them, in a tenth of its time: an answer has hundreds of ids. Four words of 32 bits, the highest first. */
function encodeUuid(uuid: string): string {
  const a = parseInt(uuid.slice(0, 8), 16)
  const b = parseInt(uuid.slice(9, 13) + uuid.slice(14, 18), 16)
  const c = parseInt(uuid.slice(19, 23) + uuid.slice(24, 28), 16)
  const d = parseInt(uuid.slice(28), 16)
  return (
    one(a >>> 29) + two(a >>> 19) + two(a >>> 9) + one(a >>> 4) + one((a << 1) | (b >>> 31)) +
    two(b >>> 21) + two(b >>> 11) + two(b >>> 1) + one((b << 4) | (c >>> 28)) +
    two(c >>> 18) + two(c >>> 8) + one(c >>> 3) + one((c << 2) | (d >>> 30)) +
    two(d >>> 20) + two(d >>> 10) + two(d)
  )
}

/** The type and UUID of an id, or null where it is none of ours. */
export function parseId(id: string): { type: IdType; uuid: string } | null {
  const type = typesByPrefix.get(id.slice(0, id.lastIndexOf('_')))
  if (type === undefined) return null
  try {
    return { type, uuid: TypeID.fromString(id).toUUID() }
  } catch {
    return null
  }
}

/** The UUID of an id of that type, or null. For arguments whose refusal is a user error. */
export function uuidOf(type: IdType, id: string): string | null {
  const parsed = parseId(id)
  return parsed?.type === type ? parsed.uuid : null
}

/** As uuidOf, for arguments of queries: a malformed id is a BadRequest at `path`. */
export function requireUuid(type: IdType, id: string, ...path: string[]): string {
  const uuid = uuidOf(type, id)
  if (uuid === null) throw new BadRequest(`not an id of ${type}`, ...path)
  return uuid
}

export function requireUuids(type: IdType, ids: readonly string[] | null | undefined, ...path: string[]): string[] | null {
  return ids?.map((id, index) => requireUuid(type, id, ...path, String(index))) ?? null
}

let lastMs = 0
let sequence = 0
/** A new UUID v7 (RFC 9562, with a sequence of 12 bits): in the order of making, so that indexes grow at one end. */
export function newUuid(): string {
  const now = Date.now()
  if (now > lastMs) [lastMs, sequence] = [now, 0]
  else if (++sequence > 0xfff) [lastMs, sequence] = [lastMs + 1, 0]
  const time = lastMs.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence.toString(16).padStart(3, '0')}${randomUUID().slice(18)}`
}

/** The UUIDs of ids in a mutation's input, with a refusal for each that is malformed. */
export function requireAll(type: IdType, ids: readonly string[], ...field: string[]): { uuids: string[]; refusals: Refusal[] } {
  const uuids = ids.map((id) => uuidOf(type, id))
  return {
    uuids: uuids.filter((uuid) => uuid !== null),
    refusals: uuids.flatMap((uuid, index) => (uuid === null ? [refusal('INVALID', `not an id of ${type}`, ...field, index)] : [])),
  }
}
