/**
 * What a user can mend. A verb returns it as a value; the contract shows it as a `UserError` with a stable code and the path
 * into `input`. Codes are the contract's; programs match on the code, never on the message.
 */
export interface Refusal {
  code: RefusalCode
  message: string
  /** Path into `input`, e.g. ['orders', '2', 'routing', 'scac']. */
  field?: string[]
}

export const refusalCodes = [
  'REQUIRED', 'INVALID', 'TOO_MANY', 'TAKEN', 'NOT_FOUND', 'NOT_ALLOWED',
  'VERSION_CONFLICT', 'IDEMPOTENCY_KEY_REUSED',
  'CARRIER_REQUIRED', 'SCAC_REQUIRED', 'SERVICE_REQUIRED', 'TRACKING_NUMBER_REQUIRED',
  'CARRIER_UNKNOWN', 'SCAC_MISMATCH', 'TRACKING_NUMBER_MALFORMED', 'TRACKING_NUMBER_REPEATED',
  'ORDER_CLOSED', 'ORDER_CANCELLED', 'ORDER_ON_HOLD', 'CANCEL_REQUESTED', 'QUANTITY_EXCEEDS_OPEN', 'STOCK_SHORT',
  'CURRENCY_MISMATCH', 'AMOUNT_INVALID',
  'CREDENTIALS_REJECTED', 'CONNECTION_NOT_READY', 'MARKETPLACE_UNAVAILABLE',
  'SIGNATURE_PROVIDER_UNAVAILABLE', 'ADDRESS_NOT_PUBLIC',
] as const
export type RefusalCode = (typeof refusalCodes)[number]

export function refusal(code: RefusalCode, message: string, ...field: (string | number)[]): Refusal {
  return field.length === 0 ? { code, message } : { code, message, field: field.map(String) }
}

/** Leaves a verb's transaction, undoing it, with refusals for the caller. Thrown by verbs only, and caught by them. */
export class Refused extends Error {
  readonly refusals: Refusal[]
  constructor(...refusals: Refusal[]) {
    super(refusals.map((one) => one.code).join(', '))
    this.name = 'Refused'
    this.refusals = refusals
  }
}

/**
 * A request that makes no sense as it stands: a malformed cursor, id or page size. It has no `userErrors` to stand in (a query
 * has none), so it becomes a GraphQL error with this code and path.
 */
export class BadRequest extends Error {
  readonly code: string = 'BAD_USER_INPUT'
  /** Not `path`: graphql-js takes an error with one for an error of its own, and does not say where it came from. */
  readonly field: string[]
  constructor(message: string, ...field: string[]) {
    super(message)
    this.name = 'BadRequest'
    this.field = field
  }
}

/** The cursor of an event that the log has let go: what came between it and what is there cannot be told. */
export class CursorExpired extends BadRequest {
  override readonly code = 'CURSOR_EXPIRED'
  constructor() {
    super('the log does not reach back to that cursor any more: begin without one', 'after')
    this.name = 'CursorExpired'
  }
}

/** Why a query was ended before its answer: TIMEOUT, or nobody waits for it any more. What it does next is refused with this. */
export class EndedEarly extends Error {
  readonly code: 'TIMEOUT' | 'CLIENT_GONE'
  constructor(code: EndedEarly['code'], message: string) {
    super(message)
    this.name = 'EndedEarly'
    this.code = code
  }
}
