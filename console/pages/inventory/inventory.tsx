// What is in stock, and what of it each marketplace was told.
import { Button, Modal, Select, Textarea, TextInput } from '@mantine/core'
import { IconPlus, IconSearch } from '@tabler/icons-react'
import { type FormEvent, type ReactElement, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Link, useLocation, useSearch } from 'wouter'
import type { Document } from '../../../src/client/document.ts'
import { act, useAsk, useEvents, useGateway, useThrottled } from '../../data/ask.ts'
import { Head } from '../../frame/frame.tsx'
import { useShortcuts } from '../../frame/shortcuts.tsx'
import { useViewer } from '../../frame/viewer.ts'
import { ConnectionChoicesDocument, type InventoryFilter, type InventoryOrder, type ListingStatus, ReceiveStockDocument, StockPageDocument, type StockRowFragment as Item } from '../../generated/documents.ts'
import { ColumnsMenu } from '../../grid/columns-menu.tsx'
import { type GridColumn, useColumns } from '../../grid/columns.ts'
import { Grid } from '../../grid/grid.tsx'
import { useSelection } from '../../grid/selection.ts'
import { useList } from '../../grid/use-list.ts'
import { dateTime, title, whole } from '../../kit/format.ts'
import { ListingTag, Tag } from '../../kit/tags.tsx'
import { told, toldOf } from '../../kit/told.ts'

const number = (id: string, name: string, of: (item: Item) => number): GridColumn<Item> => ({ id, name, size: 88, numeric: true, text: (item) => String(of(item)), cell: (item) => <span className={of(item) < 0 ? 'bad' : ''}>{whole(of(item))}</span> })
const weightiest: ListingStatus[] = ['REJECTED', 'BEHIND', 'NEVER_PUSHED', 'EXCLUDED', 'IN_STEP']
const columns: readonly GridColumn<Item>[] = [
  { id: 'sku', name: 'SKU', size: 170, text: ({ sku }) => sku, cell: ({ id, sku }) => <span><Link className="plain mono" href={`/inventory/${id}`} tabIndex={-1}>{sku}</Link></span> },
  { id: 'title', name: 'Item', size: 250, text: ({ title }) => title ?? '', cell: ({ title }) => <span title={title ?? ''}>{title}</span> },
  { id: 'customer', name: 'Customer', size: 150, text: ({ customer }) => customer.name, cell: ({ customer }) => <span>{customer.name}</span> },
  { id: 'warehouse', name: 'Warehouse', size: 90, text: ({ warehouse }) => warehouse.code, cell: ({ warehouse }) => <span>{warehouse.code}</span> },
  number('onHand', 'On hand', ({ onHand }) => onHand), number('onHold', 'On hold', ({ onHold }) => onHold), number('allocated', 'Allocated', ({ allocated }) => allocated), number('available', 'Available', ({ available }) => available),
  {
    id: 'listings', name: 'Marketplaces', size: 250, text: ({ listings }) => listings.map(({ sellerSku, quantity, status }) => `${sellerSku} ${quantity} ${title(status)}`).join('; '),
    cell: ({ listings }) => {
      if (listings.length === 0) return <span className="dim">Not listed</span>
      const worst = weightiest.find((status) => listings.some((one) => one.status === status))!
      return <><ListingTag status={worst} /><span title={listings.map(({ message }) => message).filter(Boolean).join('\n')}>{listings.map(({ quantity }) => quantity).join(', ')}</span></>
    },
  },
  { id: 'updatedAt', name: 'Last moved', size: 118, text: ({ updatedAt }) => updatedAt, cell: ({ updatedAt, warehouse }, zone) => <span>{dateTime(updatedAt, warehouse.timeZone ?? zone)}</span> },
]

