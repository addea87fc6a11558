// Failures of one cause are mended once: map what is missing, see how many that unblocks, and import them again.
import { Button, Modal, Progress, Select, TextInput } from '@mantine/core'
import { type FormEvent, type ReactElement, useCallback, useEffect, useMemo, useState } from 'react'
import { Link } from 'wouter'
import { act, useAsk, useEvents, useGateway, useThrottled } from '../../data/ask.ts'
import { useViewer } from '../../frame/viewer.ts'
import { DismissFailuresDocument, FailureDocument, FailuresDocument, type FailuresQuery, type ImportFailureCode, type ImportFailureState, MapServicesDocument, MapSkusDocument, RetryImportsDocument, type RoutingInput } from '../../generated/documents.ts'
import { count, dateTime, title } from '../../kit/format.ts'
import { Tag } from '../../kit/tags.tsx'
import { told, toldOf } from '../../kit/told.ts'
import { RoutingFields } from '../orders/bulk.tsx'

type Failure = FailuresQuery['importFailures']['nodes'][number]

interface Group {
  key: string
  code: ImportFailureCode
  message: string
  detail: string | null
  connection: Failure['connection']
  failures: Failure[]
}

const MOST = 2000

function useFailures(state: ImportFailureState): { failures: readonly Failure[]; loading: boolean; more: boolean; error: string | null; again: () => void } {
  const { request } = useGateway()
  const [read, setRead] = useState<{ failures: readonly Failure[]; loading: boolean; more: boolean; error: string | null }>({ failures: [], loading: true, more: false, error: null })
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    const stop = new AbortController()
    void (async () => {
      try {
        const all: Failure[] = []
        for (let after: string | null = null, more = true; more && all.length < MOST; ) {
          const { importFailures: page }: FailuresQuery = await request(FailuresDocument, { filter: { states: [state] }, first: 100, after }, { signal: stop.signal })
          all.push(...page.nodes)
          after = page.pageInfo.endCursor
          more = page.pageInfo.hasNextPage
          setRead((before) => (before.failures.length > all.length ? before : { failures: [...all], loading: more, more, error: null }))
        }
        setRead((before) => ({ ...before, failures: all, loading: false }))
      } catch (error) {
        if (!stop.signal.aborted) setRead((before) => ({ ...before, loading: false, error: (error as Error).message }))
      }
    })()
    return () => stop.abort()
  }, [request, state, turn])
  return { ...read, again: useCallback(() => setTurn((before) => before + 1), []) }
}

export function Failures({ asked }: { asked: string | null }): ReactElement {
  const { zone } = useViewer()
  const [state, setState] = useState<ImportFailureState>('OPEN')
  const { failures, loading, more, error, again } = useFailures(state)
  const soon = useThrottled(again, 3000)
  useEvents((events) => events.some(({ type }) => type === 'ORDER_IMPORT_FAILED' || type === 'ORDER_IMPORT_RECOVERED') && soon())
  const groups = useMemo(() => {
    const made = new Map<string, Group>()
    for (const failure of failures) {
      const key = `${failure.connection.id} ${failure.code} ${failure.message}`
      const group = made.get(key) ?? { key, code: failure.code, message: failure.message, detail: failure.detail, connection: failure.connection, failures: [] }
      group.failures.push(failure)
      made.set(key, group)
    }
    return [...made.values()].sort((one, other) => other.failures.length - one.failures.length)
  }, [failures])
  return (
    <div className="body stack" style={{ gap: 12 }}>
      <div className="row">
        <Select w={150} aria-label="State" value={state} allowDeselect={false} data={[{ value: 'OPEN', label: 'Open' }, { value: 'DISMISSED', label: 'Set aside' }, { value: 'RESOLVED', label: 'Imported after all' }]} onChange={(value) => setState(value as ImportFailureState)} />
        <span className="dim" role="status">{loading ? 'Reading…' : `${count(failures.length, 'order')}${more ? ' and more' : ''}, ${count(groups.length, 'cause')}`}</span>
      </div>
      {asked === null ? null : <Asked id={asked} zone={zone} />}
      {error === null ? null : <div className="notice bad">{error} <Button size="compact-xs" onClick={again}>Try again</Button></div>}
      {!loading && groups.length === 0 && error === null ? <div className="empty">{state === 'OPEN' ? 'Nothing waits: every order that was found could be imported.' : 'None.'}</div> : null}
      {groups.map((group) => <Cause key={group.key} group={group} zone={zone} again={again} opened={asked !== null && group.failures.some(({ id }) => id === asked)} />)}
    </div>
  )
}

