// Which lines go into which package: for what leaves in several, or not all at once.
import { ActionIcon, Button, Modal, Select, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { type ReactElement, useState } from 'react'
import type { OrderRowFragment as Order } from '../../generated/documents.ts'
import type { OrderDraft, PackageDraft } from './draft.ts'

const units = [{ value: 'GRAM', label: 'g' }, { value: 'KILOGRAM', label: 'kg' }, { value: 'OUNCE', label: 'oz' }, { value: 'POUND', label: 'lb' }]
const emptyPackage = (): PackageDraft => ({ key: crypto.randomUUID(), trackingNumber: '', weight: '', unit: 'POUND', quantities: {} })

export function Packages({ order, draft, onClose, onSave }: { order: Order | null; draft: OrderDraft | null; onClose: () => void; onSave: (packages: PackageDraft[] | null) => void }): ReactElement {
  return (
    <Modal opened={order !== null} onClose={onClose} title={order === null ? '' : `Packages of ${order.number}`} size="xl">
      {order === null || draft === null ? null : <Form key={order.id} order={order} draft={draft} onSave={onSave} />}
    </Modal>
  )
}

function Form({ order, draft, onSave }: { order: Order; draft: OrderDraft; onSave: (packages: PackageDraft[] | null) => void }): ReactElement {
  const lines = order.lines.map((line) => ({ ...line, open: line.quantity - line.quantityShipped - line.quantityCancelled })).filter(({ open }) => open > 0)
  const whole = (): PackageDraft => ({ ...emptyPackage(), trackingNumber: draft.trackingNumber, quantities: Object.fromEntries(lines.map(({ id, open }) => [id, open])) })
  const [packages, setPackages] = useState<PackageDraft[]>(() => draft.packages ?? [whole()])
  const left = (id: string, open: number): number => open - packages.reduce((sum, { quantities }) => sum + (quantities[id] ?? 0), 0)
  const set = (key: string, some: Partial<PackageDraft>): void => setPackages(packages.map((one) => (one.key === key ? { ...one, ...some } : one)))
  const rest = lines.some(({ id, open }) => left(id, open) > 0)
  const over = lines.some(({ id, open }) => left(id, open) < 0)
  return (
    <div className="stack" style={{ gap: 12 }}>
      <div style={{ overflow: 'auto' }} tabIndex={0} role="group" aria-label="Lines and packages">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Item</th><th scope="col" className="num">Open</th>
              {packages.map(({ key }, index) => <th key={key} scope="col" style={{ minWidth: 150 }}><span className="row"><span className="grow">Package {index + 1}</span>{packages.length > 1 ? <ActionIcon size="sm" aria-label={`Remove package ${index + 1}`} onClick={() => setPackages(packages.filter((one) => one.key !== key))}><IconTrash size={13} /></ActionIcon> : null}</span></th>)}
              <th scope="col" className="num">Left</th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ id, warehouseSku, title, open }) => (
              <tr key={id}>
                <td><span className="mono">{warehouseSku}</span><div className="dim cut" style={{ maxWidth: 260 }}>{title}</div></td>
                <td className="num">{open}</td>
                {packages.map(({ key, quantities }, index) => <td key={key}><TextInput type="number" min={0} max={open} aria-label={`${warehouseSku} in package ${index + 1}`} value={String(quantities[id] ?? 0)} onChange={(event) => set(key, { quantities: { ...quantities, [id]: Math.max(0, Math.floor(Number(event.currentTarget.value) || 0)) } })} /></td>)}
                <td className={`num ${left(id, open) < 0 ? 'bad' : left(id, open) > 0 ? 'warn' : ''}`}>{left(id, open)}</td>
              </tr>
            ))}
            <tr>
              <td colSpan={2}>Tracking number</td>
              {packages.map(({ key, trackingNumber }, index) => <td key={key}><TextInput aria-label={`Tracking number of package ${index + 1}`} classNames={{ input: 'mono' }} value={trackingNumber} onChange={(event) => set(key, { trackingNumber: event.currentTarget.value })} data-autofocus={index === 0 ? true : undefined} /></td>)}
              <td />
            </tr>
            <tr>
              <td colSpan={2}>Weight</td>
              {packages.map(({ key, weight, unit }, index) => <td key={key}><span className="row" style={{ gap: 4 }}><TextInput className="grow" inputMode="decimal" aria-label={`Weight of package ${index + 1}`} value={weight} onChange={(event) => set(key, { weight: event.currentTarget.value })} /><Select w={62} aria-label={`Unit of the weight of package ${index + 1}`} data={units} value={unit} allowDeselect={false} comboboxProps={{ withinPortal: false }} onChange={(value) => set(key, { unit: value as PackageDraft['unit'] })} /></span></td>)}
              <td />
            </tr>
          </tbody>
        </table>
      </div>
      <p className={over ? 'bad' : 'dim'}>{over ? 'More is packed than is open.' : rest ? 'What is left stays open, and so does the order.' : 'Everything is packed: the order closes.'}</p>
      <div className="row wrap">
        <Button variant="default" leftSection={<IconPlus size={14} />} onClick={() => setPackages([...packages, { ...emptyPackage(), quantities: Object.fromEntries(lines.map(({ id, open }) => [id, Math.max(0, left(id, open))])) }])}>Add a package{rest ? ' with what is left' : ''}</Button>
        <span className="grow" />
        <Button variant="default" onClick={() => onSave(null)}>Everything in one package</Button>
        <Button disabled={over} onClick={() => onSave(packages.filter(({ quantities }) => Object.values(quantities).some((quantity) => quantity > 0)))}>Save</Button>
      </div>
    </div>
  )
}
