// The orders of a call, each with what is its own: a virtual table of fields, as 500 are nothing unusual.
import { ActionIcon, Checkbox, Tooltip } from '@mantine/core'
import { IconPackage, IconX } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { forwardRef, type KeyboardEvent, memo, type ReactElement, useCallback, useImperativeHandle, useRef } from 'react'
import { Link } from 'wouter'
import { useAsk } from '../../data/ask.ts'
import { CarriersDocument, type OrderRowFragment as Order } from '../../generated/documents.ts'
import { sums } from '../../kit/decimal.ts'
import { dateTime, money } from '../../kit/format.ts'
import { Tag } from '../../kit/tags.tsx'
import { urgency } from '../orders/columns.tsx'
import { blank, type Draft, type OrderDraft } from './draft.ts'
import type { Preview, Result, Wrong } from './use-preview.ts'

export interface ShipTableHandle {
  scrollTo(id: string): void
}

interface Props {
  orders: readonly Order[]
  draft: Draft
  preview: Preview
  current: string | null
  zone: string
  disabled: boolean
  onChange: (id: string, some: Partial<OrderDraft>) => void
  /** Whether any of it was taken. */
  onPaste: (text: string, from: number) => boolean
  onRemove: (id: string) => void
  onPack: (order: Order) => void
}

const HEIGHT = 34
const fieldWidths = { carrier: 92, scac: 70, service: 104, trackingNumber: 184 }
type Field = keyof typeof fieldWidths
const fieldNames: Record<Field, string> = { carrier: 'Carrier', scac: 'SCAC', service: 'Service', trackingNumber: 'Tracking number' }
const widths = { number: 158, shipTo: 122, shipBy: 104, items: 58, charges: 134, state: 300 }

export const ShipTable = forwardRef<ShipTableHandle, Props>(function ShipTable({ orders, draft, preview, current, zone, disabled, onChange, onPaste, onRemove, onPack }, handle): ReactElement {
  const scroller = useRef<HTMLDivElement>(null)
  const { data } = useAsk(CarriersDocument, {}, { policy: 'cache-first' })
  const virtual = useVirtualizer({ count: orders.length, getScrollElement: () => scroller.current, estimateSize: () => HEIGHT, overscan: 10, scrollPaddingStart: 30, useFlushSync: false })
  useImperativeHandle(handle, () => ({
    scrollTo(id) {
      const index = orders.findIndex((one) => one.id === id)
      if (index >= 0) virtual.scrollToIndex(index, { align: 'center' })
    },
  }), [orders, virtual])
  const fields: Field[] = draft.mode === 'each' ? ['carrier', 'scac', 'service', 'trackingNumber'] : ['trackingNumber']
  const width = 30 + widths.number + widths.shipTo + widths.shipBy + widths.items + fields.reduce((sum, field) => sum + fieldWidths[field], 0) + 34 + widths.charges + widths.state

  const focus = useCallback((index: number, field: Field): void => {
    if (index < 0 || index >= orders.length) return
    virtual.scrollToIndex(index)
    const to = (left: number): void => {
      const input = scroller.current?.querySelector<HTMLInputElement>(`[data-cell="${field}-${index}"]`)
      if (input != null) return input.focus()
      if (left > 0) requestAnimationFrame(() => to(left - 1))
    }
    to(10)
  }, [orders.length, virtual])

  return (
    <div ref={scroller} className="grid" role="table" aria-label="Orders to ship" aria-rowcount={orders.length + 1}>
      <datalist id="carriers">{data?.carriers.map(({ code, name }) => <option key={code} value={code}>{name}</option>)}</datalist>
      <div role="rowgroup" style={{ position: 'sticky', top: 0, zIndex: 3 }}>
        <div className="heads" role="row" style={{ width }}>
          <div className="th" role="columnheader" style={{ width: 30 }}><span className="visually-hidden">Leave out</span></div>
          <div className="th" role="columnheader" style={{ width: widths.number }}>Order</div>
          <div className="th" role="columnheader" style={{ width: widths.shipTo }}>Ship to</div>
          <div className="th num" role="columnheader" style={{ width: widths.items }}>Units</div>
          {fields.map((field) => <div key={field} className="th" role="columnheader" style={{ width: fieldWidths[field] }}>{fieldNames[field]}</div>)}
          <div className="th" role="columnheader" style={{ width: 34 }}><span className="visually-hidden">Packages</span></div>
          <div className="th num" role="columnheader" style={{ width: widths.charges }}>Charges after</div>
          <div className="th" role="columnheader" style={{ width: widths.state }}>What would happen</div>
          <div className="th" role="columnheader" style={{ width: widths.shipBy }}>Ship by</div>
        </div>
      </div>
      <div className="rows" role="rowgroup" style={{ height: virtual.getTotalSize(), width }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const order = orders[index]!
          return <ShipRow key={order.id} order={order} index={index} start={start} width={width} each={draft.mode === 'each'} own={draft.orders[order.id] ?? blank} result={preview.results.get(order.id)} fresh={preview.current} isCurrent={order.id === current} zone={zone} disabled={disabled} onChange={onChange} onPaste={onPaste} onRemove={onRemove} onPack={onPack} onFocus={focus} />
        })}
      </div>
    </div>
  )
})

