import type { Amount } from './format.ts'

/** Exact sums, one a currency, in the order that they first come in. */
export function sums(amounts: readonly Amount[]): Amount[] {
  const totals = new Map<string, { units: bigint; scale: number }>()
  for (const { amount, currencyCode } of amounts) {
    const [whole, fraction = ''] = amount.split('.')
    const before = totals.get(currencyCode) ?? { units: 0n, scale: 0 }
    const scale = Math.max(before.scale, fraction.length)
    const units = before.units * 10n ** BigInt(scale - before.scale) + BigInt(`${whole}${fraction}`) * 10n ** BigInt(scale - fraction.length)
    totals.set(currencyCode, { units, scale })
  }
  return [...totals].map(([currencyCode, { units, scale }]) => {
    const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0')
    const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
    return { currencyCode, amount: units < 0n ? `-${text}` : text }
  })
}
