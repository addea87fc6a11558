// Exact money: decimal strings at the edges, BigInt minor units (cents, yen, fils) where it is divided and summed. Never a float.

/** Currencies that we know, and the decimals of each: ISO 4217, as Intl has it (ECMA-402 CurrencyDigits). */
const known = new Set(Intl.supportedValuesOf('currency'))
const digits = new Map<string, number>()

export const isCurrency = (code: string): boolean => known.has(code)

/** Decimals of a currency's minor unit: USD 2, JPY 0, KWD 3. */
export function currencyDigits(currency: string): number {
  let found = digits.get(currency)
  if (found === undefined) {
    found = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
    digits.set(currency, found)
  }
  return found
}

export interface Money {
  /** Exact decimal, e.g. "12.50". */
  amount: string
  currencyCode: string
}

const decimal = /^(-?)(\d+)(?:\.(\d*))?$/

/** Minor units of an exact decimal string, or null where it is malformed or finer than the currency's minor unit. */
export function toMinor(amount: string, currency: string): bigint | null {
  const parts = decimal.exec(amount)
  if (parts === null) return null
  const scale = currencyDigits(currency)
  const fraction = (parts[3] ?? '').replace(/0+$/, '')
  if (fraction.length > scale) return null
  const minor = BigInt(parts[2]! + fraction.padEnd(scale, '0'))
  return parts[1] === '-' ? -minor : minor
}

/** "12.50" of 1250n USD; "1250" of 1250n JPY. */
export function fromMinor(minor: bigint, currency: string): string {
  const scale = currencyDigits(currency)
  const sign = minor < 0n ? '-' : ''
  const text = (minor < 0n ? -minor : minor).toString().padStart(scale + 1, '0')
  return scale === 0 ? sign + text : `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`
}

/** A stored numeric ("12.5000") as the contract shows it: trailing zeros beyond the currency's decimals go, none that count. */
export function money(amount: string, currencyCode: string): Money {
  const [whole = '0', fraction = ''] = amount.split('.')
  const scale = currencyDigits(currencyCode)
  const kept = fraction.replace(/0+$/, '').padEnd(scale, '0')
  return { amount: kept === '' ? whole : `${whole}.${kept}`, currencyCode }
}

/**
 * `total` in `count` parts that sum exactly to it, by largest remainder: all parts are equal where it divides, else the first
 * ones bear one unit more. (Equal shares have equal remainders, so the order given breaks the tie.)
 */
export function divideEvenly(total: bigint, count: number): bigint[] {
  const share = total / BigInt(count)
  const over = total - share * BigInt(count)
  const unit = total < 0n ? -1n : 1n
  const extra = over < 0n ? -over : over
  return Array.from({ length: count }, (_, index) => (BigInt(index) < extra ? share + unit : share))
}

/** The exact sum of amounts times whole quantities, as a decimal string. */
export function sumOf(items: readonly { amount: string; quantity: number }[]): string {
  const parts = items.map(({ amount, quantity }) => ({ match: decimal.exec(amount), quantity }))
  const scale = Math.max(0, ...parts.map(({ match }) => match?.[3]?.length ?? 0))
  let sum = 0n
  for (const { match, quantity } of parts) {
    if (match === null) throw new Error('not a decimal')
    const scaled = BigInt(match[2]! + (match[3] ?? '').padEnd(scale, '0')) * BigInt(quantity)
    sum += match[1] === '-' ? -scaled : scaled
  }
  const text = (sum < 0n ? -sum : sum).toString().padStart(scale + 1, '0')
  return `${sum < 0n ? '-' : ''}${scale === 0 ? text : `${text.slice(0, -scale)}.${text.slice(-scale)}`}`
}
