// What the demonstration sells, and what an invented seller sells unless it is told otherwise.

export interface Product {
  sellerSku: string
  asin: string
  title: string
  /** Exact decimal, in the marketplace's currency. */
  unitPrice: string
  quantity: number
  fulfilledBy: 'MERCHANT' | 'AMAZON'
}

type Row = [sellerSku: string, asin: string, title: string, dollars: string, pounds: string, quantity: number, fulfilledBy?: 'AMAZON']

const rows: Row[] = [
  ['HK-KETTLE-17', 'B07HKETL17', 'Gooseneck pour-over kettle, 1.7 l', '39.90', '32.50', 1800],
  ['HK-MUG-2', 'B07HKMUG02', 'Stoneware mugs, set of 2', '18.50', '15.00', 2600],
  ['HK-FILTER-100', 'B07HKFLT10', 'Paper coffee filters, 100 pieces', '7.99', '6.49', 4800],
  ['HK-BOARD-L', 'B07HKBRDLG', 'Acacia chopping board, large', '27.00', '22.95', 1500],
  ['OD-BOTTLE-750', 'B08ODBTL75', 'Insulated bottle, 750 ml', '24.95', '19.99', 3200],
  ['OD-LAMP-USB', 'B08ODLMPUS', 'Rechargeable camping lamp', '31.49', '26.00', 1400],
  ['OD-TARP-3X3', 'B08ODTRP33', 'Ripstop tarp, 3 x 3 m', '44.00', '36.95', 1200],
  ['ST-NOTE-A5', 'B09STNTEA5', 'Dotted notebook A5, 160 pages', '12.00', '9.95', 4200],
  ['ST-PEN-5', 'B09STPEN05', 'Fineliner pens, pack of 5', '9.49', '7.99', 3900],
  ['PT-BRUSH-M', 'B0APTBRSHM', 'Grooming brush for dogs, medium', '14.75', '11.99', 2100],
  ['HK-SCALE-01', 'B07HKSCL01', 'Digital kitchen scale, 0.1 g', '22.99', '18.49', 600, 'AMAZON'],
  ['OD-MAT-180', 'B08ODMAT18', 'Folding sleeping mat, 180 cm', '34.90', '28.90', 500, 'AMAZON'],
]

/** Prices of the other currencies are the dollar's number: invented, but exact to the currency's minor unit. */
export function catalogueOf(currency: string): Product[] {
  return rows.map(([sellerSku, asin, title, dollars, pounds, quantity, fulfilledBy]) => {
    const price = currency === 'GBP' ? pounds : dollars
    return {
      sellerSku,
      asin,
      title,
      quantity,
      fulfilledBy: fulfilledBy ?? 'MERCHANT',
      unitPrice: currency === 'JPY' ? price.replace('.', '') : price,
    }
  })
}
