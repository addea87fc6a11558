// One item: its levels, why each marketplace is told its number, and every movement.
import { Button, Checkbox, Modal, TextInput } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { type FormEvent, lazy, type ReactElement, Suspense, useEffect, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { act, useAsk, useEvents, useGateway, useThrottled } from '../../data/ask.ts'
import { Head } from '../../frame/frame.tsx'
import { useShortcuts } from '../../frame/shortcuts.tsx'
import { useViewer } from '../../frame/viewer.ts'
import { AdjustStockDocument, MovementsDocument, type MovementsQuery, SetStockRuleDocument, StockItemDocument, type StockItemQuery } from '../../generated/documents.ts'
import { dateTime, dateTimeSeconds, title, whole } from '../../kit/format.ts'
import { ListingTag } from '../../kit/tags.tsx'
import { told, toldOf } from '../../kit/told.ts'

const Waterfall = lazy(() => import('../../charts/waterfall.tsx'))

type Item = NonNullable<StockItemQuery['inventoryItem']>
type Listing = Item['listings'][number]
type Movement = NonNullable<MovementsQuery['inventoryItem']>['movements']['nodes'][number]

export default function StockPage({ id }: { id: string }): ReactElement {
  const { zone: own, works } = useViewer()
  const [, go] = useLocation()
  const { data, error, loading, again } = useAsk(StockItemDocument, { id })
  const soon = useThrottled(again, 2000)
  const item = data?.inventoryItem
  const [adjusting, setAdjusting] = useState(false)
  const [ruling, setRuling] = useState<Listing | null>(null)
  useEvents((events) => events.some((event) => (event.__typename === 'InventoryEvent' && event.inventoryItem.id === id) || ('order' in event && event.order.lines.some(({ warehouseSku }) => warehouseSku === item?.sku))) && soon())
  useEffect(() => void (document.title = `${item?.sku ?? 'Item'} · Cartage`), [item?.sku])
  const back = (): void => (history.length > 1 ? history.back() : go('/inventory'))
  useShortcuts([
    { keys: 'a', does: 'Adjust', group: 'Item', run: () => works && setAdjusting(true) },
    { keys: 'Escape', does: 'Back', group: 'Item', run: back },
  ])
  if (item == null) return <><Head name="Item" /><div className="empty" role="status">{error?.message ?? (loading ? 'Reading…' : 'There is no such item that you may see.')}</div></>
  const zone = item.warehouse.timeZone ?? own
  return (
    <>
      <Head name={<span className="row"><Button variant="subtle" size="compact-xs" leftSection={<IconArrowLeft size={14} />} onClick={back}>Back</Button><span className="mono" style={{ fontSize: 15 }}>{item.sku}</span></span>}>
        <span className="dim cut grow">{item.title} · {item.customer.name} · {item.warehouse.code}</span>
        {works ? <Button variant="default" onClick={() => setAdjusting(true)}>Adjust</Button> : null}
      </Head>
      <div className="body stack" style={{ gap: 12 }}>
        <div className="tiles">
          {([['On hand', item.onHand], ['On hold', item.onHold], ['Allocated to open orders', item.allocated], ['Available', item.available]] as const).map(([name, value]) => <div key={name} className={`tile ${value < 0 ? 'bad' : ''}`}><b>{whole(value)}</b>{name}</div>)}
        </div>
        <div className="two">
          {item.listings.length === 0 ? <section className="panel"><div className="in dim">No connection lists it: no seller SKU is mapped to it.</div></section> : item.listings.map((listing) => (
            <section key={`${listing.connection.id}${listing.sellerSku}`} className="panel" aria-label={`${listing.sellerSku} on ${listing.connection.name}`}>
              <header><h2 className="cut"><Link className="plain" href={`/connections/${listing.connection.id}`}>{listing.connection.name}</Link></h2><span className="mono dim cut grow">{listing.sellerSku}</span><ListingTag status={listing.status} />{works ? <Button size="compact-xs" variant="default" onClick={() => setRuling(listing)}>Rule</Button> : null}</header>
              <div className="in stack">
                <p>Why <strong>{listing.quantity}</strong>?</p>
                <Suspense fallback={<div style={{ height: 140 }} />}><Waterfall steps={listing.explanation} /></Suspense>
                <details><summary className="dim">In words</summary><table className="table"><tbody>{listing.explanation.map(({ label, change, result }) => <tr key={label}><td>{label}</td><td className="num">{change > 0 ? '+' : ''}{change}</td><td className="num">{result}</td></tr>)}</tbody></table></details>
                {listing.message === null ? null : <div className={`notice ${listing.status === 'REJECTED' ? 'bad' : 'warn'}`}>{listing.message}</div>}
                <dl className="facts">
                  <dt>It was told</dt><dd>{listing.pushedAt === null ? 'nothing yet' : `${listing.pushedQuantity}, ${dateTime(listing.pushedAt, zone)}`}</dd>
                  <dt>It offers</dt><dd>{listing.confirmedAt === null ? 'not read back yet' : `${listing.confirmedQuantity}, read ${dateTime(listing.confirmedAt, zone)}`}</dd>
                </dl>
              </div>
            </section>
          ))}
        </div>
        <Movements id={id} zone={zone} version={item.version} />
      </div>
      <Modal opened={adjusting} onClose={() => setAdjusting(false)} title={`Adjust ${item.sku}`}><Adjust item={item} onDone={() => { setAdjusting(false); again() }} /></Modal>
      <Modal opened={ruling !== null} onClose={() => setRuling(null)} title={ruling === null ? '' : `What ${ruling.connection.name} is told of ${item.sku}`}>{ruling === null ? null : <Rule item={item} listing={ruling} onDone={() => { setRuling(null); again() }} />}</Modal>
    </>
  )
}

function Movements({ id, zone, version }: { id: string; zone: string; version: number }): ReactElement {
  const { request } = useGateway()
  const [movements, setMovements] = useState<readonly Movement[]>([])
  const [end, setEnd] = useState<{ endCursor: string | null; hasNextPage: boolean } | null>(null)
  useEffect(() => {
    let stopped = false
    void request(MovementsDocument, { id, after: null }).then(({ inventoryItem }) => {
      if (stopped || inventoryItem === null) return
      setMovements(inventoryItem.movements.nodes)
      setEnd(inventoryItem.movements.pageInfo)
    }, () => {})
    return () => void (stopped = true)
  }, [request, id, version])
  const more = (): void => void request(MovementsDocument, { id, after: end?.endCursor ?? null }).then(({ inventoryItem }) => {
    if (inventoryItem === null) return
    setMovements((before) => [...before, ...inventoryItem.movements.nodes])
    setEnd(inventoryItem.movements.pageInfo)
  }, toldOf)
  return (
    <section className="panel">
      <header><h2>Movements</h2></header>
      <table className="table">
        <thead><tr><th scope="col">When</th><th scope="col">What</th><th scope="col" className="num">Quantity</th><th scope="col">By</th><th scope="col">Why</th></tr></thead>
        <tbody>{movements.map(({ id, at, by, kind, quantity, reason, reference }) => <tr key={id}><td>{dateTimeSeconds(at, zone)}</td><td>{title(kind)}</td><td className="num">{quantity > 0 ? `+${quantity}` : quantity}</td><td>{by}</td><td>{[reference, reason].filter(Boolean).join(': ')}</td></tr>)}</tbody>
      </table>
      {end?.hasNextPage === true ? <div style={{ padding: 8, textAlign: 'center' }}><Button variant="subtle" onClick={more}>Older ones</Button></div> : null}
    </section>
  )
}

function Adjust({ item, onDone }: { item: Item; onDone: () => void }): ReactElement {
  const gateway = useGateway()
  const [counted, setCounted] = useState(String(item.onHand))
  const [reason, setReason] = useState('')
  const [problems, setProblems] = useState<string[]>([])
  const change = Math.floor(Number(counted)) - item.onHand
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    try {
      const { adjustInventory } = await act(gateway, AdjustStockDocument, { input: { inventoryItemId: item.id, change, reason, expectedVersion: item.version } })
      setProblems(adjustInventory.userErrors.map(({ code, message }) => (code === 'VERSION_CONFLICT' ? 'It moved meanwhile: look again, and count again.' : message)))
      if (adjustInventory.userErrors.length > 0) return
      told(`${item.sku}: ${change > 0 ? '+' : ''}${change}`)
      onDone()
    } catch (error) {
      toldOf(error)
    }
  }
  return (
    <form className="stack" style={{ gap: 10 }} onSubmit={(event) => void submit(event)}>
      <TextInput type="number" min={0} label="Counted on hand" description={`It is ${item.onHand} here.`} value={counted} onChange={(event) => setCounted(event.currentTarget.value)} data-autofocus />
      <TextInput label="Why" required placeholder="Stock-take, damaged, found" value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
      {problems.map((problem) => <p key={problem} className="bad" role="alert">{problem}</p>)}
      <div className="row"><strong className="grow">{Number.isNaN(change) ? '' : `${change > 0 ? '+' : ''}${change}`}</strong><Button type="submit" disabled={Number.isNaN(change) || change === 0}>Adjust</Button></div>
    </form>
  )
}

