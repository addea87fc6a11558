// What the gateway would have mailed: of the embedded default, which has no mail server.
import { Button, TextInput } from '@mantine/core'
import { IconExternalLink, IconSearch } from '@tabler/icons-react'
import { type ReactElement, useCallback, useEffect, useState } from 'react'
import { useLostAt } from '../data/ask.ts'
import { Head } from '../frame/frame.tsx'
import { useViewer } from '../frame/viewer.ts'
import { dateTime, title } from '../kit/format.ts'
import { Tag } from '../kit/tags.tsx'

interface Mail {
  id: string
  subject: string
  recipient: string
  kind: string
  status: 'PENDING' | 'SENT' | 'FAILED'
  error: string | null
  createdAt: string
}

const LOOK_MS = 5000

export default function Mailbox(): ReactElement {
  const { zone } = useViewer()
  const lostAt = useLostAt()
  const [search, setSearch] = useState('')
  const [mails, setMails] = useState<readonly Mail[] | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [more, setMore] = useState(false)
  useEffect(() => void (document.title = 'Mailbox · Cartage'), [])
  const read = useCallback(async (after: string | null): Promise<void> => {
    const response = await fetch(`/mailbox.json?${new URLSearchParams({ ...(search === '' ? {} : { q: search }), ...(after === null ? {} : { after }) }).toString()}`).catch(() => null)
    if (response === null) return
    if (!response.ok) return setProblem(response.status === 403 ? 'The mailbox is shown on the machine alone that the gateway runs on.' : 'There is no mailbox: mails leave by a mail server.')
    const { mails: page, more: hasMore } = (await response.json()) as { mails: Mail[]; more: boolean }
    setProblem(null)
    setMore(hasMore)
    setMails((before) => (after === null ? page : [...(before ?? []), ...page]))
  }, [search])
  useEffect(() => {
    void read(null)
    const timer = setInterval(() => void read(null), LOOK_MS)
    return () => clearInterval(timer)
  }, [read])
  return (
    <>
      <Head name="Mailbox"><span className="dim">No mail server is set: what is sent stays here.</span><span className="grow" /><Button component="a" href="/mailbox" target="_blank" variant="default" rightSection={<IconExternalLink size={14} />}>Open by itself</Button></Head>
      <div className="tools"><TextInput data-search w={280} aria-label="Recipient or subject" placeholder="Recipient or subject  /" leftSection={<IconSearch size={14} />} value={search} onChange={(event) => setSearch(event.currentTarget.value)} /></div>
      <div className="body" style={{ padding: 0 }}>
        {problem !== null ? <div className="empty">{problem}</div> : mails === null ? <div className="empty">{lostAt === null ? 'Reading…' : ''}</div> : mails.length === 0 ? <div className="empty">{search === '' ? 'Nothing was sent yet.' : 'No mail has that in its recipient or subject.'}</div> : (
          <>
            <table className="table">
              <thead><tr><th scope="col">Subject</th><th scope="col">To</th><th scope="col">Kind</th><th scope="col">State</th><th scope="col">Queued</th></tr></thead>
              <tbody>{mails.map(({ id, subject, recipient, kind, status, error, createdAt }) => <tr key={id}><td><a href={`/mailbox/${id}`} target="_blank" rel="noreferrer">{subject.trim() === '' ? '(no subject)' : subject}</a></td><td>{recipient}</td><td>{kind}</td><td><Tag mood={status === 'SENT' ? 'good' : status === 'FAILED' ? 'bad' : ''}>{title(status)}</Tag> {error}</td><td>{dateTime(createdAt, zone)}</td></tr>)}</tbody>
            </table>
            {more ? <div style={{ padding: 10, textAlign: 'center' }}><Button variant="default" onClick={() => void read(mails.at(-1)!.id)}>Older ones</Button></div> : null}
          </>
        )}
      </div>
    </>
  )
}
