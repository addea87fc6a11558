import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useGateway } from '../data/ask.ts'
import { KeysetList, type ListSource } from './keyset-list.ts'

/** The list of a source; the one before stays until the first page of another has come. `turn` reads anew. */
export function useList<Row extends { id: string }>(source: ListSource<Row>, turn: number): { list: KeysetList<Row> | null; changing: boolean } {
  const gateway = useGateway()
  const key = JSON.stringify([source.field, source.variables, turn])
  const [shown, setShown] = useState<{ list: KeysetList<Row>; key: string } | null>(null)
  const latest = useRef(source)
  latest.current = source
  useEffect(() => {
    const list = new KeysetList<Row>(gateway, latest.current)
    let taken = false
    const leave = list.subscribe(() => {
      if (taken) return
      taken = true
      setShown((before) => {
        before?.list.stop()
        return { list, key }
      })
    })
    list.need(0, 0)
    return () => {
      leave()
      if (!taken) list.stop()
    }
  }, [gateway, key])
  useEffect(() => () => setShown((last) => (last?.list.stop(), null)), [])
  return { list: shown?.list ?? null, changing: shown?.key !== key }
}

/** Renders again whenever the list changes. */
export function useVersion<Row extends { id: string }>(list: KeysetList<Row>): number {
  return useSyncExternalStore(list.subscribe, list.version)
}
