// One connection: its way to live, its consent and agreement, its settings, and how it fares.
import { Button, Checkbox, Modal, PasswordInput, Select, TextInput, Tooltip } from '@mantine/core'
import { IconArrowLeft, IconCheck, IconX } from '@tabler/icons-react'
import { type FormEvent, lazy, type ReactElement, Suspense, useEffect, useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import { act, type Asked, useAsk, useEvents, useGateway, useThrottled } from '../../data/ask.ts'
import { Head } from '../../frame/frame.tsx'
import { useShortcuts } from '../../frame/shortcuts.tsx'
import { useViewer } from '../../frame/viewer.ts'
import { BeginAuthorizationDocument, type ConnectionDetailFragment as Connection, ConnectionPageDocument, ConnectionPeopleDocument, type ConnectionPeopleQuery, DisconnectConnectionDocument, GoLiveDocument, type JobKind, PauseConnectionDocument, ProvideCredentialsDocument, ResumeConnectionDocument, RunJobDocument, RunsDocument, type RunsQuery, SendAgreementDocument, SignAgreementDocument, TestConnectionDocument, type TestConnectionMutation, UpdateSettingsDocument, VoidAgreementDocument } from '../../generated/documents.ts'
import { clock, dateTime, dateTimeSeconds, duration, fromNow, title } from '../../kit/format.ts'
import { ConnectionTag, Tag } from '../../kit/tags.tsx'
import { told, toldOf } from '../../kit/told.ts'
import { kinds, receipt, type Run, Runs } from '../imports/runs.tsx'

const Bars = lazy(() => import('../../charts/bars.tsx'))

interface Payload {
  userErrors: { field: string[] | null; message: string }[]
}

/** Whether it was taken; what was not is told. */
function taken(payload: Payload, words: string): boolean {
  if (payload.userErrors.length > 0) {
    toldOf({ message: payload.userErrors.map(({ message }) => message).join('; ') })
    return false
  }
  told(words)
  return true
}

export default function ConnectionPage({ id }: { id: string }): ReactElement {
  const gateway = useGateway()
  const { zone: own, role } = useViewer()
  const [, go] = useLocation()
  const { data, error, loading, again } = useAsk(ConnectionPageDocument, { id })
  const people = useAsk(ConnectionPeopleDocument, { id }, { skip: role === 'VIEWER' })
  const soon = useThrottled(again, 3000)
  useEvents((events) => events.some(({ connection }) => connection.id === id) && soon())
  const [dialog, setDialog] = useState<'credentials' | 'pause' | 'disconnect' | 'runs' | null>(null)
  const [checks, setChecks] = useState<TestConnectionMutation['testConnection']['checks'] | null>(null)
  const [busy, setBusy] = useState<string | null>(null)
  const connection = data?.connection
  useEffect(() => void (document.title = `${connection?.name ?? 'Connection'} · Cartage`), [connection?.name])
  const back = (): void => (history.length > 1 ? history.back() : go('/connections'))
  useShortcuts([{ keys: 'Escape', does: 'Back', group: 'Connection', run: back }])
  if (connection == null) return <><Head name="Connection" /><div className="empty" role="status">{error?.message ?? (loading ? 'Reading…' : 'There is no such connection that you may see.')}</div></>
  const zone = connection.warehouse.timeZone ?? own
  const input = { connectionId: id }
  const can = (action: string): { allowed: boolean; reason: string | null } => connection.supportedActions.find((one) => one.action === action) ?? { allowed: false, reason: 'It is not for you.' }
  const doing = async (name: string, work: () => Promise<void>): Promise<void> => {
    setBusy(name)
    try {
      await work()
      people.again()
    } catch (error) {
      toldOf(error)
    } finally {
      setBusy(null)
    }
  }
  const consent = (): Promise<void> => doing('beginAuthorization', async () => {
    const { beginAuthorization } = await act(gateway, BeginAuthorizationDocument, { input })
    if (beginAuthorization.userErrors.length === 0 && beginAuthorization.authorizationUrl !== null) location.href = beginAuthorization.authorizationUrl
    else taken(beginAuthorization, '')
  })
  const test = (): Promise<void> => doing('testConnection', async () => {
    const { testConnection } = await act(gateway, TestConnectionDocument, { input })
    setChecks(testConnection.checks)
    if (testConnection.userErrors.length > 0) taken(testConnection, '')
  })
  const goLive = (): Promise<void> => doing('goLive', async () => void taken((await act(gateway, GoLiveDocument, { input })).goLive, 'It is live: its first import comes at once'))
  const resume = (): Promise<void> => doing('resume', async () => void taken((await act(gateway, ResumeConnectionDocument, { input })).resumeConnection, 'It works again'))
  const button = (action: string, words: string, run: () => void, main = false): ReactElement => {
    const { allowed, reason } = can(action)
    return <Tooltip key={action} label={reason ?? ''} disabled={allowed || reason === null}><Button variant={main && allowed ? 'filled' : 'default'} loading={busy === action} data-disabled={allowed ? undefined : true} aria-disabled={!allowed} aria-description={allowed ? undefined : (reason ?? undefined)} onClick={() => allowed && run()}>{words}</Button></Tooltip>
  }
  return (
    <>
      <Head name={<span className="row"><Button variant="subtle" size="compact-xs" leftSection={<IconArrowLeft size={14} />} onClick={back}>Back</Button>{connection.name}</span>}>
        <ConnectionTag status={connection.status} />
        <span className="dim cut grow">{connection.customer.name} · {connection.marketplace.name}{connection.merchantId === null ? '' : ` · ${connection.merchantId}`}</span>
        {connection.status === 'ONBOARDING' ? button('goLive', 'Go live', () => void goLive(), true) : null}
        {connection.status === 'PAUSED' || connection.status === 'NEEDS_ATTENTION' ? button('resume', 'Resume', () => void resume(), true) : button('pause', 'Pause', () => setDialog('pause'))}
        {button('disconnect', 'Disconnect', () => setDialog('disconnect'))}
      </Head>
      <div className="body stack" style={{ gap: 12 }}>
        {connection.statusReason === null ? null : <div className={`notice ${connection.status === 'NEEDS_ATTENTION' ? 'bad' : 'warn'}`}>{connection.statusReason}</div>}
        <div className="two">
          <section className="panel">
            <header><h2 className="grow">From survey to live</h2>{connection.onboarding.dueAt === null ? null : <Tag mood={connection.onboarding.overdue ? 'bad' : 'info'}>{connection.onboarding.overdue ? 'Overdue since' : 'Promised by'} {dateTime(connection.onboarding.dueAt, zone)}</Tag>}</header>
            <div className="in stack">
              <ol className="timeline">
                {connection.onboarding.steps.map(({ stage, title: words, doneAt, doneBy, waitingFor }) => <li key={stage}><strong className={doneAt === null ? '' : 'good'}>{doneAt === null ? '' : '✓ '}{words}</strong><div className="dim">{doneAt === null ? (waitingFor === null ? '' : `Waits: ${waitingFor}`) : `${dateTime(doneAt, zone)}${doneBy === null ? '' : `, ${doneBy}`}`}</div></li>)}
              </ol>
              <div className="row wrap">{button('beginAuthorization', 'Authorize at the marketplace', () => void consent(), connection.onboarding.stage === 'AUTHORIZATION')}{button('provideCredentials', 'Enter credentials', () => setDialog('credentials'))}{button('testConnection', 'Test', () => void test(), connection.onboarding.stage === 'SETUP')}</div>
              {checks === null ? null : <ul style={{ listStyle: 'none', padding: 0, margin: 0 }} aria-label="What the test found">{checks.map(({ name, passed, message }) => <li key={name} className="row" style={{ alignItems: 'flex-start' }}>{passed ? <IconCheck size={16} className="good" aria-label="passed" /> : <IconX size={16} className="bad" aria-label="failed" />}<span><strong>{title(name)}</strong> {message}</span></li>)}</ul>}
              <details><summary className="dim">What the seller does at {connection.marketplace.name}</summary><ol style={{ paddingLeft: 18, margin: '6px 0 0' }}>{connection.marketplace.authorizationSteps.map((step) => <li key={step}>{step}</li>)}</ol></details>
            </div>
          </section>
          <Health connection={connection} zone={zone} />
        </div>
        <LastDay connectionId={id} zone={zone} onAll={() => setDialog('runs')} jobs={<RunNow connection={connection} />} />
        <div className="two">
          <Settings key={connection.version} connection={connection} again={again} />
          {role === 'VIEWER' ? null : <People people={people} connection={connection} zone={zone} again={again} />}
        </div>
      </div>
      <Modal opened={dialog === 'credentials'} onClose={() => setDialog(null)} title="Credentials copied by hand"><Credentials id={id} onDone={() => { setDialog(null); again() }} /></Modal>
      <Modal opened={dialog === 'pause'} onClose={() => setDialog(null)} title={`Pause ${connection.name}`}>
        <Why words="Nothing of it runs until it is resumed. Orders that come meanwhile are imported then." verb="Pause" onSubmit={async (reason) => { if (taken((await act(gateway, PauseConnectionDocument, { input: { connectionId: id, reason } })).pauseConnection, 'Paused')) setDialog(null) }} />
      </Modal>
      <Modal opened={dialog === 'disconnect'} onClose={() => setDialog(null)} title={`Disconnect ${connection.name}`}>
        <Why words={`Its credentials are destroyed, and it cannot be undone; its orders stay. Type its name to go on: ${connection.name}`} must={connection.name} verb="Disconnect" onSubmit={async () => { if (taken((await act(gateway, DisconnectConnectionDocument, { input })).disconnectConnection, 'Disconnected')) setDialog(null) }} />
      </Modal>
      <Modal opened={dialog === 'runs'} onClose={() => setDialog(null)} title={`Runs of ${connection.name}`} size="90%"><Runs connectionId={id} only /></Modal>
    </>
  )
}

function Why({ words, verb, must, onSubmit }: { words: string; verb: string; must?: string; onSubmit: (reason: string) => Promise<void> }): ReactElement {
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState(false)
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); setBusy(true); onSubmit(reason).catch(toldOf).finally(() => setBusy(false)) }}>
      <p>{words}</p>
      <TextInput label={must === undefined ? 'Why' : 'Its name'} required value={reason} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus />
      <div className="row" style={{ justifyContent: 'flex-end' }}><Button type="submit" color={must === undefined ? undefined : 'red'} loading={busy} disabled={must !== undefined && reason !== must}>{verb}</Button></div>
    </form>
  )
}

