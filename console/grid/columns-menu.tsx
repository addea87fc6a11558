import { ActionIcon, Button, Checkbox, Popover } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconColumns3, IconMinus, IconPlus } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import type { Columns } from './columns.ts'

/** Which columns, in what order and how wide: all of it by keyboard too. */
export function ColumnsMenu<Row>({ columns: { table, all, reset } }: { columns: Columns<Row> }): ReactElement {
  const order = table.store.state.columnOrder
  const names = new Map(all.map(({ id, name }) => [id, name]))
  const shift = (id: string, by: number): void => {
    const rest = order.filter((one) => one !== id)
    rest.splice(Math.max(0, order.indexOf(id) + by), 0, id)
    table.setColumnOrder(rest)
  }
  const widen = (id: string, by: number): void => table.setColumnSizing((sizes) => ({ ...sizes, [id]: Math.max(48, Math.min(640, table.getColumn(id)!.getSize() + by)) }))
  return (
    <Popover position="bottom-end" trapFocus>
      <Popover.Target><Button variant="default" leftSection={<IconColumns3 size={15} />}>Columns</Button></Popover.Target>
      <Popover.Dropdown aria-label="Columns">
        <div className="stack" style={{ gap: 2, maxHeight: 420, overflow: 'auto' }}>
          {order.map((id) => (
            <div key={id} className="row" style={{ gap: 2 }}>
              <Checkbox className="grow" label={names.get(id)} checked={table.store.state.columnVisibility[id] !== false} onChange={(event) => table.setColumnVisibility((visible) => ({ ...visible, [id]: event.currentTarget.checked }))} />
              <ActionIcon size="sm" aria-label={`${names.get(id)}: narrower`} onClick={() => widen(id, -16)}><IconMinus size={13} /></ActionIcon>
              <ActionIcon size="sm" aria-label={`${names.get(id)}: wider`} onClick={() => widen(id, 16)}><IconPlus size={13} /></ActionIcon>
              <ActionIcon size="sm" aria-label={`${names.get(id)}: further left`} onClick={() => shift(id, -1)}><IconArrowUp size={13} /></ActionIcon>
              <ActionIcon size="sm" aria-label={`${names.get(id)}: further right`} onClick={() => shift(id, 1)}><IconArrowDown size={13} /></ActionIcon>
            </div>
          ))}
        </div>
        <Button variant="subtle" fullWidth mt={6} onClick={reset}>As they came</Button>
      </Popover.Dropdown>
    </Popover>
  )
}
