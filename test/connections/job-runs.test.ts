import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { claimDue } from '../../src/jobs/cadences.ts'
import { toId } from '../../src/kit/ids.ts'
import { createStage, type Stage } from './stage.ts'

interface Run { id: string; status: string; trigger: string; kind: string }

describe('job runs', () => {
  let stage: Stage
  beforeAll(async () => void (stage = await createStage()))
  afterAll(() => stage.close())

  const runNow = async (connectionId: string, kind = 'IMPORT_ORDERS') => {
    const source = 'mutation ($input: RunJobNowInput!) { runJobNow(input: $input) { jobRun { id status trigger kind connection { id } } userErrors { code field } } }'
    return (await stage.ask<{ runJobNow: { jobRun: Run | null; userErrors: { code: string; field: string[] }[] } }>(source, { input: { connectionId, kind } })).runJobNow
  }

  it('are asked for once, and taken over by the worker that claims the cadence', async () => {
    const { id } = await stage.connection()
    const connectionId = toId('Connection', id)
    const answers = await Promise.all(Array.from({ length: 5 }, () => runNow(connectionId)))
    expect(new Set(answers.map(({ jobRun }) => jobRun?.id)).size).toBe(1)
    expect(answers[0]).toEqual({ jobRun: { id: expect.stringMatching(/^run_/), status: 'QUEUED', trigger: 'MANUAL', kind: 'IMPORT_ORDERS', connection: { id: connectionId } }, userErrors: [] })
    const [claim] = await claimDue(stage.scope.db.pool, 'IMPORT_ORDERS', 10)
    expect(toId('JobRun', claim!.runId)).toBe(answers[0]!.jobRun!.id)
    const { node } = await stage.ask<{ node: Run }>('query ($id: ID!) { node(id: $id) { id ... on JobRun { status } } }', { id: answers[0]!.jobRun!.id })
    expect(node.status).toBe('RUNNING')
    // One asked for meanwhile is another run, and shows in the row that the worker will give back.
    expect((await runNow(connectionId)).jobRun?.id).not.toBe(answers[0]!.jobRun!.id)
    const [row] = await stage.sql<{ moved: boolean }>(`SELECT next_run_at <> $2 AS moved FROM cadences WHERE connection_id = $1 AND kind = 'IMPORT_ORDERS'`, id, claim!.nextRunAt)
    expect(row?.moved).toBe(true)
  })

  it('are refused where no worker would take them', async () => {
    const { id } = await stage.connection({ status: 'ONBOARDING' })
    const live = await stage.connection()
    const refusals = async (connectionId: string, kind?: string) => (await runNow(connectionId, kind)).userErrors.map(({ code, field }) => `${code} ${field.join('.')}`)
    expect(await refusals(toId('Connection', id))).toEqual(['CONNECTION_NOT_READY connectionId'])
    expect(await refusals(toId('Connection', live.id), 'SYNC_INVENTORY')).toEqual(['CONNECTION_NOT_READY kind'])
    expect(await refusals('nonsense')).toEqual(['INVALID connectionId'])
    expect(await refusals(toId('Connection', '01890a5d-ac96-774b-bcce-b302099a8057'))).toEqual(['NOT_FOUND connectionId'])
    expect(await stage.sql('SELECT 1 FROM job_runs WHERE connection_id = ANY($1)', [id, live.id])).toEqual([])
  })

  it('are listed, the newest first, by connection, kind and status', async () => {
    const connection = await stage.connection()
    const connectionId = toId('Connection', connection.id)
    await stage.sql(
      `INSERT INTO job_runs (customer_id, connection_id, kind, status, trigger, started_at, calls)
       SELECT $1, $2, CASE WHEN n % 2 = 0 THEN 'IMPORT_ORDERS' ELSE 'SEND_TRACKING' END::job_kind, CASE WHEN n = 3 THEN 'FAILED' ELSE 'SUCCEEDED' END::job_run_status, 'CADENCE', now() - n * interval '1 minute', n
       FROM generate_series(1, 5) AS n`,
      connection.customerId, connection.id,
    )
    interface Page { nodes: { calls: number }[]; totalCount: number; pageInfo: { endCursor: string; hasNextPage: boolean } }
    const list = async (filter: object, page: object = {}): Promise<Page> =>
      (await stage.ask<{ jobRuns: Page }>(
        `query ($filter: JobRunFilter, $first: Int, $after: String, $last: Int) { jobRuns(filter: $filter, first: $first, after: $after, last: $last) { nodes { calls } totalCount pageInfo { endCursor hasNextPage } } }`,
        { filter: { connectionIds: [connectionId], ...filter }, ...page },
      )).jobRuns
    const calls = ({ nodes }: Page): number[] => nodes.map((run) => run.calls)
    expect(calls(await list({}))).toEqual([1, 2, 3, 4, 5])
    const first = await list({}, { first: 3 })
    expect([calls(first), first.totalCount, first.pageInfo.hasNextPage]).toEqual([[1, 2, 3], 5, true])
    expect(calls(await list({}, { first: 3, after: first.pageInfo.endCursor }))).toEqual([4, 5])
    expect(calls(await list({}, { last: 2 }))).toEqual([4, 5])
    expect(calls(await list({ kinds: ['IMPORT_ORDERS'] }))).toEqual([2, 4])
    expect(calls(await list({ statuses: ['FAILED'] }))).toEqual([3])
    const own = await stage.ask(`query ($id: ID!) { connection(id: $id) { jobRuns(first: 1, kind: SEND_TRACKING) { totalCount nodes { calls } } } }`, { id: connectionId })
    expect(own).toEqual({ connection: { jobRuns: { totalCount: 3, nodes: [{ calls: 1 }] } } })
  })
})
