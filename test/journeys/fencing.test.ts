// Every commit of every kind of run is fenced: what a run writes without having looked at its lock first, the database itself refuses here.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createChannels } from '../../src/app/channels.ts'
import { cadences } from '../../src/app/jobs.ts'
import { Sealer } from '../../src/auth/seal.ts'
import { budgetLedger } from '../../src/connections/budgets.store.ts'
import { readConfig } from '../../src/config/env.ts'
import { claimDue, endRuns, fence, type JobKind, LockLost } from '../../src/jobs/cadences.ts'
import type { RunContext } from '../../src/jobs/define.ts'
import { Metrics } from '../../src/observability/metrics.ts'
import { builtIn } from '../../src/shipments/carriers-file.ts'
import { ShipAndCloseDocument } from '../generated/graphql.ts'
import { fingerprint, type Merchant, routing, startStage, type Stage, until } from './stage.ts'

/** Written beside runs by rules of their own: call budgets, of many runs at a time; when cadences fall due; Agenda's. */
const unfenced = ['quotas', 'cadences', 'agenda_jobs', '_prisma_migrations']

let stage: Stage
let merchant: Merchant
let definitions: Map<JobKind, ReturnType<typeof cadences>[number]>
beforeAll(async () => {
  stage = await startStage({ roles: ['api', 'simulator'] })
  merchant = await stage.merchant({ settings: { inventorySync: true } })
  const { log, clock } = stage.scope
  const channels = createChannels(readConfig({}).amazon, stage.simulator.url, { ledger: budgetLedger(stage.db.pool), clock, log, metrics: new Metrics() })
  definitions = new Map(cadences({ channels, carriers: builtIn.carriers, sealer: new Sealer(stage.key), metrics: new Metrics() }).map((one) => [one.kind, one]))
  await stage.db.pool.query(`
    CREATE TABLE watching AS SELECT false AS "on";
    CREATE FUNCTION refuse_unfenced() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      -- Whoever has looked at its lock holds that row, and no other.
      IF (SELECT "on" FROM watching) AND NOT EXISTS (SELECT FROM cadences WHERE token IS NOT NULL AND xmax = pg_current_xact_id()::xid) THEN RAISE EXCEPTION '% of % is not fenced', TG_OP, TG_TABLE_NAME; END IF;
      RETURN NULL;
    END $$;
    DO $$ DECLARE name text; BEGIN
      FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL (ARRAY['watching', '${unfenced.join("', '")}']) LOOP
        EXECUTE format('CREATE TRIGGER refuse_unfenced BEFORE INSERT OR UPDATE OR DELETE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_unfenced()', name);
      END LOOP;
    END $$`)
})
afterAll(() => stage.stop())

/** Runs it as a worker does, with every unfenced write refused; `lostAt`: before the nth of its commits another worker takes it over. */
async function run(kind: JobKind, lostAt = Infinity): Promise<{ commits: number; receipt: Record<string, number> }> {
  const { pool } = stage.db
  await pool.query(`UPDATE cadences SET next_run_at = now() - interval '1 minute', locked_until = NULL, token = NULL, run_id = NULL WHERE connection_id = $1 AND kind = $2`, [merchant.uuid, kind])
  await pool.query(`UPDATE job_runs SET status = 'FAILED' WHERE status = 'RUNNING'`)
  const claim = await until(async () => (await claimDue(pool, kind, 1))[0]) // whoever holds the row for a moment is passed over
  const scope = { ...stage.scope, tenant: [claim.customerId], actor: { id: `job:${kind}`, name: kind, role: 'OPERATOR' as const } }
  let commits = 0
  const context: RunContext = {
    scope, claim: claim, signal: new AbortController().signal,
    async fence(tx) {
      if (++commits === lostAt) await pool.query('UPDATE cadences SET token = gen_random_uuid() WHERE token = $1', [claim.token])
      await fence(tx, claim)
    },
  }
  await pool.query('UPDATE watching SET "on" = true')
  try {
    await definitions.get(kind)!.run(context)
  } finally {
    await pool.query('UPDATE watching SET "on" = false')
  }
  await endRuns(pool, [{ claim: claim, calls: 0, failure: null }])
  const { rows: [receipt] } = await pool.query<Record<string, number>>('SELECT found, imported, unchanged, sent, accepted, calls FROM job_runs WHERE id = $1', [claim.runId])
  return { commits, receipt: receipt! }
}

test('imports, sweeps, tracking sent and read back, inventory: no commit without the fence', async () => {
  const sold = await stage.buy(merchant, { count: 3 })
  expect((await run('IMPORT_ORDERS')).receipt).toMatchObject({ imported: 3 })
  expect((await run('SWEEP_ORDERS')).receipt).toMatchObject({ unchanged: 3 })
  const { id } = await stage.order(merchant, sold[0]!.orderId)
  const { shipAndClose } = await stage.graphql(ShipAndCloseDocument, { input: { idempotencyKey: 'fencing', orders: [{ orderId: id }], routing } })
  expect(shipAndClose.closed).toBe(1)
  expect((await run('SEND_TRACKING')).receipt).toMatchObject({ sent: 1 })
  await stage.pass(120)
  expect((await run('CONFIRM_TRACKING')).receipt).toMatchObject({ accepted: 1 })
  expect((await run('SYNC_INVENTORY')).receipt).toMatchObject({ sent: 2 })
})

test('taken over before any of its commits, an import writes nothing more', async () => {
  await stage.buy(merchant, { count: 2 })
  const whole = 3 // it begins, stores a page, and ends
  for (let lostAt = 1; lostAt <= whole; lostAt++) {
    const before = lostAt === 1 ? await fingerprint(stage, 'cadences', 'job_runs', 'quotas', 'watching') : null
    await expect(run('IMPORT_ORDERS', lostAt)).rejects.toBeInstanceOf(LockLost)
    if (before !== null) expect(await fingerprint(stage, 'cadences', 'job_runs', 'quotas', 'watching')).toEqual(before)
  }
  const { commits, receipt } = await run('IMPORT_ORDERS')
  expect(commits).toBe(whole)
  expect(receipt.imported! + receipt.unchanged!).toBeGreaterThanOrEqual(2)
})