/** The one that a link leads to, whatever became of it. */
function Asked({ id, zone }: { id: string; zone: string }): ReactElement | null {
  const { data } = useAsk(FailureDocument, { id })
  const failure = data?.node
  if (failure === undefined) return null
  if (failure === null || !('number' in failure)) return <div className="notice warn">The failure that the link is about is not here any more.</div>
  return (
    <div className={`notice ${failure.state === 'OPEN' ? 'warn' : 'good'}`}>
      <strong className="mono">{failure.number}</strong> {failure.state === 'RESOLVED' ? 'was imported after all.' : failure.state === 'DISMISSED' ? `was set aside: ${failure.detail ?? ''}` : `failed ${dateTime(failure.firstFailedAt, zone)}: ${failure.message} Mend it below.`}
      {failure.order === null ? null : <> <Link href={`/orders/${failure.order.id}`}>The order</Link></>}
    </div>
  )
}

/** What is named where a mapping is missing, to fill the form with: whoever mends it may name others. */
const named = (message: string): string[] => /mapped to (.+)\.$/.exec(message)?.[1]?.split(', ') ?? []

function Cause({ group, zone, again, opened }: { group: Group; zone: string; again: () => void; opened: boolean }): ReactElement {
  const gateway = useGateway()
  const { works } = useViewer()
  const [open, setOpen] = useState(opened)
  useEffect(() => {
    if (opened) setOpen(true)
  }, [opened])
  const [unblocks, setUnblocks] = useState<number | null>(null)
  const [progress, setProgress] = useState<{ done: number; resolved: number; still: number } | null>(null)
  const [aside, setAside] = useState<string | null>(null)
  const waiting = group.failures.filter(({ state }) => state !== 'RESOLVED')

  async function retry(): Promise<void> {
    let resolved = 0
    let still = 0
    try {
      for (let from = 0; from < waiting.length; from += 50) {
        setProgress({ done: from, resolved, still })
        const { retryImports } = await act(gateway, RetryImportsDocument, { input: { failureIds: waiting.slice(from, from + 50).map(({ id }) => id) } })
        if (retryImports.userErrors.length > 0) return toldOf({ message: retryImports.userErrors.map(({ message }) => message).join('; ') })
        resolved += retryImports.resolved.length
        still += retryImports.stillFailing.length
      }
      setProgress({ done: waiting.length, resolved, still })
      if (resolved > 0) told(`${count(resolved, 'order')} imported${still > 0 ? `, ${still} still waiting` : ''}`)
      else toldOf({ message: 'None could be imported: what is missing is missing still.' })
      again()
    } catch (error) {
      toldOf(error)
    } finally {
      setProgress(null)
    }
  }
  async function dismiss(event: FormEvent): Promise<void> {
    event.preventDefault()
    try {
      const { dismissImportFailures } = await act(gateway, DismissFailuresDocument, { input: { failureIds: waiting.slice(0, 500).map(({ id }) => id), note: aside ?? '' } })
      if (dismissImportFailures.userErrors.length > 0) return toldOf({ message: dismissImportFailures.userErrors.map(({ message }) => message).join('; ') })
      told(`${count(dismissImportFailures.dismissed.length, 'order')} set aside`)
      setAside(null)
      again()
    } catch (error) {
      toldOf(error)
    }
  }
  return (
    <section className="panel" aria-label={`${title(group.code)}: ${group.message}`}>
      <header>
        <Tag mood="bad">{count(group.failures.length, 'order')}</Tag>
        <h2 className="cut">{group.message}</h2>
        <span className="dim cut grow">{group.connection.name}</span>
        {unblocks === null ? null : <Tag mood="good">{count(unblocks, 'order')} unblocked</Tag>}
        {works ? <Button variant={unblocks === null ? 'default' : 'filled'} disabled={progress !== null || waiting.length === 0} onClick={() => void retry()}>Import {count(waiting.length, 'order')} again</Button> : null}
        {works ? <Button variant="subtle" disabled={waiting.length === 0} onClick={() => setAside('')}>Set aside</Button> : null}
        <Button variant="subtle" aria-expanded={open} onClick={() => setOpen(!open)}>{open ? 'Less' : 'More'}</Button>
      </header>
      {progress === null ? null : <div className="in" role="status"><Progress value={(progress.done / waiting.length) * 100} aria-label="Imported again" /><p className="dim">{progress.done} of {waiting.length} tried, {progress.resolved} imported</p></div>}
      <div className="in stack">
        {works && group.code === 'SKU_UNMAPPED' ? <MapSkus key={group.message} connectionId={group.connection.id} skus={named(group.message)} onMapped={setUnblocks} /> : null}
        {works && group.code === 'SHIPPING_SERVICE_UNMAPPED' ? <MapService connectionId={group.connection.id} service={named(group.message)[0] ?? ''} onMapped={setUnblocks} /> : null}
        {group.code !== 'SKU_UNMAPPED' && group.code !== 'SHIPPING_SERVICE_UNMAPPED' && group.detail !== null ? <p>{group.detail}</p> : null}
        {open ? (
          <table className="table">
            <thead><tr><th scope="col">Order</th><th scope="col">Failed first</th><th scope="col">Last</th><th scope="col" className="num">Tries</th><th scope="col">State</th></tr></thead>
            <tbody>{group.failures.slice(0, 200).map(({ id, number, firstFailedAt, lastFailedAt, attempts, state, order, detail }) => <tr key={id}><td className="mono">{order === null ? number : <Link href={`/orders/${order.id}`}>{number}</Link>}</td><td>{dateTime(firstFailedAt, zone)}</td><td>{dateTime(lastFailedAt, zone)}</td><td className="num">{attempts}</td><td>{title(state)}{state === 'DISMISSED' ? `: ${detail ?? ''}` : ''}</td></tr>)}</tbody>
          </table>
        ) : null}
      </div>
      <Modal opened={aside !== null} onClose={() => setAside(null)} title={`Set ${count(waiting.length, 'order')} aside`}>
        <form className="stack" onSubmit={(event) => void dismiss(event)}>
          <p className="dim">They are not imported, and no poll tries them again.</p>
          <TextInput label="Why, for whoever looks at them later" required value={aside ?? ''} onChange={(event) => setAside(event.currentTarget.value)} data-autofocus />
          <div className="row" style={{ justifyContent: 'flex-end' }}><Button type="submit">Set aside</Button></div>
        </form>
      </Modal>
    </section>
  )
}

