// How one connection shares in the stock of one item, over the connection's settings. Pure.
import { type Refusal, refusal } from '../kit/errors.ts'

/** Null: as the connection's settings say, which know no maximum. */
export interface InventoryRule {
  /** Units kept back. */
  buffer: number | null
  /** Of what is left after the buffer. */
  percent: number | null
  /** Items of the listing. */
  maximum: number | null
  /** The marketplace is told nothing of it. */
  excluded: boolean
}

export const noRule: InventoryRule = { buffer: null, percent: null, maximum: null, excluded: false }

/** What is left out stays; an explicit null clears. */
export type RuleChange = { readonly [Name in keyof InventoryRule]?: InventoryRule[Name] | null }

export function changeRule(present: InventoryRule, { buffer, percent, maximum, excluded }: RuleChange): InventoryRule {
  return {
    buffer: buffer === undefined ? present.buffer : buffer,
    percent: percent === undefined ? present.percent : percent,
    maximum: maximum === undefined ? present.maximum : maximum,
    excluded: excluded === undefined ? present.excluded : excluded === true,
  }
}

/** Whether it says nothing that the settings do not. */
export const isNoRule = ({ buffer, percent, maximum, excluded }: InventoryRule): boolean => buffer === null && percent === null && maximum === null && !excluded

const most = { buffer: 1_000_000, percent: 100, maximum: 1_000_000 } as const

export function refuseRule(change: RuleChange): Refusal[] {
  return (Object.keys(most) as (keyof typeof most)[]).flatMap((name) => {
    const value = change[name]
    return value == null || (value >= 0 && value <= most[name]) ? [] : [refusal('INVALID', `${name} must be from 0 to ${most[name]}`, name)]
  })
}
