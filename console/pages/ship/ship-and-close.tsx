// Manage > Ship and close: what left the building is recorded, to the cent and to the last tracking number, and nothing happens before it was seen.
import { Button, Checkbox, Modal, SegmentedControl, Textarea, TextInput } from '@mantine/core'
import { IconBarcode, IconClipboardText, IconTruckDelivery } from '@tabler/icons-react'
import { type ReactElement, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { Link } from 'wouter'
import { GatewayError } from '../../../src/client/gateway-error.ts'
import { act, useGateway } from '../../data/ask.ts'
import { MOST, setShipList, shipList, useShipList } from '../../data/ship-list.ts'
import { Head } from '../../frame/frame.tsx'
import { useShortcuts } from '../../frame/shortcuts.tsx'
import { useViewer } from '../../frame/viewer.ts'
import { OrdersAskedDocument, type OrderRowFragment as Order, ShipAndCloseDocument, type ShipAndCloseInput, type ShipAndCloseMutation } from '../../generated/documents.ts'
import { sums } from '../../kit/decimal.ts'
import { count, money, whole } from '../../kit/format.ts'
import { toldOf } from '../../kit/told.ts'
import { RoutingFields } from '../orders/bulk.tsx'
import { areWhole, begun, Charges, newCharge } from './charges.tsx'
import { blank, type Draft, inputOf, keepDraft, newDraft, type OrderDraft, pasted, readDraft, sameNumber } from './draft.ts'
import { Packages } from './packages.tsx'
import { ShipTable, type ShipTableHandle } from './ship-table.tsx'
import { useOrders } from './use-orders.ts'
import { usePreview } from './use-preview.ts'

type Answer = ShipAndCloseMutation['shipAndClose']

const routingFields = ['carrier', 'scac', 'service', 'billOfLading', 'loadNumber', 'trailerNumber', 'sealNumber']

export default function ShipAndClose(): ReactElement {
  const gateway = useGateway()
  const { zone, works } = useViewer()
  const ids = useShipList()
  const { orders, loading, missing } = useOrders(ids)
  const [draft, setDraft] = useState<Draft>(readDraft)
  const [packing, setPacking] = useState<Order | null>(null)
  const [pasting, setPasting] = useState<string | null>(null)
  const [current, setCurrent] = useState<string | null>(null)
  const [answer, setAnswer] = useState<{ of: readonly Order[]; payload: Answer; partial: number } | null>(null)
  const [sending, setSending] = useState<'' | 'sending' | 'waiting'>('')
  const table = useRef<ShipTableHandle>(null)

  useEffect(() => void (document.title = 'Ship and close · Cartage'), [])
  useEffect(() => {
    const timer = setTimeout(() => keepDraft(draft), 400)
    return () => clearTimeout(timer)
  }, [draft])
  const change = useCallback((some: Partial<Draft>) => setDraft((before) => ({ ...before, ...some })), [])
  const changeRouting = useCallback((step: (routing: Draft['routing']) => Draft['routing']) => setDraft((before) => ({ ...before, routing: step(before.routing) })), [])
  const changeOrder = useCallback((id: string, some: Partial<OrderDraft>) => setDraft((before) => ({ ...before, orders: { ...before.orders, [id]: { ...(before.orders[id] ?? blank), ...some } } })), [])

  // What was told of the orders is the version that is shown, and so the one that is expected.
  const input = useMemo(() => (orders.length === 0 || loading || !areWhole(draft.charges) ? null : inputOf(draft, orders, zone)), [draft, orders, loading, zone])
  const preview = usePreview(works && sending === '' ? input : null)
  const refused = useMemo(() => orders.filter(({ id }) => (preview.results.get(id)?.userErrors.length ?? 0) > 0).length, [orders, preview])
  const stayOpen = useMemo(() => orders.filter(({ id }) => preview.results.get(id)?.userErrors.length === 0 && preview.results.get(id)?.wouldClose === false).length, [orders, preview])
  const added = useMemo(() => sums([...preview.results.values()].flatMap(({ additionalCharges }) => additionalCharges.map(({ amount }) => amount))), [preview])
  const chargeErrors = useMemo(() => Object.fromEntries([...preview.userErrors, ...[...preview.results.values()].flatMap(({ userErrors }) => userErrors)].flatMap(({ field, message }) => (field?.[0] === 'charges' ? [[`${field[1]}.${field.includes('currencyCode') || /currency/i.test(message) ? 'currency' : field[2]}`, message]] : []))), [preview])
  /** Of the shared routing: what some orders miss or refuse of it. */
  const routingErrors = useMemo(() => {
    const wrong = new Map<string, { n: number; message: string }>()
    for (const { userErrors } of preview.results.values()) {
      for (const { field, message } of userErrors) {
        const name = field?.at(-1) ?? ''
        if (field?.includes('routing') === true && routingFields.includes(name)) wrong.set(name, { n: (wrong.get(name)?.n ?? 0) + 1, message })
      }
    }
    return Object.fromEntries([...wrong].map(([name, { n, message }]) => [name, draft.mode === 'shared' || n === orders.length ? message.replace(/^(\w+) must not be blank$/, 'is needed') : `${message.replace(/^(\w+) must not be blank$/, 'is needed')} (${count(n, 'order')})`]))
  }, [preview, draft.mode, orders.length])
  const ready = orders.length - refused
  const blocked = input === null || !preview.current || preview.error !== null || preview.userErrors.length > 0 || ready === 0 || (draft.onError === 'ABORT_ALL' && refused > 0)

  async function ship(): Promise<void> {
    if (blocked || sending !== '' || input === null) return
    const of = orders
    setSending('sending')
    setAnswer(null)
    try {
      const { shipAndClose: payload } = await send(input)
      const failed = new Set(payload.results.filter(({ userErrors }) => userErrors.length > 0).map(({ orderId }) => orderId))
      const done = payload.results.filter(({ orderId }) => !failed.has(orderId))
      setAnswer({ of, payload, partial: done.filter(({ order }) => order?.status === 'OPEN').length })
      if (payload.userErrors.length === 0) {
        setShipList(shipList().filter((id) => failed.has(id) || !of.some((one) => one.id === id)))
        // What was done has its answer: what is left is another call.
        setDraft((before) => (failed.size === 0 ? { ...newDraft(), mode: before.mode, routing: before.routing } : { ...before, key: crypto.randomUUID(), orders: Object.fromEntries(Object.entries(before.orders).filter(([id]) => failed.has(id))) }))
        setCurrent(null)
      } else change({ key: crypto.randomUUID() })
    } catch (error) {
      toldOf(error)
    } finally {
      setSending('')
    }
  }

  /** The same input under the same key, until there is an answer: however often it arrives, it is done once. */
  async function send(of: ShipAndCloseInput): Promise<ShipAndCloseMutation> {
    for (;;) {
      try {
        return await act(gateway, ShipAndCloseDocument, { input: of })
      } catch (error) {
        if (!(error instanceof GatewayError) || error.code !== 'NETWORK_ERROR') throw error
        setSending('waiting')
        gateway.network.lost()
        await gateway.network.whenReached()
      }
    }
  }

  const paste = useCallback((text: string, from: number): boolean => {
    const { numbers, left } = pasted(text, orders, from)
    if (numbers.size === 0) return false
    setDraft((before) => ({ ...before, orders: { ...before.orders, ...Object.fromEntries([...numbers].map(([id, trackingNumber]) => [id, { ...(before.orders[id] ?? blank), trackingNumber }])) } }))
    if (left.length > 0) toldOf({ message: `${count(left.length, 'line')} found no order: ${left.slice(0, 3).join(', ')}${left.length > 3 ? '…' : ''}` })
    return true
  }, [orders])
  const remove = useCallback((id: string) => setShipList(shipList().filter((one) => one !== id)), [])

  useShortcuts([
    { keys: 'Mod+Enter', does: 'Ship and close', group: 'Ship and close', run: () => void ship() },
    { keys: 'F2', does: 'Scan', group: 'Ship and close', run: () => document.querySelector<HTMLInputElement>('[data-search]')?.focus() },
    { keys: 'p', does: 'Paste tracking numbers', group: 'Ship and close', run: () => setPasting('') },
    { keys: 'Enter ArrowDown', does: 'Next tracking number', group: 'In the table', run: () => {}, listedOnly: true },
  ])

  if (!works) return <><Head name="Ship and close" /><div className="empty">Shipping is the warehouse’s work: your role looks on.</div></>
  return (
    <>
      <Head name="Ship and close">
        <span className="dim">{count(orders.length, 'order')}{loading ? ', reading…' : ''}</span>
        <span className="grow" />
        <Button variant="default" leftSection={<IconClipboardText size={15} />} disabled={orders.length === 0} onClick={() => setPasting('')}>Paste tracking numbers</Button>
        <Button variant="subtle" disabled={ids.length === 0} onClick={() => { setShipList([]); setDraft(newDraft()); setAnswer(null) }}>Start over</Button>
      </Head>
      <div className="ship">
        <div className="left">
          <Scan orders={orders} draft={draft} current={current} onCurrent={(id) => { setCurrent(id); if (id !== null) table.current?.scrollTo(id) }} onNumber={(id, trackingNumber) => changeOrder(id, { trackingNumber, packages: null })} />
          {answer === null ? null : <Outcome answer={answer} onClose={() => setAnswer(null)} />}
          {missing > 0 ? <p className="notice warn" style={{ margin: '8px 14px 0' }}>{count(missing, 'order')} cannot be seen any more, and {missing === 1 ? 'is' : 'are'} left out.</p> : null}
          {orders.length === 0 && !loading
            ? <div className="empty" style={{ flex: 1 }}><p>Nothing to ship yet. Choose orders in <Link href="/orders">Find Orders</Link>, or scan one above.</p></div>
            : <ShipTable ref={table} orders={orders} draft={draft} preview={preview} current={current} zone={zone} onChange={changeOrder} onPaste={paste} onRemove={remove} onPack={setPacking} disabled={sending !== ''} />}
          <div className="bar" role="group" aria-label="Ship and close">
            <span aria-live="polite" className="row" style={{ gap: 12 }}>
              {orders.length === 0 ? null : preview.error !== null ? <span className="bad">{preview.error.message}</span>
                : !preview.current ? <span className="dim">{areWhole(draft.charges) ? 'Looking…' : 'A charge wants its code and an amount.'}</span>
                  : (
                    <>
                      <span className={refused === 0 ? 'good' : ''}><strong>{whole(ready)}</strong> ready</span>
                      {refused > 0 ? <span className="bad"><strong>{whole(refused)}</strong> to mend</span> : null}
                      {stayOpen > 0 ? <span className="warn">{stayOpen} stay{stayOpen === 1 ? 's' : ''} open in part</span> : null}
                      {added.length > 0 ? <span>Charges added: <strong>{added.map(money).join(' + ')}</strong></span> : null}
                    </>
                  )}
              {preview.userErrors.map(({ message }) => <span key={message} className="bad">{message}</span>)}
            </span>
            <span className="grow" />
            {sending === 'waiting' ? <span className="warn" role="status">No answer came. It is sent again once the gateway is reached, and done once only.</span> : null}
            <Button size="sm" leftSection={<IconTruckDelivery size={16} />} disabled={blocked} loading={sending !== ''} onClick={() => void ship()}>Ship and close {refused > 0 && ready > 0 ? `${ready} of ${orders.length}` : count(ready, 'order')}</Button>
          </div>
        </div>
        <div className="right" role="group" aria-label="What holds for all">
          <section className="stack">
            <h2>Routing</h2>
            <SegmentedControl fullWidth aria-label="Routing" value={draft.mode} onChange={(mode) => change({ mode: mode as Draft['mode'] })} data={[{ value: 'shared', label: 'One for all' }, { value: 'each', label: 'Per order' }]} />
            <RoutingFields routing={draft.routing} onChange={changeRouting} errors={routingErrors} note={draft.mode === 'each' ? 'Fills what an order leaves empty.' : 'What is left empty is taken from each order’s own routing.'} />
          </section>
          <section className="stack">
            <div className="row"><h2 className="grow">Additional charges</h2>{draft.charges.length === 0 ? <Button size="compact-xs" variant="subtle" onClick={() => change({ charges: [newCharge(orders[0]?.total?.currencyCode ?? 'USD')] })}>Add</Button> : null}</div>
            {draft.charges.length === 0 ? <p className="dim">None. What orders bear already stays.</p> : (
              <>
                <Charges charges={draft.charges} onChange={(charges) => change({ charges })} errors={chargeErrors} />
                <SegmentedControl fullWidth aria-label="How charges are applied" value={draft.applyCharges} onChange={(applyCharges) => change({ applyCharges: applyCharges as Draft['applyCharges'] })} data={[{ value: 'SEPARATELY', label: 'Apply separately' }, { value: 'DIVIDED_EVENLY', label: 'Divide evenly' }]} />
                <p className="dim">{draft.applyCharges === 'SEPARATELY' ? 'Each order bears the full amount.' : 'The amount is divided over the orders that close, to the cent: the parts make exactly the whole.'}{begun(draft.charges).length > 0 && preview.current ? ' What each bears stands in its row.' : ''}</p>
              </>
            )}
          </section>
          <section className="stack">
            <h2>How</h2>
            <Checkbox label="All or none: if one is refused, none closes" checked={draft.onError === 'ABORT_ALL'} onChange={(event) => change({ onError: event.currentTarget.checked ? 'ABORT_ALL' : 'SKIP_FAILED' })} />
            <Checkbox label="Close without tracking where something is missing: the marketplace is then told nothing" checked={draft.incompleteRouting === 'CLOSE_WITHOUT_TRACKING'} onChange={(event) => change({ incompleteRouting: event.currentTarget.checked ? 'CLOSE_WITHOUT_TRACKING' : 'REFUSE' })} />
            <TextInput type="datetime-local" label={`Left at (${zone})`} description="Now, unless you say when." value={draft.shippedAt} onChange={(event) => change({ shippedAt: event.currentTarget.value })} />
          </section>
        </div>
      </div>
      <Packages order={packing} draft={packing === null ? null : (draft.orders[packing.id] ?? blank)} onClose={() => setPacking(null)} onSave={(packages) => { if (packing !== null) changeOrder(packing.id, { packages }); setPacking(null) }} />
      <Modal opened={pasting !== null} onClose={() => setPasting(null)} title="Paste tracking numbers">
        <form className="stack" onSubmit={(event) => { event.preventDefault(); if (paste(pasting ?? '', 0)) setPasting(null) }}>
          <p className="dim">One a line, in the order of the table; or two columns of a spreadsheet, order number and tracking number.</p>
          <Textarea aria-label="Tracking numbers" autosize minRows={8} maxRows={18} classNames={{ input: 'mono' }} value={pasting ?? ''} onChange={(event) => setPasting(event.currentTarget.value)} data-autofocus />
          <div className="row" style={{ justifyContent: 'flex-end' }}><Button type="submit" disabled={(pasting ?? '').trim() === ''}>Fill in</Button></div>
        </form>
      </Modal>
    </>
  )
}

interface ScanProps {
  orders: readonly Order[]
  draft: Draft
  current: string | null
  onCurrent: (id: string | null) => void
  onNumber: (id: string, trackingNumber: string) => void
}

/** A barcode scanner types and presses Enter: an order's number, its tracking number, the next order's. */
function Scan({ orders: read, draft, current, onCurrent, onNumber }: ScanProps): ReactElement {
  const gateway = useGateway()
  // Orders that were scanned into the list, until the list has read them: the next code may come sooner.
  const added = useRef(new Map<string, Order>())
  const orders = [...read, ...[...added.current.values()].filter(({ id }) => shipList().includes(id) && !read.some((one) => one.id === id))]
  const [typed, setTyped] = useState('')
  const [words, setWords] = useState<{ text: string; mood: 'good' | 'bad' | '' }>({ text: '', mood: '' })
  const queue = useRef(Promise.resolve())
  const latest = useRef({ orders, current, draft })
  // Codes come faster than pages are drawn: what a scan has settled stands until what it was drawn from changes.
  useLayoutEffect(() => void (latest.current.orders = orders))
  useLayoutEffect(() => read.forEach(({ id }) => added.current.delete(id)), [read])
  useLayoutEffect(() => void (latest.current.current = current), [current])
  useLayoutEffect(() => void (latest.current.draft = draft), [draft])
  const order = orders.find(({ id }) => id === current)

  async function scanned(code: string): Promise<void> {
    const { orders, current } = latest.current
    const here = orders.find(({ number }) => sameNumber(number, code))
    if (here !== undefined) {
      latest.current.current = here.id
      onCurrent(here.id)
      return setWords({ text: `${here.number}, ${here.shipTo.name ?? ''}: scan its tracking number`, mood: '' })
    }
    // A number of the marketplace's that is not in the list: an order to be added.
    const known = orders.find(({ id }) => id === current)
    if (known === undefined || /^\d{3}-\d{7}-\d{7}$/.test(code)) {
      try {
        const { orders: found } = await gateway.request(OrdersAskedDocument, { filter: { search: code } })
        const asked = found.nodes.find(({ number }) => sameNumber(number, code))
        if (asked === undefined) return setWords({ text: `${code} is no order that is here`, mood: 'bad' })
        if (asked.status !== 'OPEN') return setWords({ text: `${asked.number} is ${asked.status.toLowerCase()} already`, mood: 'bad' })
        if (shipList().length >= MOST) return setWords({ text: `${MOST} orders are as many as one call takes`, mood: 'bad' })
        added.current.set(asked.id, asked as Order)
        setShipList([...shipList(), asked.id])
        latest.current = { ...latest.current, orders: [...orders, asked as Order], current: asked.id }
        onCurrent(asked.id)
        return setWords({ text: `${asked.number} added: scan its tracking number`, mood: '' })
      } catch (error) {
        return setWords({ text: (error as Error).message, mood: 'bad' })
      }
    }
    const twice = orders.find(({ id }) => id !== known.id && sameNumber(latest.current.draft.orders[id]?.trackingNumber ?? '', code))
    if (twice !== undefined) return setWords({ text: `${code} is on order ${twice.number} already`, mood: 'bad' })
    onNumber(known.id, code)
    const { draft } = latest.current
    latest.current = { ...latest.current, current: null, draft: { ...draft, orders: { ...draft.orders, [known.id]: { ...(draft.orders[known.id] ?? blank), trackingNumber: code } } } }
    onCurrent(null)
    setWords({ text: `${known.number} has ${code}. Scan the next order.`, mood: 'good' })
  }

  return (
    <form className="tools" onSubmit={(event) => {
      event.preventDefault()
      const code = typed.trim()
      setTyped('')
      // A scanner does not wait for the one before.
      if (code !== '') queue.current = queue.current.then(() => scanned(code))
    }}>
      <TextInput data-search autoFocus w={300} leftSection={<IconBarcode size={16} />} aria-label={order === undefined ? 'Scan an order' : `Scan the tracking number of ${order.number}`} placeholder={order === undefined ? 'Scan an order' : `Tracking number of ${order.number}`} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} autoComplete="off" />
      {order === undefined ? null : <Button size="compact-xs" variant="subtle" onClick={() => { onCurrent(null); setWords({ text: '', mood: '' }) }}>Not this order</Button>}
      <span role="status" className={words.mood}>{words.text}</span>
    </form>
  )
}

