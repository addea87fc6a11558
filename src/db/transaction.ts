import pg from 'pg'
import { type Span, spanned } from '../observability/trace.ts'

/** A client within a transaction: verbs hand it to every store they call, so that state and its event commit together. */
export type Tx = pg.PoolClient & { readonly __transaction?: true }

const RETRIES = 3

/**
 * Runs `work` in one READ COMMITTED transaction. A deadlock or serialization failure is retried from the start (nothing of it
 * was kept); every other error undoes it and is thrown on. `settings` hold within it, for triggers to read.
 */
export function transaction<T>(pool: pg.Pool, work: (tx: Tx) => Promise<T>, settings: Readonly<Record<string, string>> = {}): Promise<T> {
  return spanned('transaction', postgresql, (span) => attempts(pool, work, settings, span))
}

const postgresql = { attributes: { 'db.system.name': 'postgresql' } }

async function attempts<T>(pool: pg.Pool, work: (tx: Tx) => Promise<T>, settings: Readonly<Record<string, string>>, span: Span): Promise<T> {
  const begin = ['BEGIN', ...Object.entries(settings).map(([name, value]) => `SET LOCAL ${name} = ${pg.escapeLiteral(value)}`)].join('; ')
  for (let attempt = 1; ; attempt++) {
    const client = await pool.connect()
    span.addEvent(attempt === 1 ? 'connected' : 'tried again')
    let broken: Error | undefined
    try {
      await client.query(begin)
      const result = await work(client)
      await client.query('COMMIT')
      return result
    } catch (error) {
      await client.query('ROLLBACK').catch((failure: Error) => (broken = failure))
      const code = (error as { code?: unknown }).code
      if ((code !== '40P01' && code !== '40001') || attempt > RETRIES) throw error
    } finally {
      client.release(broken)
    }
  }
}
