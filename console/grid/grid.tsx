// The virtual grid. It is one stop of the Tab key; arrows move in it, and each row and cell is told to assistive technology.
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, memo, type MouseEvent, type ReactElement, useEffect, useRef, useState } from 'react'
import type { Columns, GridColumn } from './columns.ts'
import type { KeysetList } from './keyset-list.ts'
import type { Selection } from './selection.ts'
import { useVersion } from './use-list.ts'

const HEIGHT = 32

interface Props<Row extends { id: string }> {
  label: string
  list: KeysetList<Row>
  columns: Columns<Row>
  selection: Selection
  zone: string
  onOpen: (row: Row) => void
  rowClass?: (row: Row) => string
  /** Whether rows are chosen, to do something to them. */
  choosing?: boolean
}

export function Grid<Row extends { id: string }>({ label, list, columns, selection, zone, onOpen, rowClass, choosing = true }: Props<Row>): ReactElement {
  useVersion(list)
  const scroller = useRef<HTMLDivElement>(null)
  const ghosts = list.hasMore ? 4 : 0
  const virtual = useVirtualizer({ count: list.count + ghosts, getScrollElement: () => scroller.current, estimateSize: () => HEIGHT, overscan: 8, scrollPaddingStart: 30, useFlushSync: false })
  const items = virtual.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0
  useEffect(() => list.need(first, last))
  useEffect(() => void scroller.current?.scrollTo({ top: 0 }), [list])

  const { here } = selection
  const width = (choosing ? 34 : 0) + columns.table.getTotalSize()
  const visible = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 600) - 30) / HEIGHT) - 1)

  function keyed(event: KeyboardEvent): void {
    if (event.target !== event.currentTarget) return
    const mod = event.ctrlKey || event.metaKey
    const to = (index: number): void => {
      event.preventDefault()
      const at = Math.max(0, Math.min(list.count - 1, index))
      selection.move(list, at, event)
      virtual.scrollToIndex(at)
    }
    const row = here < 0 ? undefined : list.row(here)
    if (event.key === 'ArrowDown') to(here + 1)
    else if (event.key === 'ArrowUp') to(here - 1)
    else if (event.key === 'PageDown') to(here + visible)
    else if (event.key === 'PageUp') to(here - visible)
    else if (event.key === 'Home') to(0)
    else if (event.key === 'End') to(list.count - 1)
    else if (choosing && event.key === ' ' && here >= 0) {
      event.preventDefault()
      selection.toggle(list, here)
    } else if (event.key === 'Enter' && row !== undefined) {
      event.preventDefault()
      onOpen(row)
    } else if (choosing && mod && event.key.toLowerCase() === 'a') {
      event.preventDefault()
      selection.all(list)
    } else if (event.key === 'Escape' && selection.ids.size > 0) {
      event.preventDefault()
      selection.clear()
    }
  }

  return (
    <div
      ref={scroller} className="grid" role="grid" tabIndex={0} aria-label={label} aria-multiselectable={choosing} aria-rowcount={list.hasMore ? -1 : list.count + 1} aria-colcount={columns.shown.length + (choosing ? 1 : 0)}
      aria-activedescendant={here >= first && here <= last && here >= 0 ? `row-${here}` : undefined}
      onKeyDown={keyed} onFocus={(event) => event.target === event.currentTarget && here < 0 && list.count > 0 && selection.move(list, 0, { ctrlKey: false, metaKey: false, shiftKey: false })}
    >
      <Heads choosing={choosing} columns={columns} width={width} selection={selection} list={list} />
      <div className="rows" role="rowgroup" style={{ height: virtual.getTotalSize(), width }}>
        {items.map(({ index, start }) => {
          const row = list.row(index)
          return row === undefined
            ? <div key={index} className="tr" role="row" aria-rowindex={index + 2} style={{ transform: `translateY(${start}px)`, width }}><div className="td" role="gridcell" style={{ width: 200 }}><div className="ghost" /></div></div>
            : <Row key={row.id} row={row} index={index} start={start} width={width} columns={columns.shown} table={columns.table} sizes={columns.table.store.state.columnSizing} selected={selection.ids.has(row.id)} here={index === here} zone={zone} extra={rowClass?.(row) ?? ''} list={list} selection={selection} onOpen={onOpen} choosing={choosing} />
        })}
      </div>
    </div>
  )
}