function MapSkus({ connectionId, skus, onMapped }: { connectionId: string; skus: string[]; onMapped: (unblocks: number) => void }): ReactElement {
  const gateway = useGateway()
  const [rows, setRows] = useState(() => (skus.length > 0 ? skus : ['']).map((sellerSku) => ({ key: crypto.randomUUID(), sellerSku, warehouseSku: '', units: '1' })))
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [busy, setBusy] = useState(false)
  const set = (key: string, some: object): void => setRows(rows.map((row) => (row.key === key ? { ...row, ...some } : row)))
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    setBusy(true)
    try {
      const { mapSkus } = await act(gateway, MapSkusDocument, { input: { connectionId, mappings: rows.map(({ sellerSku, warehouseSku, units }) => ({ sellerSku, warehouseSku, unitsPerItem: Math.floor(Number(units)) || 0 })) } })
      setErrors(Object.fromEntries(mapSkus.userErrors.map(({ field, message }) => [field?.slice(1).join('.') ?? '', message])))
      if (mapSkus.userErrors.length === 0) {
        onMapped(mapSkus.unblocks)
        told(`Mapped: ${count(mapSkus.unblocks, 'order')} can be imported now`)
      }
    } catch (error) {
      toldOf(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form className="stack" style={{ gap: 6 }} onSubmit={(event) => void submit(event)}>
      {rows.map(({ key, sellerSku, warehouseSku, units }, index) => (
        <div key={key} className="row wrap" style={{ alignItems: 'flex-end' }}>
          <TextInput w={220} label="Seller’s SKU" classNames={{ input: 'mono' }} value={sellerSku} error={errors[`${index}.sellerSku`]} onChange={(event) => set(key, { sellerSku: event.currentTarget.value })} />
          <TextInput w={220} label="is, in the warehouse," classNames={{ input: 'mono' }} required value={warehouseSku} error={errors[`${index}.warehouseSku`]} onChange={(event) => set(key, { warehouseSku: event.currentTarget.value })} />
          <TextInput w={110} type="number" min={1} label="units of it" value={units} error={errors[`${index}.unitsPerItem`]} onChange={(event) => set(key, { units: event.currentTarget.value })} />
          {index === rows.length - 1 ? <Button type="submit" loading={busy}>Map</Button> : null}
        </div>
      ))}
      {errors[''] === undefined ? null : <p className="bad" role="alert">{errors['']}</p>}
    </form>
  )
}

function MapService({ connectionId, service, onMapped }: { connectionId: string; service: string; onMapped: (unblocks: number) => void }): ReactElement {
  const gateway = useGateway()
  const [name, setName] = useState(service)
  const [routing, setRouting] = useState<RoutingInput>({})
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [busy, setBusy] = useState(false)
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    setBusy(true)
    try {
      const { mapShippingServices } = await act(gateway, MapServicesDocument, { input: { connectionId, mappings: [{ marketplaceService: name, carrier: routing.carrier ?? '', scac: routing.scac ?? '', service: routing.service ?? '' }] } })
      setErrors(Object.fromEntries(mapShippingServices.userErrors.map(({ field, message }) => [field?.at(-1) ?? '', message])))
      if (mapShippingServices.userErrors.length === 0) {
        onMapped(mapShippingServices.unblocks)
        told(`Mapped: ${count(mapShippingServices.unblocks, 'order')} can be imported now`)
      }
    } catch (error) {
      toldOf(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form className="row wrap" style={{ alignItems: 'flex-end' }} onSubmit={(event) => void submit(event)}>
      <TextInput w={220} label="The marketplace’s service" value={name} error={errors['marketplaceService']} onChange={(event) => setName(event.currentTarget.value)} />
      <div style={{ width: 430 }}><RoutingFields routing={routing} onChange={setRouting} errors={errors} freight={false} /></div>
      <Button type="submit" loading={busy}>Map</Button>
    </form>
  )
}
