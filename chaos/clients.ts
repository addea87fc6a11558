// The warehouse's own program: it asks over the balancer, and asks again where an answer was lost, as docs/api.md tells. Of each failure
// the instant and the code are kept: it must be the doing of some fault.
import { setTimeout as sleep } from 'node:timers/promises'
import { GatewayError } from '../src/client/gateway-error.ts'
import { createClient } from '../src/client/request.ts'

const PATIENCE_MS = 240_000
const ANSWER_MS = 45_000
const AGAIN_MS = 500

export interface Failure {
  /** When it was asked. */
  since: number
  at: number
  code: string
  message: string
}

/** What another try may find otherwise. */
const passing = new Set(['NETWORK_ERROR', 'BAD_RESPONSE', 'INTERNAL_SERVER_ERROR', 'TIMEOUT', 'SILENT'])

export class Caller {
  readonly failures: Failure[] = []
  asked = 0
  readonly #request: (document: string, variables: Record<string, unknown>) => Promise<unknown>

  constructor(url: string, token: string) {
    const client = createClient({ url, token })
    this.#request = (document, variables) => client.request(document, variables, { signal: AbortSignal.timeout(ANSWER_MS) })
  }

  /** Data; throws what no patience mends. What is asked must be such as may be asked twice. */
  async ask<Data>(document: string, variables: Record<string, unknown>): Promise<Data> {
    this.asked++
    for (const deadline = performance.now() + PATIENCE_MS; ; await sleep(AGAIN_MS)) {
      const since = Date.now()
      try {
        return (await this.#request(document, variables)) as Data
      } catch (error) {
        const code = error instanceof GatewayError ? error.code : (error as Error).name === 'TimeoutError' ? 'SILENT' : null
        if (code === null || !passing.has(code) || performance.now() > deadline) throw error
        this.failures.push({ since, at: Date.now(), code, message: (error as Error).message })
      }
    }
  }
}
