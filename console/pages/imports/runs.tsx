import { Button, Select } from '@mantine/core'
import { type ReactElement, useEffect, useState } from 'react'
import { useAsk, useEvents, useGateway, useThrottled } from '../../data/ask.ts'
import { useViewer } from '../../frame/viewer.ts'
import { ChoicesDocument, type JobKind, RunsDocument, type RunsQuery } from '../../generated/documents.ts'
import { dateTimeSeconds, duration, title } from '../../kit/format.ts'
import { RunTag } from '../../kit/tags.tsx'

export type Run = RunsQuery['jobRuns']['nodes'][number]
export const kinds: JobKind[] = ['IMPORT_ORDERS', 'SEND_TRACKING', 'CONFIRM_TRACKING', 'SYNC_INVENTORY', 'SWEEP_ORDERS']

/** What a run brought, in a sentence that adds up. */
export function receipt(run: Pick<Run, 'kind' | 'found' | 'imported' | 'updated' | 'unchanged' | 'skipped' | 'failed' | 'sent' | 'accepted' | 'rejected'>): string {
  if (run.kind === 'IMPORT_ORDERS' || run.kind === 'SWEEP_ORDERS') return `${run.found} found = ${run.imported} imported + ${run.updated} updated + ${run.unchanged} unchanged + ${run.skipped} skipped + ${run.failed} failed`
  return [run.sent > 0 ? `${run.sent} sent` : '', run.accepted > 0 ? `${run.accepted} accepted` : '', run.rejected > 0 ? `${run.rejected} rejected` : ''].filter(Boolean).join(', ') || 'nothing to do'
}

const seconds = ({ startedAt, finishedAt }: Run): string => (finishedAt === null ? '' : duration((new Date(finishedAt).getTime() - new Date(startedAt).getTime()) / 1000))

export function Runs({ connectionId, only }: { connectionId: string | null; only?: boolean }): ReactElement {
  const { request } = useGateway()
  const { zone } = useViewer()
  const { data } = useAsk(ChoicesDocument, {}, { policy: 'cache-first' })
  const [connection, setConnection] = useState<string | null>(connectionId)
  const [kind, setKind] = useState<JobKind | null>(null)
  const [status, setStatus] = useState<string | null>(null)
  const filter = { ...(connection === null ? {} : { connectionIds: [connection] }), ...(kind === null ? {} : { kinds: [kind] }), ...(status === null ? {} : { statuses: [status as Run['status']] }) }
  const first = useAsk(RunsDocument, { filter, first: 50, after: null })
  const soon = useThrottled(first.again, 3000)
  useEvents((events) => events.some(({ type }) => type.startsWith('IMPORT_') || type === 'TRACKING_ACCEPTED' || type === 'INVENTORY_PUSHED') && soon())
  const [more, setMore] = useState<readonly Run[]>([])
  const [next, setNext] = useState<{ endCursor: string | null; hasNextPage: boolean } | null>(null)
  const key = JSON.stringify(filter)
  useEffect(() => {
    setMore([])
    setNext(null)
  }, [key])
  const known = new Set(first.data?.jobRuns.nodes.map(({ id }) => id))
  const runs = [...(first.data?.jobRuns.nodes ?? []), ...more.filter(({ id }) => !known.has(id))]
  const end = next ?? first.data?.jobRuns.pageInfo
  async function readMore(): Promise<void> {
    const { jobRuns } = await request(RunsDocument, { filter, first: 50, after: end?.endCursor ?? null })
    setMore((before) => [...before, ...jobRuns.nodes])
    setNext(jobRuns.pageInfo)
  }
  return (
    <div className={only === true ? '' : 'body stack'}>
      <div className="row wrap" style={only === true ? { padding: '8px 12px' } : {}}>
        {only === true ? null : <Select w={230} aria-label="Connection" placeholder="Any connection" clearable clearButtonProps={{ 'aria-label': 'Any connection' }} searchable data={(data?.connections.nodes ?? []).map(({ id, name }) => ({ value: id, label: name }))} value={connection} onChange={setConnection} />}
        <Select w={170} aria-label="What it does" placeholder="Every kind" clearable clearButtonProps={{ 'aria-label': 'Every kind' }} data={kinds.map((value) => ({ value, label: title(value) }))} value={kind} onChange={(value) => setKind(value as JobKind | null)} />
        <Select w={150} aria-label="How it ended" placeholder="However it ended" clearable clearButtonProps={{ 'aria-label': 'However it ended' }} data={['SUCCEEDED', 'FAILED', 'RUNNING', 'QUEUED'].map((value) => ({ value, label: title(value) }))} value={status} onChange={setStatus} />
      </div>
      {runs.length === 0 ? <div className="empty">{first.loading ? 'Reading…' : 'No run is like that.'}</div> : (
        <div style={{ overflowX: 'auto' }} tabIndex={0} role="group" aria-label="Runs">
          <table className="table">
            <thead><tr><th scope="col">Began</th><th scope="col">What</th>{only === true ? null : <th scope="col">Connection</th>}<th scope="col">State</th><th scope="col">Receipt</th><th scope="col">Why it ran</th><th scope="col" className="num">Took</th><th scope="col" className="num">Calls</th></tr></thead>
            <tbody>
              {runs.map((run) => (
                <tr key={run.id}>
                  <td style={{ whiteSpace: 'nowrap' }}>{dateTimeSeconds(run.startedAt, zone)}</td><td style={{ whiteSpace: 'nowrap' }}>{title(run.kind)}</td>{only === true ? null : <td>{run.connection.name}</td>}<td><RunTag status={run.status} /></td>
                  <td>{receipt(run)}{run.errorMessage === null ? null : <div className="bad">{run.errorMessage}</div>}</td><td>{run.trigger === 'CADENCE' ? 'Its time' : run.trigger === 'MANUAL' ? 'Somebody asked' : 'Tried again'}</td><td className="num">{seconds(run)}</td><td className="num">{run.calls}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {end?.hasNextPage === true ? <div style={{ padding: 10, textAlign: 'center' }}><Button variant="default" onClick={() => void readMore()}>Older runs</Button></div> : null}
    </div>
  )
}
