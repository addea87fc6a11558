import { createContext, useContext } from 'react'
import type { ViewerQuery } from '../generated/documents.ts'

/** Who is signed in, and whose clock counts. */
export interface Viewer {
  name: string
  role: ViewerQuery['viewer']['role']
  customers: { id: string; name: string }[] | null
  warehouses: ViewerQuery['warehouses']
  warehouse: ViewerQuery['warehouses'][number] | null
  /** Of the warehouse. */
  zone: string
  /** Whether they do the warehouse's work, or look on. */
  works: boolean
  chooseWarehouse(id: string): void
  leave(): void
}

export const ViewerContext = createContext<Viewer | null>(null)
export const useViewer = (): Viewer => useContext(ViewerContext)!
