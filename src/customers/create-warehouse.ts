import { changing } from '../auth/changing.ts'
import type { Scope } from '../auth/scope.ts'
import { type Refusal, refusal } from '../kit/errors.ts'
import { type PostalAddress, refuseAddress } from './address.ts'
import { insertWarehouse, type WarehouseRow } from './warehouses.store.ts'
import { isTimeZone } from '../kit/time-zone.ts'

const LONGEST_CODE = 50

export interface NewWarehouse {
  name: string
  code: string
  /** IANA name. */
  timeZone: string
  address: PostalAddress
}

/** Refuses a blank name, a blank or taken code, an unknown time zone and an address that nothing can be sent from. */
export async function createWarehouse(scope: Scope, input: NewWarehouse): Promise<{ warehouse: WarehouseRow } | { refusals: Refusal[] }> {
  const [name, code, timeZone] = [input.name.trim(), input.code.trim(), input.timeZone.trim()]
  const refusals = [
    ...(name === '' ? [refusal('REQUIRED', 'name must not be blank', 'name')] : []),
    ...(code === '' ? [refusal('REQUIRED', 'code must not be blank', 'code')] : []),
    ...(code.length > LONGEST_CODE ? [refusal('INVALID', `code must have at most ${LONGEST_CODE} characters`, 'code')] : []),
    ...(isTimeZone(timeZone) ? [] : [refusal('INVALID', 'timeZone must be an IANA name such as "America/Chicago"', 'timeZone')]),
    ...refuseAddress(input.address, 'address'),
  ]
  if (refusals.length > 0) return { refusals }
  const { line1, city, countryCode, name: recipient, ...rest } = input.address
  const optional = (value: string | null | undefined): string | null => value?.trim() || null
  const warehouse = await changing(scope, (tx) => insertWarehouse(tx, {
    name, code, timeZone, line1: line1.trim(), city: city.trim(), countryCode, recipient: optional(recipient), company: optional(rest.company),
    line2: optional(rest.line2), line3: optional(rest.line3), region: optional(rest.region), postalCode: optional(rest.postalCode), phone: optional(rest.phone),
  }))
  return warehouse === null ? { refusals: [refusal('TAKEN', `code ${code} belongs to another warehouse`, 'code')] } : { warehouse }
}

