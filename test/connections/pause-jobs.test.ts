import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mayUse } from '../../src/auth/permissions.ts'
import type { Scope } from '../../src/auth/scope.ts'
import type { ConnectionRow } from '../../src/connections/connections.store.ts'
import { claimDue, jobKinds } from '../../src/jobs/cadences.ts'
import { toId } from '../../src/kit/ids.ts'
import { createStage, type Stage } from './stage.ts'

interface Pause { id: string; kind: string; reason: string; pausedBy: string; connection: { id: string } | null }
interface Refused { userErrors: { code: string; field: string[] | null; message: string }[] }

let stage: Stage
let [one, other]: ConnectionRow[] = []
let [first, second] = ['', '']
beforeAll(async () => {
  stage = await createStage()
  ;[one, other] = [await stage.connection(), await stage.connection()]
  ;[first, second] = [toId('Connection', one.id), toId('Connection', other.id)]
})
afterAll(() => stage.close())

const facts = 'id kind reason pausedBy connection { id }'
const ofConnections = async (name: 'pauseJobs' | 'resumeJobs', input: object, as?: Scope) => (await stage.ask<Record<string, Refused & { connections: { id: string }[] | null }>>(
  `mutation ($input: ${name === 'pauseJobs' ? 'PauseJobsInput' : 'ResumeJobsInput'}!) { ${name}(input: $input) { connections { id } userErrors { code field message } } }`, { input }, as))[name]!
const everywhere = async (name: 'pauseJobsEverywhere' | 'resumeJobsEverywhere', input: object, as?: Scope) => (await stage.ask<Record<string, Refused & { jobPauses: Pause[] | null }>>(
  `mutation ($input: ${name === 'pauseJobsEverywhere' ? 'PauseJobsEverywhereInput' : 'ResumeJobsEverywhereInput'}!) { ${name}(input: $input) { jobPauses { ${facts} } userErrors { code field message } } }`, { input }, as))[name]!
const health = async (id: string, as?: Scope) => (await stage.ask<{ connection: { health: { nextOrderImportAt: string | null; nextTrackingUpdateAt: string | null; jobPauses: Pause[] } } }>(
  `query ($id: ID!) { connection(id: $id) { health { nextOrderImportAt nextTrackingUpdateAt jobPauses { ${facts} } } } }`, { id }, as)).connection.health
const listed = async (filter: object | null, as?: Scope) => (await stage.ask<{ jobPauses: { nodes: Pause[]; totalCount: number } }>(
  `query ($filter: JobPauseFilter) { jobPauses(filter: $filter) { nodes { ${facts} } totalCount } }`, { filter }, as)).jobPauses
const told = async (connection: ConnectionRow): Promise<string[]> => (await stage.events(connection.id)).map(({ summary }) => summary)
const runNow = async (connectionId: string, kind: string) => (await stage.ask<{ runJobNow: Refused }>('mutation ($input: RunJobNowInput!) { runJobNow(input: $input) { userErrors { code field message } } }', { input: { connectionId, kind } })).runJobNow.userErrors

