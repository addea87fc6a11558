// What the rivals of bench/cadences share: over HTTP they are told how many jobs of every 15 minutes there are and when these fall due, and tell how late each began.
import { createServer } from 'node:http'

export const EVERY_MS = 15 * 60_000
/** Runs at a time. */
export const CONCURRENCY = Number(process.env.WORKER_CONCURRENCY)

/** `fill(count, overMs)`: forgets all jobs, and makes so many that fall due evenly over that time from now; 0: all at once. Answers with what a job calls as it begins. */
export function serve(fill) {
  let late = []
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost')
    if (pathname === '/fill') {
      await fill(Number(searchParams.get('count')), Number(searchParams.get('over')))
      late = []
    }
    response.end(JSON.stringify(pathname === '/count' ? late.length : late))
  })
  server.listen(0, '127.0.0.1', () => console.log(`ready http://127.0.0.1:${server.address().port}`))
  return (dueAtMs) => void late.push(Date.now() - dueAtMs)
}