interface RowProps<Row extends { id: string }> {
  row: Row
  index: number
  start: number
  width: number
  columns: GridColumn<Row>[]
  table: Columns<Row>['table']
  /** Told apart by: a column that was made wider. */
  sizes: unknown
  selected: boolean
  here: boolean
  zone: string
  extra: string
  list: KeysetList<Row>
  selection: Selection
  onOpen: (row: Row) => void
  choosing: boolean
}

const Row = memo(RowOf, (one, other) =>
  one.row === other.row && one.index === other.index && one.start === other.start && one.width === other.width && one.columns === other.columns && one.sizes === other.sizes &&
  one.selected === other.selected && one.here === other.here && one.zone === other.zone && one.extra === other.extra && one.list === other.list) as typeof RowOf

function RowOf<Row extends { id: string }>({ row, index, start, width, columns, table, selected, here, zone, extra, list, selection, onOpen, choosing }: RowProps<Row>): ReactElement {
  const clicked = (event: MouseEvent): void => {
    if ((event.target as HTMLElement).closest('a') !== null) return
    if (!choosing) return selection.move(list, index, { ctrlKey: false, metaKey: false, shiftKey: false })
    if ((event.target as HTMLElement).closest('.tick') !== null && !event.shiftKey) selection.toggle(list, index)
    else selection.click(list, index, event)
  }
  return (
    <div
      id={`row-${index}`} role="row" aria-rowindex={index + 2} aria-selected={choosing ? selected : undefined} className={`tr ${here ? 'here ' : ''}${extra}`} style={{ transform: `translateY(${start}px)`, width }}
      onMouseDown={(event) => event.shiftKey && event.preventDefault()} onClick={clicked} onDoubleClick={() => onOpen(row)}
    >
      {choosing ? <div className="tick" role="gridcell" aria-label={selected ? 'Selected' : 'Not selected'}><span className={`box${selected ? ' on' : ''}`} /></div> : null}
      {columns.map((column) => (
        <div key={column.id} role="gridcell" className={`td${column.numeric === true ? ' num' : ''}`} style={{ width: table.getColumn(column.id)!.getSize() }}>{column.cell(row, zone)}</div>
      ))}
    </div>
  )
}

function Heads<Row extends { id: string }>({ columns: { table, shown }, width, selection, list, choosing }: { columns: Columns<Row>; width: number; choosing: boolean; selection: Selection; list: KeysetList<Row> }): ReactElement {
  const [dragged, setDragged] = useState<string | null>(null)
  const [over, setOver] = useState<string | null>(null)
  const headers = new Map(table.getHeaderGroups()[0]?.headers.map((header) => [header.column.id, header]))
  const place = (before: string): void => {
    if (dragged === null || dragged === before) return
    const rest = table.store.state.columnOrder.filter((id) => id !== dragged)
    rest.splice(rest.indexOf(before), 0, dragged)
    table.setColumnOrder(rest)
  }
  const every = list.count > 0 && selection.ids.size >= list.count
  return (
    <div role="rowgroup" style={{ position: 'sticky', top: 0, zIndex: 3 }}>
      <div className="heads" role="row" aria-rowindex={1} style={{ width }}>
        {choosing ? <div className="tick" role="columnheader" aria-label="Selection" onClick={() => (every ? selection.clear() : selection.all(list))}><span className={`box${every ? ' on' : ''}`} /></div> : null}
        {shown.map((column) => (
          <div
            key={column.id} role="columnheader" className={`th${column.numeric === true ? ' num' : ''}${over === column.id && dragged !== column.id ? ' over' : ''}`} style={{ width: table.getColumn(column.id)!.getSize() }}
            draggable onDragStart={() => setDragged(column.id)} onDragEnd={() => (setDragged(null), setOver(null))}
            onDragOver={(event) => (event.preventDefault(), setOver(column.id))} onDrop={() => place(column.id)}
          >
            <span className="cut">{column.name}</span>
            <span className="grip" aria-hidden="true" draggable onDragStart={(event) => (event.preventDefault(), event.stopPropagation())} onMouseDown={headers.get(column.id)?.getResizeHandler()} onTouchStart={headers.get(column.id)?.getResizeHandler()} onDoubleClick={() => table.getColumn(column.id)!.resetSize()} />
          </div>
        ))}
      </div>
    </div>
  )
}
