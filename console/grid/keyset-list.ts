// A list of any length, read page by page as it is scrolled. What is near is kept true by the cache; what is far away is let go, but for its ids.
import type { AnyVariables } from '@urql/core'
import { pipe, subscribe } from 'wonka'
import type { Document } from '../../src/client/document.ts'
import type { GatewayError } from '../../src/client/gateway-error.ts'
import { failureOf, type Gateway } from '../data/gateway.ts'

export const PAGE = 50
/** Pages kept on either side of what is shown. */
const NEAR = 5

interface Answer<Row> {
  nodes: readonly Row[]
  pageInfo: { endCursor: string | null; hasNextPage: boolean }
}

export interface ListSource<Row> {
  document: Document<unknown, never>
  /** Of the query: `orders`. */
  field: string
  variables: Record<string, unknown>
  /** Reads rows anew that were let go; without it their page is read again. */
  byIds?: Document<{ nodes: readonly (Row | object | null)[] }, { ids: string[] }>
  /** Whether rows are orders, which live events are about. */
  orders?: boolean
}

interface Page<Row> {
  after: string | null
  ids: readonly string[]
  /** Null while it is let go. */
  rows: readonly Row[] | null
  leave: (() => void) | null
}

export class KeysetList<Row extends { id: string }> {
  readonly #gateway: Gateway
  readonly #source: ListSource<Row>
  readonly #pages: Page<Row>[] = []
  readonly #listeners = new Set<() => void>()
  #next: { after: string | null } | null = { after: null }
  #loading: (() => void) | null = null
  #count = 0
  #version = 0
  #error: GatewayError | null = null
  #first = 0
  #last = 0

  constructor(gateway: Gateway, source: ListSource<Row>) {
    this.#gateway = gateway
    this.#source = source
  }

  get count(): number {
    return this.#count
  }

  get hasMore(): boolean {
    return this.#next !== null
  }

  get begun(): boolean {
    return this.#pages.length > 0
  }

  get error(): GatewayError | null {
    return this.#error
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  readonly version = (): number => this.#version

  row(index: number): Row | undefined {
    return this.#pages[Math.floor(index / PAGE)]?.rows?.[index % PAGE]
  }

  id(index: number): string | undefined {
    return this.#pages[Math.floor(index / PAGE)]?.ids[index % PAGE]
  }

  /** The ids of rows from one index to another, both included. */
  ids(from: number, to: number): string[] {
    const ids: string[] = []
    for (let index = Math.max(0, from); index <= to; index++) {
      const id = this.id(index)
      if (id !== undefined) ids.push(id)
    }
    return ids
  }

  /** Those of these that are near. */
  find(ids: ReadonlySet<string>): Row[] {
    return this.#pages.flatMap(({ rows }) => (rows ?? []).filter(({ id }) => ids.has(id)))
  }

  /** What is shown now, as indices. */
  need(first: number, last: number): void {
    this.#first = Math.floor(first / PAGE)
    this.#last = Math.floor(last / PAGE)
    for (const [index, page] of this.#pages.entries()) {
      const near = index >= this.#first - NEAR && index <= this.#last + NEAR
      if (near && page.leave === null) this.#recall(page)
      else if (!near && page.leave !== null) this.#letGo(page)
    }
    // Half a page before the end: whoever scrolls on does not wait.
    if (this.#next !== null && this.#loading === null && last + PAGE / 2 >= this.#count) this.#loadNext(this.#next.after)
  }

  /** Reads on until there are so many rows, or no more. */
  async readTo(count: number): Promise<void> {
    while (this.#next !== null && this.#count < count && this.#error === null) {
      if (this.#loading === null) this.#loadNext(this.#next.after)
      await new Promise<void>((resolve) => {
        const leave = this.subscribe(() => {
          leave()
          resolve()
        })
      })
    }
  }

  stop(): void {
    this.#loading?.()
    for (const page of this.#pages) this.#letGo(page)
  }

  #loadNext(after: string | null): void {
    const page: Page<Row> = { after, ids: [], rows: null, leave: null }
    this.#error = null
    const leave = this.#read(page, after, (answer, error) => {
      if (answer === null) {
        this.#loading = null
        this.#error = error
        this.#next = null
        return this.#tell()
      }
      page.rows = answer.nodes
      if (this.#pages.includes(page)) {
        // Rows stay where they are: one that the list would not have any more is seen as it is now.
        if (answer.nodes.length === page.ids.length && answer.nodes.every(({ id }, index) => id === page.ids[index])) this.#tell()
        return
      }
      page.ids = answer.nodes.map(({ id }) => id)
      this.#loading = null
      this.#pages.push(page)
      this.#count += page.ids.length
      this.#next = answer.pageInfo.hasNextPage ? { after: answer.pageInfo.endCursor } : null
      const unshow = this.#show(page.ids)
      page.leave = () => {
        leave()
        unshow()
      }
      this.#tell()
    })
    if (page.leave === null && page.ids.length === 0) this.#loading = leave
  }

  #read(page: Page<Row>, after: string | null, told: (answer: Answer<Row> | null, error: GatewayError | null) => void): () => void {
    const { document, field, variables } = this.#source
    const args = { ...variables, first: PAGE, after }
    const { unsubscribe } = pipe(
      this.#gateway.client.query<Record<string, Answer<Row>>>(String(document), args as AnyVariables, { document, requestPolicy: page.ids.length === 0 ? 'network-only' : 'cache-first' }),
      subscribe(({ data, error, stale }) => {
        if (data?.[field] !== undefined) told(data[field], null)
        else if (error !== undefined && !stale) told(null, failureOf(error))
      }),
    )
    const letGo = this.#gateway.hold(field, args)
    return () => {
      unsubscribe()
      letGo()
    }
  }

  #recall(page: Page<Row>): void {
    const { byIds } = this.#source
    const unshow = this.#show(page.ids)
    if (byIds === undefined) {
      const leave = this.#read(page, page.after, (answer) => {
        if (answer === null) return
        page.rows = answer.nodes
        this.#tell()
      })
      page.leave = () => {
        leave()
        unshow()
      }
      return
    }
    const ids = [...page.ids]
    const { unsubscribe } = pipe(
      this.#gateway.client.query<{ nodes: readonly (Row | null)[] }>(String(byIds), { ids } as AnyVariables, { document: byIds, requestPolicy: 'cache-first' }),
      subscribe(({ data }) => {
        if (data === undefined) return
        page.rows = data.nodes as readonly Row[]
        this.#tell()
      }),
    )
    const letGo = this.#gateway.hold('nodes', { ids })
    page.leave = () => {
      unsubscribe()
      unshow()
      letGo()
    }
  }

  #letGo(page: Page<Row>): void {
    page.leave?.()
    page.leave = null
    page.rows = null
  }

  #show(ids: readonly string[]): () => void {
    return this.#source.orders === true ? this.#gateway.live.show(ids) : () => {}
  }

  #tell(): void {
    this.#version++
    for (const listener of this.#listeners) listener()
  }
}
