// What must be so in the end, whatever happened: the database beside what Amazon has.
import { groupBy } from '../src/auth/scope.ts'
import type { Amazon } from './processes.ts'
import type { Site } from './site.ts'

/** What is compared: the database, and Amazon. */
export type Books = Pick<Site, 'rows'> & { amazon: Pick<Amazon, 'control'> }

/** From now on the database itself notes each beginning of a sending, and each answer that was recorded. */
export async function bookTracking({ rows }: Pick<Site, 'rows'>): Promise<void> {
  await rows('CREATE TABLE bench_tracking (id bigserial PRIMARY KEY, shipment_id uuid NOT NULL, what text NOT NULL)')
  await rows(`CREATE FUNCTION bench_book_tracking() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.tracking_attempts > OLD.tracking_attempts THEN INSERT INTO bench_tracking (shipment_id, what) VALUES (NEW.id, 'BEGUN'); END IF;
      IF NEW.tracking_status = 'UNCONFIRMED' AND NEW.tracking_sent_at IS NOT NULL AND OLD.tracking_sent_at IS NULL THEN INSERT INTO bench_tracking (shipment_id, what) VALUES (NEW.id, 'TAKEN'); END IF;
      IF NEW.tracking_status = 'PENDING' AND OLD.tracking_status = 'REJECTED' THEN INSERT INTO bench_tracking (shipment_id, what) VALUES (NEW.id, 'ASKED'); END IF;
      RETURN NULL;
    END $$`)
  await rows('CREATE TRIGGER bench_book_tracking AFTER UPDATE ON shipments FOR EACH ROW EXECUTE FUNCTION bench_book_tracking()')
}

export interface Check {
  words: string
  /** 0 where all is well. */
  wrong: number
}

export async function check(site: Books, bought: number): Promise<{ notes: string[]; checks: Check[] }> {
  const orders = await checkOrders(site, bought)
  const packages = await checkPackages(site)
  return { notes: [...orders.notes, ...packages.notes], checks: [...orders.checks, ...(await checkBooks(site)), ...packages.checks] }
}

interface SoldOrder {
  orderId: string
  fulfillment: { fulfillmentStatus: string; fulfilledBy: string }
  orderItems: { orderItemId: string; quantityOrdered: number; product: { sellerSku?: string } }[]
  packages?: { packageReferenceId: string; trackingNumber?: string; packageItems?: { orderItemId: string; quantity: number }[] }[]
}

const soldOrders = async (amazon: Pick<Amazon, 'control'>): Promise<SoldOrder[]> => (await amazon.control<{ orders: SoldOrder[] }>('orders?limit=100000')).orders

/** Every paid order is here once, line by line as Amazon has it; and none that is not paid. */
async function checkOrders({ amazon, rows }: Books, bought: number): Promise<{ notes: string[]; checks: Check[] }> {
  const sold = await soldOrders(amazon)
  const paid = new Map(sold.filter(({ fulfillment: { fulfillmentStatus, fulfilledBy } }) => fulfilledBy === 'MERCHANT' && ['UNSHIPPED', 'PARTIALLY_SHIPPED', 'SHIPPED'].includes(fulfillmentStatus)).map((order) => [order.orderId, order]))
  const stored = await rows<{ number: string; lines: string | null; places: number }>(
    `SELECT number, count(*)::int AS places, string_agg(line.item_id || ' ' || line.seller_sku || ' ' || line.quantity, ', ' ORDER BY line.item_id) AS lines
     FROM orders LEFT JOIN order_lines AS line ON line.order_id = orders.id GROUP BY orders.id`)
  const here = new Map(stored.map((order) => [order.number, order.lines]))
  const linesOf = ({ orderItems }: SoldOrder): string => orderItems.map((item) => `${item.orderItemId} ${item.product.sellerSku} ${item.quantityOrdered}`).sort().join(', ')
  const [failures] = await rows<{ open: number; here: number }>(
    `SELECT count(*)::int AS open, count(*) FILTER (WHERE EXISTS (SELECT 1 FROM orders WHERE orders.connection_id = import_failures.connection_id AND orders.number = import_failures.number))::int AS here
     FROM import_failures WHERE state = 'OPEN'`)
  return {
    notes: [`orders: ${sold.length} at Amazon, ${paid.size} of them paid and ours to ship, ${stored.length} imported`],
    checks: [
      { words: `orders that were not bought, of ${bought}`, wrong: bought - paid.size },
      { words: 'lost: paid and not imported', wrong: [...paid.keys()].filter((number) => !here.has(number)).length },
      { words: 'doubled: the same order more than once', wrong: stored.length - here.size },
      { words: 'imported though not paid', wrong: [...here.keys()].filter((number) => !paid.has(number)).length },
      { words: "lines that are not Amazon's", wrong: [...paid].filter(([number, order]) => here.has(number) && here.get(number) !== linesOf(order)).length },
      { words: `import failures left open (${failures!.here} of them of orders that are here)`, wrong: failures!.open },
    ],
  }
}

