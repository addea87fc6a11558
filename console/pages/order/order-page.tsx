// Everything about one order, live.
import { Button, Modal, Tooltip } from '@mantine/core'
import { IconArrowLeft, IconExternalLink } from '@tabler/icons-react'
import { type FormEvent, type ReactElement, type ReactNode, useEffect, useMemo, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { act, ask, useAsk, useEvents, useFollow, useGateway, useThrottled } from '../../data/ask.ts'
import { orderOf } from '../../data/live.ts'
import { setShipList, shipList } from '../../data/ship-list.ts'
import { Head } from '../../frame/frame.tsx'
import { useShortcuts } from '../../frame/shortcuts.tsx'
import { useViewer } from '../../frame/viewer.ts'
import { CorrectTrackingDocument, type OrderDetailFragment as Order, OrderHistoryDocument, type OrderHistoryQuery, OrderPageDocument, OrderWatchDocument, RetryTrackingDocument, type RoutingInput, type ShipmentDetailFragment as Shipment } from '../../generated/documents.ts'
import { dateTime, dateTimeSeconds, fromNow, longDateTime, money, title } from '../../kit/format.ts'
import { OrderTags, Tag, TrackingTag } from '../../kit/tags.tsx'
import { told, toldOf } from '../../kit/told.ts'
import { BulkDialog, type BulkKind, RoutingFields, toBulk } from '../orders/bulk.tsx'
import { urgency } from '../orders/columns.tsx'

const actions: Record<string, string> = { shipAndClose: 'Ship and close', hold: 'Hold', release: 'Release', updateRouting: 'Edit routing', addCharges: 'Add charges', cancel: 'Cancel' }

export default function OrderPage({ id }: { id: string }): ReactElement {
  const { zone: own } = useViewer()
  const [, go] = useLocation()
  const { data, error, loading, again } = useAsk(OrderPageDocument, { id })
  useFollow(OrderWatchDocument, { id }, { skip: data?.order == null })
  const [dialog, setDialog] = useState<BulkKind | null>(null)
  const order = data?.order
  useEffect(() => void (document.title = `${order?.number ?? 'Order'} · Cartage`), [order?.number])
  const back = (): void => (history.length > 1 ? history.back() : go('/orders'))
  const run = (action: string): void => {
    if (order?.supportedActions.find((one) => one.action === action)?.allowed !== true) return
    if (action === 'shipAndClose') {
      setShipList([...shipList(), id])
      go('/ship')
    } else setDialog(action as BulkKind)
  }
  useShortcuts([
    { keys: 's', does: 'Ship and close', group: 'Order', run: () => run('shipAndClose') },
    { keys: 'h', does: 'Hold', group: 'Order', run: () => run('hold') },
    { keys: 'l', does: 'Release', group: 'Order', run: () => run('release') },
    { keys: 'e', does: 'Edit routing', group: 'Order', run: () => run('updateRouting') },
    { keys: 'c', does: 'Add charges', group: 'Order', run: () => run('addCharges') },
    { keys: 'Escape', does: 'Back', group: 'Order', run: back },
  ])
  if (order == null) return <><Head name="Order" /><div className="empty" role="status">{error !== null ? <><p className="bad">{error.message}</p><Button mt={8} onClick={again}>Try again</Button></> : loading ? 'Reading…' : 'There is no such order that you may see.'}</div></>
  const zone = order.warehouse.timeZone ?? own
  return (
    <>
      <Head name={<span className="row"><Button variant="subtle" size="compact-xs" leftSection={<IconArrowLeft size={14} />} onClick={back}>Back</Button><span className="mono" style={{ fontSize: 15 }}>{order.number}</span></span>}>
        <OrderTags order={order} />
        <span className="dim cut">{order.customer.name} · {order.connection.name}</span>
        <span className="grow" />
        {order.supportedActions.map(({ action, allowed, reason }) => (
          <Tooltip key={action} label={reason ?? ''} disabled={allowed || reason === null}>
            <Button variant={action === 'shipAndClose' ? 'filled' : action === 'cancel' ? 'subtle' : 'default'} color={action === 'cancel' ? 'red' : undefined} data-disabled={allowed ? undefined : true} aria-disabled={!allowed} aria-description={allowed ? undefined : (reason ?? undefined)} onClick={() => run(action)}>{actions[action] ?? title(action)}</Button>
          </Tooltip>
        ))}
      </Head>
      <div className="body stack" style={{ gap: 12 }}>
        {order.cancelRequested && order.status === 'OPEN' ? <div className="notice bad" role="alert"><strong>The buyer has asked to cancel this order.</strong> Do not ship it: cancel it here, and at the marketplace. Who ships all the same says so by name.</div> : null}
        {order.holds.map(({ reason, note, placedAt, placedBy }) => <div key={`${reason}${placedAt}`} className="notice warn"><strong>On hold: {title(reason)}.</strong> {note} <span>{placedBy}, {dateTime(placedAt, zone)}</span></div>)}
        <div className="two" style={{ gridTemplateColumns: 'minmax(0, 1.9fr) minmax(260px, 1fr)' }}>
          <div className="stack" style={{ gap: 12 }}>
            <Lines order={order} />
            {order.shipments.map((shipment, index) => <ShipmentPanel key={shipment.id} shipment={shipment} name={`Package ${index + 1}`} zone={zone} />)}
            <Charges order={order} zone={zone} />
          </div>
          <div className="stack" style={{ gap: 12 }}>
            <Facts order={order} zone={zone} />
            <Timeline id={id} zone={zone} version={order.version} />
          </div>
        </div>
      </div>
      <BulkDialog kind={dialog} orders={[toBulk(order)]} onClose={() => setDialog(null)} onDone={again} />
    </>
  )
}

export function Panel({ name, tools, children, flush = false }: { name: ReactNode; tools?: ReactNode; children: ReactNode; flush?: boolean }): ReactElement {
  return <section className="panel"><header><h2 className="grow">{name}</h2>{tools}</header>{flush ? children : <div className="in">{children}</div>}</section>
}

function Lines({ order }: { order: Order }): ReactElement {
  return (
    <Panel name="Items" flush>
      <table className="table">
        <thead><tr><th scope="col">SKU</th><th scope="col">Item</th><th scope="col" className="num">Ordered</th><th scope="col" className="num">Shipped</th><th scope="col" className="num">Cancelled</th><th scope="col" className="num">Price</th><th scope="col" className="num">In stock</th></tr></thead>
        <tbody>
          {order.lines.map((line) => (
            <tr key={line.id}>
              <td><span className="mono">{line.warehouseSku}</span>{line.sellerSku === line.warehouseSku ? null : <div className="dim mono">{line.sellerSku}</div>}</td>
              <td>{line.title}{line.gift === null ? null : <div><Tag mood="info">Gift</Tag> <span className="dim">{[line.gift.wrapping, line.gift.message].filter(Boolean).join(': ')}</span></div>}</td>
              <td className="num">{line.quantity}</td><td className="num">{line.quantityShipped}</td><td className="num">{line.quantityCancelled === 0 ? '' : line.quantityCancelled}</td>
              <td className="num">{line.unitPrice === null ? '' : money(line.unitPrice)}</td>
              <td className="num">{line.inventoryItem === null ? <span className="dim">never had</span> : <Link href={`/inventory/${line.inventoryItem.id}`} className={line.inventoryItem.onHand < line.quantity - line.quantityShipped - line.quantityCancelled && order.status === 'OPEN' ? 'bad' : ''}>{line.inventoryItem.onHand}</Link>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

function Charges({ order, zone }: { order: Order; zone: string }): ReactElement {
  return (
    <Panel name="Charges" tools={order.chargesTotal === null ? null : <strong>{money(order.chargesTotal)}</strong>} flush>
      {order.charges.length === 0 ? <div className="in dim">It bears none.</div> : (
        <table className="table">
          <thead><tr><th scope="col">Code</th><th scope="col">What for</th><th scope="col">Kind</th><th scope="col">Added</th><th scope="col" className="num">Amount</th></tr></thead>
          <tbody>{order.charges.map(({ id, code, description, kind, addedAt, addedBy, amount }) => <tr key={id}><td className="mono">{code}</td><td>{description}</td><td>{title(kind)}</td><td>{dateTime(addedAt, zone)} <span className="dim">{addedBy}</span></td><td className="num">{money(amount)}</td></tr>)}</tbody>
        </table>
      )}
    </Panel>
  )
}

function Facts({ order, zone }: { order: Order; zone: string }): ReactElement {
  const { shipTo: to, routing } = order
  const at = (instant: string | null): ReactNode => (instant === null ? '–' : <span title={longDateTime(instant, zone)}>{dateTime(instant, zone)}</span>)
  const papers = [['Carrier', routing.carrier], ['SCAC', routing.scac], ['Service', routing.service], ['Tracking', routing.trackingNumber], ['Bill of lading', routing.billOfLading], ['Load', routing.loadNumber], ['Trailer', routing.trailerNumber], ['Seal', routing.sealNumber]].filter(([, value]) => value != null && value !== '')
  return (
    <>
      <Panel name="Ship to">
        {to.redacted ? <p className="dim">Not shown: the buyer’s personal data was removed, or is not for your role.</p> : null}
        <address style={{ fontStyle: 'normal' }}>
          {[to.name, to.company, to.line1, to.line2, to.line3, [to.city, to.region, to.postalCode].filter(Boolean).join(', '), to.countryCode].filter((line) => line != null && line !== '').map((line) => <div key={line}>{line}</div>)}
        </address>
        {to.phone == null ? null : <div className="dim">{to.phone}</div>}
      </Panel>
      <Panel name="Dates">
        <dl className="facts">
          <dt>Ship by</dt><dd className={urgency(order)}>{at(order.shipBy)}{order.shipBy !== null && order.status === 'OPEN' ? ` (${fromNow(order.shipBy)})` : ''}</dd>
          <dt>Deliver by</dt><dd>{at(order.deliverBy)}</dd>
          <dt>Bought</dt><dd>{at(order.purchasedAt)}</dd>
          <dt>Imported</dt><dd>{at(order.importedAt)}</dd>
          <dt>Closed</dt><dd>{at(order.closedAt)}</dd>
          <dt>Marketplace</dt><dd>{order.marketplace.name}: {order.marketplaceStatus}</dd>
          <dt>Bought shipping</dt><dd>{order.shippingService ?? '–'}</dd>
          <dt>Order value</dt><dd>{order.total === null ? '–' : money(order.total)}</dd>
          <dt>Warehouse</dt><dd>{order.warehouse.code} ({zone})</dd>
        </dl>
      </Panel>
      <Panel name="Routing">{papers.length === 0 ? <p className="dim">None yet.</p> : <dl className="facts">{papers.map(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name}=`}>{value}</dd>])}</dl>}</Panel>
    </>
  )
}

function ShipmentPanel({ shipment, name, zone }: { shipment: Shipment; name: string; zone: string }): ReactElement {
  const gateway = useGateway()
  const { works } = useViewer()
  const [correcting, setCorrecting] = useState(false)
  const [busy, setBusy] = useState(false)
  const { tracking, routing } = shipment
  async function retry(): Promise<void> {
    setBusy(true)
    try {
      const { retryTracking } = await act(gateway, RetryTrackingDocument, { input: { shipmentIds: [shipment.id] } })
      if (retryTracking.userErrors.length > 0) toldOf({ message: retryTracking.userErrors.map(({ message }) => message).join('; ') })
      else told('It is sent again')
    } catch (error) {
      toldOf(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Panel name={name} tools={<><TrackingTag status={tracking.status} />{works && tracking.status !== 'ACCEPTED' ? <Button size="compact-xs" variant="default" onClick={() => setCorrecting(true)}>Correct</Button> : null}{works && tracking.status === 'REJECTED' ? <Button size="compact-xs" variant="default" loading={busy} onClick={() => void retry()}>Send again</Button> : null}</>}>
      <div className="stack">
        {tracking.status === 'REJECTED' || tracking.status === 'NOT_SENT' ? (
          <div className={`notice ${tracking.status === 'REJECTED' ? 'bad' : 'warn'}`}>
            <strong>{tracking.message}</strong>
            {tracking.marketplaceMessage === null ? null : <p>Amazon’s words: “{tracking.marketplaceMessage}”</p>}
            {tracking.field === null ? null : <p>Correct: {tracking.field.at(-1)}</p>}
          </div>
        ) : tracking.message === null ? null : <p className="dim">{tracking.message}</p>}
        <div className="two" style={{ gridTemplateColumns: 'repeat(auto-fit, minmax(230px, 1fr))', gap: 8 }}>
          <dl className="facts">
            <dt>Tracking number</dt><dd className="mono">{tracking.trackingUrl === null ? (routing.trackingNumber ?? '–') : <a href={tracking.trackingUrl} target="_blank" rel="noreferrer">{routing.trackingNumber} <IconExternalLink size={12} aria-label="at the carrier" /></a>}</dd>
            <dt>Routing</dt><dd>{[routing.carrier, routing.scac, routing.service].filter(Boolean).join(' · ') || '–'}</dd>
            <dt>Shipped</dt><dd>{dateTime(shipment.shippedAt, zone)} <span className="dim">{shipment.shippedBy}</span></dd>
            {shipment.weight === null ? null : <><dt>Weight</dt><dd>{shipment.weight.value} {title(shipment.weight.unit).toLowerCase()}s</dd></>}
          </dl>
          <dl className="facts">
            <dt>Sent</dt><dd>{tracking.lastAttemptAt === null ? 'not yet' : `${dateTimeSeconds(tracking.lastAttemptAt, zone)}${tracking.attempts > 1 ? `, ${tracking.attempts} times` : ''}`}</dd>
            <dt>Read back</dt><dd>{tracking.acceptedAt === null ? 'not yet' : dateTimeSeconds(tracking.acceptedAt, zone)}</dd>
            {tracking.nextAttemptAt === null ? null : <><dt>Next</dt><dd>{fromNow(tracking.nextAttemptAt)}</dd></>}
            <dt>Holds</dt><dd>{shipment.lines.map(({ quantity, orderLine }) => <div key={orderLine.id}>{quantity} × <span className="mono">{orderLine.warehouseSku}</span></div>)}</dd>
          </dl>
        </div>
      </div>
      <Modal opened={correcting} onClose={() => setCorrecting(false)} title="Correct the tracking" size="lg"><Correct shipment={shipment} onClose={() => setCorrecting(false)} /></Modal>
    </Panel>
  )
}

function Correct({ shipment, onClose }: { shipment: Shipment; onClose: () => void }): ReactElement {
  const gateway = useGateway()
  const [routing, setRouting] = useState<RoutingInput>({ carrier: shipment.routing.carrier, scac: shipment.routing.scac, service: shipment.routing.service })
  const [number, setNumber] = useState(shipment.routing.trackingNumber ?? '')
  const [errors, setErrors] = useState<Record<string, string>>(shipment.tracking.field === null ? {} : { [shipment.tracking.field.at(-1)!]: shipment.tracking.marketplaceMessage ?? shipment.tracking.message ?? 'Refused' })
  const [busy, setBusy] = useState(false)
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    setBusy(true)
    try {
      const { correctTracking } = await act(gateway, CorrectTrackingDocument, { input: { shipmentId: shipment.id, routing: { ...routing, trackingNumber: number } } })
      if (correctTracking.userErrors.length > 0) return setErrors(Object.fromEntries(correctTracking.userErrors.map(({ field, message }) => [field?.at(-1) ?? '', message])))
      told('Corrected: it is sent again')
      onClose()
    } catch (error) {
      toldOf(error)
    } finally {
      setBusy(false)
    }
  }
  const known = ['carrier', 'scac', 'service', 'trackingNumber']
  return (
    <form className="stack" style={{ gap: 12 }} onSubmit={(event) => void submit(event)}>
      <label className="stack" style={{ gap: 3 }}><span>Tracking number</span><input data-autofocus className="mono" style={{ height: 30, padding: '0 8px', border: `1px solid var(${errors['trackingNumber'] === undefined ? '--line-strong' : '--bad'})`, borderRadius: 4, background: 'var(--ground)', color: 'var(--ink)' }} value={number} onChange={(event) => setNumber(event.currentTarget.value)} aria-invalid={errors['trackingNumber'] !== undefined} /></label>
      {errors['trackingNumber'] === undefined ? null : <p className="bad" role="alert">{errors['trackingNumber']}</p>}
      <RoutingFields routing={routing} onChange={setRouting} errors={errors} freight={false} />
      {Object.entries(errors).filter(([name]) => !known.includes(name)).map(([name, message]) => <p key={name} className="bad" role="alert">{message}</p>)}
      <div className="row" style={{ justifyContent: 'flex-end' }}><Button variant="default" onClick={onClose}>Close</Button><Button type="submit" loading={busy}>Correct and send</Button></div>
    </form>
  )
}

type Past = NonNullable<OrderHistoryQuery['order']>['history']['nodes'][number]

/** All of it, the newest first; it grows as things happen. */
function Timeline({ id, zone, version }: { id: string; zone: string; version: number }): ReactElement {
  const gateway = useGateway()
  const [events, setEvents] = useState<readonly Past[]>([])
  const [after, setAfter] = useState<string | null>(null)
  const read = useMemo(() => async (from: string | null): Promise<void> => {
    for (let next = from, more = true; more; ) {
      const { order }: { order: OrderHistoryQuery['order'] } = await ask(gateway, OrderHistoryDocument, { id, first: 100, after: next })
      if (order == null) return
      const { nodes, pageInfo } = order.history
      setEvents((before) => [...before, ...nodes.filter((node) => !before.some((one) => one.id === node.id))])
      next = pageInfo.endCursor ?? next
      more = pageInfo.hasNextPage
      setAfter(next)
    }
  }, [gateway, id])
  const again = useThrottled(() => void read(after).catch(() => {}), 400)
  useEffect(() => void read(null).catch(() => {}), [read])
  useEffect(() => again(), [version, again])
  useEvents((some) => some.some((event) => orderOf(event) === id) && again())
  return (
    <Panel name="History">
      {events.length === 0 ? <p className="dim">Reading…</p> : (
        <ol className="timeline">
          {[...events].reverse().map((event) => <li key={event.id}><div>{event.summary}</div><div className="dim" title={longDateTime(event.occurredAt, zone)}>{dateTimeSeconds(event.occurredAt, zone)}</div></li>)}
        </ol>
      )}
    </Panel>
  )
}
