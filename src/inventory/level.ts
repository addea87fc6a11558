// How much there is, and how much of it a marketplace is told. Pure.

/** Whole units of a warehouse SKU. */
export interface StockLevels {
  onHand: number
  onHold: number
  allocated: number
}

/** Below 0 where more was sold than there is. */
export const available = ({ onHand, onHold, allocated }: StockLevels): number => onHand - onHold - allocated

/** How a connection shares in the stock. */
export interface SharingRule {
  /** Units kept back. */
  buffer: number
  /** Of what is left after the buffer, 0 to 100. */
  percent: number
  /** Warehouse units in one item of the listing. */
  unitsPerItem: number
  /** Items of the listing, so packs where it sells packs; null: no limit. */
  maximum: number | null
}

/** One line of a sum: the results run from one to the next, and the last is the quantity told. */
export interface QuantityStep {
  label: string
  change: number
  result: number
}

/** Why a marketplace is told this number: units first, items of the listing where it sells packs. Shares and packs round down. */
export function explainQuantity(levels: StockLevels, { buffer, percent, unitsPerItem, maximum }: SharingRule): QuantityStep[] {
  const steps: QuantityStep[] = []
  let so = 0
  const to = (label: string, result: number): void => {
    steps.push({ label, change: result - so, result })
    so = result
  }
  to('On hand', levels.onHand)
  to('On hold', so - levels.onHold)
  to('Allocated to open orders', so - levels.allocated)
  to('Buffer', so - buffer)
  if (so < 0) to('Never below 0', 0)
  if (percent !== 100) to(`Share of ${percent}%`, Math.floor((so * percent) / 100))
  if (unitsPerItem !== 1) to(`Packs of ${unitsPerItem}`, Math.floor(so / unitsPerItem))
  if (maximum !== null) to(`At most ${maximum}`, Math.min(so, maximum))
  return steps
}

/** Items, 0 or more. */
export const toldQuantity = (levels: StockLevels, rule: SharingRule): number => explainQuantity(levels, rule).at(-1)!.result
