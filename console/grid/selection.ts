// Rows chosen as in any list of files: click, Ctrl and Shift, arrows, Space, Ctrl A.
import { useCallback, useMemo, useRef, useState } from 'react'

interface Ids {
  id(index: number): string | undefined
  ids(from: number, to: number): string[]
  readonly count: number
}

export interface Selection {
  ids: ReadonlySet<string>
  /** The row that the keyboard is at. */
  here: number
  set(ids: Iterable<string>): void
  clear(): void
  click(list: Ids, index: number, event: { ctrlKey: boolean; metaKey: boolean; shiftKey: boolean }): void
  toggle(list: Ids, index: number): void
  move(list: Ids, index: number, event: { ctrlKey: boolean; metaKey: boolean; shiftKey: boolean }): void
  all(list: Ids): void
}

export function useSelection(): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set())
  const [here, setHere] = useState(-1)
  const anchor = useRef(0)
  /** What was chosen before a range was drawn from the anchor. */
  const before = useRef<ReadonlySet<string>>(new Set())
  const range = useCallback((list: Ids, to: number, added: boolean) => {
    const drawn = list.ids(Math.min(anchor.current, to), Math.max(anchor.current, to))
    setIds(new Set(added ? [...before.current, ...drawn] : drawn))
  }, [])
  const toggle = useCallback((list: Ids, index: number) => {
    const id = list.id(index)
    if (id === undefined) return
    anchor.current = index
    setHere(index)
    setIds((chosen) => {
      const next = new Set(chosen)
      if (!next.delete(id)) next.add(id)
      before.current = next
      return next
    })
  }, [])
  const click = useCallback((list: Ids, index: number, { ctrlKey, metaKey, shiftKey }: { ctrlKey: boolean; metaKey: boolean; shiftKey: boolean }) => {
    const id = list.id(index)
    if (id === undefined) return
    if (shiftKey) {
      setHere(index)
      return range(list, index, ctrlKey || metaKey)
    }
    if (ctrlKey || metaKey) return toggle(list, index)
    anchor.current = index
    before.current = new Set([id])
    setHere(index)
    setIds(before.current)
  }, [range, toggle])
  const move = useCallback((list: Ids, to: number, { ctrlKey, metaKey, shiftKey }: { ctrlKey: boolean; metaKey: boolean; shiftKey: boolean }) => {
    const index = Math.max(0, Math.min(list.count - 1, to))
    if (list.count === 0) return
    setHere(index)
    if (shiftKey) return range(list, index, ctrlKey || metaKey)
    anchor.current = index
  }, [range])
  const clear = useCallback(() => {
    before.current = new Set()
    setIds(before.current)
  }, [])
  const set = useCallback((next: Iterable<string>) => {
    before.current = new Set(next)
    setIds(before.current)
  }, [])
  const all = useCallback((list: Ids) => set(list.ids(0, list.count - 1)), [set])
  return useMemo(() => ({ ids, here, set, clear, click, toggle, move, all }), [ids, here, set, clear, click, toggle, move, all])
}