function Outcome({ answer: { of, payload, partial }, onClose }: { answer: { of: readonly Order[]; payload: Answer; partial: number }; onClose: () => void }): ReactElement {
  const [open, setOpen] = useState(false)
  const numbers = new Map(of.map(({ id, number }) => [id, number]))
  const done = payload.results.filter(({ userErrors }) => userErrors.length === 0)
  return (
    <div className={`notice ${payload.failed > 0 || payload.userErrors.length > 0 ? 'warn' : 'good'}`} style={{ margin: '8px 14px 0' }} role="status">
      <div className="row">
        <strong>{count(payload.closed, 'order')} closed{partial > 0 ? `, ${partial} shipped in part` : ''}{payload.failed > 0 ? `, ${payload.failed} refused` : ''}.</strong>
        <span>{payload.failed > 0 ? 'What was refused is still here: mend it and ship it again.' : 'Their tracking is on its way to the marketplace.'}</span>
        <span className="grow" />
        {done.length > 0 ? <Button size="compact-xs" variant="subtle" onClick={() => setOpen(!open)}>{open ? 'Hide' : 'Show'} them</Button> : null}
        <Button size="compact-xs" variant="subtle" onClick={onClose}>Close</Button>
      </div>
      {payload.userErrors.map(({ message }) => <p key={message}>{message}</p>)}
      {payload.results.filter(({ userErrors }) => userErrors.length > 0).slice(0, 5).map(({ orderId, userErrors }) => <p key={orderId}>{numbers.get(orderId)}: {userErrors.map(({ message }) => message).join('; ')}</p>)}
      {open ? (
        <ul style={{ margin: '6px 0 0', paddingLeft: 18, maxHeight: 160, overflow: 'auto' }}>
          {done.map(({ orderId, order, charges }) => <li key={orderId}><Link href={`/orders/${orderId}`}>{order?.number ?? numbers.get(orderId)}</Link>{charges.length > 0 ? `: ${charges.map(({ code, amount }) => `${code} ${money(amount)}`).join(', ')} added` : ''}</li>)}
        </ul>
      ) : null}
    </div>
  )
}