export default function Inventory(): ReactElement {
  const { zone, works } = useViewer()
  const [, go] = useLocation()
  const search = useSearch()
  const asked = new URLSearchParams(search)
  const q = asked.get('q') ?? ''
  const state = asked.get('state')
  const orderBy = (asked.get('sort') ?? 'SKU_ASC') as InventoryOrder
  const [typed, setTyped] = useState(q)
  const [turn, setTurn] = useState(0)
  const [receiving, setReceiving] = useState(false)
  const filter = useMemo<InventoryFilter>(() => ({ ...(q === '' ? {} : { search: q }), ...(state === 'short' ? { belowAvailable: 1 } : state === null || state === '' ? {} : { listingStatuses: [state as ListingStatus] }) }), [q, state])
  const { list } = useList<Item>({ document: StockPageDocument as Document<unknown, never>, field: 'inventory', variables: { filter, orderBy } }, turn)
  const kept = useColumns('inventory', columns)
  const selection = useSelection()
  const soon = useThrottled(() => setTurn((before) => before + 1), 20_000)
  // A list that is scrolled, or chosen from, is not read anew under anybody's hands.
  useEvents((events) => selection.ids.size === 0 && selection.here <= 0 && events.some((event) => event.__typename === 'InventoryEvent' || event.type === 'ORDER_CLOSED') && soon())
  useEffect(() => void (document.title = 'Inventory · Cartage'), [])
  useShortcuts([
    { keys: 'r', does: 'Read the list anew', group: 'Inventory', run: () => setTurn(turn + 1) },
    { keys: 'n', does: 'Receive stock', group: 'Inventory', run: () => works && setReceiving(true) },
  ])
  const set = (name: string, value: string | null): void => {
    const next = new URLSearchParams(location.search)
    if (value === null || value === '') next.delete(name)
    else next.set(name, value)
    go(`/inventory?${next.toString()}`.replace(/\?$/, ''), { replace: true })
  }
  const timer = useRef<ReturnType<typeof setTimeout>>()
  const open = useCallback(({ id }: Item) => go(`/inventory/${id}`), [go])
  return (
    <>
      <Head name="Inventory"><span className="grow" />{works ? <Button leftSection={<IconPlus size={14} />} onClick={() => setReceiving(true)}>Receive stock</Button> : null}</Head>
      <div className="tools" role="search">
        <TextInput data-search w={240} aria-label="Search SKUs" placeholder="SKU  /" leftSection={<IconSearch size={14} />} value={typed} onChange={(event) => { const { value } = event.currentTarget; setTyped(value); clearTimeout(timer.current); timer.current = setTimeout(() => set('q', value.trim()), 250) }} />
        <Select w={190} aria-label="State" placeholder="Any state" clearable clearButtonProps={{ 'aria-label': 'Any state' }} data={[{ value: 'short', label: 'None available' }, { value: 'REJECTED', label: 'Rejected by a marketplace' }, { value: 'BEHIND', label: 'Behind' }, { value: 'NEVER_PUSHED', label: 'Never told' }, { value: 'EXCLUDED', label: 'Excluded' }, { value: 'IN_STEP', label: 'In step' }]} value={state} onChange={(value) => set('state', value)} />
        <Select w={180} aria-label="Order of the list" allowDeselect={false} data={[{ value: 'SKU_ASC', label: 'By SKU' }, { value: 'AVAILABLE_ASC', label: 'The scarcest first' }, { value: 'UPDATED_DESC', label: 'The last moved first' }]} value={orderBy} onChange={(value) => set('sort', value === 'SKU_ASC' ? null : value)} />
        <span className="grow" />
        <ColumnsMenu columns={kept} />
      </div>
      <div className="body flush">
        {list === null ? <div className="empty">Reading…</div> : list.count === 0 && !list.hasMore ? <div className="empty">{list.error?.message ?? 'No item is like that.'}</div> : <Grid label="Inventory" list={list} columns={kept} selection={selection} zone={zone} onOpen={open} choosing={false} />}
      </div>
      <Modal opened={receiving} onClose={() => setReceiving(false)} title="Receive stock" size="lg"><Receive onDone={() => { setReceiving(false); setTurn(turn + 1) }} /></Modal>
    </>
  )
}

function Receive({ onDone }: { onDone: () => void }): ReactElement {
  const gateway = useGateway()
  const { warehouse } = useViewer()
  const { data } = useAsk(ConnectionChoicesDocument, {}, { policy: 'cache-first' })
  const [customerId, setCustomer] = useState<string | null>(null)
  const [warehouseId, setWarehouse] = useState<string | null>(warehouse?.id ?? null)
  const [reference, setReference] = useState('')
  const [text, setText] = useState('')
  const [problems, setProblems] = useState<string[]>([])
  const [busy, setBusy] = useState(false)
  const items = text.split('\n').map((line) => line.split(/\t|,|;/).map((cell) => cell.trim())).filter(([sku]) => sku !== undefined && sku !== '').map(([sku, quantity, name]) => ({ sku: sku!, quantity: Math.floor(Number(quantity)), ...(name === undefined || name === '' ? {} : { title: name }) }))
  const unread = items.filter(({ quantity }) => !(quantity > 0))
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (customerId === null || warehouseId === null) return setProblems(['Say whose stock it is, and where it lies.'])
    setBusy(true)
    try {
      const { receiveInventory } = await act(gateway, ReceiveStockDocument, { input: { customerId, warehouseId, items, reference: reference.trim() === '' ? null : reference.trim() } })
      setProblems(receiveInventory.userErrors.map(({ field, message }) => `${field?.[0] === 'items' ? `${items[Number(field[1])]?.sku}: ` : ''}${message}`))
      if (receiveInventory.userErrors.length > 0) return
      told(`${items.length} SKU${items.length === 1 ? '' : 's'} received`)
      onDone()
    } catch (error) {
      toldOf(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form className="stack" style={{ gap: 10 }} onSubmit={(event) => void submit(event)}>
      <div className="row">
        <Select className="grow" label="Customer" required searchable data={(data?.customers.nodes ?? []).map(({ id, name }) => ({ value: id, label: name }))} value={customerId} onChange={setCustomer} data-autofocus />
        <Select className="grow" label="Warehouse" required data={(data?.warehouses ?? []).map(({ id, name }) => ({ value: id, label: name }))} value={warehouseId} onChange={setWarehouse} />
        <TextInput className="grow" label="Reference" placeholder="The delivery’s number" value={reference} onChange={(event) => setReference(event.currentTarget.value)} />
      </div>
      <Textarea label="What came" description="A line each: SKU, quantity, and a title if you like; columns of a spreadsheet can be pasted." required autosize minRows={6} maxRows={16} classNames={{ input: 'mono' }} placeholder={'HK-MUG-2, 48\nHK-BOARD-L, 12, Oak board, large'} value={text} onChange={(event) => setText(event.currentTarget.value)} />
      {unread.length > 0 ? <p className="warn">Without a quantity: {unread.slice(0, 5).map(({ sku }) => sku).join(', ')}</p> : null}
      {problems.map((problem) => <p key={problem} className="bad" role="alert">{problem}</p>)}
      <div className="row"><Tag>{items.length} SKUs, {items.reduce((sum, { quantity }) => sum + (quantity > 0 ? quantity : 0), 0)} units</Tag><span className="grow" /><Button type="submit" loading={busy} disabled={items.length === 0 || unread.length > 0}>Receive</Button></div>
    </form>
  )
}