function Credentials({ id, onDone }: { id: string; onDone: () => void }): ReactElement {
  const gateway = useGateway()
  const [merchantId, setMerchant] = useState('')
  const [refreshToken, setToken] = useState('')
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [busy, setBusy] = useState(false)
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    setBusy(true)
    try {
      const { provideCredentials } = await act(gateway, ProvideCredentialsDocument, { input: { connectionId: id, merchantId, refreshToken } })
      setErrors(Object.fromEntries(provideCredentials.userErrors.map(({ field, message }) => [field?.[0] ?? '', message])))
      if (provideCredentials.userErrors.length > 0) return
      told('The marketplace takes them')
      onDone()
    } catch (error) {
      toldOf(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <TextInput label="Merchant ID" required value={merchantId} error={errors['merchantId']} onChange={(event) => setMerchant(event.currentTarget.value)} data-autofocus />
      <PasswordInput label="Refresh token" required value={refreshToken} error={errors['refreshToken']} onChange={(event) => setToken(event.currentTarget.value)} visibilityToggleButtonProps={{ 'aria-label': 'Show the token' }} />
      <p className="dim">They are tried at the marketplace first, kept encrypted, and shown to nobody again.</p>
      {errors[''] === undefined ? null : <p className="bad" role="alert">{errors['']}</p>}
      <div className="row" style={{ justifyContent: 'flex-end' }}><Button type="submit" loading={busy}>Try and keep them</Button></div>
    </form>
  )
}

function Health({ connection: { health }, zone }: { connection: Connection; zone: string }): ReactElement {
  const next = (at: string | null): string => (at === null ? 'not now' : `${fromNow(at)}`)
  return (
    <section className="panel">
      <header><h2>Health</h2></header>
      <div className="in stack">
        <dl className="facts">
          <dt>Behind the marketplace</dt><dd>{health.importLagSeconds === null ? 'nothing imported yet' : duration(health.importLagSeconds)}</dd>
          <dt>Next import</dt><dd>{next(health.nextOrderImportAt)}</dd>
          <dt>Next tracking</dt><dd>{next(health.nextTrackingUpdateAt)}</dd>
          <dt>Next stock</dt><dd>{next(health.nextInventorySyncAt)}</dd>
          <dt>Failed imports</dt><dd className={health.openImportFailures > 0 ? 'bad' : ''}>{health.openImportFailures}</dd>
          <dt>Tracking</dt><dd>{health.pendingTracking} waiting, <span className={health.rejectedTracking > 0 ? 'bad' : ''}>{health.rejectedTracking} rejected</span></dd>
          {health.lastOrderImport === null ? null : <><dt>Last import</dt><dd>{title(health.lastOrderImport.status)} {dateTimeSeconds(health.lastOrderImport.startedAt, zone)}{health.lastOrderImport.errorMessage === null ? '' : `: ${health.lastOrderImport.errorMessage}`}</dd></>}
          <dt>Authorization ends</dt><dd>{health.authorizationExpiresAt === null ? 'not known' : `${dateTime(health.authorizationExpiresAt, zone)} (${fromNow(health.authorizationExpiresAt)})`}</dd>
        </dl>
        <table className="table">
          <thead><tr><th scope="col">Call budget</th><th scope="col" className="num">Left</th><th scope="col" className="num">A second</th></tr></thead>
          <tbody>{health.quotas.map(({ operation, available, burst, ratePerSecond, throttledUntil }) => <tr key={operation}><td>{operation}{throttledUntil === null ? '' : <span className="warn"> throttled until {clock(throttledUntil, zone)}</span>}</td><td className="num">{Math.floor(available)} of {burst}</td><td className="num">{Number(ratePerSecond.toFixed(4))}</td></tr>)}</tbody>
        </table>
      </div>
    </section>
  )
}

function RunNow({ connection }: { connection: Connection }): ReactElement {
  const gateway = useGateway()
  const [kind, setKind] = useState<JobKind>('IMPORT_ORDERS')
  const [busy, setBusy] = useState(false)
  const { allowed, reason } = connection.supportedActions.find(({ action }) => action === 'runJobNow') ?? { allowed: false, reason: null }
  const run = async (): Promise<void> => {
    setBusy(true)
    try {
      taken((await act(gateway, RunJobDocument, { input: { connectionId: connection.id, kind } })).runJobNow, 'It is queued')
    } catch (error) {
      toldOf(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Select w={170} aria-label="What is run" data={kinds.map((value) => ({ value, label: title(value) }))} value={kind} allowDeselect={false} onChange={(value) => setKind(value as JobKind)} />
      <Tooltip label={reason ?? ''} disabled={allowed || reason === null}><Button variant="default" loading={busy} data-disabled={allowed ? undefined : true} aria-disabled={!allowed} onClick={() => allowed && void run()}>Run now</Button></Tooltip>
    </>
  )
}

const HOUR = 3_600_000

/** What the runs of the last day brought, by the hour; the latest hold the numbers. */
function LastDay({ connectionId, zone, onAll, jobs }: { connectionId: string; zone: string; onAll: () => void; jobs: ReactElement }): ReactElement {
  const { request } = useGateway()
  const [runs, setRuns] = useState<readonly Run[] | null>(null)
  const [turn, setTurn] = useState(0)
  const soon = useThrottled(() => setTurn((before) => before + 1), 15_000)
  useEvents((events) => events.some(({ connection }) => connection.id === connectionId) && soon())
  useEffect(() => {
    const stop = new AbortController()
    const since = Date.now() - 24 * HOUR
    void (async () => {
      const all: Run[] = []
      for (let after: string | null = null, more = true; more && all.length < 1000; ) {
        const { jobRuns }: RunsQuery = await request(RunsDocument, { filter: { connectionIds: [connectionId] }, first: 100, after }, { signal: stop.signal })
        all.push(...jobRuns.nodes)
        after = jobRuns.pageInfo.endCursor
        more = jobRuns.pageInfo.hasNextPage && new Date(all.at(-1)!.startedAt).getTime() > since
      }
      setRuns(all.filter(({ startedAt }) => new Date(startedAt).getTime() > since))
    })().catch(() => {})
    return () => stop.abort()
  }, [request, connectionId, turn])
  const rows = useMemo(() => {
    const now = Math.floor(Date.now() / HOUR) * HOUR
    return Array.from({ length: 24 }, (_, index) => {
      const from = now - (23 - index) * HOUR
      const here = (runs ?? []).filter(({ startedAt }) => { const at = new Date(startedAt).getTime(); return at >= from && at < from + HOUR })
      return { at: clock(new Date(from), zone), succeeded: here.filter(({ status }) => status === 'SUCCEEDED').length, failedRuns: here.filter(({ status }) => status === 'FAILED').length, imported: here.reduce((sum, { imported }) => sum + imported, 0) }
    })
  }, [runs, zone])
  return (
    <section className="panel">
      <header><h2 className="grow">The last day’s runs</h2>{jobs}<Button variant="subtle" onClick={onAll}>All runs</Button></header>
      <div className="in">
        <Suspense fallback={<div style={{ height: 190 }} />}><Bars label={`Runs of the last day by the hour: ${(runs ?? []).length}`} rows={rows} series={[{ key: 'succeeded', name: 'Runs', color: 'var(--mantine-color-ocean-6)', stack: 'runs' }, { key: 'failedRuns', name: 'Failed runs', color: 'var(--mantine-color-red-6)', stack: 'runs' }, { key: 'imported', name: 'Orders imported', color: 'var(--mantine-color-teal-6)' }]} /></Suspense>
        {runs?.slice(0, 3).map((run) => <div key={run.id} className="dim cut">{dateTimeSeconds(run.startedAt, zone)} {title(run.kind)}: {run.errorMessage ?? receipt(run)}</div>)}
      </div>
    </section>
  )
}

function Settings({ connection, again }: { connection: Connection; again: () => void }): ReactElement {
  const gateway = useGateway()
  const { allowed, reason } = connection.supportedActions.find(({ action }) => action === 'updateSettings') ?? { allowed: false, reason: null }
  const [settings, setSettings] = useState(connection.settings)
  const [turnaroundHours, setTurnaround] = useState(connection.onboarding.turnaroundHours)
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [busy, setBusy] = useState(false)
  const set = (some: Partial<typeof settings>): void => setSettings({ ...settings, ...some })
  const number = (name: 'orderImportMinutes' | 'trackingUpdateMinutes' | 'inventorySyncMinutes' | 'inventoryBuffer' | 'inventoryPercent', label: string): ReactElement => <TextInput key={name} type="number" label={label} disabled={!allowed} value={String(settings[name])} error={errors[name]} onChange={(event) => set({ [name]: Math.floor(Number(event.currentTarget.value)) })} />
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    setBusy(true)
    try {
      const { importFrom: _, ...some } = settings
      const changed = Object.fromEntries(Object.entries(some).filter(([name, value]) => value !== connection.settings[name as keyof typeof settings] && name !== '__typename'))
      const { updateConnectionSettings } = await act(gateway, UpdateSettingsDocument, { input: { connectionId: connection.id, expectedVersion: connection.version, ...changed, ...(turnaroundHours === connection.onboarding.turnaroundHours ? {} : { turnaroundHours }) } })
      setErrors(Object.fromEntries(updateConnectionSettings.userErrors.map(({ field, message }) => [field?.[0] ?? '', message])))
      if (updateConnectionSettings.userErrors.length > 0) return
      told('Saved')
      again()
    } catch (error) {
      toldOf(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <section className="panel">
      <header><h2>Settings</h2>{allowed || reason === null ? null : <span className="dim cut">{reason}</span>}</header>
      <form className="in stack" style={{ gap: 10 }} onSubmit={(event) => void submit(event)}>
        <Checkbox label="Orders are imported" disabled={!allowed} checked={settings.importOrders} onChange={(event) => set({ importOrders: event.currentTarget.checked })} />
        <Checkbox label="Tracking is sent as soon as an order ships" disabled={!allowed} checked={settings.sendTrackingImmediately} onChange={(event) => set({ sendTrackingImmediately: event.currentTarget.checked })} />
        <Checkbox label="The marketplace is told what is in stock" disabled={!allowed} checked={settings.inventorySync} onChange={(event) => set({ inventorySync: event.currentTarget.checked })} />
        <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(150px, 1fr))', gap: 8, alignItems: 'end' }}>
          {number('orderImportMinutes', 'Import every … minutes')}{number('trackingUpdateMinutes', 'Tracking every … minutes')}{number('inventorySyncMinutes', 'Stock every … minutes')}{number('inventoryBuffer', 'Units kept back of each SKU')}{number('inventoryPercent', 'Percent of the rest')}
          <TextInput type="number" label="Set-up promised in … hours" disabled={!allowed} value={String(turnaroundHours)} error={errors['turnaroundHours']} onChange={(event) => setTurnaround(Math.floor(Number(event.currentTarget.value)))} />
          <Select label="A SKU without mapping" disabled={!allowed} allowDeselect={false} data={[{ value: 'FAIL', label: 'Fails the import' }, { value: 'ACCEPT', label: 'Is taken as it is' }]} value={settings.unknownSku} onChange={(value) => set({ unknownSku: value as 'FAIL' })} />
          <Select label="A service without mapping" disabled={!allowed} allowDeselect={false} data={[{ value: 'FAIL', label: 'Fails the import' }, { value: 'ACCEPT', label: 'Is taken as it is' }]} value={settings.unknownShippingService} onChange={(value) => set({ unknownShippingService: value as 'FAIL' })} />
        </div>
        {Object.entries(errors).filter(([name]) => name === '' || name === 'expectedVersion').map(([name, message]) => <p key={name} className="bad" role="alert">{message}</p>)}
        {allowed ? <div className="row" style={{ justifyContent: 'flex-end' }}><Button type="submit" loading={busy}>Save</Button></div> : null}
      </form>
    </section>
  )
}

function People({ people, connection, zone, again }: { people: Asked<ConnectionPeopleQuery>; connection: Connection; zone: string; again: () => void }): ReactElement {
  const gateway = useGateway()
  const { works } = useViewer()
  const [dialog, setDialog] = useState<'send' | 'sign' | 'void' | null>(null)
  const of = people.data?.connection
  const agreement = of?.onboarding.agreement
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const done = (): void => {
    setDialog(null)
    people.again()
    again()
  }
  async function send(event: FormEvent): Promise<void> {
    event.preventDefault()
    try {
      if (taken((await act(gateway, SendAgreementDocument, { input: { connectionId: connection.id, signerName: name, signerEmail: email } })).sendAgreement, 'The agreement is on its way')) done()
    } catch (error) {
      toldOf(error)
    }
  }
  async function sign(event: FormEvent): Promise<void> {
    event.preventDefault()
    try {
      if (taken((await act(gateway, SignAgreementDocument, { input: { connectionId: connection.id, accepted: true, signature: name, documentSha256: agreement?.documentSha256 ?? null } })).signAgreement, 'Signed')) done()
    } catch (error) {
      toldOf(error)
    }
  }
  return (
    <div className="stack" style={{ gap: 12 }}>
      <section className="panel">
        <header><h2 className="grow">Agreement</h2>{agreement == null ? null : <Tag mood={agreement.status === 'SIGNED' ? 'good' : agreement.status === 'SENT' || agreement.status === 'NOT_SENT' ? 'info' : 'bad'}>{title(agreement.status)}</Tag>}</header>
        <div className="in stack">
          {agreement == null ? <p className="dim">{people.loading ? 'Reading…' : 'None was made for it.'}</p> : (
            <dl className="facts">
              <dt>Signer</dt><dd>{agreement.signerName} {agreement.signerEmail}</dd>
              <dt>Sent</dt><dd>{agreement.sentAt === null ? '–' : dateTime(agreement.sentAt, zone)}</dd>
              <dt>Signed</dt><dd>{agreement.signedAt === null ? '–' : dateTime(agreement.signedAt, zone)}</dd>
              {agreement.statusReason === null ? null : <><dt>Why</dt><dd>{agreement.statusReason}</dd></>}
              {agreement.documentUrl === null ? null : <><dt>Document</dt><dd><a href={agreement.documentUrl} target="_blank" rel="noreferrer">Read it</a> <span className="mono dim">{agreement.documentSha256?.slice(0, 16)}…</span></dd></>}
            </dl>
          )}
          <div className="row">
            {works && (agreement == null || agreement.status === 'DECLINED' || agreement.status === 'VOIDED') && connection.status === 'ONBOARDING' ? <Button variant="default" onClick={() => setDialog('send')}>Send it to be signed</Button> : null}
            {agreement?.status === 'SENT' && agreement.provider === 'built-in' ? <Button variant="default" onClick={() => setDialog('sign')}>Sign</Button> : null}
            {works && agreement?.status === 'SENT' ? <Button variant="subtle" color="red" onClick={() => setDialog('void')}>Withdraw</Button> : null}
          </div>
        </div>
      </section>
      <section className="panel">
        <header><h2>Who is told</h2></header>
        <div className="in stack">
          {of == null || (of.notificationContacts.length === 0 && of.webhooks.length === 0) ? <p className="dim">Nobody yet.</p> : null}
          {of?.notificationContacts.map(({ id, email: to, active, topics, frequency, disabledReason }) => <div key={id}><strong>{to}</strong> {active ? null : <Tag mood="warn">{disabledReason ?? 'Off'}</Tag>}<div className="dim">{title(frequency)}: {topics.map(title).join(', ')}</div></div>)}
          {of?.webhooks.map(({ id, url, active, failingSince, disabledReason, topics }) => <div key={id}><strong className="mono" style={{ overflowWrap: 'anywhere' }}>{url}</strong> {active ? failingSince === null ? null : <Tag mood="bad">Fails since {dateTime(failingSince, zone)}</Tag> : <Tag mood="warn">{disabledReason ?? 'Off'}</Tag>}<div className="dim">{topics.length} kinds of events</div></div>)}
        </div>
      </section>
      <Modal opened={dialog === 'send'} onClose={() => setDialog(null)} title="Send the agreement">
        <form className="stack" onSubmit={(event) => void send(event)}>
          <TextInput label="Who signs for the merchant" required value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
          <TextInput label="That person’s address" type="email" required value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
          <div className="row" style={{ justifyContent: 'flex-end' }}><Button type="submit">Send</Button></div>
        </form>
      </Modal>
      <Modal opened={dialog === 'sign'} onClose={() => setDialog(null)} title="Sign the agreement">
        <form className="stack" onSubmit={(event) => void sign(event)}>
          <p>Read <a href={agreement?.documentUrl ?? undefined} target="_blank" rel="noreferrer">the document</a> first. Whoever types their name signs it electronically.</p>
          <TextInput label={`Signature: ${agreement?.signerName ?? ''}`} required value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
          <div className="row" style={{ justifyContent: 'flex-end' }}><Button type="submit">I have read it, and sign</Button></div>
        </form>
      </Modal>
      <Modal opened={dialog === 'void'} onClose={() => setDialog(null)} title="Withdraw the agreement"><Why words="Nobody can sign it any more." verb="Withdraw" onSubmit={async (reason) => { if (taken((await act(gateway, VoidAgreementDocument, { input: { connectionId: connection.id, reason } })).voidAgreement, 'Withdrawn')) done() }} /></Modal>
    </div>
  )
}
