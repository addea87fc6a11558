import type { Random } from '../src/marketplaces/amazon/simulator/random.ts'
import type { Amazon } from './processes.ts'

/** By operation, what can befall it, and how it then shows. */
const possible: Record<string, readonly string[]> = {
  token: ['latency', 'throttle', 'throttle-without-header', 'error', 'reset', 'reset-after', 'truncated', 'malformed', 'revoked'],
  searchOrders: ['latency', 'throttle', 'throttle-without-header', 'error', 'reset', 'reset-after', 'truncated', 'malformed', 'expired-token', 'missing-role', 'revoked', 'late', 'duplicate-page', 'expired-page-token', 'omit'],
  getOrder: ['latency', 'throttle', 'throttle-without-header', 'error', 'reset', 'reset-after', 'truncated', 'malformed', 'expired-token', 'missing-role', 'revoked'],
  confirmShipment: ['latency', 'throttle', 'throttle-without-header', 'error', 'reset', 'reset-after', 'expired-token', 'missing-role', 'revoked', 'reject', 'late'],
}

/** Gives each kind of each operation a random rate, so that those of one operation sum to `share` of its calls. */
export async function addFaults(amazon: Pick<Amazon, 'control'>, random: Random, share: number): Promise<void> {
  for (const [operation, kinds] of Object.entries(possible)) {
    // None so rare that it would not come up at all.
    const weights = kinds.map(() => 0.25 + random.fraction())
    const sum = weights.reduce((total, weight) => total + weight, 0)
    for (const [index, kind] of kinds.entries()) await amazon.control('faults', 'POST', { operation, kind, rate: (share * weights[index]!) / sum, ...details(kind, random) })
  }
}

function details(kind: string, random: Random): object {
  if (kind === 'latency') return { latencyMs: random.between(100, 2000) }
  if (kind === 'error') return { status: random.pick([500, 502, 503]) }
  if (kind === 'malformed') return { part: random.pick(['order', 'answer']) }
  // Within the overlap of two windows.
  if (kind === 'late') return { delaySeconds: random.between(5, 60) }
  return {}
}

/** How often each kind has struck, over all operations. */
export async function faultsMet(amazon: Pick<Amazon, 'control'>): Promise<Map<string, number>> {
  const { faults } = await amazon.control<{ faults: { kind: string; fired: number }[] }>('faults')
  const met = new Map<string, number>()
  for (const { kind, fired } of faults) met.set(kind, (met.get(kind) ?? 0) + fired)
  return met
}
