import { setTimeout as sleep } from 'node:timers/promises'
import type { Place, Source } from '../graphql/source.ts'
import { BadRequest } from '../kit/errors.ts'
import type { PageMemory } from './page-memory.ts'
import { type Render, type RenderedPage, RenderedPages } from './rendered-pages.ts'
import type { Sink } from './sink.ts'
import type { Turns } from './turns.ts'

/** How often a page is tried, and how long until it is tried again: a database that is away for a moment ends no subscription. */
const TRIES = 10
const RETRY_MS = 500

export interface Shared {
  memory: PageMemory
  turns: Turns
  onWritten: (messages: number) => void
  onBehind: (change: number) => void
  onError: (error: unknown) => void
}

export interface Member {
  sink: Sink
  /** Undefined while it waits for its sink to drain, and once it has left. */
  company: Company | undefined
  left: boolean
}

/** Those who have had everything up to a place, and go on together from there. */
interface Company {
  place: Place
  readonly members: Set<Member>
  running: boolean
  woken: boolean
}

/**
 * Subscribers with one document, the same variables and the same rights. Each event is executed once for all of them. Most are in one
 * company at the end of the source; who begins further back, or was too slow, goes in another until it has caught up.
 */
export class Group {
  readonly #pages: RenderedPages
  readonly #shared: Shared
  readonly #onEmpty: () => void
  readonly #unwatch: () => void
  readonly #members = new Set<Member>()
  #companies: Company[] = []

  constructor(source: Source, render: Render, shared: Shared, onEmpty: () => void) {
    this.#pages = new RenderedPages(source, render, shared.memory)
    this.#shared = shared
    this.#onEmpty = onEmpty
    this.#unwatch = source.watch(() => this.#wake())
  }

  join(sink: Sink, start: Place): Member {
    const member: Member = { sink, company: undefined, left: false }
    this.#members.add(member)
    this.#place(member, start)
    return member
  }

  leave(member: Member): void {
    if (member.left) return
    member.left = true
    if (member.company === undefined) this.#shared.onBehind(-1)
    member.company?.members.delete(member)
    member.company = undefined
    this.#members.delete(member)
    if (this.#members.size > 0) return
    this.#unwatch()
    this.#pages.forget()
    this.#onEmpty()
  }

  #place(member: Member, place: Place): void {
    let company = this.#companies.find((one) => one.place === place)
    if (company === undefined) this.#companies.push((company = { place, members: new Set(), running: false, woken: false }))
    company.members.add(member)
    member.company = company
    // All of them: the one at the end may learn that there is nothing between its place and the newcomer's, and meet it there.
    this.#wake()
  }

  #wake(): void {
    for (const company of this.#companies) {
      company.woken = true
      if (!company.running) void this.#run(company)
    }
  }

  async #run(company: Company): Promise<void> {
    company.running = true
    let again = true
    while (again && company.members.size > 0) {
      company.woken = false
      const page = await this.#page(company)
      if (page === null) break
      if (page.payloads.length > 0 || page.ended) await this.#deliver(company, page)
      else company.place = page.end
      if (this.#meet(company)) return
      again = page.more || page.payloads.length > 0 || company.woken
    }
    company.running = false
    if (company.members.size === 0) this.#companies = this.#companies.filter((one) => one !== company)
  }

  /** Null once all have failed. */
  async #page(company: Company): Promise<RenderedPage | null> {
    for (let tried = 1; ; tried++) {
      try {
        return await this.#pages.after(company.place)
      } catch (error) {
        const mendable = error instanceof BadRequest
        if (!mendable) this.#shared.onError(error)
        if (mendable || tried === TRIES) {
          for (const member of company.members) this.#end(member, (sink) => sink.fail(error as Error))
          return null
        }
        await sleep(RETRY_MS, undefined, { ref: false })
        if (company.members.size === 0) return null
      }
    }
  }

  async #deliver(company: Company, { payloads, end, ended }: RenderedPage): Promise<void> {
    const { turns, onWritten } = this.#shared
    await turns.next()
    let begunAt = performance.now()
    // From here on newcomers at `end` may join: this page goes to those who are there now.
    const [members, after] = [[...company.members], company.place]
    company.place = end
    let written = 0
    for (const member of members) {
      if (turns.over(begunAt)) {
        await turns.next()
        begunAt = performance.now()
      }
      if (member.left) continue
      const taken = payloads.length === 0 ? 0 : member.sink.write(payloads)
      written += taken
      if (taken < payloads.length) this.#waitFor(member, taken === 0 ? after : payloads[taken - 1]!.place)
      else if (ended) this.#end(member, (sink) => sink.complete())
    }
    onWritten(written)
  }

  /** A slow one leaves its company, with nothing kept for it but its place. */
  #waitFor(member: Member, place: Place): void {
    member.company?.members.delete(member)
    member.company = undefined
    this.#shared.onBehind(1)
    member.sink.onceDrained(() => {
      if (member.left) return
      this.#shared.onBehind(-1)
      this.#place(member, place)
    })
  }

  #end(member: Member, tell: (sink: Sink) => void): void {
    this.leave(member)
    tell(member.sink)
  }

  /** True when another company is where this one has come to: it takes all of its members along. */
  #meet(company: Company): boolean {
    const other = this.#companies.find((one) => one !== company && one.place === company.place)
    if (other === undefined) return false
    for (const member of company.members) {
      other.members.add(member)
      member.company = other
    }
    this.#companies = this.#companies.filter((one) => one !== company)
    if (company.woken && !other.running) void this.#run(other)
    return true
  }
}
