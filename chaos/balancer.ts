// A balancer as simple as can be: each connection goes to the next API that says it is ready.
import { setTimeout as sleep } from 'node:timers/promises'
import { Proxy } from './proxy.ts'

const LOOK_MS = 250
const PATIENCE_MS = 1000

export interface Behind {
  /** Of GraphQL; undefined while it does not run. */
  apiUrl: string | undefined
}

export class Balancer {
  readonly proxy: Proxy
  readonly #apis: () => readonly Behind[]
  readonly #ready = new Set<Behind>()
  readonly #stopped = new AbortController()
  readonly #looking: Promise<void>
  #next = 0

  static async start(apis: () => readonly Behind[]): Promise<Balancer> {
    let balancer: Balancer | undefined
    const proxy = await Proxy.listen(() => balancer?.choose() ?? null)
    return (balancer = new Balancer(proxy, apis))
  }

  private constructor(proxy: Proxy, apis: () => readonly Behind[]) {
    this.proxy = proxy
    this.#apis = apis
    this.#looking = this.#look()
  }

  get url(): string {
    return `${this.proxy.url}/graphql`
  }

  /** How many would be chosen now. */
  get ready(): number {
    return this.#ready.size
  }

  choose(): { host: string; port: number } | null {
    const ready = this.#apis().filter((api) => this.#ready.has(api) && api.apiUrl !== undefined)
    if (ready.length === 0) return null
    const { hostname, port } = new URL(ready[this.#next++ % ready.length]!.apiUrl!)
    return { host: hostname, port: Number(port) }
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    await this.#looking
    await this.proxy.stop()
  }

  async #look(): Promise<void> {
    const { signal } = this.#stopped
    while (!signal.aborted) {
      await Promise.all(this.#apis().map(async (api) => {
        if (await isReady(api)) this.#ready.add(api)
        else this.#ready.delete(api)
      }))
      await sleep(LOOK_MS, null, { signal }).catch(() => {})
    }
  }
}

async function isReady({ apiUrl }: Behind): Promise<boolean> {
  if (apiUrl === undefined) return false
  try {
    const answer = await fetch(new URL('/readyz', apiUrl), { signal: AbortSignal.timeout(PATIENCE_MS), headers: { connection: 'close' } })
    await answer.body?.cancel()
    return answer.ok
  } catch {
    return false
  }
}
