import { ActionIcon, Button, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import type { ChargeInput } from '../../generated/documents.ts'

export interface ChargeDraft {
  key: string
  code: string
  description: string
  amount: string
  currencyCode: string
}

export const newCharge = (currencyCode: string): ChargeDraft => ({ key: crypto.randomUUID(), code: '', description: '', amount: '', currencyCode })

/** Rows that were begun. Decimals are taken with a comma too. */
export const begun = (charges: readonly ChargeDraft[]): ChargeDraft[] => charges.filter(({ code, amount }) => code.trim() !== '' || amount.trim() !== '')
const decimal = (amount: string): string => amount.trim().replace(/^(\d+),(\d{1,3})$/, '$1.$2')
export const chargesOf = (charges: readonly ChargeDraft[]): ChargeInput[] => begun(charges).map(({ code, description, amount, currencyCode }) => ({ code: code.trim().toUpperCase(), description: description.trim() === '' ? null : description.trim(), amount: { amount: decimal(amount), currencyCode: currencyCode.trim().toUpperCase() } }))
/** Whether each could be sent: else the gateway would refuse the call as malformed. */
export const areWhole = (charges: readonly ChargeDraft[]): boolean => begun(charges).every(({ code, amount, currencyCode }) => code.trim() !== '' && /^\d+(\.\d+)?$/.test(decimal(amount)) && /^[A-Za-z]{3}$/.test(currencyCode.trim()))

/** `errors`: by the index of the charge among those begun, and the field. */
export function Charges({ charges, onChange, errors = {} }: { charges: readonly ChargeDraft[]; onChange: (charges: ChargeDraft[]) => void; errors?: Record<string, string> }): ReactElement {
  const set = (key: string, change: Partial<ChargeDraft>): void => onChange(charges.map((one) => (one.key === key ? { ...one, ...change } : one)))
  const indices = new Map(begun(charges).map(({ key }, index) => [key, index]))
  return (
    <div className="stack" style={{ gap: 6 }}>
      {charges.map(({ key, code, description, amount, currencyCode }, index) => {
        const at = indices.get(key)
        const wrong = (field: string): boolean => at !== undefined && errors[`${at}.${field}`] !== undefined
        const messages = at === undefined ? [] : Object.entries(errors).flatMap(([name, message]) => (name.startsWith(`${at}.`) ? [message] : []))
        return (
          <div key={key}><div style={{ display: 'grid', gridTemplateColumns: 'minmax(64px, 1fr) minmax(0, 1fr) 72px 54px 26px', gap: 4, alignItems: 'start' }}>
            <TextInput aria-label={`Code of charge ${index + 1}`} placeholder="PALLET" value={code} error={wrong('code')} onChange={(event) => set(key, { code: event.currentTarget.value })} />
            <TextInput aria-label={`Description of charge ${index + 1}`} placeholder="What for" value={description} onChange={(event) => set(key, { description: event.currentTarget.value })} />
            <TextInput aria-label={`Amount of charge ${index + 1}`} placeholder="0.00" inputMode="decimal" styles={{ input: { textAlign: 'right' } }} value={amount} error={wrong('amount')} onChange={(event) => set(key, { amount: event.currentTarget.value })} />
            <TextInput aria-label={`Currency of charge ${index + 1}`} value={currencyCode} error={wrong('currency')} onChange={(event) => set(key, { currencyCode: event.currentTarget.value.toUpperCase() })} />
            <ActionIcon aria-label={`Remove charge ${index + 1}`} mt={2} onClick={() => onChange(charges.filter((one) => one.key !== key))}><IconTrash size={15} /></ActionIcon>
          </div>{messages.map((message) => <p key={message} className="bad" role="alert">{message}</p>)}</div>
        )
      })}
      <div><Button variant="subtle" size="compact-xs" leftSection={<IconPlus size={13} />} onClick={() => onChange([...charges, newCharge(charges.at(-1)?.currencyCode ?? 'USD')])}>Add a charge</Button></div>
    </div>
  )
}