/** Each a count of what contradicts itself. */
const books: readonly (readonly [words: string, sql: string])[] = [
  ['stock that is not the sum of its movements', `
    SELECT count(*) FROM (SELECT item.id FROM inventory_items AS item LEFT JOIN inventory_movements AS movement ON movement.inventory_item_id = item.id GROUP BY item.id
      HAVING on_hand <> coalesce(sum(quantity) FILTER (WHERE kind IN ('RECEIPT', 'ADJUSTMENT', 'SHIPMENT')), 0)
        OR allocated <> coalesce(sum(quantity) FILTER (WHERE kind IN ('ALLOCATION', 'RELEASE', 'SHIPMENT')), 0)) AS off`],
  ['orders whose units were not allocated once', `
    SELECT count(*) FROM (SELECT orders.id FROM orders WHERE
      (SELECT coalesce(sum(quantity), 0) FROM inventory_movements WHERE order_id = orders.id AND kind IN ('ALLOCATION', 'RELEASE')) <>
      (SELECT sum((quantity - quantity_cancelled) * units_per_item) FROM order_lines WHERE order_id = orders.id)) AS off`],
  ['orders whose units did not leave the shelf once', `
    SELECT count(*) FROM (SELECT orders.id FROM orders WHERE
      (SELECT coalesce(-sum(quantity), 0) FROM inventory_movements WHERE order_id = orders.id AND kind = 'SHIPMENT') <>
      (SELECT sum(quantity_shipped * units_per_item) FROM order_lines WHERE order_id = orders.id)) AS off`],
  ['orders that are not closed, or not wholly shipped', `
    SELECT count(*) FROM orders WHERE status <> 'CLOSED' OR EXISTS (SELECT 1 FROM order_lines WHERE order_id = orders.id AND quantity_shipped <> quantity)`],
  ['orders without their two automatic charges and their share of the one that was divided', `
    SELECT count(*) FROM orders WHERE (SELECT count(*) FILTER (WHERE kind = 'AUTOMATIC') <> 2 OR count(*) FILTER (WHERE kind = 'ADDITIONAL') <> 1 FROM charges WHERE order_id = orders.id)`],
  ['charges that were divided and do not sum to the whole', `SELECT (sum(amount) <> 100 * (SELECT count(*) FROM ship_and_close_calls))::int FROM charges WHERE kind = 'ADDITIONAL'`],
  ['orders without exactly one ORDER_IMPORTED and one ORDER_CLOSED', `
    SELECT count(*) FROM orders WHERE (SELECT count(*) FILTER (WHERE type = 'ORDER_IMPORTED') <> 1 OR count(*) FILTER (WHERE type = 'ORDER_CLOSED') <> 1 FROM events WHERE order_id = orders.id)`],
  ['packages without exactly one ORDER_SHIPPED and one TRACKING_ACCEPTED', `
    SELECT count(*) FROM shipments WHERE (SELECT count(*) FILTER (WHERE type = 'ORDER_SHIPPED') <> 1 OR count(*) FILTER (WHERE type = 'TRACKING_ACCEPTED') <> 1 FROM events WHERE shipment_id = shipments.id)`],
  ['receipts that do not add up', 'SELECT count(*) FROM job_runs WHERE found <> imported + updated + unchanged + skipped + failed'],
  // What a person asked for, an order at a time, has no run: its charges bear their name.
  ['imported, by all receipts less what runs have stored', `
    SELECT abs((SELECT sum(imported) FROM job_runs) - (SELECT count(DISTINCT order_id) FROM charges WHERE kind = 'AUTOMATIC' AND added_by IN ('order import', 'nightly sweep')))`],
  ['sent, by all receipts less what was recorded', `SELECT abs((SELECT sum(sent) FROM job_runs WHERE kind <> 'SYNC_INVENTORY') - (SELECT count(*) FROM bench_tracking WHERE what = 'TAKEN'))`],
  ['accepted and rejected, by all receipts less the events', `
    SELECT abs(sum(accepted) - (SELECT count(*) FROM events WHERE type = 'TRACKING_ACCEPTED')) + abs(sum(rejected) - (SELECT count(*) FROM events WHERE type = 'TRACKING_REJECTED')) FROM job_runs WHERE kind <> 'SYNC_INVENTORY'`],
]

