// How the day stands, live.
import { lazy, type ReactElement, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import { Link } from 'wouter'
import { useAsk, useEvents, useGateway, useThrottled } from '../data/ask.ts'
import { Head } from '../frame/frame.tsx'
import { useViewer } from '../frame/viewer.ts'
import { DashboardDocument, DayHourDocument } from '../generated/documents.ts'
import { clock, dateTime, fromNow, localOf, longDateTime, startOfDay, total } from '../kit/format.ts'
import { ConnectionTag, OrderTags } from '../kit/tags.tsx'
import { HealthCells } from './connections/connections.tsx'
import { urgency } from './orders/columns.tsx'

const Bars = lazy(() => import('../charts/bars.tsx'))
const MINUTE = 60_000
const HOUR = 60 * MINUTE

export default function Dashboard(): ReactElement {
  const { zone } = useViewer()
  const [minute, setMinute] = useState(() => Math.floor(Date.now() / MINUTE))
  useEffect(() => {
    document.title = 'Dashboard · Cartage'
    const timer = setInterval(() => setMinute(Math.floor(Date.now() / MINUTE)), 10_000)
    return () => clearInterval(timer)
  }, [])
  const variables = useMemo(() => {
    const now = new Date(minute * MINUTE)
    return { now: now.toISOString(), today: startOfDay(zone, 0, now), tomorrow: startOfDay(zone, 1, now) }
  }, [zone, minute])
  const asked = useAsk(DashboardDocument, variables, { policy: 'network-only' })
  const soon = useThrottled(asked.again, 3000)
  useEvents(() => soon())
  // Until the next answer is there, the last one stands.
  const last = useRef(asked.data)
  if (asked.data !== undefined) last.current = asked.data
  const data = last.current
  const day = localOf(new Date(minute * MINUTE), zone).slice(0, 10)
  const tiles: [name: string, value: number | undefined, href: string, mood: string][] = [
    ['Orders to ship', data?.open.totalCount, '/orders', ''],
    ['Due today', data?.dueToday.totalCount, '/orders?ship=today', ''],
    ['Late by ship-by', data?.late.totalCount, '/orders?ship=now', (data?.late.totalCount ?? 0) > 0 ? 'bad' : ''],
    ['Orders in today', data?.ordersIn.totalCount, `/orders?status=all&importedFrom=${day}&sort=IMPORTED_DESC`, ''],
    ['Packages shipped today', data?.shipped.totalCount, '/orders?status=CLOSED&sort=IMPORTED_DESC', ''],
    ['Rejected tracking', data?.rejected.totalCount, '/orders?status=all&tracking=REJECTED&sort=IMPORTED_DESC', (data?.rejected.totalCount ?? 0) > 0 ? 'bad' : ''],
    ['Failed imports', data?.failures.totalCount, '/imports', (data?.failures.totalCount ?? 0) > 0 ? 'bad' : ''],
    ['On hold', data?.held.totalCount, '/orders?hold=1', (data?.held.totalCount ?? 0) > 0 ? 'warn' : ''],
    ['Buyers ask to cancel', data?.cancelRequested.totalCount, '/orders?cancel=1', (data?.cancelRequested.totalCount ?? 0) > 0 ? 'bad' : ''],
  ]
  return (
    <>
      <Head name="Dashboard"><span className="dim">{longDateTime(variables.now, zone)}</span></Head>
      <div className="body stack" style={{ gap: 12 }}>
        {asked.error !== null && data === undefined ? <div className="notice bad">{asked.error.message}</div> : null}
        <div className="tiles">{tiles.map(([name, value, href, mood]) => <Link key={name} href={href} className={`tile ${mood}`}><b>{value === undefined ? ' ' : total(value)}</b>{name}</Link>)}</div>
        <div className="two" style={{ gridTemplateColumns: 'repeat(auto-fit, minmax(430px, 1fr))' }}>
          <Day zone={zone} />
          <section className="panel">
            <header><h2 className="grow">Most urgent</h2><Link href="/orders">All</Link></header>
            {data?.urgent.nodes.length === 0 ? <div className="in dim">Nothing is left to ship.</div> : (
              <table className="table">
                <thead><tr><th scope="col">Order</th><th scope="col">Customer</th><th scope="col">Ship by</th><th scope="col">State</th></tr></thead>
                <tbody>{data?.urgent.nodes.map((order) => <tr key={order.id}><td className="mono"><Link className="plain" href={`/orders/${order.id}`}>{order.number}</Link></td><td>{order.customer.name}</td><td className={urgency(order)}>{order.shipBy === null ? '–' : `${dateTime(order.shipBy, order.warehouse.timeZone)} (${fromNow(order.shipBy)})`}</td><td><OrderTags order={order} /></td></tr>)}</tbody>
              </table>
            )}
          </section>
        </div>
        <section className="panel">
          <header><h2 className="grow">Connections</h2><Link href="/connections">All</Link></header>
          <div style={{ overflowX: 'auto' }} tabIndex={0} role="group" aria-label="Connections">
            <table className="table">
              <thead><tr><th scope="col">Connection</th><th scope="col">State</th><th scope="col" className="num">Behind</th><th scope="col" className="num">Failed imports</th><th scope="col" className="num">Tracking waits</th><th scope="col" className="num">Rejected</th><th scope="col">Next import</th></tr></thead>
              <tbody>{data?.connections.nodes.filter(({ status }) => status !== 'DISCONNECTED').map((connection) => <tr key={connection.id}><td><Link href={`/connections/${connection.id}`}>{connection.name}</Link></td><td><ConnectionTag status={connection.status} /></td><HealthCells connection={connection} /></tr>)}</tbody>
            </table>
          </div>
        </section>
      </div>
    </>
  )
}

/** Orders in and packages out of the last twelve hours. Those that are over are counted once. */
function Day({ zone }: { zone: string }): ReactElement {
  const { request } = useGateway()
  const [hours, setHours] = useState<ReadonlyMap<number, { orders: number; shipped: number }>>(new Map())
  const known = useRef(hours)
  known.current = hours
  const [turn, setTurn] = useState(0)
  const soon = useThrottled(() => setTurn((before) => before + 1), 5000)
  useEvents(() => soon())
  const now = Math.floor(Date.now() / HOUR)
  useEffect(() => {
    const stop = new AbortController()
    const wanted = Array.from({ length: 12 }, (_, index) => now - 11 + index)
    void (async () => {
      // An hour was not over when it was counted as the last.
      const missing = wanted.filter((hour) => hour >= now - 1 || !known.current.has(hour))
      const counted = await Promise.all(missing.map(async (hour) => {
        const { orders, shipments } = await request(DayHourDocument, { from: new Date(hour * HOUR).toISOString(), before: new Date((hour + 1) * HOUR).toISOString() }, { signal: stop.signal })
        return [hour, { orders: orders.totalCount, shipped: shipments.totalCount }] as const
      }))
      setHours((before) => new Map([...before, ...counted].filter(([hour]) => hour > now - 12)))
    })().catch(() => {})
    return () => stop.abort()
  }, [request, now, turn])
  const rows = useMemo(() => Array.from({ length: 12 }, (_, index) => now - 11 + index).map((hour) => ({ at: clock(new Date(hour * HOUR), zone), orders: hours.get(hour)?.orders ?? 0, shipped: hours.get(hour)?.shipped ?? 0 })), [hours, now, zone])
  return (
    <section className="panel">
      <header><h2>The last twelve hours</h2></header>
      <div className="in"><Suspense fallback={<div style={{ height: 200 }} />}><Bars height={200} label={`By the hour: ${rows.map(({ at, orders, shipped }) => `${at} ${orders} in, ${shipped} shipped`).join('; ')}`} rows={rows} series={[{ key: 'orders', name: 'Orders in', color: 'var(--mantine-color-ocean-6)' }, { key: 'shipped', name: 'Packages shipped', color: 'var(--mantine-color-teal-6)' }]} /></Suspense></div>
    </section>
  )
}