describe('jobs of some connections', () => {
  it('are paused by kind, seen in their health, and told; paused again, the first reason stays', async () => {
    expect(await ofConnections('pauseJobs', { connectionIds: [first], kinds: ['IMPORT_ORDERS'], reason: ' stock-taking ' })).toEqual({ connections: [{ id: first }], userErrors: [] })
    expect(await health(first)).toMatchObject({ nextOrderImportAt: null, nextTrackingUpdateAt: expect.any(String), jobPauses: [{ kind: 'IMPORT_ORDERS', reason: 'stock-taking', pausedBy: 'Ada', connection: { id: first } }] })
    expect(await health(second)).toMatchObject({ nextOrderImportAt: expect.any(String), jobPauses: [] })
    expect(await ofConnections('pauseJobs', { connectionIds: [first, second], kinds: ['IMPORT_ORDERS', 'SEND_TRACKING'], reason: 'move' })).toMatchObject({ userErrors: [] })
    expect((await health(first)).jobPauses.map(({ kind, reason }) => `${kind} ${reason}`)).toEqual(['IMPORT_ORDERS stock-taking', 'SEND_TRACKING move'])
    expect(await told(one!)).toEqual([`${one!.name}: Ada paused IMPORT_ORDERS`, `${one!.name}: Ada paused SEND_TRACKING`])
    expect(await told(other!)).toEqual([`${other!.name}: Ada paused IMPORT_ORDERS, SEND_TRACKING`])
  })

  it('are not run meanwhile, not by hand either', async () => {
    await stage.sql(`UPDATE cadences SET next_run_at = now() - interval '2 hours' WHERE connection_id = $1 AND kind = 'IMPORT_ORDERS'`, one!.id)
    expect(await claimDue(stage.scope.db.pool, 'IMPORT_ORDERS', 10)).toEqual([])
    expect(await runNow(first, 'IMPORT_ORDERS')).toEqual([{ code: 'CONNECTION_NOT_READY', field: ['kind'], message: 'IMPORT_ORDERS is paused: stock-taking' }])
  })

  it('stay paused though the connection is paused and resumed', async () => {
    await stage.ask('mutation ($id: ID!) { pauseConnection(input: { connectionId: $id, reason: "x" }) { userErrors { code } } resumeConnection(input: { connectionId: $id }) { userErrors { code } } }', { id: second })
    expect(await health(second)).toMatchObject({ nextOrderImportAt: null, nextTrackingUpdateAt: null })
  })

  it('are resumed: what fell due meanwhile runs once, what did not keeps its time', async () => {
    await stage.sql(`UPDATE cadences SET next_run_at = now() - interval '2 hours' WHERE connection_id = $1 AND kind = 'IMPORT_ORDERS'`, one!.id)
    const before = (await stage.cadences(one!.id)).SEND_TRACKING.dueIn
    expect(await ofConnections('resumeJobs', { connectionIds: [first] })).toEqual({ connections: [{ id: first }], userErrors: [] })
    expect((await health(first)).jobPauses).toEqual([])
    expect((await stage.cadences(one!.id)).SEND_TRACKING.dueIn).toBeCloseTo(before, -1)
    expect(await claimDue(stage.scope.db.pool, 'IMPORT_ORDERS', 10)).toMatchObject([{ connectionId: one!.id }])
    expect((await told(one!)).at(-1)).toMatch(/: Ada resumed (IMPORT_ORDERS, SEND_TRACKING|SEND_TRACKING, IMPORT_ORDERS)$/)
    const length = (await told(one!)).length
    await ofConnections('resumeJobs', { connectionIds: [first] })
    expect(await told(one!)).toHaveLength(length) // nothing was paused, and nothing is told
    await ofConnections('resumeJobs', { connectionIds: [second], kinds: ['SEND_TRACKING'] })
    expect((await health(second)).jobPauses.map(({ kind }) => kind)).toEqual(['IMPORT_ORDERS'])
  })

  it('are refused as a whole where one of them is', async () => {
    const { id } = await stage.connection()
    const gone = toId('Connection', id)
    await ofConnections('pauseJobs', { connectionIds: [gone], reason: 'x' })
    expect((await health(gone)).jobPauses).toHaveLength(jobKinds.length)
    await stage.ask('mutation ($id: ID!) { disconnectConnection(input: { connectionId: $id }) { userErrors { code } } }', { id: gone })
    expect(await listed({ connectionIds: [gone] })).toEqual({ nodes: [], totalCount: 0 })
    const refused = async (input: object) => (await ofConnections('pauseJobs', { reason: 'x', connectionIds: [first], ...input })).userErrors.map(({ code, field }) => `${code} ${field?.join('.')}`)
    expect(await refused({ connectionIds: [first, gone] })).toEqual(['NOT_ALLOWED connectionIds.1'])
    expect(await refused({ connectionIds: [toId('Connection', '01890a5d-ac96-774b-bcce-b302099a8057'), first] })).toEqual(['NOT_FOUND connectionIds.0'])
    expect(await refused({ connectionIds: [first, 'nonsense'] })).toEqual(['INVALID connectionIds.1'])
    expect(await refused({ connectionIds: [] })).toEqual(['REQUIRED connectionIds'])
    expect(await refused({ kinds: [] })).toEqual(['REQUIRED kinds'])
    expect(await refused({ reason: ' ' })).toEqual(['REQUIRED reason'])
    const bound: Scope = { ...stage.scope, tenant: [other!.customerId] }
    expect((await ofConnections('pauseJobs', { connectionIds: [first], reason: 'x' }, bound)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }])
    expect((await health(first)).jobPauses).toEqual([])
  })
})

