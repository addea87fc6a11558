// Additional charges of a ship-and-close call: what each order bears, to the last minor unit. Pure.
import { type Refusal, refusal } from '../kit/errors.ts'
import { divideEvenly, fromMinor, isCurrency, type Money, money, sumOf, toMinor } from '../kit/money.ts'

export interface ChargeInput {
  code: string
  description?: string | null
  amount: Money
}
export type ChargeApplication = 'SEPARATELY' | 'DIVIDED_EVENLY'

export interface PlannedCharge {
  code: string
  description: string | null
  amount: Money
}

const MOST = 50
const LONGEST = 100

/** What is wrong with the charges whatever the orders. */
export function refuseCharges(charges: readonly ChargeInput[]): Refusal[] {
  if (charges.length > MOST) return [refusal('TOO_MANY', `at most ${MOST} charges`, 'charges')]
  return charges.flatMap(({ code, amount: { amount, currencyCode } }, index) => {
    const path = ['charges', index] as const
    if (code.trim() === '') return [refusal('REQUIRED', 'code must not be blank', ...path, 'code')]
    if (code.trim().length > LONGEST) return [refusal('INVALID', `code must have at most ${LONGEST} characters`, ...path, 'code')]
    if (!isCurrency(currencyCode)) return [refusal('INVALID', `${currencyCode} is no ISO 4217 currency`, ...path, 'amount', 'currencyCode')]
    const minor = toMinor(amount, currencyCode)
    if (minor !== null && minor > 0n) return []
    return [refusal('AMOUNT_INVALID', `amount must be above 0, in whole minor units of ${currencyCode}`, ...path, 'amount', 'amount')]
  })
}

/** Charges in a currency that is not the order's. An order without a currency bears any. */
export function refuseCurrency(charges: readonly ChargeInput[], currency: string | null, number: string): Refusal[] {
  if (currency === null) return []
  return charges.flatMap(({ amount }, index) =>
    amount.currencyCode === currency ? [] : [refusal('CURRENCY_MISMATCH', `order ${number} is in ${currency}`, 'charges', index, 'amount', 'currencyCode')],
  )
}

/**
 * What each of `count` orders bears, in their order. SEPARATELY: the full amount each. DIVIDED_EVENLY: parts that sum exactly to the
 * amount, the first ones one minor unit larger where it does not divide; an order whose part is nothing bears no such charge.
 */
export function planCharges(charges: readonly ChargeInput[], application: ChargeApplication, count: number): PlannedCharge[][] {
  const borne: PlannedCharge[][] = Array.from({ length: count }, () => [])
  if (count === 0) return borne
  for (const { code, description, amount: { amount, currencyCode } } of charges) {
    const minor = toMinor(amount, currencyCode)!
    const parts = application === 'SEPARATELY' ? borne.map(() => minor) : divideEvenly(minor, count)
    for (const [index, part] of parts.entries()) {
      if (part > 0n) borne[index]!.push({ code: code.trim(), description: description?.trim() || null, amount: { amount: fromMinor(part, currencyCode), currencyCode } })
    }
  }
  return borne
}

/** The sum of charges in the order's currency, or in the first one's where it has none; null where it bears none. */
export function sumCharges(charges: readonly Money[], currency: string | null): Money | null {
  const currencyCode = currency ?? charges[0]?.currencyCode
  const counted = charges.filter((charge) => charge.currencyCode === currencyCode)
  return currencyCode === undefined || counted.length === 0 ? null : money(sumOf(counted.map(({ amount }) => ({ amount, quantity: 1 }))), currencyCode)
}
