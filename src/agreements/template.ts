// The text of an agreement: Markdown with places to fill in. Pure.

/** What a template may name, e.g. {{customer}}. */
export const places = ['customer', 'warehouse', 'warehouseAddress', 'marketplaces', 'signer', 'date'] as const
export type Places = Readonly<Record<(typeof places)[number], string>>

const place = /\{\{\s*([^{}]*?)\s*\}\}/g

/** What keeps a template from being used; empty where nothing does. */
export function problemsOf(template: string): string[] {
  const unknown = [...template.matchAll(place)].map(([, name]) => name!).filter((name) => !places.some((one) => one === name))
  return [
    ...[...new Set(unknown)].map((name) => `it names {{${name}}}: there are ${places.map((one) => `{{${one}}}`).join(', ')}`),
    ...(/^# \S/m.test(template) ? [] : ['it has no heading of the first level ("# ..."), which is its title']),
  ]
}

// What is filled in is text and no Markdown: a name with asterisks is shown with them, and one that looks like an address is no link.
const literal = (value: string): string => value.replace(/[!-/:-@[-`{-~]/g, (character) => `\\${character}`).replace(/\s+/g, ' ')

export const filled = (template: string, values: Places): string => template.replace(place, (_, name: keyof Places) => literal(values[name] ?? ''))

/** Used unless the operator has one of their own. */
export const builtInTemplate = `# Fulfillment and marketplace connection agreement

Between **{{warehouse}}** ("the Warehouse"), {{warehouseAddress}}, and **{{customer}}** ("the Merchant"), of {{date}}.

## 1. What it is about

The Warehouse ships orders that the Merchant's buyers place at {{marketplaces}}. To do so, its gateway is connected to the Merchant's account at
each of them.

## 2. What the Merchant allows

- The gateway may read the Merchant's orders once their payment is confirmed, with the buyers' names and addresses, which shipping needs.
- It may tell the marketplace that an order was shipped, by which carrier and under which tracking number.
- Where the Merchant asks for it, it may tell the marketplace how many of each item are in stock.
- It does nothing else in the Merchant's account. The Merchant can withdraw the authorization at the marketplace at any time.

## 3. What the Warehouse does

- It imports paid orders regularly, ships them within the time that the marketplace sets where stock and routing allow it, and sends tracking back.
- It tells the Merchant of orders that could not be imported, and of tracking or stock that the marketplace refused.
- It sets a connection up within the time that it promised, once everything needed has arrived.

## 4. What the Merchant does

- It keeps enough stock at the Warehouse, and says what each item sold is there.
- It answers questions about orders in time, and keeps its account at the marketplace in good standing.

## 5. Buyers' data

Buyers' personal data is used to ship their orders and for nothing else, is protected against others, and is removed 30 days after delivery. Neither
party hands it to anybody but the carriers who need it.

## 6. Charges

The Warehouse charges by the rates that the parties have agreed upon. Charges of an order are shown with the order.

## 7. Term

This agreement holds until either party ends it with 30 days' notice in writing. What was shipped before is still charged.

## 8. Liability

Each party answers for damage that it causes by intent or gross negligence. Beyond that it answers for breach of essential duties alone, up to the damage
that could be foreseen.

## 9. Electronic signature

The parties agree that this agreement may be concluded electronically, and that an electronic signature binds as one on paper does.
`
