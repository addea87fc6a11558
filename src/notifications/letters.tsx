import type { ReactElement } from 'react'
import { Link } from '@react-email/link'
import { Heading } from '@react-email/heading'
import { Text } from '@react-email/text'
import { Letter, Paragraph } from '../mail/letter.tsx'
import type { Frequency } from './due.ts'
import type { DueIncident } from './incidents.store.ts'
import type { Topic } from './topics.ts'

interface Words {
  /** Of how many, for a subject. */
  what: (count: number) => string
  mended: string
  toDo: string
}

const of = (count: number, one: string, many: string): string => (count === 1 ? one : `${count} ${many}`)
const words: Readonly<Record<Topic, Words>> = {
  ORDER_CREATED: { what: (count) => of(count, 'an order has arrived', 'orders have arrived'), mended: '', toDo: 'Nothing is to be done: the warehouse ships them.' },
  IMPORT_FAILED: {
    what: (count) => of(count, 'an import failed', 'orders could not be imported'), mended: 'orders can be imported again',
    toDo: 'They wait, and stop no other order. Mend what is missing, such as the mapping of a SKU, and retry them.',
  },
  TRACKING_REJECTED: {
    what: (count) => of(count, 'the marketplace refused tracking', 'packages’ tracking was refused'), mended: 'tracking is accepted again',
    toDo: 'Until it is corrected, the marketplace takes these orders for not shipped.',
  },
  INVENTORY_REJECTED: {
    what: (count) => of(count, 'the marketplace refused a stock quantity', 'stock quantities were refused'), mended: 'stock quantities are accepted again',
    toDo: 'The marketplace goes on with its last quantity, and may sell what is not there.',
  },
  CONNECTION_ATTENTION: { what: (count) => of(count, 'the connection needs you', 'things need you'), mended: 'the connection works again', toDo: 'See what it says, and set it right.' },
}

const styles = {
  heading: { color: '#1b1f24', fontSize: '17px', lineHeight: '24px', margin: '20px 0 6px' },
  item: { color: '#1b1f24', fontSize: '14px', lineHeight: '21px', margin: '0 0 8px', paddingLeft: '12px', borderLeft: '3px solid #d5dae0' },
  link: { color: '#1f5fbf' },
} as const

const isMended = ({ count, clearedAt }: DueIncident): boolean => count === 0 && clearedAt !== null
const said = (incident: DueIncident): string => (isMended(incident) ? words[incident.topic].mended : words[incident.topic].what(incident.count))
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

function About({ incident, publicUrl, alone }: { incident: DueIncident; publicUrl: string; alone: boolean }): ReactElement {
  const { shown, count, topic, toldAt, news } = incident
  return (
    <>
      {alone ? null : <Heading as="h2" style={styles.heading}>{capital(said(incident))}</Heading>}
      {isMended(incident) ? <Paragraph>What you were told of is mended: nothing is left to do.</Paragraph> : (
        <>
          {shown.map(({ summary, opens }) => <Text key={opens} style={styles.item}>{summary} <Link href={`${publicUrl}/open/${opens}`} style={styles.link}>See it</Link></Text>)}
          {count > shown.length ? <Paragraph>And {count - shown.length} more of the same cause.</Paragraph> : null}
          <Paragraph>{words[topic].toDo}{!news && toldAt !== null ? ' You were told of it before: it goes on.' : ''}</Paragraph>
        </>
      )}
    </>
  )
}

/** A mail about one incident, or a digest of several, the weightiest first. */
export function notificationOf({ connection, frequency, incidents, publicUrl, unsubscribe }: {
  connection: string; frequency: Frequency; incidents: readonly DueIncident[]; publicUrl: string; unsubscribe: string
}): { subject: string; body: ReactElement } {
  const [first] = incidents
  const alone = incidents.length === 1
  const headline = incidents.map(said).join(', ')
  const subject = alone ? `${connection}: ${headline}` : `${connection}: ${frequency === 'HOURLY' ? 'the last hour' : 'today'}: ${headline}`.slice(0, 200)
  const opens = first?.shown[0]?.opens
  return {
    subject,
    body: (
      <Letter
        preview={first?.shown[0]?.summary ?? headline} heading={`${connection}: ${alone ? headline : frequency === 'HOURLY' ? 'what happened in the last hour' : 'what happened'}`}
        {...(alone && opens !== undefined && first!.count > 0 ? { action: { label: first!.topic === 'ORDER_CREATED' ? 'See the order' : 'Mend it', url: `${publicUrl}/open/${opens}` } } : {})}
        footer={<>You get this because you are a contact of {connection}. <Link href={unsubscribe} style={styles.link}>Have no more of these</Link></>}
      >
        {incidents.map((incident) => <About key={incident.incidentId} incident={incident} publicUrl={publicUrl} alone={alone} />)}
      </Letter>
    ),
  }
}