describe('jobs of the whole gateway', () => {
  it('are paused by kind, or all of them; each connection that this stops is told', async () => {
    const { id } = await stage.connection({ status: 'ONBOARDING' })
    const asked = await everywhere('pauseJobsEverywhere', { kinds: ['SEND_TRACKING'], reason: 'maintenance' })
    expect(asked).toMatchObject({ jobPauses: [{ kind: 'SEND_TRACKING', reason: 'maintenance', pausedBy: 'Ada', connection: null }], userErrors: [] })
    expect(await health(first)).toMatchObject({ nextTrackingUpdateAt: null, nextOrderImportAt: expect.any(String), jobPauses: [{ kind: 'SEND_TRACKING', connection: null }] })
    expect((await told(one!)).at(-1)).toBe(`${one!.name}: Ada paused SEND_TRACKING of the whole gateway`)
    expect(await stage.events(id)).toEqual([])
    expect(await runNow(first, 'SEND_TRACKING')).toEqual([{ code: 'CONNECTION_NOT_READY', field: ['kind'], message: 'SEND_TRACKING is paused for the whole gateway: maintenance' }])
    expect((await everywhere('pauseJobsEverywhere', { reason: 'more of it' })).jobPauses!.map(({ kind, reason }) => `${kind} ${reason}`)).toEqual([
      'IMPORT_ORDERS more of it', 'SWEEP_ORDERS more of it', 'SEND_TRACKING maintenance', 'CONFIRM_TRACKING more of it', 'SYNC_INVENTORY more of it',
    ])
  })

  it('are listed, and seen by merchants too, who see no other connection\'s', async () => {
    expect(await listed({ everywhere: true })).toMatchObject({ totalCount: jobKinds.length })
    expect(await listed({ everywhere: false })).toMatchObject({ nodes: [{ kind: 'IMPORT_ORDERS', connection: { id: second } }], totalCount: 1 })
    expect(await listed({ kinds: ['IMPORT_ORDERS'] })).toMatchObject({ totalCount: 2 })
    const stranger: Scope = { ...stage.scope, tenant: [one!.customerId], actor: { id: 'test', name: 'Merchant', role: 'CUSTOMER' } }
    expect((await listed(null, stranger)).nodes.map(({ connection }) => connection)).toEqual(jobKinds.map(() => null))
    expect((await listed(null, stranger)).totalCount).toBe(jobKinds.length)
    expect((await health(first, stranger)).jobPauses).toHaveLength(jobKinds.length)
    const { nodes: [pause] } = await listed({ connectionIds: [second] })
    const node = (as?: Scope) => stage.ask<{ node: Pause | null }>(`query ($id: ID!) { node(id: $id) { id ... on JobPause { kind } } }`, { id: pause!.id }, as)
    expect((await node()).node).toEqual({ id: pause!.id, kind: 'IMPORT_ORDERS' })
    expect((await node(stranger)).node).toBeNull()
  })

  it('are resumed; what is paused for a connection stays so', async () => {
    expect((await everywhere('resumeJobsEverywhere', { kinds: ['SEND_TRACKING'] })).jobPauses!.map(({ kind }) => kind)).toEqual(['IMPORT_ORDERS', 'SWEEP_ORDERS', 'CONFIRM_TRACKING', 'SYNC_INVENTORY'])
    expect(await everywhere('resumeJobsEverywhere', {})).toEqual({ jobPauses: [], userErrors: [] })
    expect(await health(first)).toMatchObject({ nextOrderImportAt: expect.any(String), nextTrackingUpdateAt: expect.any(String), jobPauses: [] })
    expect((await health(second)).jobPauses).toMatchObject([{ kind: 'IMPORT_ORDERS', connection: { id: second } }])
    expect((await told(other!)).at(-1)).toMatch(/resumed .* of the whole gateway$/)
  })

  it('are for administrators who see every customer', async () => {
    for (const mutation of ['pauseJobsEverywhere', 'resumeJobsEverywhere']) {
      expect(['ADMIN', 'OPERATOR', 'CUSTOMER', 'VIEWER'].map((role) => mayUse(role as 'ADMIN', 'Mutation', mutation))).toEqual([true, false, false, false])
    }
    for (const mutation of ['pauseJobs', 'resumeJobs']) expect(['ADMIN', 'OPERATOR', 'CUSTOMER', 'VIEWER'].map((role) => mayUse(role as 'ADMIN', 'Mutation', mutation))).toEqual([true, true, false, false])
    const bound: Scope = { ...stage.scope, tenant: [one!.customerId] }
    expect(await everywhere('pauseJobsEverywhere', { reason: 'x' }, bound)).toMatchObject({ jobPauses: null, userErrors: [{ code: 'NOT_ALLOWED' }] })
    expect(await everywhere('resumeJobsEverywhere', {}, bound)).toMatchObject({ jobPauses: null, userErrors: [{ code: 'NOT_ALLOWED' }] })
    expect((await everywhere('pauseJobsEverywhere', { kinds: [], reason: 'x' })).userErrors).toMatchObject([{ code: 'REQUIRED', field: ['kinds'] }])
    expect((await everywhere('pauseJobsEverywhere', { reason: '' })).userErrors).toMatchObject([{ code: 'REQUIRED', field: ['reason'] }])
    expect(await listed({ everywhere: true })).toMatchObject({ totalCount: 0 })
  })
})
