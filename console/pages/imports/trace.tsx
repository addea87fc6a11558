import { Button, Select, TextInput } from '@mantine/core'
import { type FormEvent, type ReactElement, useState } from 'react'
import { Link } from 'wouter'
import { act, ask, useAsk, useGateway } from '../../data/ask.ts'
import { useViewer } from '../../frame/viewer.ts'
import { ChoicesDocument, ImportOrderDocument, TraceDocument, type TraceQuery } from '../../generated/documents.ts'
import { dateTimeSeconds, title } from '../../kit/format.ts'
import { Tag, TrackingTag } from '../../kit/tags.tsx'
import { toldOf } from '../../kit/told.ts'

type Found = TraceQuery['orderTrace']

const skipped: Record<string, string> = {
  ALREADY_SHIPPED: 'it had been shipped when it was first seen', BEFORE_IMPORT_FROM: 'it was bought before the day from which this connection imports', CANCELLED: 'it had been cancelled when it was first seen',
  FULFILLED_BY_MARKETPLACE: 'the marketplace ships it itself', PAYMENT_PENDING: 'its payment is not confirmed yet: an import takes it once it is', UNFULFILLABLE: 'the marketplace says that it cannot be fulfilled',
}

/** Where is order ...? Also for one that was never imported. */
export function Trace(): ReactElement {
  const gateway = useGateway()
  const { zone, works } = useViewer()
  const { data } = useAsk(ChoicesDocument, {}, { policy: 'cache-first' })
  const connections = data?.connections.nodes ?? []
  const [connection, setConnection] = useState<string | null>(null)
  const [number, setNumber] = useState('')
  const [found, setFound] = useState<{ connection: { id: string; name: string }; number: string; trace: Found }[] | null>(null)
  const [busy, setBusy] = useState('')

  async function look(event: FormEvent): Promise<void> {
    event.preventDefault()
    setBusy('look')
    try {
      const asked = connections.filter(({ id }) => connection === null || id === connection)
      const all = await Promise.all(asked.map(async (one) => ({ connection: one, number: number.trim(), trace: (await ask(gateway, TraceDocument, { connectionId: one.id, number: number.trim() })).orderTrace })))
      const seen = all.filter(({ trace }) => trace.state !== 'NEVER_SEEN')
      setFound(seen.length > 0 ? seen : all)
    } catch (error) {
      toldOf(error)
    } finally {
      setBusy('')
    }
  }
  async function fetchNow(of: { id: string; name: string }, asked: string): Promise<void> {
    setBusy(of.id)
    try {
      const { importOrder } = await act(gateway, ImportOrderDocument, { input: { connectionId: of.id, number: asked } })
      if (importOrder.userErrors.length > 0) toldOf({ message: importOrder.userErrors.map(({ message }) => message).join('; ') })
      else if (importOrder.trace !== null) setFound((before) => before?.map((one) => (one.connection.id === of.id ? { ...one, trace: importOrder.trace! } : one)) ?? null)
    } catch (error) {
      toldOf(error)
    } finally {
      setBusy('')
    }
  }
  return (
    <div className="body stack" style={{ gap: 12 }}>
      <form className="row wrap" style={{ alignItems: 'flex-end' }} onSubmit={(event) => void look(event)}>
        <TextInput w={260} data-search label="The marketplace’s order number" classNames={{ input: 'mono' }} placeholder="902-3159896-1390916" required value={number} onChange={(event) => setNumber(event.currentTarget.value)} />
        <Select w={240} label="Connection" placeholder="Any of them" clearable clearButtonProps={{ 'aria-label': 'Any of them' }} searchable data={connections.map(({ id, name }) => ({ value: id, label: name }))} value={connection} onChange={setConnection} />
        <Button type="submit" loading={busy === 'look'} disabled={number.trim() === '' || connections.length === 0}>Where is it?</Button>
      </form>
      <div aria-live="polite" className="stack" style={{ gap: 12 }}>
        {found?.map(({ connection: of, number: asked, trace }) => (
          <section key={of.id} className="panel" style={{ maxWidth: 760 }}>
            <header><h2 className="grow">{of.name}</h2><Tag mood={trace.state === 'IMPORTED' ? 'good' : trace.state === 'FAILED' ? 'bad' : trace.state === 'SKIPPED' ? 'warn' : ''}>{title(trace.state)}</Tag></header>
            <div className="in stack">
              {trace.state === 'IMPORTED' && trace.order !== null ? <p>It is an order here: <Link href={`/orders/${trace.order.id}`} className="mono">{trace.order.number}</Link>, {title(trace.order.status).toLowerCase()}. {trace.order.shipments.map(({ id, tracking }) => <TrackingTag key={id} status={tracking.status} />)}</p> : null}
              {trace.state === 'SKIPPED' ? <p>It was seen and not imported: {skipped[trace.skipReason ?? ''] ?? title(trace.skipReason ?? '')}.</p> : null}
              {trace.state === 'FAILED' && trace.failure !== null ? <p>It was seen and could not be imported: {trace.failure.message} <Link href={`/imports?failure=${trace.failure.id}`}>Mend it</Link></p> : null}
              {trace.state === 'NEVER_SEEN' ? <p>No run has seen <span className="mono">{asked}</span> here.</p> : null}
              <dl className="facts">
                {trace.marketplaceStatus === null ? null : <><dt>The marketplace said</dt><dd>{trace.marketplaceStatus}</dd></>}
                {trace.firstSeenAt === null ? null : <><dt>Seen first</dt><dd>{dateTimeSeconds(trace.firstSeenAt, zone)}</dd></>}
                {trace.lastSeenAt === null ? null : <><dt>Seen last</dt><dd>{dateTimeSeconds(trace.lastSeenAt, zone)}</dd></>}
                {trace.lastRun === null ? null : <><dt>By</dt><dd>{title(trace.lastRun.kind)}, {title(trace.lastRun.status).toLowerCase()}</dd></>}
              </dl>
              {works && trace.state !== 'IMPORTED' ? <div><Button variant="default" loading={busy === of.id} onClick={() => void fetchNow(of, asked)}>Fetch it from the marketplace now</Button></div> : null}
            </div>
          </section>
        ))}
      </div>
    </div>
  )
}
