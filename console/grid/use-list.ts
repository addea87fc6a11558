import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useGateway } from '../data/ask.ts'
import type { Gateway } from '../data/gateway.ts'
import { KeysetList, type ListSource } from './keyset-list.ts'

const keyOf = <Row>({ field, variables }: ListSource<Row>, turn: number): string => JSON.stringify([field, variables, turn])

const begun = new WeakMap<Gateway, { key: string; list: KeysetList<never> }>()

/** Reads the first page of a list before the page that shows it is there: `useList` of the same source goes on with it. */
export function beginList<Row extends { id: string }>(gateway: Gateway, source: ListSource<Row>): void {
  const list = new KeysetList<Row>(gateway, source)
  list.need(0, 0)
  begun.set(gateway, { key: keyOf(source, 0), list: list as unknown as KeysetList<never> })
}

function taken<Row extends { id: string }>(gateway: Gateway, key: string): KeysetList<Row> | null {
  const early = begun.get(gateway)
  begun.delete(gateway)
  if (early?.key === key) return early.list as unknown as KeysetList<Row>
  early?.list.stop()
  return null
}

/** The list of a source; the one before stays until the first page of another has come. `turn` reads anew. */
export function useList<Row extends { id: string }>(source: ListSource<Row>, turn: number): { list: KeysetList<Row> | null; changing: boolean } {
  const gateway = useGateway()
  const key = keyOf(source, turn)
  const [shown, setShown] = useState<{ list: KeysetList<Row>; key: string } | null>(null)
  const latest = useRef(source)
  latest.current = source
  useEffect(() => {
    const list = taken<Row>(gateway, key) ?? new KeysetList<Row>(gateway, latest.current)
    let isShown = false
    const show = (): void => {
      if (isShown) return
      isShown = true
      setShown((before) => {
        before?.list.stop()
        return { list, key }
      })
    }
    const leave = list.subscribe(show)
    if (list.begun || list.error !== null) show()
    else list.need(0, 0)
    return () => {
      leave()
      if (!isShown) list.stop()
    }
  }, [gateway, key])
  useEffect(() => () => setShown((last) => (last?.list.stop(), null)), [])
  return { list: shown?.list ?? null, changing: shown?.key !== key }
}

/** Renders again whenever the list changes. */
export function useVersion<Row extends { id: string }>(list: KeysetList<Row>): number {
  return useSyncExternalStore(list.subscribe, list.version)
}