async function checkBooks({ rows }: Books): Promise<Check[]> {
  const checks: Check[] = []
  // The gateway asks for none of these by their order or package.
  for (const index of ['inventory_movements (order_id)', 'events (shipment_id)']) await rows(`CREATE INDEX ON ${index}`)
  for (const [words, sql] of books) checks.push({ words, wrong: (await rows<{ wrong: number }>(`SELECT (${sql})::int AS wrong`))[0]!.wrong })
  return checks
}

interface Confirmation {
  body: { packageDetail: { packageReferenceId: string } }
  status: number
  applied: boolean
}

const AT_A_TIME = 8

/** Amazon holds each of our packages once, as we have it; and what it was told of them. */
async function checkPackages({ amazon, rows }: Books): Promise<{ notes: string[]; checks: Check[] }> {
  const ours = await rows<{ number: string; packages: string }>(
    `SELECT orders.number, string_agg(package_number || ' ' || shipments.tracking_number || ' ' || contents, '; ' ORDER BY package_number) AS packages
     FROM shipments JOIN orders ON orders.id = order_id, LATERAL (
       SELECT string_agg(line.item_id || 'x' || shipment_line.quantity, ' ' ORDER BY line.item_id) AS contents
       FROM shipment_lines AS shipment_line JOIN order_lines AS line ON line.id = order_line_id WHERE shipment_id = shipments.id) AS packed
     GROUP BY orders.number`)
  const theirs = new Map((await soldOrders(amazon)).map((order) => [order.orderId, packagesOf(order)]))
  const counts = { packages: 0, told: 0, edits: 0, answered: 0, changed: 0 }
  const left = ours.map(({ number }) => number)
  await Promise.all(Array.from({ length: AT_A_TIME }, async () => {
    for (let number = left.pop(); number !== undefined; number = left.pop()) {
      const { confirmations } = await amazon.control<{ confirmations: Confirmation[] }>(`orders/${number}`)
      const reference = ({ body }: Confirmation): string => body.packageDetail.packageReferenceId
      for (const of of groupBy(confirmations, confirmations.map(reference), reference).values()) {
        const applied = of.filter((one) => one.applied)
        counts.packages++
        counts.told += of.length
        counts.edits += Math.max(0, applied.length - 1)
        if (applied.some(({ status }, index) => status === 204 && index < applied.length - 1)) counts.answered++
        if (new Set(of.map(({ body }) => JSON.stringify(body))).size > 1) counts.changed++
      }
    }
  }))
  const [again] = await rows<{ taken: number }>(
    `SELECT count(DISTINCT begun.shipment_id)::int AS taken FROM bench_tracking AS begun WHERE what = 'BEGUN' AND (
       SELECT what FROM bench_tracking AS before WHERE before.shipment_id = begun.shipment_id AND before.id < begun.id AND before.what IN ('TAKEN', 'ASKED') ORDER BY id DESC LIMIT 1) = 'TAKEN'`)
  const [unsure] = await rows<{ count: number }>(
    `SELECT count(*)::int AS count FROM (SELECT shipment_id FROM bench_tracking WHERE what = 'BEGUN' GROUP BY 1 HAVING count(*) > 1) AS several`)
  return {
    notes: [
      `packages: ${counts.packages}, of which Amazon was told ${counts.told} times; ${unsure!.count} had more than one sending`,
      `repeated after an answer that we never heard, the same content as an edit of the same package: ${counts.edits} (${counts.answered} of them after a 204 that a killed worker did not record)`,
    ],
    checks: [
      { words: 'sent twice: recorded as taken, and begun again unasked', wrong: again!.taken },
      { words: 'sent twice: the same package with another content', wrong: counts.changed },
      { words: "orders whose packages are not Amazon's: one too many, one too few, another number or content", wrong: ours.filter(({ number, packages }) => theirs.get(number) !== packages).length },
    ],
  }
}

function packagesOf({ packages = [] }: SoldOrder): string {
  return packages
    .toSorted((one, other) => Number(one.packageReferenceId) - Number(other.packageReferenceId))
    .map(({ packageReferenceId, trackingNumber, packageItems = [] }) => `${packageReferenceId} ${trackingNumber} ${packageItems.map((item) => `${item.orderItemId}x${item.quantity}`).sort().join(' ')}`)
    .join('; ')
}
