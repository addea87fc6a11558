// pg-boss, whose jobs run once: each batch sends its next. Its schedules are cron lines, and know neither phases nor many thousands.
import PgBoss from 'pg-boss'
import { CONCURRENCY, EVERY_MS, serve } from './recurring.mjs'

const boss = new PgBoss({ connectionString: process.env.DATABASE_URL, max: 20 })
boss.on('error', () => {})
await boss.start()
await boss.createQueue('no-op')
const add = (jobs) => boss.insert(jobs.map(({ connectionId, due }) => ({ name: 'no-op', data: { connectionId, due }, startAfter: new Date(due) })))
const begun = serve(async (count, over) => {
  await boss.purgeQueue('no-op')
  const now = Date.now()
  await add(Array.from({ length: count }, (_, n) => ({ connectionId: n, due: Math.floor(now + n * (over / count)) })))
})
await boss.work('no-op', { batchSize: CONCURRENCY, pollingIntervalSeconds: 0.5 }, async (jobs) => {
  for (const { data } of jobs) begun(data.due)
  await add(jobs.map(({ data }) => ({ ...data, due: data.due + EVERY_MS })))
})
