// What is done to several orders at once: hold, release, cancel, routing, charges. Refused as a whole, it says which orders are why.
import { Autocomplete, Button, Modal, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, type ReactElement, useEffect, useMemo, useRef, useState } from 'react'
import type { Document } from '../../../src/client/document.ts'
import { act, useAsk, useGateway } from '../../data/ask.ts'
import type { Gateway } from '../../data/gateway.ts'
import { AddChargesDocument, CancelOrdersDocument, CarriersDocument, type ChargeApplication, type HoldReason, HoldOrdersDocument, type OrderRowFragment, ReleaseOrdersDocument, type RoutingInput, UpdateRoutingDocument } from '../../generated/documents.ts'
import { count, title } from '../../kit/format.ts'
import { told, toldOf } from '../../kit/told.ts'
import { type ChargeDraft, Charges, chargesOf, newCharge } from '../ship/charges.tsx'

export type BulkKind = 'hold' | 'release' | 'cancel' | 'updateRouting' | 'addCharges'

export interface BulkOrder {
  id: string
  number: string
  currencyCode: string | null
}

export const toBulk = ({ id, number, total }: Pick<OrderRowFragment, 'id' | 'number' | 'total'>): BulkOrder => ({ id, number, currencyCode: total?.currencyCode ?? null })

interface Refusal {
  orderId: string | null
  field: string
  message: string
}

interface Answer {
  orders: unknown[]
  userErrors: { code: string; field: string[] | null; message: string }[]
}

const MOST = 500

/** In calls of 500. What a call refuses, it refuses whole. */
async function each<Input extends { orderIds: string[] }>(gateway: Gateway, document: Document<Record<string, unknown>, { input: Input }>, orders: readonly BulkOrder[], input: Omit<Input, 'orderIds'>): Promise<{ done: number; refusals: Refusal[] }> {
  let done = 0
  const refusals: Refusal[] = []
  for (let from = 0; from < orders.length; from += MOST) {
    const some = orders.slice(from, from + MOST)
    const data = await act(gateway, document, { input: { ...input, orderIds: some.map(({ id }) => id) } as unknown as Input })
    const { userErrors } = Object.values(data).find((value) => typeof value === 'object') as Answer
    if (userErrors.length === 0) done += some.length
    for (const { field, message } of userErrors) refusals.push({ orderId: field?.[0] === 'orderIds' && field[1] !== undefined ? (some[Number(field[1])]?.id ?? null) : null, field: field?.join('.') ?? '', message })
  }
  return { done, refusals }
}

const words: Record<BulkKind, { title: string; verb: string; done: string }> = {
  hold: { title: 'Hold', verb: 'Hold', done: 'on hold' },
  release: { title: 'Release', verb: 'Release', done: 'released' },
  cancel: { title: 'Cancel in the warehouse', verb: 'Cancel', done: 'cancelled' },
  updateRouting: { title: 'Edit routing', verb: 'Save routing for', done: 'with other routing' },
  addCharges: { title: 'Add charges', verb: 'Charge', done: 'charged' },
}

const reasons: HoldReason[] = ['OPERATOR', 'ADDRESS', 'STOCK', 'OTHER']

export function BulkDialog({ kind, orders, onClose, onDone }: { kind: BulkKind | null; orders: readonly BulkOrder[]; onClose: () => void; onDone: () => void }): ReactElement {
  return (
    <Modal opened={kind !== null} onClose={onClose} title={kind === null ? '' : `${words[kind].title}: ${orders.length === 1 ? orders[0]!.number : count(orders.length, 'order')}`} size={kind === 'updateRouting' || kind === 'addCharges' ? 'lg' : 'md'}>
      {kind === null ? null : <Form key={kind} kind={kind} orders={orders} onClose={onClose} onDone={onDone} />}
    </Modal>
  )
}

