import { Button, Checkbox, Modal, MultiSelect, Select, TextInput } from '@mantine/core'
import { IconPlus, IconSearch } from '@tabler/icons-react'
import { type FormEvent, type ReactElement, useEffect, useRef, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { act, useAsk, useEvents, useGateway, useThrottled } from '../../data/ask.ts'
import { Head } from '../../frame/frame.tsx'
import { useShortcuts } from '../../frame/shortcuts.tsx'
import { useViewer } from '../../frame/viewer.ts'
import { ConnectionChoicesDocument, type ConnectionRowFragment as Row, ConnectionsPageDocument, type ConnectionStatus, CreateSetupLinkDocument, RequestConnectionsDocument } from '../../generated/documents.ts'
import { duration, fromNow, title } from '../../kit/format.ts'
import { ConnectionTag, Tag } from '../../kit/tags.tsx'
import { told, toldOf } from '../../kit/told.ts'

export function HealthCells({ connection: { status, health, id } }: { connection: Row }): ReactElement {
  const { importLagSeconds: lag } = health
  return (
    <>
      <td className={`num ${lag !== null && lag > 3600 && status === 'LIVE' ? 'bad' : ''}`}>{lag === null ? '–' : duration(lag)}</td>
      <td className="num">{health.openImportFailures === 0 ? '–' : <Link href="/imports" className="bad">{health.openImportFailures}</Link>}</td>
      <td className="num">{health.pendingTracking === 0 ? '–' : health.pendingTracking}</td>
      <td className="num">{health.rejectedTracking === 0 ? '–' : <Link href={`/orders?status=all&connection=${id}&tracking=REJECTED&sort=IMPORTED_DESC`} className="bad">{health.rejectedTracking}</Link>}</td>
      <td>{health.nextOrderImportAt === null ? '–' : fromNow(health.nextOrderImportAt)}</td>
    </>
  )
}

export default function Connections(): ReactElement {
  const { works, role } = useViewer()
  const { request } = useGateway()
  const [, go] = useLocation()
  const [typed, setTyped] = useState('')
  const [search, setSearch] = useState('')
  const [status, setStatus] = useState<string | null>(null)
  const [dialog, setDialog] = useState<'survey' | 'link' | null>(null)
  const filter = { ...(search === '' ? {} : { search }), ...(status === null ? {} : { statuses: [status as ConnectionStatus] }) }
  const { data, loading, error, again } = useAsk(ConnectionsPageDocument, { filter, first: 100, after: null })
  const soon = useThrottled(again, 5000)
  useEvents(() => soon())
  const [more, setMore] = useState<{ of: string; rows: readonly Row[]; end: { endCursor: string | null; hasNextPage: boolean } } | null>(null)
  const key = JSON.stringify(filter)
  const timer = useRef<ReturnType<typeof setTimeout>>()
  useEffect(() => void (document.title = 'Connections · Cartage'), [])
  useShortcuts([{ keys: 'n', does: 'Connect a marketplace', group: 'Connections', run: () => role !== 'VIEWER' && setDialog('survey') }])
  const rows = [...(data?.connections.nodes ?? []), ...(more?.of === key ? more.rows : [])]
  const end = more?.of === key ? more.end : data?.connections.pageInfo
  const readMore = (): void => void request(ConnectionsPageDocument, { filter, first: 100, after: end?.endCursor ?? null }).then(({ connections }) => setMore({ of: key, rows: [...(more?.of === key ? more.rows : []), ...connections.nodes], end: connections.pageInfo }), toldOf)
  return (
    <>
      <Head name="Connections"><span className="grow" />{works ? <Button variant="default" onClick={() => setDialog('link')}>Invite a merchant</Button> : null}{role === 'VIEWER' ? null : <Button leftSection={<IconPlus size={14} />} onClick={() => setDialog('survey')}>Connect a marketplace</Button>}</Head>
      <div className="tools" role="search">
        <TextInput data-search w={240} aria-label="Name or Merchant ID" placeholder="Name or Merchant ID  /" leftSection={<IconSearch size={14} />} value={typed} onChange={(event) => { const { value } = event.currentTarget; setTyped(value); clearTimeout(timer.current); timer.current = setTimeout(() => setSearch(value.trim()), 250) }} />
        <Select w={170} aria-label="Status" placeholder="Any status" clearable clearButtonProps={{ 'aria-label': 'Any status' }} data={['LIVE', 'ONBOARDING', 'NEEDS_ATTENTION', 'PAUSED', 'DISCONNECTED'].map((value) => ({ value, label: title(value) }))} value={status} onChange={setStatus} />
      </div>
      <div className="body" style={{ padding: 0 }}>
        {rows.length === 0 ? <div className="empty">{error?.message ?? (loading ? 'Reading…' : 'No connection is like that.')}</div> : (
          <table className="table">
            <thead><tr><th scope="col">Connection</th><th scope="col">Customer</th><th scope="col">Marketplace</th><th scope="col">State</th><th scope="col">Set-up</th><th scope="col" className="num">Behind</th><th scope="col" className="num">Failed imports</th><th scope="col" className="num">Tracking waits</th><th scope="col" className="num">Rejected</th><th scope="col">Next import</th></tr></thead>
            <tbody>
              {rows.map((connection) => (
                <tr key={connection.id} className="linked" onClick={(event) => (event.target as HTMLElement).closest('a') === null && go(`/connections/${connection.id}`)}>
                  <td><Link href={`/connections/${connection.id}`}>{connection.name}</Link></td><td>{connection.customer.name}</td><td>{connection.marketplace.name}</td>
                  <td><span title={connection.statusReason ?? undefined}><ConnectionTag status={connection.status} /></span></td>
                  <td>{connection.status === 'ONBOARDING' ? <>{title(connection.onboarding.stage)} {connection.onboarding.overdue ? <Tag mood="bad">Overdue</Tag> : null}</> : '–'}</td>
                  <HealthCells connection={connection} />
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {end?.hasNextPage === true ? <div style={{ padding: 10, textAlign: 'center' }}><Button variant="default" onClick={readMore}>More</Button></div> : null}
      </div>
      <Modal opened={dialog === 'survey'} onClose={() => setDialog(null)} title="Connect a marketplace" size="lg"><Survey onDone={(id) => { setDialog(null); again(); if (id !== undefined) go(`/connections/${id}`) }} /></Modal>
      <Modal opened={dialog === 'link'} onClose={() => setDialog(null)} title="Invite a merchant" size="md"><Invite /></Modal>
    </>
  )
}

function Survey({ onDone }: { onDone: (id: string | undefined) => void }): ReactElement {
  const gateway = useGateway()
  const { warehouse, customers } = useViewer()
  const { data } = useAsk(ConnectionChoicesDocument, {}, { policy: 'cache-first' })
  const [fields, setFields] = useState({ customerId: customers?.length === 1 ? customers[0]!.id : '', warehouseId: warehouse?.id ?? '', contactName: '', contactEmail: '', merchantId: '', notes: '' })
  const [marketplaceIds, setMarketplaces] = useState<string[]>([])
  const [inventorySync, setSync] = useState(false)
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [busy, setBusy] = useState(false)
  const set = (name: keyof typeof fields) => (value: string | null): void => setFields({ ...fields, [name]: value ?? '' })
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    setBusy(true)
    try {
      const { merchantId, notes, ...rest } = fields
      const { requestConnections } = await act(gateway, RequestConnectionsDocument, { input: { ...rest, marketplaceIds, inventorySync, ...(merchantId.trim() === '' ? {} : { merchantId: merchantId.trim() }), ...(notes.trim() === '' ? {} : { notes }) } })
      setErrors(Object.fromEntries(requestConnections.userErrors.map(({ field, message }) => [field?.[0] ?? '', message])))
      if (requestConnections.userErrors.length > 0) return
      told(`Asked for: ${requestConnections.connections.map(({ name }) => name).join(', ')}`)
      onDone(requestConnections.connections[0]?.id)
    } catch (error) {
      toldOf(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form className="stack" style={{ gap: 10 }} onSubmit={(event) => void submit(event)}>
      <div className="row" style={{ alignItems: 'flex-start' }}>
        <Select className="grow" label="Merchant" required searchable data={(data?.customers.nodes ?? []).map(({ id, name }) => ({ value: id, label: name }))} value={fields.customerId === '' ? null : fields.customerId} error={errors['customerId']} onChange={set('customerId')} data-autofocus />
        <Select className="grow" label="Warehouse that ships" required data={(data?.warehouses ?? []).map(({ id, name }) => ({ value: id, label: name }))} value={fields.warehouseId === '' ? null : fields.warehouseId} error={errors['warehouseId']} onChange={set('warehouseId')} />
      </div>
      <MultiSelect label="Marketplaces" required searchable data={(data?.marketplaces ?? []).map(({ id, name }) => ({ value: id, label: name }))} value={marketplaceIds} error={errors['marketplaceIds']} onChange={setMarketplaces} />
      <div className="row" style={{ alignItems: 'flex-start' }}>
        <TextInput className="grow" label="Whom to ask at the merchant" required value={fields.contactName} error={errors['contactName']} onChange={(event) => set('contactName')(event.currentTarget.value)} />
        <TextInput className="grow" type="email" label="That person’s address" required value={fields.contactEmail} error={errors['contactEmail']} onChange={(event) => set('contactEmail')(event.currentTarget.value)} />
      </div>
      <div className="row" style={{ alignItems: 'flex-start' }}>
        <TextInput className="grow" label="Merchant ID, if known" value={fields.merchantId} error={errors['merchantId']} onChange={(event) => set('merchantId')(event.currentTarget.value)} />
        <TextInput className="grow" label="Notes" value={fields.notes} error={errors['notes']} onChange={(event) => set('notes')(event.currentTarget.value)} />
      </div>
      <Checkbox label="The marketplaces are told what is in stock" checked={inventorySync} onChange={(event) => setSync(event.currentTarget.checked)} />
      {errors[''] === undefined ? null : <p className="bad" role="alert">{errors['']}</p>}
      <div className="row" style={{ justifyContent: 'flex-end' }}><Button type="submit" loading={busy}>Begin set-up</Button></div>
    </form>
  )
}

function Invite(): ReactElement {
  const gateway = useGateway()
  const { warehouse } = useViewer()
  const { data } = useAsk(ConnectionChoicesDocument, {}, { policy: 'cache-first' })
  const [customerId, setCustomer] = useState<string | null>(null)
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [url, setUrl] = useState<string | null>(null)
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    try {
      const { createSetupLink } = await act(gateway, CreateSetupLinkDocument, { input: { customerId, warehouseId: warehouse?.id ?? null, name, email } })
      setErrors(Object.fromEntries(createSetupLink.userErrors.map(({ field, message }) => [field?.[0] ?? '', message])))
      if (createSetupLink.userErrors.length === 0) setUrl(createSetupLink.url)
    } catch (error) {
      toldOf(error)
    }
  }
  if (url !== null) return <div className="stack"><p>The link was mailed to {email}. It opens once, and is shown here this once:</p><TextInput readOnly aria-label="Set-up link" value={url} onFocus={(event) => event.currentTarget.select()} data-autofocus /></div>
  return (
    <form className="stack" style={{ gap: 10 }} onSubmit={(event) => void submit(event)}>
      <p className="dim">Somebody of theirs gets a link by which they answer the survey, sign, and authorize the gateway: no account is needed.</p>
      <Select label="Merchant" required searchable data={(data?.customers.nodes ?? []).map(({ id, name: of }) => ({ value: id, label: of }))} value={customerId} error={errors['customerId']} onChange={setCustomer} data-autofocus />
      <TextInput label="Name" required value={name} error={errors['name']} onChange={(event) => setName(event.currentTarget.value)} />
      <TextInput label="E-mail" type="email" required value={email} error={errors['email']} onChange={(event) => setEmail(event.currentTarget.value)} />
      {errors[''] === undefined ? null : <p className="bad" role="alert">{errors['']}</p>}
      <div className="row" style={{ justifyContent: 'flex-end' }}><Button type="submit">Send the link</Button></div>
    </form>
  )
}
