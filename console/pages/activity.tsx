// Everything that happens, as it happens: resumed after sleep and reload where it was.
import { Button, MultiSelect, Switch } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactElement, useEffect, useMemo, useRef, useState } from 'react'
import { Link } from 'wouter'
import { useAsk, useEvents, useGateway, useKept, useLostAt } from '../data/ask.ts'
import type { KeptEvent } from '../data/live.ts'
import { Head } from '../frame/frame.tsx'
import { useShortcuts } from '../frame/shortcuts.tsx'
import { useViewer } from '../frame/viewer.ts'
import { ChoicesDocument } from '../generated/documents.ts'
import { dateTimeSeconds, title } from '../kit/format.ts'
import { Tag } from '../kit/tags.tsx'

const bad = new Set(['TRACKING_REJECTED', 'ORDER_IMPORT_FAILED', 'IMPORT_FAILED', 'INVENTORY_REJECTED', 'ORDER_CONFLICT', 'CONNECTION_NEEDS_ATTENTION', 'ONBOARDING_OVERDUE'])
const warn = new Set(['ORDER_CANCEL_REQUESTED', 'ORDER_HELD', 'AUTHORIZATION_EXPIRING', 'NOTIFICATIONS_STOPPED', 'ORDER_CANCELLED'])
const good = new Set(['ORDER_CLOSED', 'ORDER_SHIPPED', 'TRACKING_ACCEPTED', 'ORDER_IMPORT_RECOVERED', 'INVENTORY_PUSHED'])
const types = ['ORDER_IMPORTED', 'ORDER_UPDATED', 'ORDER_HELD', 'ORDER_RELEASED', 'ORDER_SHIPPED', 'ORDER_CLOSED', 'ORDER_CANCELLED', 'ORDER_CANCEL_REQUESTED', 'ORDER_CONFLICT', 'ORDER_IMPORT_FAILED', 'ORDER_IMPORT_RECOVERED', 'TRACKING_ACCEPTED', 'TRACKING_REJECTED', 'INVENTORY_PUSHED', 'INVENTORY_REJECTED', 'IMPORT_STARTED', 'IMPORT_FINISHED', 'IMPORT_FAILED', 'CONNECTION_CHANGED', 'CONNECTION_NEEDS_ATTENTION', 'AUTHORIZATION_EXPIRING', 'ONBOARDING_OVERDUE', 'NOTIFICATIONS_STOPPED']

export default function Activity(): ReactElement {
  const { live } = useGateway()
  const { zone } = useViewer()
  const lostAt = useLostAt()
  const { data } = useAsk(ChoicesDocument, {}, { policy: 'cache-first' })
  const [wanted, setWanted] = useKept<string[]>('activity.types', [])
  const [connections, setConnections] = useState<string[]>([])
  const [quiet, setQuiet] = useKept('activity.quiet', true)
  const [paused, setPaused] = useState<readonly KeptEvent[] | null>(null)
  const [, setTurn] = useState(0)
  useEffect(() => void (document.title = 'Activity · Cartage'), [])
  useEvents(() => setTurn((turn) => turn + 1))
  useShortcuts([{ keys: 'p', does: 'Stand still, or go on', group: 'Activity', run: () => setPaused(paused === null ? live.kept : null) }])
  const all = paused ?? live.kept
  const shown = useMemo(() => all.filter(({ type, connection }) => (wanted.length === 0 ? !quiet || (type !== 'IMPORT_STARTED' && type !== 'IMPORT_FINISHED') : wanted.includes(type)) && (connections.length === 0 || connections.includes(connection.id))), [all, wanted, connections, quiet])
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({ count: shown.length, getScrollElement: () => scroller.current, estimateSize: () => 32, overscan: 15, useFlushSync: false, getItemKey: (index) => shown[index]!.id })
  const missed = paused === null ? 0 : live.kept.findIndex(({ id }) => id === paused[0]?.id)
  return (
    <>
      <Head name="Activity">
        <Tag mood={lostAt !== null ? 'warn' : paused !== null ? '' : 'good'}>{lostAt !== null ? 'Interrupted' : paused !== null ? 'Standing still' : 'Live'}</Tag>
        <span className="dim">{live.since === null ? '' : `Whole since ${dateTimeSeconds(live.since, zone)}: the latest ${all.length} events`}</span>
        <span className="grow" />
        <Button variant={paused === null ? 'default' : 'filled'} onClick={() => setPaused(paused === null ? live.kept : null)}>{paused === null ? 'Stand still' : `Go on${missed > 0 ? `, ${missed} new` : ''}`}</Button>
      </Head>
      <div className="tools">
        <MultiSelect miw={260} maw={520} aria-label="Kinds of events" placeholder={wanted.length === 0 ? 'Every kind' : undefined} searchable clearable clearButtonProps={{ 'aria-label': 'Every kind' }} data={types.map((value) => ({ value, label: title(value) }))} value={wanted} onChange={setWanted} />
        <MultiSelect miw={220} maw={420} aria-label="Connection" placeholder={connections.length === 0 ? 'Any connection' : undefined} searchable clearable clearButtonProps={{ 'aria-label': 'Any connection' }} data={(data?.connections.nodes ?? []).map(({ id, name }) => ({ value: id, label: name }))} value={connections} onChange={setConnections} />
        <Switch label="Without the beginnings and ends of imports" checked={quiet} disabled={wanted.length > 0} onChange={(event) => setQuiet(event.currentTarget.checked)} />
      </div>
      <div className="body flush">
        {shown.length === 0 ? <div className="empty">Nothing yet. What happens from now on is shown here.</div> : (
          <div ref={scroller} className="grid" role="log" aria-live="off" aria-label="Events, the latest first" tabIndex={0}>
            <div className="rows" style={{ height: virtual.getTotalSize() }}>
              {virtual.getVirtualItems().map(({ index, start }) => {
                const { id, type, occurredAt, summary, connection, href } = shown[index]!
                return (
                  <div key={id} className="tr" style={{ transform: `translateY(${start}px)`, width: '100%' }} data-event={id}>
                    <div className="td dim" style={{ width: 140 }}>{dateTimeSeconds(occurredAt, zone)}</div>
                    <div className="td" style={{ width: 190 }}><Tag mood={bad.has(type) ? 'bad' : warn.has(type) ? 'warn' : good.has(type) ? 'good' : 'info'}>{title(type)}</Tag></div>
                    <div className="td" style={{ flex: 1, minWidth: 200 }}><span title={summary}>{href === null ? summary : <Link className="plain" href={href}>{summary}</Link>}</span></div>
                    <div className="td dim" style={{ width: 230 }}><span>{connection.name}</span></div>
                  </div>
                )
              })}
            </div>
          </div>
        )}
      </div>
    </>
  )
}
