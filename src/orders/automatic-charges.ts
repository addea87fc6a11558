import { sumOf } from '../kit/money.ts'

export interface AutomaticRule {
  id: string
  code: string
  description: string | null
  amount: string
  currency: string
  basis: 'ORDER' | 'LINE' | 'UNIT'
}

export interface AutomaticCharge {
  code: string
  description: string | null
  amount: string
  currency: string
  chargeRuleId: string
}

/**
 * What an order bears by its customer's rules: once, per line, or per item that is to be shipped. A rule in another currency than
 * the order's does not apply: a customer who sells in several has a rule for each.
 */
export function automaticCharges(order: { currency: string | null; lines: readonly { open: number }[] }, rules: readonly AutomaticRule[]): AutomaticCharge[] {
  const lines = order.lines.filter((line) => line.open > 0)
  const times = { ORDER: 1, LINE: lines.length, UNIT: lines.reduce((sum, line) => sum + line.open, 0) }
  return rules
    .filter((rule) => times[rule.basis] > 0 && (order.currency === null || order.currency === rule.currency))
    .map(({ id, code, description, amount, currency, basis }) => ({
      code, description, currency, chargeRuleId: id,
      amount: sumOf([{ amount, quantity: times[basis] }]),
    }))
}
