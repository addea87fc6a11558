// States as they are shown: by words first, and by colour for those who see it.
import type { ReactElement, ReactNode } from 'react'
import type { ConnectionStatus, JobRunStatus, ListingStatus, OrderRowFragment, TrackingStatus } from '../generated/documents.ts'
import { title } from './format.ts'

type Mood = 'good' | 'bad' | 'warn' | 'info' | ''

export const Tag = ({ mood = '', children, label }: { mood?: Mood; children: ReactNode; label?: string }): ReactElement => <span className={`tag ${mood}`} title={label}>{children}</span>

const trackingMoods: Record<TrackingStatus, Mood> = { ACCEPTED: 'good', REJECTED: 'bad', PENDING: '', UNCONFIRMED: 'info', NOT_SENT: 'warn' }
const trackingWords: Record<TrackingStatus, string> = { ACCEPTED: 'Accepted', REJECTED: 'Rejected', PENDING: 'Waits to be sent', UNCONFIRMED: 'Sent, not confirmed', NOT_SENT: 'Not sent' }
export const TrackingTag = ({ status }: { status: TrackingStatus }): ReactElement => <Tag mood={trackingMoods[status]}>{trackingWords[status] ?? title(status)}</Tag>
export const trackingWord = (status: TrackingStatus): string => trackingWords[status] ?? title(status)

const connectionMoods: Record<ConnectionStatus, Mood> = { LIVE: 'good', NEEDS_ATTENTION: 'bad', PAUSED: 'warn', ONBOARDING: 'info', DISCONNECTED: '' }
export const ConnectionTag = ({ status }: { status: ConnectionStatus }): ReactElement => <Tag mood={connectionMoods[status]}>{title(status)}</Tag>

const runMoods: Record<JobRunStatus, Mood> = { SUCCEEDED: 'good', FAILED: 'bad', QUEUED: '', RUNNING: 'info' }
export const RunTag = ({ status }: { status: JobRunStatus }): ReactElement => <Tag mood={runMoods[status]}>{title(status)}</Tag>

const listingMoods: Record<ListingStatus, Mood> = { IN_STEP: 'good', BEHIND: 'info', REJECTED: 'bad', NEVER_PUSHED: '', EXCLUDED: 'warn' }
export const ListingTag = ({ status }: { status: ListingStatus }): ReactElement => <Tag mood={listingMoods[status]}>{title(status)}</Tag>

export function OrderTags({ order }: { order: Pick<OrderRowFragment, 'status' | 'holds' | 'cancelRequested' | 'shipments'> }): ReactElement {
  const part = order.status === 'OPEN' && order.shipments.length > 0
  return (
    <>
      {order.cancelRequested && order.status === 'OPEN' ? <Tag mood="bad">Cancel requested</Tag> : null}
      {order.holds.length > 0 && order.status === 'OPEN' ? <Tag mood="warn" label={order.holds.map(({ reason, note }) => `${title(reason)}${note === null ? '' : `: ${note}`}`).join('\n')}>On hold</Tag> : null}
      {order.status === 'OPEN' ? (order.holds.length > 0 || order.cancelRequested ? null : <Tag mood="info">{part ? 'Partly shipped' : 'Open'}</Tag>) : <Tag mood={order.status === 'CLOSED' ? 'good' : ''}>{title(order.status)}</Tag>}
    </>
  )
}