function Rule({ item, listing, onDone }: { item: Item; listing: Listing; onDone: () => void }): ReactElement {
  const gateway = useGateway()
  const [fields, setFields] = useState({ buffer: '', percent: '', maximum: '' })
  const [excluded, setExcluded] = useState(listing.status === 'EXCLUDED')
  const [errors, setErrors] = useState<Record<string, string>>({})
  async function save(some: Record<string, number | boolean | null>): Promise<void> {
    try {
      const { setInventoryRule } = await act(gateway, SetStockRuleDocument, { input: { inventoryItemId: item.id, connectionId: listing.connection.id, ...some } })
      setErrors(Object.fromEntries(setInventoryRule.userErrors.map(({ field, message }) => [field?.at(-1) ?? '', message])))
      if (setInventoryRule.userErrors.length > 0) return
      told('The next sync tells what follows')
      onDone()
    } catch (error) {
      toldOf(error)
    }
  }
  const given = (): Record<string, number | boolean> => ({ excluded, ...Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (value.trim() === '' ? [] : [[name, Number(value)]]))) })
  return (
    <form className="stack" style={{ gap: 10 }} onSubmit={(event) => { event.preventDefault(); void save(given()) }}>
      <p className="dim">What is left empty stays as it is.</p>
      <div className="row" style={{ alignItems: 'flex-start' }}>
        <TextInput type="number" min={0} label="Units kept back" value={fields.buffer} error={errors['buffer']} onChange={(event) => setFields({ ...fields, buffer: event.currentTarget.value })} data-autofocus />
        <TextInput type="number" min={0} max={100} label="Percent of the rest" value={fields.percent} error={errors['percent']} onChange={(event) => setFields({ ...fields, percent: event.currentTarget.value })} />
        <TextInput type="number" min={0} label="At most" value={fields.maximum} error={errors['maximum']} onChange={(event) => setFields({ ...fields, maximum: event.currentTarget.value })} />
      </div>
      <Checkbox label="Tell this marketplace nothing of it" checked={excluded} onChange={(event) => setExcluded(event.currentTarget.checked)} />
      {errors[''] === undefined ? null : <p className="bad" role="alert">{errors['']}</p>}
      <div className="row"><Button variant="subtle" onClick={() => void save({ buffer: null, percent: null, maximum: null, excluded: false })}>As the connection’s settings say</Button><span className="grow" /><Button type="submit">Save</Button></div>
    </form>
  )
}
