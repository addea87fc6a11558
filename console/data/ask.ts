// How pages ask, act and follow.
import type { AnyVariables } from '@urql/core'
import { createContext, useCallback, useContext, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { pipe, subscribe } from 'wonka'
import type { Document } from '../../src/client/document.ts'
import type { GatewayError } from '../../src/client/gateway-error.ts'
import { failureOf, type Gateway, type LiveEvent, type Policy } from './gateway.ts'

export const GatewayContext = createContext<Gateway | null>(null)

export const useGateway = (): Gateway => useContext(GatewayContext)!

export interface Asked<Data> {
  data: Data | undefined
  loading: boolean
  error: GatewayError | null
  again(): void
}

interface Answer<Data> {
  /** Of which question. */
  of: string
  data: Data | undefined
  error: GatewayError | null
}

/**
 * A question whose answer is kept true as things change. When the variables do, the last answer stands until the next is there.
 * (urql's own hooks set state while they render, which React 18 does not bear beside useSyncExternalStore: what that follows is missed.)
 */
export function useAsk<Data, Variables>(document: Document<Data, Variables>, variables: Variables, { skip = false, policy = 'cache-and-network' as Policy } = {}): Asked<Data> {
  const { client } = useGateway()
  const key = JSON.stringify(variables)
  const latest = useRef(variables)
  latest.current = variables
  const [turn, setTurn] = useState(0)
  const [answer, setAnswer] = useState<Answer<Data>>({ of: '', data: undefined, error: null })
  const wanted = `${turn} ${key}`
  useEffect(() => {
    if (skip) return
    const { unsubscribe } = pipe(
      client.query<Data>(String(document), latest.current as AnyVariables, { document, requestPolicy: turn > 0 ? 'network-only' : policy }),
      subscribe(({ data, error }) => setAnswer((before) => ({ of: wanted, data: data ?? (error === undefined ? before.data : undefined), error: failureOf(error) }))),
    )
    return unsubscribe
  }, [client, document, wanted, turn, skip, policy])
  return { data: answer.data, loading: !skip && answer.of !== wanted, error: answer.error, again: useCallback(() => setTurn((before) => before + 1), []) }
}

/** What the cache already has is kept true by what a subscription tells. */
export function useFollow<Data, Variables>(document: Document<Data, Variables>, variables: Variables, { skip = false } = {}): void {
  const { client } = useGateway()
  const key = JSON.stringify(variables)
  const latest = useRef(variables)
  latest.current = variables
  useEffect(() => {
    if (skip) return
    const { unsubscribe } = pipe(client.subscription<Data>(String(document), latest.current as AnyVariables, { document }), subscribe(() => {}))
    return unsubscribe
  }, [client, document, key, skip])
}

/** Once. @throws GatewayError */
export async function ask<Data, Variables>({ client }: Gateway, document: Document<Data, Variables>, variables: Variables, policy: Policy = 'network-only'): Promise<Data> {
  const { data, error } = await client.query<Data>(String(document), variables as AnyVariables, { document, requestPolicy: policy }).toPromise()
  const failure = failureOf(error)
  if (failure !== null) throw failure
  return data!
}

/** Changes something. @throws GatewayError; it may have been done all the same where no answer came */
export async function act<Data, Variables>({ client }: Gateway, document: Document<Data, Variables>, variables: Variables): Promise<Data> {
  const { data, error } = await client.mutation<Data>(String(document), variables as AnyVariables, { document }).toPromise()
  const failure = failureOf(error)
  if (failure !== null) throw failure
  return data!
}

/** Events as they come, some at a time. */
export function useEvents(handle: (events: readonly LiveEvent[]) => void): void {
  const { live } = useGateway()
  const latest = useRef(handle)
  latest.current = handle
  useEffect(() => live.listen((events) => latest.current(events)), [live])
}

/** Calls at most every `milliseconds`, at the end of each. */
export function useThrottled(call: () => void, milliseconds: number): () => void {
  const timer = useRef<ReturnType<typeof setTimeout>>()
  const latest = useRef(call)
  latest.current = call
  useEffect(() => () => clearTimeout(timer.current), [])
  return useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      latest.current()
    }, milliseconds)
  }, [milliseconds])
}

export function useLostAt(): Date | null {
  const { network } = useGateway()
  return useSyncExternalStore(network.subscribe, () => network.lostAt)
}

/** A state that outlives the page, on this computer. */
export function useKept<T>(key: string, initial: T): [T, (next: T) => void] {
  const name = `cartage.${key}`
  const [value, setValue] = useState<T>(() => {
    try {
      const kept = localStorage.getItem(name)
      return kept === null ? initial : (JSON.parse(kept) as T)
    } catch {
      return initial
    }
  })
  const set = useCallback((next: T) => {
    setValue(next)
    localStorage.setItem(name, JSON.stringify(next))
  }, [name])
  return [value, set]
}
