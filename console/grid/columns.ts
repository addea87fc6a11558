// Columns: which, in what order, how wide; kept on this computer.
import { columnOrderingFeature, columnResizingFeature, columnSizingFeature, columnVisibilityFeature, type ReactTable, tableFeatures, useTable } from '@tanstack/react-table'
import { type ReactNode, useMemo } from 'react'
import { useKept } from '../data/ask.ts'

export interface GridColumn<Row> {
  id: string
  name: string
  size: number
  cell: (row: Row, zone: string) => ReactNode
  /** Its plain words, for files. */
  text: (row: Row, zone: string) => string
  numeric?: boolean
  /** Not shown until somebody wants it. */
  hidden?: boolean
}

const features = tableFeatures({ columnVisibilityFeature, columnOrderingFeature, columnSizingFeature, columnResizingFeature })
type Features = typeof features
export type ColumnsTable = ReactTable<Features, object>

interface Kept {
  order: string[]
  visible: Record<string, boolean>
  sizes: Record<string, number>
}

const none: object[] = []

export interface Columns<Row> {
  table: ColumnsTable
  /** Those that are shown, in their order. */
  shown: GridColumn<Row>[]
  all: readonly GridColumn<Row>[]
  reset(): void
}

/** `columns` are the same for as long as the grid is. */
export function useColumns<Row>(key: string, columns: readonly GridColumn<Row>[]): Columns<Row> {
  const initial = useMemo<Kept>(() => ({ order: columns.map(({ id }) => id), visible: Object.fromEntries(columns.map(({ id, hidden }) => [id, hidden !== true])), sizes: {} }), [columns])
  const [stored, keep] = useKept<Kept>(`columns.${key}`, initial)
  // Columns that were added since stand at the end.
  const kept = useMemo<Kept>(() => ({ order: [...stored.order.filter((id) => initial.order.includes(id)), ...initial.order.filter((id) => !stored.order.includes(id))], visible: { ...initial.visible, ...stored.visible }, sizes: stored.sizes }), [stored, initial])
  const definitions = useMemo(() => columns.map(({ id, size }) => ({ id, size, minSize: 48, maxSize: 640 })), [columns])
  const next = <T,>(value: T | ((old: T) => T), old: T): T => (typeof value === 'function' ? (value as (old: T) => T)(old) : value)
  const table = useTable({
    features,
    columns: definitions,
    data: none,
    columnResizeMode: 'onChange',
    state: { columnOrder: kept.order, columnVisibility: kept.visible, columnSizing: kept.sizes },
    onColumnOrderChange: (value) => keep({ ...kept, order: next(value, kept.order) }),
    onColumnVisibilityChange: (value) => keep({ ...kept, visible: next(value, kept.visible) }),
    onColumnSizingChange: (value) => keep({ ...kept, sizes: next(value, kept.sizes) }),
  }) as unknown as ColumnsTable
  const shown = useMemo(() => kept.order.filter((id) => kept.visible[id] === true).map((id) => columns.find((one) => one.id === id)!), [kept, columns])
  return { table, shown, all: columns, reset: () => keep(initial) }
}
