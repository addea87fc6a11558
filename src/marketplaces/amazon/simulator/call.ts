import type { Fault, FaultKind, FaultOf, Fired } from './faults.ts'
import type { SellerOperation } from './quota.ts'
import type { Seller } from './seller.ts'
import type { State } from './state.ts'

/** A call of the Selling Partner API that has passed the door: authorized, within quota, and not failed by a fault. */
export interface Call {
  state: State
  seller: Seller
  /** The seller's marketplaces that this base serves: all of them, or those of its region. */
  marketplaceIds: readonly string[]
  /** Where the caller reached the simulator: scheme and host, without a slash at its end. */
  origin: string
  /** The simulator's time at which it is answered. */
  now: number
  /** Path parameters, decoded. */
  path: Record<string, string>
  query: URLSearchParams
  /** As sent. */
  body: string
  fired: Fired
}

/**
 * Of the kinds that only some calls of an operation can meet (see `countedByWork`): counts this call against them, and tells which
 * befall it.
 */
export function meet<Kind extends FaultKind>(call: Call, operation: SellerOperation, kind: Kind, fits: (fault: Fault) => boolean = () => true): FaultOf<Kind>[] {
  call.fired.join(call.state.faults.fire(operation, call.seller.sellerId, (fault) => fault.kind === kind && fits(fault)))
  return call.fired.all(kind)
}

/** A query parameter that is a list: comma-separated, repeated, or both. Undefined where it is not there or empty. */
export function listOf(query: URLSearchParams, name: string): string[] | undefined {
  const values = query
    .getAll(name)
    .flatMap((one) => one.split(','))
    .map((one) => one.trim())
    .filter((one) => one !== '')
  return values.length === 0 ? undefined : values
}