interface RowProps extends Pick<Props, 'zone' | 'disabled' | 'onChange' | 'onPaste' | 'onRemove' | 'onPack'> {
  order: Order
  index: number
  start: number
  width: number
  each: boolean
  own: OrderDraft
  result: Result | undefined
  fresh: boolean
  isCurrent: boolean
  onFocus: (index: number, field: Field) => void
}

const ShipRow = memo(function ShipRow({ order, index, start, width, each, own, result, fresh, isCurrent, zone, disabled, onChange, onPaste, onRemove, onPack, onFocus }: RowProps): ReactElement {
  const open = order.lines.reduce((sum, { quantity, quantityShipped, quantityCancelled }) => sum + quantity - quantityShipped - quantityCancelled, 0)
  const of = (list: readonly Wrong[] | undefined, field: string): Wrong | undefined => list?.find((one) => one.field?.at(-1) === field && !one.field.includes('packages'))
  const fields: Field[] = each ? ['carrier', 'scac', 'service', 'trackingNumber'] : ['trackingNumber']
  const keyed = (field: Field) => (event: KeyboardEvent<HTMLInputElement>): void => {
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' || (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) ? 1 : 0
    if (by === 0 || (field === 'carrier' && event.key !== 'Enter')) return
    event.preventDefault()
    onFocus(index + by, field)
  }
  const zoneHere = order.warehouse.timeZone ?? zone
  return (
    <div role="row" aria-rowindex={index + 2} className={`tr ${isCurrent ? 'current here' : ''}${order.cancelRequested ? ' cancel' : ''}`} style={{ transform: `translateY(${start}px)`, width }} data-order={order.number}>
      <div className="td" role="cell" style={{ width: 30, padding: 0, justifyContent: 'center' }}><ActionIcon size="sm" aria-label={`Leave ${order.number} out`} disabled={disabled} onClick={() => onRemove(order.id)}><IconX size={13} /></ActionIcon></div>
      <div className="td" role="rowheader" style={{ width: widths.number }}><span><Link className="plain mono" href={`/orders/${order.id}`}>{order.number}</Link></span></div>
      <div className="td" role="cell" style={{ width: widths.shipTo }}><span title={[order.shipTo.name, order.shipTo.city, order.shipTo.countryCode].filter(Boolean).join(', ')}>{order.shipTo.name ?? order.shipTo.city}</span></div>
      <div className="td num" role="cell" style={{ width: widths.items }}><span title={order.lines.map(({ quantity, warehouseSku, title }) => `${quantity} × ${warehouseSku}${title === null ? '' : ` ${title}`}`).join('\n')}>{open}</span></div>
      {fields.map((field) => {
        const wrong = of(result?.userErrors, field)
        const doubt = of(result?.warnings, field)
        const packed = field === 'trackingNumber' && own.packages !== null
        return (
          <div key={field} className="td" role="cell" style={{ width: fieldWidths[field], padding: '0 4px' }}>
            {packed ? <button type="button" className="cell-in" style={{ textAlign: 'left', cursor: 'pointer' }} onClick={() => onPack(order)}>{own.packages!.length === 1 ? '1 package' : `${own.packages!.length} packages`}</button> : (
              <input
                className={`cell-in ${field === 'trackingNumber' ? 'mono ' : ''}${wrong === undefined && doubt !== undefined ? 'doubt' : ''}`} data-cell={`${field}-${index}`} aria-label={`${fieldNames[field]} of ${order.number}`}
                aria-invalid={wrong !== undefined} aria-describedby={wrong === undefined && doubt === undefined ? undefined : `why-${index}`} title={wrong?.message ?? doubt?.message} disabled={disabled}
                placeholder={(field === 'trackingNumber' ? order.routing.trackingNumber : result?.routing[field]) ?? ''} list={field === 'carrier' ? 'carriers' : undefined} autoComplete="off" spellCheck={false}
                value={own[field]} onChange={(event) => onChange(order.id, { [field]: field === 'scac' ? event.currentTarget.value.toUpperCase() : event.currentTarget.value })}
                onPaste={(event) => { const text = event.clipboardData.getData('text'); if (field === 'trackingNumber' && /[\n\t]/.test(text.trim()) && onPaste(text, index)) event.preventDefault() }}
                onKeyDown={keyed(field)}
              />
            )}
          </div>
        )
      })}
      <div className="td" role="cell" style={{ width: 34, padding: 0, justifyContent: 'center' }}><Tooltip label="Packages"><ActionIcon size="sm" aria-label={`Packages of ${order.number}`} disabled={disabled} onClick={() => onPack(order)} color={own.packages === null ? 'gray' : 'ocean'}><IconPackage size={15} /></ActionIcon></Tooltip></div>
      <div className="td num" role="cell" style={{ width: widths.charges }}>
        {result === undefined ? null : (
          <>
            {result.additionalCharges.length > 0 ? <span className="good" title={result.additionalCharges.map(({ code, amount }) => `${code} ${money(amount)}`).join('\n')} data-added>+{sums(result.additionalCharges.map(({ amount }) => amount)).map(money).join(' +')}</span> : null}
            <span data-total>{result.totalCharges === null ? '' : money(result.totalCharges)}</span>
          </>
        )}
      </div>
      <div className="td" role="cell" id={`why-${index}`} style={{ width: widths.state, opacity: fresh ? 1 : 0.6 }}>
        {order.cancelRequested ? <Checkbox size="xs" color="red" label="Ship although the buyer asks to cancel" checked={own.override} disabled={disabled} onChange={(event) => onChange(order.id, { override: event.currentTarget.checked })} styles={{ label: { color: 'var(--bad)', fontSize: 12, paddingLeft: 6, whiteSpace: 'nowrap' } }} /> : null}
        {order.cancelRequested && result?.userErrors.every(({ code }) => code === 'CANCEL_REQUESTED') === true && result.userErrors.length > 0 ? null : <What result={result} />}
      </div>
      <div className="td" role="cell" style={{ width: widths.shipBy }}>{order.shipBy === null ? null : <span className={`at ${urgency(order)}`}>{dateTime(order.shipBy, zoneHere)}</span>}</div>
    </div>
  )
})

const needs: Record<string, string> = { CARRIER_REQUIRED: 'a carrier', SCAC_REQUIRED: 'a SCAC', SERVICE_REQUIRED: 'a service', TRACKING_NUMBER_REQUIRED: 'a tracking number' }

/** In as few words as will do. */
function What({ result }: { result: Result | undefined }): ReactElement | null {
  if (result === undefined) return null
  const all = (list: readonly Wrong[]): string => list.map(({ message }) => message).join('\n')
  if (result.userErrors.length > 0) {
    const missing = result.userErrors.flatMap(({ code }) => needs[code] ?? [])
    const others = result.userErrors.filter(({ code }) => needs[code] === undefined).map(({ message }) => message)
    return <span className="bad" title={all(result.userErrors)}>{[...(missing.length > 0 ? [`Needs ${missing.join(', ')}`] : []), ...others].join('; ')}</span>
  }
  if (result.warnings.length > 0) return <span className="warn" title={all(result.warnings)}>{result.warnings[0]!.message}</span>
  return result.wouldClose ? <Tag mood="good">Closes</Tag> : <Tag mood="warn">Part of it stays open</Tag>
}
