import { changing } from '../auth/changing.ts'
import type { Scope } from '../auth/scope.ts'
import { one, run, statement } from '../db/sql.ts'
import { type Refusal, refusal, Refused } from '../kit/errors.ts'
import { isCurrency, type Money, toMinor } from '../kit/money.ts'
import type { ChargeBasis, CustomerRow } from './customers.store.ts'

export interface NewChargeRule {
  code: string
  description?: string | null
  amount: Money
  basis: ChargeBasis
}

const insertCustomer = statement('insertCustomer', 'INSERT INTO customers (name, reference) VALUES ($1, $2) ON CONFLICT (reference) DO NOTHING RETURNING id, name, reference')
const insertRules = statement(
  'insertChargeRules',
  `INSERT INTO charge_rules (customer_id, code, description, amount, currency, basis)
   SELECT $1, code, description, amount, currency, basis
   FROM jsonb_to_recordset($2) AS rule (code text, description text, amount numeric, currency text, basis charge_basis)`,
)

/** A customer with the charges that every order of theirs bears. Refuses blank or taken names and references, and bad amounts. */
export async function createCustomer(
  scope: Scope,
  input: { name: string; reference?: string | null; chargeRules?: readonly NewChargeRule[] | null },
): Promise<{ customer: CustomerRow } | { refusals: Refusal[] }> {
  const name = input.name.trim()
  const reference = (input.reference ?? name.toUpperCase().replace(/[^A-Z0-9]+/g, '-').replace(/^-|-$/g, '')).trim()
  const rules = input.chargeRules ?? []
  const refusals = [
    ...(name === '' ? [refusal('REQUIRED', 'name must not be blank', 'name')] : []),
    ...(reference === '' ? [refusal('REQUIRED', 'reference must not be blank', 'reference')] : []),
    ...rules.flatMap((rule, index) => refuseRule(rule, rules, index)),
  ]
  if (refusals.length > 0) return { refusals }
  try {
    return await changing(scope, async (tx) => {
      const customer = await one<CustomerRow>(tx, insertCustomer, [name, reference])
      if (customer === null) throw new Refused(refusal('TAKEN', `reference ${reference} belongs to another customer`, 'reference'))
      const recorded = rules.map(({ amount, ...rule }) => ({ ...rule, code: rule.code.trim(), amount: amount.amount, currency: amount.currencyCode }))
      await run(tx, insertRules, [customer.id, JSON.stringify(recorded)])
      return { customer }
    })
  } catch (error) {
    if (error instanceof Refused) return { refusals: error.refusals }
    throw error
  }
}

function refuseRule({ code, amount }: NewChargeRule, rules: readonly NewChargeRule[], index: number): Refusal[] {
  if (code.trim() === '') return [refusal('REQUIRED', 'code must not be blank', 'chargeRules', index, 'code')]
  if (rules.findIndex((other) => other.code.trim() === code.trim()) < index) return [refusal('TAKEN', `code ${code} is given twice`, 'chargeRules', index, 'code')]
  if (!isCurrency(amount.currencyCode)) return [refusal('INVALID', `${amount.currencyCode} is no ISO 4217 currency`, 'chargeRules', index, 'amount', 'currencyCode')]
  const minor = toMinor(amount.amount, amount.currencyCode)
  if (minor === null || minor <= 0n) return [refusal('AMOUNT_INVALID', `amount must be above 0, in whole ${amount.currencyCode} minor units`, 'chargeRules', index, 'amount', 'amount')]
  return []
}
