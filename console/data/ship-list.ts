// Orders chosen to be shipped: kept in this tab until they are.
import { useSyncExternalStore } from 'react'

const KEY = 'cartage.ship'
let ids: readonly string[] = JSON.parse(sessionStorage.getItem(KEY) ?? '[]') as string[]
const listeners = new Set<() => void>()

/** One call takes 500. */
export const MOST = 500

export function setShipList(next: readonly string[]): void {
  ids = [...new Set(next)].slice(0, MOST)
  sessionStorage.setItem(KEY, JSON.stringify(ids))
  for (const listener of listeners) listener()
}

export const shipList = (): readonly string[] => ids

export const useShipList = (): readonly string[] => useSyncExternalStore((listener) => (listeners.add(listener), () => void listeners.delete(listener)), shipList)