function Form({ kind, orders: given, onClose, onDone }: { kind: BulkKind; orders: readonly BulkOrder[]; onClose: () => void; onDone: () => void }): ReactElement {
  const gateway = useGateway()
  const [orders, setOrders] = useState(given)
  const [reason, setReason] = useState<HoldReason>('OPERATOR')
  const [note, setNote] = useState('')
  const [routing, setRouting] = useState<RoutingInput>({})
  const [charges, setCharges] = useState<ChargeDraft[]>(() => [newCharge(given[0]?.currencyCode ?? 'USD')])
  const [applyCharges, setApply] = useState<ChargeApplication>('SEPARATELY')
  const [busy, setBusy] = useState(false)
  const [refusals, setRefusals] = useState<readonly Refusal[]>([])
  const numbers = useMemo(() => new Map(given.map(({ id, number }) => [id, number])), [given])
  const blamed = new Set(refusals.flatMap(({ orderId }) => (orderId === null ? [] : [orderId])))

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    setBusy(true)
    try {
      const { done, refusals } = await {
        hold: () => each(gateway, HoldOrdersDocument, orders, { reason, note: note.trim() === '' ? null : note }),
        release: () => each(gateway, ReleaseOrdersDocument, orders, {}),
        cancel: () => each(gateway, CancelOrdersDocument, orders, { reason: note }),
        updateRouting: () => each(gateway, UpdateRoutingDocument, orders, { routing }),
        addCharges: () => each(gateway, AddChargesDocument, orders, { charges: chargesOf(charges), applyCharges }),
      }[kind]()
      setRefusals(refusals)
      if (done > 0) told(`${count(done, 'order')} ${words[kind].done}`)
      if (refusals.length === 0) {
        onDone()
        onClose()
      }
    } catch (error) {
      toldOf(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <form className="stack" style={{ gap: 12 }} onSubmit={(event) => void submit(event)}>
      {kind === 'hold' ? <Select label="Why they wait" data={reasons.map((value) => ({ value, label: title(value) }))} value={reason} allowDeselect={false} onChange={(value) => setReason(value as HoldReason)} /> : null}
      {kind === 'hold' ? <Textarea label="Note" description="What should be known before they are released." autosize minRows={2} value={note} onChange={(event) => setNote(event.currentTarget.value)} data-autofocus /> : null}
      {kind === 'release' ? <p>Lifts every hold of {orders.length === 1 ? 'the order' : 'these orders'}: they can be shipped again.</p> : null}
      {kind === 'cancel' ? <p>What is still open is not shipped, and its stock is given back. The marketplace is not told: refund the buyer there.</p> : null}
      {kind === 'cancel' ? <TextInput label="Why" required value={note} onChange={(event) => setNote(event.currentTarget.value)} data-autofocus /> : null}
      {kind === 'updateRouting' ? <RoutingFields routing={routing} onChange={setRouting} note="What you leave as it is, stays; what you empty is cleared." /> : null}
      {kind === 'addCharges' ? (
        <>
          <Charges charges={charges} onChange={setCharges} />
          {orders.length > 1 ? <SegmentedControl aria-label="How charges are applied" value={applyCharges} onChange={(value) => setApply(value as ChargeApplication)} data={[{ value: 'SEPARATELY', label: 'Apply separately' }, { value: 'DIVIDED_EVENLY', label: 'Divide evenly' }]} /> : null}
        </>
      ) : null}
      {refusals.length === 0 ? null : (
        <div className="notice bad" role="alert">
          <p>Nothing was changed:</p>
          <ul style={{ margin: '4px 0 0', paddingLeft: 18, maxHeight: 180, overflow: 'auto' }}>
            {refusals.map(({ orderId, field, message }) => <li key={`${field}${message}`}>{orderId === null ? '' : `${numbers.get(orderId)}: `}{message}</li>)}
          </ul>
        </div>
      )}
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        {blamed.size > 0 && blamed.size < orders.length ? <Button variant="default" onClick={() => { setOrders(orders.filter(({ id }) => !blamed.has(id))); setRefusals([]) }}>Leave {count(blamed.size, 'order')} out</Button> : null}
        <Button variant="default" onClick={onClose}>Close</Button>
        <Button type="submit" loading={busy} color={kind === 'cancel' ? 'red' : undefined} data-autofocus={kind === 'release' ? true : undefined}>{words[kind].verb} {count(orders.length, 'order')}</Button>
      </div>
    </form>
  )
}

/** Changes come as steps from what stands by then: a key may be typed while the carrier's SCAC is on its way. */
export function RoutingFields({ routing, onChange, note, errors = {}, freight = true }: { routing: RoutingInput; onChange: (step: (before: RoutingInput) => RoutingInput) => void; note?: string; errors?: Record<string, string>; freight?: boolean }): ReactElement {
  const { data } = useAsk(CarriersDocument, {}, { policy: 'cache-first' })
  const carriers = data?.carriers ?? []
  const carrier = carriers.find(({ code, name }) => [code.toLowerCase(), name.toLowerCase()].includes((routing.carrier ?? '').toLowerCase()))
  const set = (name: keyof RoutingInput) => (value: string) => onChange((before) => ({ ...before, [name]: value }))
  // The usual SCAC of a carrier follows it, where none or another carrier's was there; also of one that was typed before the carriers were known.
  const known = useRef<string | undefined>()
  const change = useRef(onChange)
  change.current = onChange
  useEffect(() => {
    const before = known.current
    known.current = carrier?.code
    if (carrier === undefined || carrier.code === before || carrier.scacs[0] === undefined) return
    change.current((now) => (carrier.scacs.includes(now.scac ?? '') || ((now.scac ?? '') !== '' && before === undefined) ? now : { ...now, scac: carrier.scacs[0]! }))
  }, [carrier])
  return (
    <div className="stack" style={{ gap: 8 }}>
      {note === undefined ? null : <p className="dim">{note}</p>}
      <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(88px, 1fr))', gap: 8, alignItems: 'start' }}>
        <Autocomplete label="Carrier" data={carriers.map(({ code }) => code)} value={routing.carrier ?? ''} error={errors['carrier']} onChange={set('carrier')} />
        <Autocomplete label="SCAC" data={carrier?.scacs ?? []} value={routing.scac ?? ''} error={errors['scac']} onChange={(value) => set('scac')(value.toUpperCase())} />
        <Autocomplete label="Service" data={carrier?.services ?? []} value={routing.service ?? ''} error={errors['service']} onChange={set('service')} />
      </div>
      {freight ? (
        <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(130px, 1fr))', gap: 8 }}>
          {([['billOfLading', 'Bill of lading'], ['loadNumber', 'Load number'], ['trailerNumber', 'Trailer'], ['sealNumber', 'Seal']] as const).map(([name, label]) => <TextInput key={name} label={label} value={routing[name] ?? ''} error={errors[name]} onChange={(event) => set(name)(event.currentTarget.value)} />)}
        </div>
      ) : null}
    </div>
  )
}
