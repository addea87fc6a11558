// Find Orders: all orders in one grid, filtered in the address bar, live without jumping.
import { ActionIcon, Button, Menu, Modal, MultiSelect, Popover, Select, TextInput, Tooltip } from '@mantine/core'
import { IconDownload, IconFilter, IconRefresh, IconSearch, IconTrash, IconTruckDelivery, IconX } from '@tabler/icons-react'
import { type ReactElement, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import type { Document } from '../../../src/client/document.ts'
import { useAsk, useEvents, useGateway, useKept, useThrottled } from '../../data/ask.ts'
import type { Gateway } from '../../data/gateway.ts'
import { setShipList } from '../../data/ship-list.ts'
import { Head } from '../../frame/frame.tsx'
import { useShortcuts } from '../../frame/shortcuts.tsx'
import { useViewer } from '../../frame/viewer.ts'
import { ChoicesDocument, OrdersByIdsDocument, OrdersCountDocument, OrdersPageDocument, type OrderFilter, type OrderOrder, type OrderRowFragment as Order } from '../../generated/documents.ts'
import { ColumnsMenu } from '../../grid/columns-menu.tsx'
import { useColumns } from '../../grid/columns.ts'
import { Grid } from '../../grid/grid.tsx'
import type { ListSource } from '../../grid/keyset-list.ts'
import { useSelection } from '../../grid/selection.ts'
import { beginList, useList } from '../../grid/use-list.ts'
import { count, title, total, whole } from '../../kit/format.ts'
import { toldOf } from '../../kit/told.ts'
import { trackingWord } from '../../kit/tags.tsx'
import { BulkDialog, type BulkKind, type BulkOrder, toBulk } from './bulk.tsx'
import { orderColumns } from './columns.tsx'
import { exportOrders } from './export-orders.ts'
import { type Asked, builtIn, filterOf, type Name, read, sorts, statuses, trackings, type View, write } from './filters.ts'

const sourceOf = (variables: ReturnType<typeof filterOf>): ListSource<Order> => ({ document: OrdersPageDocument as Document<unknown, never>, field: 'orders', variables: variables as unknown as Record<string, unknown>, byIds: OrdersByIdsDocument as never, orders: true })

/** While it is still asked who looks: unless a filter goes by their clock. */
export function beginOrders(gateway: Gateway): void {
  const [here, there] = ['UTC', 'Pacific/Kiritimati'].map((zone) => filterOf(read(location.search), zone))
  if (location.pathname === '/orders' && JSON.stringify(here) === JSON.stringify(there)) beginList(gateway, sourceOf(here!))
}

export default function FindOrders(): ReactElement {
  const gateway = useGateway()
  const viewer = useViewer()
  const { zone, works } = viewer
  const [, go] = useLocation()
  const search = useSearch()
  const asked = useMemo(() => read(search), [search])
  const [turn, setTurn] = useState(0)
  // Anew with each turn, as `ship=now` asks by the clock.
  const variables = useMemo(() => filterOf(asked, zone), [asked, zone, turn])
  const { list, changing } = useList<Order>(sourceOf(variables), turn)
  const counted = useAsk(OrdersCountDocument, { filter: variables.filter }, { policy: 'network-only' })
  const countAgain = useThrottled(counted.again, 10_000)
  const columns = useColumns('orders', orderColumns)
  const selection = useSelection()
  const [dialog, setDialog] = useState<{ kind: BulkKind; orders: BulkOrder[] } | null>(null)
  const [fresh, setFresh] = useState(0)
  const [exporting, setExporting] = useState<{ rows: number; stop: AbortController } | null>(null)

  useEffect(() => void (document.title = 'Find Orders · Cartage'), [])
  useEffect(() => setFresh(0), [list])
  useEvents((events) => {
    countAgain()
    const came = events.filter((event) => event.type === 'ORDER_IMPORTED' && 'order' in event && isOf(event.order, variables.filter)).length
    if (came > 0) setFresh((before) => before + came)
  })

  const set = useCallback((change: Asked) => go(`/orders?${write({ ...read(location.search), ...change })}`.replace(/\?$/, ''), { replace: true }), [go])
  const refresh = useCallback(() => {
    setTurn((before) => before + 1)
    counted.again()
  }, [counted.again])

  /** Of what is chosen, wherever it is in the list. */
  const chosen = async (): Promise<Order[]> => {
    const near = new Map((list?.find(selection.ids) ?? []).map((order) => [order.id, order]))
    const away = [...selection.ids].filter((id) => !near.has(id))
    for (let from = 0; from < away.length; from += 100) {
      const { nodes } = await gateway.request(OrdersByIdsDocument, { ids: away.slice(from, from + 100) })
      for (const node of nodes) if (node !== null && 'number' in node) near.set(node.id, node as Order)
    }
    return [...selection.ids].flatMap((id) => near.get(id) ?? [])
  }
  const bulk = (kind: BulkKind): void => {
    if (selection.ids.size === 0 || !works) return
    chosen().then((orders) => setDialog({ kind, orders: orders.map(toBulk) }), toldOf)
  }
  const ship = (): void => {
    if (selection.ids.size === 0 || !works) return
    setShipList([...selection.ids])
    go('/ship')
  }
  useShortcuts([
    { keys: 's', does: 'Ship and close what is selected', group: 'Find Orders', run: ship },
    { keys: 'h', does: 'Hold', group: 'Find Orders', run: () => bulk('hold') },
    { keys: 'l', does: 'Release', group: 'Find Orders', run: () => bulk('release') },
    { keys: 'e', does: 'Edit routing', group: 'Find Orders', run: () => bulk('updateRouting') },
    { keys: 'c', does: 'Add charges', group: 'Find Orders', run: () => bulk('addCharges') },
    { keys: 'r', does: 'Read the list anew', group: 'Find Orders', run: refresh },
    { keys: 'ArrowDown ArrowUp', does: 'Move; with Shift choose a range', group: 'In the list', run: () => {}, listedOnly: true },
    { keys: 'Space', does: 'Choose, or not', group: 'In the list', run: () => {}, listedOnly: true },
    { keys: 'Mod+a', does: 'Choose all that was read', group: 'In the list', run: () => {}, listedOnly: true },
    { keys: 'Enter', does: 'Open', group: 'In the list', run: () => {}, listedOnly: true },
    { keys: 'Escape', does: 'Choose none', group: 'In the list', run: () => selection.clear() },
  ])

  async function exportAll(): Promise<void> {
    const stop = new AbortController()
    setExporting({ rows: 0, stop })
    try {
      await exportOrders(gateway, variables, columns.shown, zone, stop.signal, (rows) => setExporting({ rows, stop }))
    } catch (error) {
      if (!stop.signal.aborted) toldOf(error)
    } finally {
      setExporting(null)
    }
  }
  const chooseFirst = (): void => void list?.readTo(500).then(() => selection.set(list.ids(0, 499)))
  const open = useCallback(({ id }: Order) => go(`/orders/${id}`), [go])
  const n = selection.ids.size

  return (
    <>
      <Head name="Find Orders">
        <span className="dim" aria-live="polite">{counted.data === undefined ? '' : count0(counted.data.orders.totalCount)}</span>
        <span className="grow" />
        {fresh > 0 ? <Button size="compact-xs" variant="light" onClick={refresh}>{count(fresh, 'new order')}: show</Button> : null}
        <Tooltip label="Read the list anew (R)"><ActionIcon aria-label="Read the list anew" onClick={refresh} loading={changing && list !== null}><IconRefresh size={16} /></ActionIcon></Tooltip>
      </Head>
      <Views search={search} onChoose={(next) => go(next === '' ? '/orders' : `/orders?${next}`)}>
        {exporting === null
          ? <Button variant="default" leftSection={<IconDownload size={15} />} onClick={() => void exportAll()}>Export CSV</Button>
          : <Button variant="default" leftSection={<IconX size={15} />} onClick={() => exporting.stop.abort()}>{whole(exporting.rows)} rows: stop</Button>}
        <ColumnsMenu columns={columns} />
      </Views>
      <Filters asked={asked} onChange={set} />
      <div className="body flush">
        {list === null ? <div className="empty" role="status">Reading orders…</div>
          : list.error !== null && list.count === 0 ? <div className="empty"><p className="bad">{list.error.message}</p><Button mt={8} onClick={refresh}>Try again</Button></div>
            : list.count === 0 && !list.hasMore ? <div className="empty"><p>No order is like that.</p>{search === '' ? null : <Button mt={8} variant="default" onClick={() => go('/orders?status=all&sort=IMPORTED_DESC')}>Show all orders</Button>}</div>
              : <Grid label="Orders" list={list} columns={columns} selection={selection} zone={zone} onOpen={open} rowClass={classOf} />}
      </div>
      {works && list !== null && list.count > 0 ? (
        <div className="bar" role="toolbar" aria-label="What is done to the selected orders">
          <strong aria-live="polite">{n === 0 ? 'None selected' : `${whole(n)} selected`}</strong>
          <Button leftSection={<IconTruckDelivery size={15} />} disabled={n === 0 || n > 500} onClick={ship}>Ship and close</Button>
          <Button variant="default" disabled={n === 0} onClick={() => bulk('hold')}>Hold</Button>
          <Button variant="default" disabled={n === 0} onClick={() => bulk('release')}>Release</Button>
          <Button variant="default" disabled={n === 0} onClick={() => bulk('updateRouting')}>Edit routing</Button>
          <Button variant="default" disabled={n === 0} onClick={() => bulk('addCharges')}>Add charges</Button>
          <Button variant="subtle" color="red" disabled={n === 0} onClick={() => bulk('cancel')}>Cancel</Button>
          <span className="grow" />
          {n > 500 ? <span className="warn">At most 500 are shipped at a time.</span> : null}
          <Button variant="subtle" onClick={chooseFirst}>Select the first 500</Button>
          <Button variant="subtle" disabled={n === 0} onClick={selection.clear}>Select none</Button>
        </div>
      ) : null}
      <BulkDialog kind={dialog?.kind ?? null} orders={dialog?.orders ?? []} onClose={() => setDialog(null)} onDone={() => {}} />
    </>
  )
}

const count0 = (n: number): string => (n === 1 ? '1 order' : `${total(n)} orders`)
const classOf = (order: Order): string => `${order.cancelRequested && order.status === 'OPEN' ? 'cancel' : ''}${order.status === 'CANCELLED' ? 'gone' : ''}`
const isOf = ({ connection, customer, status }: Order, { connectionIds, customerIds, statuses }: OrderFilter): boolean =>
  (connectionIds?.includes(connection.id) ?? true) && (customerIds?.includes(customer.id) ?? true) && (statuses?.includes(status) ?? true)

function Views({ search, onChoose, children }: { search: string; onChoose: (search: string) => void; children: ReactNode }): ReactElement {
  const [views, setViews] = useKept<View[]>('views.orders', [])
  const [naming, setNaming] = useState<string | null>(null)
  const here = write(read(search))
  const save = (): void => {
    if (naming === null || naming.trim() === '') return
    setViews([...views.filter(({ name }) => name !== naming.trim()), { name: naming.trim(), search: here }])
    setNaming(null)
  }
  return (
    <div className="tools" role="group" aria-label="Views">
      <div className="chips">
        {[...builtIn, ...views].map((view) => <button key={view.name} type="button" className="chip" aria-pressed={write(read(view.search)) === here} onClick={() => onChoose(view.search)}>{view.name}</button>)}
      </div>
      <span className="grow" />
      {[...builtIn, ...views].some((view) => write(read(view.search)) === here) ? null : <Button size="compact-xs" variant="subtle" onClick={() => setNaming('')}>Save this view</Button>}
      {views.length === 0 ? null : (
        <Menu position="bottom-end">
          <Menu.Target><Button size="compact-xs" variant="subtle">Your views</Button></Menu.Target>
          <Menu.Dropdown>
            {views.map(({ name }) => <Menu.Item key={name} leftSection={<IconTrash size={14} />} onClick={() => setViews(views.filter((view) => view.name !== name))}>Remove “{name}”</Menu.Item>)}
          </Menu.Dropdown>
        </Menu>
      )}
      {children}
      <Modal opened={naming !== null} onClose={() => setNaming(null)} title="Save this view" size="sm">
        <form className="stack" onSubmit={(event) => (event.preventDefault(), save())}>
          <TextInput label="Name" value={naming ?? ''} onChange={(event) => setNaming(event.currentTarget.value)} data-autofocus maxLength={40} />
          <p className="dim">Its filters and order are kept on this computer.</p>
          <div className="row" style={{ justifyContent: 'flex-end' }}><Button type="submit">Save</Button></div>
        </form>
      </Modal>
    </div>
  )
}

function Filters({ asked, onChange }: { asked: Asked; onChange: (change: Asked) => void }): ReactElement {
  const { data } = useAsk(ChoicesDocument, {}, { policy: 'cache-first' })
  const [typed, setTyped] = useState(asked.q ?? '')
  const timer = useRef<ReturnType<typeof setTimeout>>()
  useEffect(() => setTyped(asked.q ?? ''), [asked.q])
  const type = (q: string): void => {
    setTyped(q)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => onChange({ q }), 250)
  }
  const customers = data?.customers.nodes ?? []
  const connections = (data?.connections.nodes ?? []).filter(({ customer }) => asked.customer === undefined || asked.customer.split(',').includes(customer.id))
  const more = (['hold', 'cancel', 'tracking', 'sku', 'ship', 'importedFrom', 'importedTo', 'boughtFrom', 'boughtTo'] satisfies Name[]).filter((name) => asked[name] !== undefined)
  const many = (name: Name) => (values: string[]): void => onChange({ [name]: values.join(',') })
  const one = (name: Name) => (value: string | null): void => onChange({ [name]: value ?? '' })
  return (
    <div className="tools" role="search">
      <TextInput data-search w={260} aria-label="Search orders" placeholder="Number, SKU, tracking, recipient…  /" leftSection={<IconSearch size={14} />} value={typed} onChange={(event) => type(event.currentTarget.value)} rightSection={typed === '' ? null : <ActionIcon size="xs" aria-label="Clear the search" onClick={() => type('')}><IconX size={13} /></ActionIcon>} />
      <Select w={128} aria-label="Status" data={[{ value: 'OPEN', label: 'Open' }, { value: 'CLOSED', label: 'Closed' }, { value: 'CANCELLED', label: 'Cancelled' }, { value: 'all', label: 'Any status' }, ...(asked.status !== undefined && asked.status.includes(',') ? [{ value: asked.status, label: asked.status.split(',').map(title).join(', ') }] : [])]} value={asked.status ?? 'OPEN'} allowDeselect={false} onChange={(value) => onChange({ status: value === 'OPEN' || !(statuses as string[]).concat('all').includes(value ?? '') ? '' : value! })} />
      {customers.length > 1 ? <MultiSelect w={200} aria-label="Customer" placeholder={asked.customer === undefined ? 'Any customer' : undefined} searchable clearable clearButtonProps={{ 'aria-label': 'Any customer' }} data={customers.map(({ id, name }) => ({ value: id, label: name }))} value={asked.customer?.split(',') ?? []} onChange={many('customer')} /> : null}
      <MultiSelect w={210} aria-label="Connection" placeholder={asked.connection === undefined ? 'Any connection' : undefined} searchable clearable clearButtonProps={{ 'aria-label': 'Any connection' }} data={connections.map(({ id, name }) => ({ value: id, label: name }))} value={asked.connection?.split(',') ?? []} onChange={many('connection')} />
      <Popover position="bottom-start" trapFocus width={320}>
        <Popover.Target><Button variant={more.length > 0 ? 'light' : 'default'} leftSection={<IconFilter size={14} />}>{more.length > 0 ? `${more.length} more` : 'More'}</Button></Popover.Target>
        <Popover.Dropdown aria-label="More filters">
          <div className="stack">
            <Select label="On hold" clearable clearButtonProps={{ 'aria-label': 'Either' }} placeholder="Either" comboboxProps={{ withinPortal: false }} data={[{ value: '1', label: 'On hold' }, { value: '0', label: 'Not on hold' }]} value={asked.hold ?? null} onChange={one('hold')} />
            <Select label="Cancel requested" clearable clearButtonProps={{ 'aria-label': 'Either' }} placeholder="Either" comboboxProps={{ withinPortal: false }} data={[{ value: '1', label: 'Requested' }, { value: '0', label: 'Not requested' }]} value={asked.cancel ?? null} onChange={one('cancel')} />
            <Select label="Ship by" clearable clearButtonProps={{ 'aria-label': 'Any time' }} placeholder="Any time" comboboxProps={{ withinPortal: false }} data={[{ value: 'now', label: 'Late' }, { value: 'today', label: 'Today or before' }, { value: 'tomorrow', label: 'Tomorrow or before' }]} value={asked.ship ?? null} onChange={one('ship')} />
            <MultiSelect label="Tracking" comboboxProps={{ withinPortal: false }} data={trackings.map((value) => ({ value, label: trackingWord(value) }))} value={asked.tracking?.split(',') ?? []} onChange={many('tracking')} />
            <TextInput label="SKU, whole" defaultValue={asked.sku ?? ''} onBlur={(event) => onChange({ sku: event.currentTarget.value.trim() })} onKeyDown={(event) => event.key === 'Enter' && onChange({ sku: event.currentTarget.value.trim() })} />
            <div className="row"><TextInput className="grow" type="date" label="Imported from" value={asked.importedFrom ?? ''} onChange={(event) => onChange({ importedFrom: event.currentTarget.value })} /><TextInput className="grow" type="date" label="to" value={asked.importedTo ?? ''} onChange={(event) => onChange({ importedTo: event.currentTarget.value })} /></div>
            <div className="row"><TextInput className="grow" type="date" label="Bought from" value={asked.boughtFrom ?? ''} onChange={(event) => onChange({ boughtFrom: event.currentTarget.value })} /><TextInput className="grow" type="date" label="to" value={asked.boughtTo ?? ''} onChange={(event) => onChange({ boughtTo: event.currentTarget.value })} /></div>
            <Button variant="default" disabled={more.length === 0} onClick={() => onChange(Object.fromEntries(more.map((name) => [name, ''])))}>Clear these</Button>
          </div>
        </Popover.Dropdown>
      </Popover>
      <Select w={170} aria-label="Order of the list" data={sorts} value={(asked.sort as OrderOrder | undefined) ?? 'SHIP_BY_ASC'} allowDeselect={false} onChange={(value) => onChange({ sort: value === 'SHIP_BY_ASC' ? '' : value! })} />
    </div>
  )
}
